"""V3 turns red for whatever a second reading of the feeds made, lost or changed."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from simharness.checks import compare
from simharness.domain.finding import Finding, Judgement
from tests.unit.checks import builders as b


def red(**books: Any) -> tuple[Finding, ...]:
    return compare(b.record(), b.record(books=b.ledger(**books))).findings


def test_the_same_books_pass_whatever_was_touched() -> None:
    touched = b.invoice(version="7", updated_by="connector", created_at=b.at("2026-02-01"))
    replayed = b.record(books=b.ledger(documents=(touched,), parties=(b.party(version="3"),)))
    found = compare(b.record(), replayed)
    assert (found.check, found.judgement) == ("V3", Judgement.PASSED)


def test_a_further_invoice() -> None:
    found = red(documents=(b.invoice(), b.invoice(id="7", number="1002")))
    assert [each.message for each in found] == ["the replay made a further document invoice:7"]
    assert found[0].at_risk == b.usd("4410.50")


def test_a_lost_payment() -> None:
    assert [each.message for each in red(payments=())] == ["the replay lost payment payment:2"]


def test_a_changed_figure_and_text() -> None:
    found = red(documents=(b.invoice(open=b.usd("3000.00"), memo="again"),))
    assert found[0].message == "the replay changed open, memo of document invoice:1"
    assert found[0].expected == "open USD 3,410.50, memo empty"
    assert found[0].actual == "open USD 3,000.00, memo again"


def test_a_second_customer() -> None:
    assert [each.key for each in red(parties=(b.party(), b.party(id="p2")))] == ["V3:party:p2"]


def test_another_posting_of_the_same_document() -> None:
    entry = b.invoice_entry()
    moved = structs.replace(entry, lines=(structs.replace(entry.lines[0], account="a1150"), *entry.lines[1:]))
    assert [each.key for each in red(entries=(moved, b.payment_entry()))] == ["V3:entry:invoice:1"]
    assert [each.key for each in red(entries=(b.invoice_entry(),))] == ["V3:entries"]


def test_a_changed_metric() -> None:
    values = (b.metric("net_revenue", "2026-01", "8200.00"),)
    before = b.record(bi=(b.reading(metrics=(b.metric("net_revenue", "2026-01", "4100.00"),)),))
    found = compare(before, b.record(bi=(b.reading(metrics=values),))).findings
    assert [(each.expected, each.actual) for each in found] == [("4100.00", "8200.00")]


def test_a_run_without_checkpoint_cannot_be_compared() -> None:
    assert compare(b.record(), b.record(checkpoints=())).judgement is Judgement.NOT_APPLICABLE


def test_empty_books_are_not_exercised() -> None:
    empty = b.record(books=b.ledger(documents=(), payments=(), parties=(), entries=()), bi=())
    assert compare(empty, empty).judgement is Judgement.NOT_EXERCISED
