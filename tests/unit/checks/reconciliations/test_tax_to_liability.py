"""R7 turns red when the liability moves by another amount than the tax of the documents."""

from __future__ import annotations

from typing import Any

from simharness.domain.finding import Judgement
from tests.unit.checks import builders as b
from tests.unit.checks import money as m
from tests.unit.checks.company import dictionary


def test_the_tax_of_the_documents_is_what_the_liability_moved_by() -> None:
    assert b.passes("R7", b.record())
    assert b.passes("R7", m.record())


def test_a_posting_of_another_amount() -> None:
    short = b.structs.replace(b.invoice_entry(), lines=(*b.invoice_entry().lines[:-1], b.posting("a2200", "-49.00")))
    found = b.the_finding("R7", b.record(books=b.ledger(entries=(short, b.payment_entry()))))
    assert (found.key, found.at_risk) == ("R7:amount:2200:2026-01", b.usd("0.50"))
    assert found.expected == "tax of documents: USD 310.50 (CA San Francisco USD 310.50)"


def test_a_month_at_a_time() -> None:
    later = b.structs.replace(b.invoice_entry(), date=b.day("2026-02-01"))
    found = b.findings("R7", b.record(books=b.ledger(entries=(later, b.payment_entry()))))
    assert [each.key for each in found] == ["R7:amount:2200:2026-01", "R7:amount:2200:2026-02"]


def test_a_remittance_by_the_bookkeeper_is_no_break_and_a_posting_by_the_connector_is() -> None:
    paid = m.moving("journal", "70", "2026-02-20", "a2200", "a1000", "310.50")
    theirs = b.structs.replace(paid, created_by="bookkeeper")
    assert b.passes("R7", b.record(books=b.ledger(entries=(b.invoice_entry(), b.payment_entry(), theirs))))
    ours = b.record(books=b.ledger(entries=(b.invoice_entry(), b.payment_entry(), paid)))
    assert b.the_finding("R7", ours).key == "R7:missing-left:journal:70"


def written_off(tax: str, **policy: Any) -> b.RunRecord:
    """1,000.00 of the invoice given up: its tax share is 1,000.00 x 310.50 / 4,410.50 = 70.4002, so 70.40."""
    net = b.usd("1000.00") - b.usd(tax)
    entry = b.entry(
        "journal", "71", "2026-01-30", b.posting("a1100", "-1000.00", party="p1"),
        b.posting("a6200", str(net.amount)), b.posting("a2200", tax), note="write_off:1001:1",
    )  # fmt: skip
    story = b.record(books=b.ledger(entries=(b.invoice_entry(), b.payment_entry(), entry)))
    return b.structs.replace(story, header=b.structs.replace(story.header, dictionary=dictionary(**policy)))


def test_the_tax_share_of_a_write_off_is_claimed_where_the_books_declare_relief() -> None:
    assert b.passes("R7", written_off("70.40", write_off_tax_relief=True))
    assert b.the_finding("R7", written_off("70.41", write_off_tax_relief=True)).at_risk == b.usd("0.01")
    assert b.the_finding("R7", written_off("0.00", write_off_tax_relief=True)).at_risk == b.usd("70.40")


def test_no_relief_without_the_declaration() -> None:
    assert b.passes("R7", written_off("0.00"))
    assert b.the_finding("R7", written_off("70.40")).message.endswith("these books claim no relief")


def test_the_worked_example_of_texas() -> None:
    """5,000.00 + 412.50, of which 3,412.50 are written off: 260.08 of tax come back."""
    invoice = b.invoice(
        net=b.usd("5000.00"), tax=b.usd("412.50"), total=b.usd("5412.50"), open=b.usd("0.00"), status="paid",
        taxes=(b.structs.replace(b.tax_groups()[0], code="TX Austin", base=b.usd("5000.00"), tax=b.usd("412.50")),),
    )  # fmt: skip
    billed = b.entry(
        "invoice", "1", "2026-01-12", b.posting("a1100", "5412.50", party="p1"), b.posting("a4010", "-5000.00"),
        b.posting("a2200", "-412.50"),
    )  # fmt: skip
    given_up = b.entry(
        "journal", "71", "2026-01-30", b.posting("a1100", "-3412.50", party="p1"), b.posting("a6200", "3152.42"),
        b.posting("a2200", "260.08"), note="write_off:1001:1",
    )  # fmt: skip
    recovered = b.entry(
        "journal", "72", "2026-02-10", b.posting("a1100", "1000.00", party="p1"), b.posting("a6200", "-923.79"),
        b.posting("a2200", "-76.21"), note="write_off:1001:2",
    )  # fmt: skip
    books = b.ledger(documents=(invoice,), entries=(billed, given_up, recovered))
    story = b.with_policy(b.record(books=books), write_off_tax_relief=True)
    assert b.passes("R7", story)


def test_nothing_taxed_exercises_nothing() -> None:
    books = b.ledger(documents=(), entries=())
    assert b.result("R7", b.record(books=books)).judgement is Judgement.NOT_EXERCISED
