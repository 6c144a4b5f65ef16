"""Invoices that another program wrote: taken over, contested, one too many, overdue, and not for all to touch."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec import structs

from simharness.checks.contested import refused_deals
from simharness.checks.oracle.books import expected_books
from simharness.checks.oracle.rulebook import Rulebook
from simharness.checks.scope import Judged
from simharness.core.money import Money
from simharness.domain.connector import ReferenceRule
from simharness.domain.dictionary import Ownership
from simharness.domain.evidence import Alert, Reject
from simharness.domain.fact import InvoiceEntered, InvoiceVoided
from simharness.domain.finding import Judgement
from simharness.domain.policy import InvoicesBy
from tests.unit.checks import builders as b
from tests.unit.checks.company import CONNECTOR

THEIRS = ReferenceRule(noun="invoice", field="note", pattern=r"^CRM deal (?P<id>\w+)$")
BESIDE, BILLING = InvoicesBy.NATIVE_SYNC_BESIDE, InvoicesBy.BILLING_SYSTEM


def theirs(**changes: Any) -> Any:
    """The right invoice, written by another program."""
    return b.invoice(**({"note": "CRM deal D1", "number": "HS-1001", "created_by": "sync"} | changes))


def wrong(**changes: Any) -> Any:
    """One without tax."""
    return theirs(taxes=(), tax=b.usd("0.00"), total=b.usd("4100.00"), open=b.usd("3100.00"), **changes)


def refusal(source: str = "hubspot:deal:D1") -> Reject:
    return Reject(at=b.at("2026-01-12"), source=source, code="x", reason="no", amount=b.usd("4100.00"))


def taken(target: str = "quickbooks:invoice:1") -> Any:
    return b.log("hubspot:deal:D1:v1", target, "4410.50", "", action="adopt", outcome="found")


PAID = b.log("stripe:charge:ch1", "quickbooks:payment:2", "1000.00", "k2")


def story(*documents: Any, evidence: tuple[Any, ...] = (), policy: InvoicesBy = BESIDE, **changes: Any) -> Any:
    """The story with another program's invoices, and a connector that declares how they name their deal."""
    record = b.record(books=b.ledger(documents=documents), evidence=evidence, **changes)
    rules, kinds = (*CONNECTOR.references, THEIRS), ("log", "reject", "alert", "dead_letter")
    record = b.with_connector(record, references=rules, evidence=kinds)
    return b.with_policy(record, invoices_by=policy)


@pytest.mark.parametrize("check", ["V2", "V5", "V6", "V7", "V13", "V20", "V21", "V27", "R1", "R2", "C5"])
def test_an_invoice_that_was_taken_over_is_the_deals_one_effect(check: str) -> None:
    assert b.passes(check, story(theirs(), evidence=(taken(), PAID)))


def test_an_invoice_of_another_program_of_which_the_log_says_nothing_is_found() -> None:
    found = b.the_finding("C5", story(theirs(), evidence=(PAID,)))
    assert found.key == "C5:quickbooks:invoice:1:untaken"
    assert found.message.startswith("sync wrote the invoice of deal 'Rollout'")


@pytest.mark.parametrize("reverse", [False, True], ids=["the connector's first", "the other's first"])
def test_a_further_invoice_is_found_whoever_wrote_it(reverse: bool) -> None:
    both = (b.invoice(), theirs(id="9"))
    found = b.the_finding("V2", story(*(reversed(both) if reverse else both), evidence=b.evidence()))
    assert found.message == "version 1 of deal D1 has a second invoice"
    assert ("HS-1001" in found.actual) is not reverse


def test_a_wrong_invoice_that_the_connector_refuses_is_left_to_a_person() -> None:
    contested = story(wrong(), evidence=(refusal(), PAID), source=b.crm(billing_status="rejected", outstanding=None))
    assert Judged(contested).settled.contested == {"D1"}
    for check in ("V2", "V5", "V6", "V20", "R1"):
        assert b.result(check, contested).judgement is not Judgement.FOUND, check


@pytest.mark.parametrize("check", ["V5", "V6", "R1"])
def test_a_wrong_invoice_that_nobody_refused_is_found(check: str) -> None:
    lines = (b.document_line("1", "Badge printer", "3500.00", "a4010"), *b.invoice().lines[1:])
    short = theirs(lines=lines, net=b.usd("4000.00"), total=b.usd("4310.50"))
    assert b.findings(check, story(short, evidence=(taken(), PAID)))


def test_a_right_invoice_that_the_connector_refuses_excuses_nothing() -> None:
    refused = story(theirs(), evidence=(refusal(), PAID), source=b.crm(billing_status="rejected", outstanding=None))
    assert Judged(refused).settled.contested == frozenset()
    assert "shows no outstanding amount" in b.findings("R1", refused)[0].message


def test_an_invoice_of_the_connectors_own_is_never_contested() -> None:
    own = b.invoice(total=b.usd("4410.49"))
    assert b.findings("R1", story(own, evidence=(refusal(), *b.evidence())))


def test_a_refusal_ends_with_what_is_posted_or_found_afterwards() -> None:
    assert refused_deals([refusal()]) == {"D1"}
    assert refused_deals([refusal(), taken()]) == frozenset()
    assert refused_deals([taken(), refusal()]) == {"D1"}


# --- books that a billing system writes -------------------------------------------------------------------------------


def invoiced(step: int = 4, on: str = "2026-01-14", **changes: Any) -> InvoiceEntered:
    given: dict[str, Any] = b.mark(step, "beside.billing_system_invoices", on)
    given |= {"by": "billing", "deal": "Rollout", "deal_id": "D1", "customer": "Globex", "company_id": "C1"}
    given |= {"invoice_id": "1", "invoice_number": "BS-1001", "dated": b.day(on)}
    given |= {"net": b.usd("4100.00"), "total": b.usd("4410.50")}
    return InvoiceEntered(**(given | changes))


def expected(*facts: Any) -> Any:
    return expected_books(facts, Rulebook(b.dictionary(invoices_by=BILLING, invoice_within_days=2)))


START = (b.entered(), b.deal_entered(), b.won())


def test_a_won_deal_is_billed_once_the_billing_system_has_invoiced_it_on_its_day() -> None:
    assert expected(*START, b.rest(4, "2026-01-13")).documents == ()
    (document,) = expected(*START, invoiced(), b.rest(5, "2026-01-14")).documents
    assert (document.dated, str(Money(document.total, "USD"))) == (date(2026, 1, 14), "USD 4,410.50")


def test_an_invoice_that_was_voided_is_expected_no_more() -> None:
    void = InvoiceVoided(
        **b.mark(6, "beside.invoice_voided", "2026-01-14"),
        by="billing", deal="Rollout", deal_id="D1", invoice_id="1", invoice_number="BS-1001",
    )  # fmt: skip
    done = expected(*START, invoiced(), b.rest(5, "2026-01-14"), void, b.rest(7, "2026-01-14"))
    assert (done.documents, done.overdue) == ((), ())


@pytest.mark.parametrize(("on", "late"), [("2026-01-14", 0), ("2026-01-15", 1)])
def test_a_deal_is_overdue_after_the_days_that_are_allowed(on: str, late: int) -> None:
    assert len(expected(*START, b.rest(4, on)).overdue) == late


def overdue(record: Any) -> list[Any]:
    return [each for each in b.findings("V20", record) if each.key == "V20:D1:overdue"]


def test_an_overdue_deal_of_which_nobody_was_told_is_found() -> None:
    told = (*START, b.rest(4, "2026-01-15"))
    given: dict[str, Any] = {"told": told, "policy": BILLING, "writes": ()}
    (found,) = overdue(story(**given))
    assert found.at_risk == b.usd("4100.00")
    alert = Alert(at=b.at("2026-01-15"), incident="i", source="hubspot:deal:D1", owner="ar", reason="missing")
    assert not overdue(story(**given, evidence=(alert,)))


def owned(record: Any, *owners: tuple[str, str]) -> Any:
    matrix = tuple(Ownership(dataset="invoice", field=field, owner=owner) for field, owner in owners)
    dictionary = structs.replace(record.header.dictionary, ownership=matrix)
    return structs.replace(record, header=structs.replace(record.header, dictionary=dictionary))


def ledger_write(action: str, *fields: str, actor: str = "connector") -> Any:
    return b.write("invoice", "1", action, *fields, actor=actor, family="accounting", vendor="quickbooks")


def test_an_invoice_that_the_connector_writes_beside_the_billing_system_is_found() -> None:
    record = story(b.invoice(), policy=BILLING, writes=(ledger_write("create", "lines"),))
    assert b.the_finding("C6", owned(record, ("lines", "billing"))).message == "the connector wrote invoice 1"


def test_a_field_that_the_billing_system_owns_is_not_the_connectors_to_change() -> None:
    made, changed = ledger_write("create", "lines", actor="billing"), ledger_write("update", "lines")
    record = story(theirs(), policy=BILLING, writes=(made, changed))
    assert "changed lines of invoice 1" in b.the_finding("C6", owned(record, ("lines", "billing"))).message
    assert b.passes("C6", owned(record, ("lines", "crm")))


def test_who_voids_the_invoice_of_another_needs_the_right_to() -> None:
    made, void = ledger_write("create", "lines", actor="sync"), ledger_write("void", "status")
    record = story(theirs(), writes=(made, void))
    assert "ended (void) invoice 1" in b.the_finding("C6", owned(record, ("lines", "crm"))).message
    assert b.passes("C6", owned(record, ("void", "crm")))
    own = story(theirs(), writes=(ledger_write("create", "lines"), void))
    assert not b.findings("C6", owned(own, ("lines", "crm")))
