"""What happened is told apart from what the books give: every figure is from the story, worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from simharness.checks.metrics.recompute import Books, Span, recompute
from simharness.checks.metrics.told import Told
from simharness.checks.scope import Judged
from simharness.domain.books import LedgerSnapshot
from simharness.domain.fact import ChequeTaken, CreditApproved, DisputeClosed, PaymentDisputed
from tests.unit.checks import builders as b
from tests.unit.checks import money as m


def figures(metric: str, period: str, books: LedgerSnapshot, *more: Any, **changes: Any) -> tuple[Decimal, Decimal]:
    """What the books give, and what happened gives."""
    happened = (*m.facts()[:-1], *more, m.facts()[-1])
    scope = Judged(m.record(books=books, told=happened, **changes)).settled
    given, span = Books(scope, books), Span.parse(period)
    found = recompute(metric, given, span)
    assert found is not None
    number = found["", ""]
    assert number is not None
    return number, Told(scope, given).figure(metric, span, number)


def same(number: str) -> tuple[Decimal, Decimal]:
    return Decimal(number), Decimal(number)


def apart(books: str, happened: str) -> tuple[Decimal, Decimal]:
    return Decimal(books), Decimal(happened)


@pytest.mark.parametrize(
    ("metric", "january"), [("net_revenue", "4000.00"), ("billings", "4000.00"), ("cash_collected", "900.00")]
)
def test_of_right_books_both_say_the_same(metric: str, january: str) -> None:
    """4,100.00 billed and 1,000.00 paid, 100.00 of it refunded."""
    assert figures(metric, "2026-01", m.ledger()) == same(january)
    assert figures(metric, "2026-02", m.ledger()) == same("0")


def test_an_invoice_with_a_line_lost_brings_too_little() -> None:
    short = b.invoice(
        lines=b.invoice().lines[:1], net=b.usd("3600.00"), total=b.usd("3910.50"), note="crm:deal:D1:v1 lines:L1"
    )
    lines = tuple(line for line in b.invoice_entry().lines if line.account != "a4020")
    entries = m.replacing("1", structs.replace(b.invoice_entry(), lines=lines))
    books = m.ledger(documents=(short, m.receipt()), entries=entries)
    assert figures("net_revenue", "2026-01", books) == apart("3500.00", "4000.00")
    assert figures("billings", "2026-01", books) == apart("3500.00", "4000.00")


def test_an_invoice_that_is_missing_and_one_too_many() -> None:
    assert figures("billings", "2026-01", m.ledger(documents=(m.receipt(),))) == apart("-100.00", "4000.00")
    twice = m.ledger(documents=(b.invoice(), b.invoice(id="77", number="1009"), m.receipt()))
    assert figures("billings", "2026-01", twice) == apart("8100.00", "4000.00")


def test_an_invoice_on_another_day_belongs_into_the_month_in_which_the_deal_was_won() -> None:
    late = b.day("2026-02-01")
    books = m.ledger(
        documents=(b.invoice(date=late), m.receipt()),
        entries=m.replacing("1", structs.replace(b.invoice_entry(), date=late)),
    )
    for metric in ("net_revenue", "billings"):
        assert figures(metric, "2026-01", books) == apart("-100.00", "4000.00")
        assert figures(metric, "2026-02", books) == apart("4100.00", "0.00")


@pytest.mark.parametrize(
    ("source", "note"),
    [("write_off", "write_off:1001:1"), ("fee", "pay:fee:txn9"), ("dispute", "pay:dispute:dp1")],
)
def test_a_loss_on_an_account_of_revenue_is_none(source: str, note: str) -> None:
    """310.50 are taken off revenue: 4,000.00 less 310.50."""
    loss = m.moving("journal", "70", "2026-01-25", "a4900", "a1100", "310.50", note)
    assert figures("net_revenue", "2026-01", m.ledger(entries=(*m.entries(), loss))) == apart("3689.50", "4000.00")


def test_what_names_no_source_is_taken_as_the_ledger_has_it() -> None:
    journal = m.moving("journal", "70", "2026-01-25", "a4900", "a1100", "310.50", "by hand")
    assert figures("net_revenue", "2026-01", m.ledger(entries=(*m.entries(), journal))) == same("3689.50")


def test_a_refund_takes_back_what_was_told_and_none_for_what_was_no_sale() -> None:
    refund = b.entry(
        "refund_receipt", "11", "2026-01-22", b.posting("a4020", "60.00", cost_centre="CC-20"),
        b.posting("a1150", "-60.00"),
    )  # fmt: skip
    receipt = m.receipt(net=b.usd("60.00"), total=b.usd("60.00"))
    books = m.ledger(documents=(b.invoice(), receipt), entries=m.replacing("11", refund))
    assert figures("net_revenue", "2026-01", books) == apart("4040.00", "4000.00")
    assert figures("billings", "2026-01", books) == apart("4040.00", "4000.00")
    assert figures("cash_collected", "2026-01", books) == apart("940.00", "900.00")
    facts = tuple(
        structs.replace(each, reason="overpayment", lines=()) if isinstance(each, type(m.refunded())) else each
        for each in m.facts()
    )
    scope = Judged(m.record(told=facts)).settled
    told = Told(scope, Books(scope, m.ledger()))
    # 100.00 were paid too much: the sale of 4,100.00 stands, though the receipt names an account of revenue.
    assert told.figure("net_revenue", Span.parse("2026-01"), Decimal("4000.00")) == Decimal("4100.00")


def test_a_credit_takes_back_what_was_told_less_its_tax_and_never_more_than_is_left() -> None:
    credit = CreditApproved(
        **b.mark(8, "crediting.credit", "2026-01-23"), customer="Globex", company_id="C1", deal="Rollout",
        invoice_number="1001", amount=b.usd("50.00"), reason="scratched", approver="Dana", lines=((2, b.usd("50.00")),),
    )  # fmt: skip
    memo = b.credit_memo(id="81", note="credit:1001:1", net=b.usd("60.00"), total=b.usd("60.00"))
    lines = (b.posting("a1100", "-60.00", party="p1"), b.posting("a4020", "60.00", cost_centre="CC-20"))
    posted = b.entry("credit_memo", "81", "2026-01-22", *lines, note="credit:1001:1")
    books = m.ledger(documents=(b.invoice(), m.receipt(), memo), entries=(*m.entries(), posted))
    assert figures("net_revenue", "2026-01", books, credit) == apart("3940.00", "3950.00")
    above = structs.replace(credit, amount=b.usd("9999.00"), lines=())
    whole = b.credit_memo(id="81", note="credit:1001:1", net=b.usd("4100.00"), tax=b.usd("310.50"),
                          total=b.usd("4410.50"))  # fmt: skip
    books = m.ledger(documents=(b.invoice(), m.receipt(), whole))
    assert figures("billings", "2026-01", books, above) == same("-100.00")


def test_a_payment_brings_its_amount_on_its_day() -> None:
    short = m.ledger(payments=(b.payment(amount=b.usd("999.99")),))
    assert figures("cash_collected", "2026-01", short) == apart("899.99", "900.00")
    assert figures("cash_collected", "2026-01", m.ledger(payments=())) == apart("-100.00", "900.00")
    late = m.ledger(payments=(b.payment(date=b.day("2026-02-02")),))
    assert figures("cash_collected", "2026-01", late) == apart("-100.00", "900.00")
    assert figures("cash_collected", "2026-02", late) == apart("1000.00", "0.00")
    listed = (*m.evidence(), m.reject("stripe:charge:ch1", "1000.00"))
    assert figures("cash_collected", "2026-01", m.ledger(payments=()), evidence=listed) == same("-100.00")


def test_a_dispute_takes_its_amount_and_won_brings_it_back() -> None:
    opened = PaymentDisputed(
        **b.mark(8, "gateway.payment_disputed", "2026-01-23"), payment="P-1", customer="Globex", company_id="C1",
        charge_id="ch1", dispute_id="dp1", amount=b.usd("250.00"), fee=b.usd("15.00"),
    )  # fmt: skip
    won = DisputeClosed(
        **b.mark(9, "gateway.dispute_decided", "2026-01-25"), payment="P-1", charge_id="ch1", dispute_id="dp1",
        won=True, amount=b.usd("250.00"), fee=b.usd("15.00"),
    )  # fmt: skip
    less = m.moving("journal", "30", "2026-01-23", "a1100", "a1150", "240.00", "pay:dispute:dp1")
    back = m.moving("journal", "31", "2026-01-25", "a1150", "a1100", "250.00", "pay:dispute:dp1:won")
    entries = (*m.entries(), less, back)
    assert figures("cash_collected", "2026-01", m.ledger(entries=entries), opened, won) == apart("910.00", "900.00")


def test_a_cheque_brings_what_was_taken() -> None:
    cheque = ChequeTaken(
        **b.mark(8, "payment.cheque_taken", "2026-01-23"), cheque="7", customer="Globex", company_id="C1",
        payment_id="9", amount=b.usd("300.00"), invoice_number="1001",
    )  # fmt: skip
    changed = b.payment(id="9", note="", date=b.day("2026-01-23"), amount=b.usd("30.00"), applications=())
    books = m.ledger(payments=(b.payment(), changed))
    assert figures("cash_collected", "2026-01", books, cheque) == apart("930.00", "1200.00")
