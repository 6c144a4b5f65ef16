"""V21 turns red for dimensions lost or exchanged on the way to the document or its entry."""

from __future__ import annotations

from msgspec import structs

from simharness.domain.finding import Judgement
from simharness.domain.policy import DiscountPresentation
from tests.unit.checks import builders as b


def test_a_cost_centre_that_was_dropped_on_a_line() -> None:
    lines = (b.document_line("1", "Badge printer", "3600.00", "a4010", cost_centre=""), b.invoice().lines[1])
    found = b.the_finding("V21", b.record(books=b.ledger(documents=(b.invoice(lines=lines),))))
    assert (found.expected, found.actual) == (
        "CC-10 USD 3,600.00, none USD 0.00",
        "CC-10 USD 0.00, none USD 3,600.00",
    )
    assert found.at_risk == b.usd("3600.00")


def test_the_documents_cost_centre_stands_in_for_its_lines() -> None:
    told = (b.entered(), b.deal_entered(lines=tuple(structs.replace(line, cost_centre="CC-10") for line in b.LINES)))
    lines = tuple(structs.replace(line, cost_centre="") for line in b.invoice().lines)
    document = b.invoice(lines=lines, cost_centre="CC-10")
    entry = b.invoice_entry()
    same = structs.replace(entry, lines=tuple(structs.replace(x, cost_centre="CC-10") for x in entry.lines))
    books = b.ledger(documents=(document,), entries=(same, b.payment_entry()))
    assert b.passes("V21", b.record(books=books, told=(*told, *b.facts()[2:])))


def test_cost_centres_exchanged_in_the_entry() -> None:
    entry = b.invoice_entry()
    swap = {"CC-10": "CC-20", "CC-20": "CC-10", "": ""}
    exchanged = structs.replace(
        entry, lines=tuple(structs.replace(line, cost_centre=swap[line.cost_centre]) for line in entry.lines)
    )
    found = b.the_finding("V21", b.record(books=b.ledger(entries=(exchanged, b.payment_entry()))))
    assert found.expected == "CC-10 USD 3,600.00, CC-20 USD 500.00"
    assert found.actual == "CC-10 USD 500.00, CC-20 USD 3,600.00"
    assert found.at_risk == b.usd("3100.00")


def test_a_location_that_was_dropped() -> None:
    found = b.the_finding("V21", b.record(books=b.ledger(documents=(b.invoice(location=""),))))
    assert (found.expected, found.actual) == ("location SF", "location none")


def test_a_location_lost_in_the_entry() -> None:
    entry = b.invoice_entry()
    lost = structs.replace(entry, lines=tuple(structs.replace(line, location="") for line in entry.lines))
    assert b.the_finding("V21", b.record(books=b.ledger(entries=(lost, b.payment_entry())))).actual == "location none"


def test_v21_is_not_exercised_by_a_deal_without_dimensions() -> None:
    plain = tuple(structs.replace(line, cost_centre="") for line in b.LINES)
    told = (b.entered(), b.deal_entered(lines=plain, location=""), *b.facts()[2:])
    assert b.result("V21", b.record(told=told)).judgement is Judgement.NOT_EXERCISED


def gross(discount_centre: str) -> b.RunRecord:
    """Income at list price, the printers' 400.00 of discount on the contra account under a cost centre."""
    lines = (
        b.document_line("1", "Badge printer", "4000.00", "a4010"),
        b.document_line("2", "Badge printer discount", "-400.00", "a4900", cost_centre=discount_centre),
        b.untaxed_line("3", "Onboarding", "500.00", "a4020"),
    )
    where = {"location": "SF"}
    entry = b.entry(
        "invoice", "1", "2026-01-12", b.posting("a1100", "4410.50", party="p1"),
        b.posting("a4010", "-4000.00", cost_centre="CC-10", **where),
        b.posting("a4900", "400.00", cost_centre=discount_centre, **where),
        b.posting("a4020", "-500.00", cost_centre="CC-20", **where), b.posting("a2200", "-310.50"),
    )  # fmt: skip
    books = b.ledger(documents=(b.invoice(lines=lines),), entries=(entry, b.payment_entry()))
    return b.with_policy(b.record(books=books), discounts=DiscountPresentation.CONTRA)


def test_a_discount_belongs_to_the_cost_centre_of_what_it_reduces() -> None:
    assert b.passes("V21", gross("CC-10"))
    found = b.the_finding("V21", gross("CC-20"))
    assert found.expected == "CC-10 USD 3,600.00, CC-20 USD 500.00"
    assert found.actual == "CC-10 USD 4,000.00, CC-20 USD 100.00"


def test_postings_of_a_document_in_foreign_money_are_compared_in_its_own_currency() -> None:
    entry = b.invoice_entry()
    at_two = tuple(structs.replace(line, amount=line.amount * 2, foreign=line.amount) for line in entry.lines)
    abroad = structs.replace(entry, lines=at_two)
    assert b.passes("V21", b.record(books=b.ledger(entries=(abroad, b.payment_entry()))))
    lost = structs.replace(entry, lines=tuple(structs.replace(line, cost_centre="") for line in at_two))
    found = b.the_finding("V21", b.record(books=b.ledger(entries=(lost, b.payment_entry()))))
    assert found.expected == "CC-10 USD 3,600.00, CC-20 USD 500.00, none USD 0.00"
    assert found.at_risk == b.usd("4100.00")
