"""Findings of one cause have one signature, whatever the ids, names, figures and numbers of calls."""

from __future__ import annotations

import pytest

from simharness.checks import signature_of
from simharness.domain.fault import Struck, parse_plan
from simharness.domain.finding import Finding, Severity


def finding(key: str, where: str = "") -> Finding:
    return Finding(check=key.partition(":")[0], severity=Severity.MONEY, key=key, message="", where=where)


def shape(key: str, where: str = "") -> str:
    return signature_of(finding(key, where), parse_plan("error_500@hubspot.search#3")).shape


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("F1:quickbooks:missing:invoice-deal:hubspot:deal:33001:v1", "F1:quickbooks:missing:invoice-deal:crm:D1:v2"),
        ("F1:quickbooks:changed:customer:Globex", "F1:quickbooks:changed:customer:acme GmbH EUR"),
        ("V8:invoice:12:open", "V8:invoice:7:open"),
        ("C4:stripe:charge:ch_itkUw6q9:untold", "C4:stripe:charge:ch_8ejHJ0q7:untold"),
        ("V23:net_revenue:2026-01:cost_centre:CC-10", "V23:net_revenue:2025-12:cost_centre:CC-30"),
    ],
)  # fmt: skip
def test_ids_names_and_figures_are_no_part_of_a_shape(one: str, other: str) -> None:
    assert shape(one) == shape(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("F1:quickbooks:missing:invoice-deal:x", "F1:quickbooks:further:invoice-deal:x"),
        ("F1:quickbooks:missing:journal-fee:x", "F1:quickbooks:missing:journal-refund:x"),
        ("V8:invoice:12:open", "V8:invoice:12:status"),
        ("V23:net_revenue:2026-01", "V23:billings:2026-01"),
        ("R4:missing-right:7", "R4:amount:7"),
    ],
)
def test_what_is_wrong_is_the_shape(one: str, other: str) -> None:
    assert shape(one) != shape(other)


def test_the_step_of_a_story_is_no_part_of_a_shape() -> None:
    one = shape("invoicing.invoice_is:scenarios/a.yaml:12:absent", "scenarios/a.yaml:12")
    assert one == shape("invoicing.invoice_is:scenarios/b/c.yaml:40:absent", "scenarios/b/c.yaml:40") == "story:absent"


def test_the_cause_is_the_kind_at_its_operation() -> None:
    told = [
        signature_of(finding("V8:x"), parse_plan(plan)).cause
        for plan in ("error_503*3@quickbooks.saveInvoice#2", "error_503:9@quickbooks.saveInvoice", "")
    ]
    assert told == ["error_503@quickbooks.saveInvoice", "error_503@quickbooks.saveInvoice", "no fault"]
    pair = parse_plan("reply_lost@quickbooks.saveInvoice#1 + crash_after@stripe.ChargeList#2")
    assert (
        signature_of(finding("V8:x"), pair).cause == "reply_lost@quickbooks.saveInvoice + crash_after@stripe.ChargeList"
    )


def test_a_trigger_without_a_place_takes_that_at_which_the_fault_struck() -> None:
    plan = parse_plan("crash_after@#17")
    log = Struck(fault=plan.faults[0], sequence=17, vendor="quickbooks", operation="savePayment")
    assert signature_of(finding("V8:x"), plan, (log,)).cause == "crash_after@quickbooks.savePayment"
    assert signature_of(finding("V8:x"), plan).cause == "crash_after"
