"""R2 turns red for each kind of break between documents and their entries."""

from __future__ import annotations

from msgspec import structs

from simharness.domain.policy import DiscountPresentation
from tests.unit.checks import builders as b
from tests.unit.checks import money as m


def posted(*entries: b.Entry) -> b.RunRecord:
    return b.record(books=b.ledger(entries=entries))


def test_missing_right_a_document_without_entry() -> None:
    found = b.the_finding("R2", posted(b.payment_entry()))
    assert (found.key, found.at_risk) == ("R2:missing-right:invoice:1", b.usd("4410.50"))


def test_missing_left_an_entry_without_document() -> None:
    orphan = b.entry("invoice", "77", "2026-01-12", b.posting("a1100", "5.00"), b.posting("a4010", "-5.00"))
    found = b.the_finding("R2", posted(b.invoice_entry(), b.payment_entry(), orphan))
    assert (found.key, found.at_risk) == ("R2:missing-left:invoice:77:77", b.usd("5.00"))


def test_duplicate() -> None:
    found = b.the_finding("R2", posted(b.invoice_entry(), b.invoice_entry(id="1b"), b.payment_entry()))
    assert found.actual == "journal entries: 2 entries"


def test_date() -> None:
    found = b.the_finding("R2", posted(b.invoice_entry(date=b.day("2026-02-01")), b.payment_entry()))
    assert found.key == "R2:date:invoice:1"


def test_two_accounts_that_were_exchanged() -> None:
    swap = {"a4010": "a4020", "a4020": "a4010"}
    entry = b.invoice_entry()
    lines = tuple(structs.replace(line, account=swap.get(line.account, line.account)) for line in entry.lines)
    document = b.invoice()
    items = tuple(structs.replace(line, account=swap[line.account]) for line in document.lines)
    books = b.ledger(
        documents=(structs.replace(document, lines=items),),
        entries=(structs.replace(entry, lines=lines), b.payment_entry()),
    )
    found = b.the_finding("R2", b.record(books=books))
    assert found.expected == "documents: 4010 Hardware sales USD -3,600.00, 4020 Service revenue USD -500.00"
    assert found.actual == "journal entries: 4010 Hardware sales USD -500.00, 4020 Service revenue USD -3,600.00"
    assert found.at_risk == b.usd("3100.00")
    assert found.where == "scenarios/billing/globex.yaml:13"


def test_tax_on_another_account() -> None:
    entry = b.invoice_entry()
    lines = tuple(structs.replace(x, account="a4900") if x.account == "a2200" else x for x in entry.lines)
    found = b.the_finding("R2", posted(structs.replace(entry, lines=lines), b.payment_entry()))
    assert found.expected == "documents: 2200 Sales tax payable USD -310.50, 4900 Discounts given USD 0.00"


def test_a_posting_of_another_amount() -> None:
    lines = (b.posting("a1100", "4410.49", party="p1"), *b.invoice_entry().lines[1:-1], b.posting("a2200", "-49.49"))
    found = b.the_finding("R2", posted(b.entry("invoice", "1", "2026-01-12", *lines), b.payment_entry()))
    assert found.at_risk == b.usd("0.01")


def contra(discount_account: str) -> b.RunRecord:
    """Income at list price, 400.00 on the discount account."""
    lines = (
        b.document_line("1", "Badge printer", "4000.00", "a4010"),
        b.untaxed_line("2", "Onboarding", "500.00", "a4020"),
        b.document_line("3", "", "400.00", discount_account, kind="discount"),
    )
    entry = b.entry(
        "invoice", "1", "2026-01-12", b.posting("a1100", "4410.50", party="p1"), b.posting("a4010", "-4000.00"),
        b.posting("a4020", "-500.00"), b.posting(discount_account, "400.00"), b.posting("a2200", "-310.50"),
    )  # fmt: skip
    story = b.record(books=b.ledger(documents=(b.invoice(lines=lines),), entries=(entry, b.payment_entry())))
    return b.with_policy(story, discounts=DiscountPresentation.CONTRA)


def test_a_discount_belongs_on_the_contra_account() -> None:
    assert b.passes("R2", contra("a4900"))
    found = b.the_finding("R2", contra("a1000"))
    assert found.expected == "documents: 4900 Discounts given USD 400.00, 1000 Bank USD 0.00"


def test_a_negative_line_on_the_contra_account_is_a_discount_too() -> None:
    story = contra("a4900")
    ledger = story.checkpoints[-1].world.ledgers[0]
    negative = structs.replace(ledger.documents[0].lines[2], kind="item", amount=b.usd("-400.00"))
    document = structs.replace(ledger.documents[0], lines=(*ledger.documents[0].lines[:2], negative))
    again = b.record(books=structs.replace(ledger, documents=(document,)))
    assert b.passes("R2", b.with_policy(again, discounts=DiscountPresentation.CONTRA))


def test_a_document_without_deal_is_held_against_its_own_lines() -> None:
    opening = b.invoice(id="9", number="0900", note="", created_by="controller")
    right = structs.replace(b.invoice_entry(), id="9", source_id="9")
    books = b.ledger(documents=(b.invoice(), opening), entries=(b.invoice_entry(), b.payment_entry(), right))
    assert b.passes("R2", b.record(books=books))


def test_a_refund_receipt_takes_money_out_and_not_the_receivable() -> None:
    assert b.passes("R2", m.record())
    wrong = b.entry(
        "refund_receipt", "11", "2026-01-22",
        b.posting("a4020", "100.00", cost_centre="CC-20", location="SF"), b.posting("a1100", "-100.00", party="p1"),
    )  # fmt: skip
    found = b.the_finding("R2", m.record(books=m.ledger(entries=m.replacing("11", wrong))))
    assert found.expected == "documents: 1150 Gateway clearing USD -100.00, receivable USD 0.00"
    assert found.actual == "journal entries: 1150 Gateway clearing USD 0.00, receivable USD -100.00"


def forgone(source: str, note: str, account: str) -> b.RunRecord:
    """80.00 of the invoice that need not be paid any more, on an account."""
    lines = (b.posting("a1100", "-80.00", party="p1"), b.posting(account, "80.00"))
    entry = b.entry(source, "71", "2026-01-30", *lines, note=note)
    return posted(b.invoice_entry(), b.payment_entry(), entry)


def test_a_loss_stands_on_bad_debt_and_nowhere_else() -> None:
    assert b.passes("R2", forgone("journal", "write_off:1001:1", "a6200"))
    found = b.the_finding("R2", forgone("journal", "write_off:1001:1", "a4900"))
    assert found.message == "amount: the write-off of invoice 1001 stands on another account than it belongs on"
    assert (found.expected, found.actual) == (
        "documents: 6200 Bad debt",
        "journal entries: 4900 Discounts given USD 80.00",
    )
    assert found.at_risk == b.usd("80.00")
