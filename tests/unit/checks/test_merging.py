"""Who stands for whom after merges."""

from __future__ import annotations

from typing import Any

import pytest

from simharness.checks.merging import Survivors
from simharness.checks.oracle.books import expected_books
from simharness.checks.oracle.rulebook import Rulebook
from simharness.domain.fact import CustomersMerged
from tests.unit.checks import builders as b


def merged(step: int, gone: str, into: str, on: str = "2026-01-15") -> CustomersMerged:
    given = b.mark(step, "crm.customer_merged", on)
    return CustomersMerged(**given, customer=f"the {gone}", company_id=gone, into=f"the {into}", into_id=into)


OTHER = b.entered(customer="Initech", company_id="C2", terms="Net 15")


def billed_to(*facts: Any) -> list[tuple[str, str, int | None]]:
    found = expected_books(facts, Rulebook(b.dictionary()))
    return [(one.company_id, one.customer, one.terms_days) for one in found.documents]


def test_a_company_is_followed_to_the_last_survivor_and_never_in_circles() -> None:
    chain = Survivors([merged(1, "C1", "C2"), merged(2, "C2", "C3")])
    assert [chain.of(each) for each in ("C1", "C2", "C3", "C9")] == ["C3", "C3", "C3", "C9"]
    assert Survivors([merged(1, "C1", "C2"), merged(2, "C2", "C1")]).of("C1") in {"C1", "C2"}


def test_what_was_not_billed_before_is_billed_to_the_survivor_on_its_terms() -> None:
    told = (b.entered(), OTHER, b.deal_entered(), merged(3, "C1", "C2", "2026-01-06"), b.won(4))
    assert billed_to(*told, b.rest(5, "2026-01-12")) == [("C2", "Initech", 15)]


def test_a_deal_that_was_billed_stays_with_its_customer() -> None:
    told = (b.entered(), OTHER, b.deal_entered(), b.won(), b.rest(4, "2026-01-12"), merged(5, "C1", "C2"))
    assert billed_to(*told, b.rest(6, "2026-01-15")) == [("C1", "Globex", 30)]


def test_a_refused_deal_is_decided_again_for_the_survivor() -> None:
    told = (b.entered(region=""), OTHER, b.deal_entered(), b.won(), b.rest(4, "2026-01-12"), merged(5, "C1", "C2"))
    assert billed_to(*told, b.rest(6, "2026-01-15")) == [("C2", "Initech", 15)]


PARTIES = (b.party(), b.party(id="p2", name="Initech", note="crm:company:C2"))


@pytest.mark.parametrize("holder", ["p1", "p2"])
def test_v27_what_was_billed_before_a_merge_may_stay_or_follow(holder: str) -> None:
    told = (OTHER, *b.facts()[:4], merged(4, "C1", "C2"), *b.facts()[4:])
    books = b.ledger(parties=PARTIES, documents=(b.invoice(party=holder),), payments=(b.payment(party=holder),))
    assert b.passes("V27", b.record(told=told, books=books))


def test_v27_what_is_billed_after_a_merge_is_the_survivors() -> None:
    told = (OTHER, *b.facts()[:2], merged(2, "C1", "C2", "2026-01-06"), *b.facts()[2:])
    books = b.ledger(parties=PARTIES, payments=(b.payment(party="p2"),))
    found = b.the_finding("V27", b.record(told=told, books=books))
    assert (found.expected, found.actual) == ("Initech", "Globex")


def test_v27_money_without_a_reference_is_the_survivors_after_a_merge() -> None:
    paid = b.paid(deal="", invoice_number="")
    told = (OTHER, *b.facts()[:4], merged(4, "C1", "C2"), paid, b.rest(6, "2026-01-20"))
    found = b.the_finding("V27", b.record(told=told, books=b.ledger(parties=PARTIES)))
    assert found.message == "payment 'P-1' is on another customer"


def test_v27_a_survivor_the_ledger_does_not_know_bears_the_customer_that_was_there() -> None:
    told = (OTHER, *b.facts()[:2], merged(2, "C1", "C2", "2026-01-06"), *b.facts()[2:])
    assert b.passes("V27", b.record(told=told))
