"""V1 and V9 turn red for an entry that does not balance and a subledger that left its control account."""

from __future__ import annotations

from simharness.domain.books import OpenItem
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


def test_v1_an_entry_in_foreign_money_balances_in_both() -> None:
    def entry(second: str) -> b.Entry:
        lines = (
            b.posting("a1150", "1100.00", foreign=b.Money("1000.00", "EUR")),
            b.posting("a1100", "-1100.00", foreign=b.Money(second, "EUR"), party="p1"),
        )
        return b.entry("payment", "2", "2026-01-20", *lines)

    assert b.passes("V1", b.record(books=b.ledger(entries=(b.invoice_entry(), entry("-1000.00")))))
    found = b.the_finding("V1", b.record(books=b.ledger(entries=(b.invoice_entry(), entry("-999.00")))))
    assert (found.expected, found.actual) == ("debits EUR 1,000.00", "credits EUR 999.00")


def test_v1_a_gain_of_exchange_balances_in_base_alone() -> None:
    lines = (
        b.posting("a1150", "1120.00", foreign=b.Money("1000.00", "EUR")),
        b.posting("a1100", "-1100.00", foreign=b.Money("-1000.00", "EUR"), party="p1"),
        b.posting("a7100", "-20.00"),
    )
    entries = (b.invoice_entry(), b.entry("payment", "2", "2026-01-20", *lines))
    assert b.passes("V1", b.record(books=b.ledger(entries=entries)))


def test_v9_counts_what_journals_put_on_the_receivable() -> None:
    """A dispute of 1,000.00 is open again, a write-off of 400.00 not yet used."""
    dispute = b.entry("journal", "20", "2026-01-22", b.posting("a1100", "1000.00", party="p1"),
                      b.posting("a1150", "-1000.00"))  # fmt: skip
    loss = b.entry("journal", "21", "2026-01-22", b.posting("a6200", "400.00"),
                   b.posting("a1100", "-400.00", party="p1"))  # fmt: skip
    items = (
        OpenItem(entry="20", party="p1", date=b.day("2026-01-22"), amount=b.usd("1000.00"), open=b.usd("1000.00")),
        OpenItem(entry="21", party="p1", date=b.day("2026-01-22"), amount=b.usd("-400.00"), open=b.usd("-400.00")),
    )
    entries = (b.invoice_entry(), b.payment_entry(), dispute, loss)
    books = b.ledger(entries=entries, open_items=items, parties=(b.party(balance=b.usd("4010.50")),))
    assert b.passes("V9", b.record(books=books))
    assert len(b.findings("V9", b.record(books=b.structs.replace(books, open_items=items[:1])))) == 2


def test_v9_compares_what_is_owed_in_foreign_money_in_it() -> None:
    """EUR 1,000.00 at 1.10; EUR 400.00 paid at 1.08 with a loss of 8.00: EUR 600.00 are open, and 660.00 in base."""
    euros = b.Money
    abroad = b.invoice(id="50", number="1050", party="p9", currency="EUR", total=euros("1000.00", "EUR"),
                       open=euros("600.00", "EUR"), note="")  # fmt: skip
    bill = b.entry("invoice", "50", "2026-01-12",
                   b.posting("a1100", "1100.00", foreign=euros("1000.00", "EUR"), party="p9"),
                   b.posting("a4010", "-1100.00", foreign=euros("-1000.00", "EUR")))  # fmt: skip
    paid = b.entry("payment", "51", "2026-01-20", b.posting("a1150", "432.00", foreign=euros("400.00", "EUR")),
                   b.posting("a1100", "-440.00", foreign=euros("-400.00", "EUR"), party="p9"),
                   b.posting("a7100", "8.00"))  # fmt: skip
    books = b.ledger(documents=(b.invoice(), abroad), entries=(b.invoice_entry(), b.payment_entry(), bill, paid))
    assert b.passes("V9", b.record(books=books))
    wrong = b.structs.replace(abroad, open=euros("556.00", "EUR"))
    found = b.the_finding("V9", b.record(books=b.structs.replace(books, documents=(b.invoice(), wrong))))
    assert (found.expected, found.actual) == ("open items EUR 556.00", "receivable account EUR 600.00")
