"""Expectations on the CRM, BI, reconciliations and evidence turn red for what does not hold."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from simharness.checks.expectations.elsewhere import RECONCILIATIONS
from simharness.domain.evidence import Reject
from simharness.domain.expectation import DealShows, IsRejected, MetricEqualsLedger, MetricIs, Reconciles
from simharness.domain.finding import Judgement
from tests.unit.checks import builders as b
from tests.unit.checks.company import dictionary
from tests.unit.checks.expectations.test_documents import judged, said, wrong

REJECT = Reject(
    at=b.at("2026-01-12"), source="hubspot:deal:D1:v1", code="no_region", reason="The customer has no tax region"
)


def metric(**stated: Any) -> Any:
    given = {"metric": "net_revenue", "period": "2026-01", "value": b.Decimal("4100.00"), "unit": "USD"}
    return said(MetricIs, **(given | stated))


@pytest.mark.parametrize(
    "expectation",
    [
        said(DealShows, deal="Rollout", billing_status="partly paid", outstanding=b.usd("3410.50")),
        metric(),
        metric(by="cost_centre", key="CC-10", value=b.Decimal("3600")),
        said(MetricEqualsLedger, metric="net_revenue", period="2026-01"),
        said(Reconciles, names=("crm_to_invoices", "invoices_to_ledger", "gateway_to_ledger", "ledger_to_bi")),
    ],
)
def test_what_is_true_passes(expectation: Any) -> None:
    assert judged(expectation).judgement is Judgement.PASSED


KNOWN = "one of " + ", ".join(name for name, _ in RECONCILIATIONS)
COMPARABLE = "a value in BI and one from the ledger"


@pytest.mark.parametrize(
    ("expectation", "expected", "actual", "risk"),
    [
        (said(DealShows, deal="Rollout", billing_status="paid"), "paid", "partly paid", None),
        (said(DealShows, deal="Rollout", outstanding=b.usd("0.00")), "USD 0.00", "USD 3,410.50", "3410.50"),
        (said(DealShows, deal="Ghost"), "Ghost", "nothing", None),
        (metric(value=b.Decimal("4000.00")), "USD 4,000.00", "USD 4,100.00", "100.00"),
        (metric(unit="EUR"), "EUR 4,100.00", "USD 4,100.00", "0.00"),
        (metric(period="2026-02"), "USD 4,100.00", "nothing", None),
        (said(MetricEqualsLedger, metric="magic", period="2026-01"), COMPARABLE, "nothing", None),
        (said(Reconciles, names=("stock_to_ledger",)), KNOWN, "stock_to_ledger", None),
    ],
)
def test_what_is_not_true_is_a_finding(expectation: Any, expected: str, actual: str, risk: str | None) -> None:
    found = wrong(expectation)
    assert (found.expected, found.actual) == (expected, actual)
    if risk is not None:
        assert found.at_risk is not None
        assert found.at_risk.amount == b.Decimal(risk)


def test_a_metric_that_left_the_ledger() -> None:
    story = b.record(bi=(b.reading(metrics=(b.metric("net_revenue", "2026-01", "4000.00"),)),))
    found = wrong(said(MetricEqualsLedger, metric="net_revenue", period="2026-01"), story)
    assert (found.expected, found.actual, found.at_risk) == ("USD 4,100.00", "USD 4,000.00", b.usd("100.00"))


def test_a_break_is_told_under_the_verb() -> None:
    story = b.record(books=b.ledger(payments=()))
    found = wrong(said(Reconciles, names=("gateway_to_ledger",)), story)
    assert found.message == "gateway_to_ledger: missing right: payment 'P-1' is not in the ledger"
    assert found.at_risk == b.usd("1000.00")


def test_nothing_to_reconcile_is_no_success_unless_declared() -> None:
    nothing = b.record(
        books=b.ledger(documents=(), payments=(), entries=()), told=(b.entered(), b.rest(4, "2026-01-12"))
    )
    found = wrong(said(Reconciles, names=("crm_to_invoices",)), nothing)
    assert found.actual == "both sides are empty: deals in the CRM and documents in the ledger"
    declared = said(Reconciles, names=("crm_to_invoices",), nothing_expected=True)
    assert judged(declared, nothing).judgement is Judgement.PASSED


def test_a_reject_is_found_by_name_and_reason() -> None:
    story = b.record(evidence=(*b.evidence(), REJECT))
    assert not judged(said(IsRejected, subject="Rollout", because="tax region"), story).findings
    assert not judged(said(IsRejected, subject="Rollout"), story).findings
    assert wrong(said(IsRejected, subject="Rollout", because="duplicate"), story).actual == (
        "no_region: The customer has no tax region"
    )
    assert wrong(said(IsRejected, subject="Globex"), story).actual == "no reject"


def test_a_reject_that_came_later_does_not_count() -> None:
    late = structs.replace(REJECT, at=b.at("2026-03-01"))
    assert wrong(said(IsRejected, subject="Rollout"), b.record(evidence=(late,))).actual == "no reject"


def test_a_connector_without_rejects_cannot_show_one() -> None:
    story = b.with_connector(b.record(), evidence=("log",))
    assert wrong(said(IsRejected, subject="Rollout"), story).actual == "no evidence"


def group(unit: str = "USD", east: str = "900.00") -> b.RunRecord:
    """Two entities that each show their net revenue."""
    main = b.reading(metrics=(b.metric("net_revenue", "2026-01", "4100.00"),), entity="main")
    other = b.reading(metrics=(b.metric("net_revenue", "2026-01", east, unit),), entity="east")
    story = b.record(bi=(main, other))
    return structs.replace(story, further=(structs.replace(dictionary(), name="east", entity="east"),))


def test_a_consolidated_metric_is_the_sum_over_the_entities_in_the_reporting_currency() -> None:
    consolidated = metric(value=b.Decimal("5000.00"), consolidated=True)
    assert judged(consolidated, group()).judgement is Judgement.PASSED
    found = wrong(consolidated, group(east="800.00"))
    assert (found.expected, found.actual) == ("USD 5,000.00", "USD 4,900.00")
    assert "consolidated in USD" in found.message


def test_a_consolidated_metric_mixes_no_currencies() -> None:
    found = wrong(metric(value=b.Decimal("5000.00"), consolidated=True), group(unit="EUR"))
    assert found.actual == "nothing"


def test_a_metric_is_that_of_the_entity_it_names() -> None:
    assert judged(metric(value=b.Decimal("900.00"), entity="east"), group()).judgement is Judgement.PASSED
    assert judged(metric(), group()).judgement is Judgement.PASSED
