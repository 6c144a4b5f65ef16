"""V1 and V9 turn red for an entry that does not balance and a subledger that left its control account."""

from __future__ import annotations

from tests.unit.checks import builders as b


def test_v1_an_entry_that_is_a_cent_off() -> None:
    lines = (b.posting("a1150", "1000.00"), b.posting("a1100", "-999.99", party="p1"))
    entries = (b.invoice_entry(), b.entry("payment", "2", "2026-01-20", *lines))
    found = b.the_finding("V1", b.record(books=b.ledger(entries=entries)))
    assert (found.expected, found.actual) == ("debits USD 1,000.00", "credits USD 999.99")
    assert found.at_risk == b.usd("0.01")


def test_v1_leaves_an_entry_of_two_currencies_to_its_base_amounts() -> None:
    mixed = b.entry(
        "journal",
        "9",
        "2026-01-20",
        b.posting("a1000", "10.00"),
        b.EntryLine(account="a1150", amount=b.Money("-9.00", "EUR")),
    )
    entries = (b.invoice_entry(), b.payment_entry(), mixed)
    assert b.passes("V1", b.record(books=b.ledger(entries=entries)))


def test_v1_is_not_exercised_without_entries() -> None:
    assert b.result("V1", b.record(books=b.ledger(entries=()))).reason == "the ledger holds no entries"


def test_v9_an_open_item_that_the_control_account_does_not_hold() -> None:
    story = b.record(books=b.ledger(entries=(b.invoice_entry(),), parties=()))
    found = b.the_finding("V9", story)
    assert (found.expected, found.actual) == ("open items USD 3,410.50", "receivable account USD 4,410.50")
    assert found.at_risk == b.usd("1000.00")


def test_v9_a_customer_balance_that_is_not_its_open_items() -> None:
    found = b.the_finding("V9", b.record(books=b.ledger(parties=(b.party(balance=b.usd("3400.00")),))))
    assert (found.expected, found.actual) == ("open items USD 3,410.50", "balance USD 3,400.00")
    assert found.objects == ("quickbooks:customer:p1 (Globex)",)


def test_v9_counts_unapplied_cash_and_open_credit() -> None:
    books = b.ledger(
        documents=(b.invoice(open=b.usd("4410.50")), b.credit_memo()),
        payments=(b.payment(unapplied=b.usd("1000.00"), applications=()),),
        entries=(b.invoice_entry(), b.payment_entry(), b.credit_entry()),
        parties=(b.party(balance=b.usd("3310.50")),),
    )
    assert b.passes("V9", b.record(books=books))
