"""V10, V16, V17, V27 and R3 turn red when foreign money is in the books at another worth than it really had.

A charge of EUR 1,000.00 came into a balance in dollars as 1,123.70, that is at 1.1237; a refund of EUR 100.00 left it
as 115.00, that is at 1.15; its invoice was billed at 1.10.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from simharness.core.money import Money
from simharness.domain.fact import ExchangeRateStated
from simharness.domain.policy import CreditRate
from tests.unit.checks import builders as b
from tests.unit.checks import money as m

CHARGED = m.balance_line("txn1", "charge", "1123.70", "ch1", "2026-01-20", rate=Decimal("1.1237"))
REFUNDED = m.balance_line("txn2", "refund", "-115.00", "re1", "2026-01-22", rate=Decimal("1.15"))


def eur(amount: str) -> Money:
    return Money(amount, "EUR")


def paid(rate: str, base: str) -> b.RunRecord:
    """The charge as a payment at a rate, worth so much on clearing."""
    amount = eur("1000.00")
    payment = b.payment(amount=amount, applications=(), unapplied=amount, rate=Decimal(rate))
    entry = b.entry(
        "payment", "2", "2026-01-20", b.posting("a1150", base, foreign=amount),
        b.posting("a1100", f"-{base}", foreign=-amount, party="p1"), note="pay:charge:ch1",
    )  # fmt: skip
    cash = m.gateway(balance_lines=(CHARGED,), available=(b.usd("1123.70"),), pending=(), refunds=(), payouts=())
    told = (*b.facts()[:-2], b.paid(amount=amount), b.facts()[-1])
    books = b.ledger(payments=(payment,), entries=(b.invoice_entry(), entry))
    return m.record(books=books, told=told, cash=cash, statement=m.bank(lines=()))


def test_a_charge_is_worth_what_the_balance_took_in() -> None:
    right = paid("1.1237", "1123.70")
    assert not b.findings("V17", right)
    assert b.passes("V10", right)
    assert not [found for found in b.findings("R3", right) if "charge" in found.message]


def test_the_rate_of_the_day_instead_of_the_gateways() -> None:
    wrong = paid("1.13", "1130.00")
    found = b.the_finding("V17", wrong)
    assert found.message == "payment 2 is in the books at another worth than its money came to"
    assert (found.expected, found.actual) == ("EUR 1,000.00 = USD 1,123.70", "EUR 1,000.00 = USD 1,130.00 (at 1.13)")
    assert found.at_risk == b.usd("6.30")
    (clearing,) = b.findings("V10", wrong)
    assert (clearing.expected[:12], clearing.actual[:12]) == ("USD 1,123.70", "USD 1,130.00")
    assert [each.at_risk for each in b.findings("R3", wrong) if "the charge" in each.message] == [b.usd("6.30")]


def taken_back(rate: str, policy: CreditRate) -> b.RunRecord:
    """The refund of EUR 100.00 as a receipt at a rate; the invoice bears 1.10."""
    invoice = b.invoice(currency="EUR", rate=Decimal("1.10"))
    receipt = m.receipt(currency="EUR", total=eur("100.00"), net=eur("100.00"), tax=eur("0.00"), rate=Decimal(rate))
    cash = m.gateway(balance_lines=(REFUNDED,))
    record = m.record(books=m.ledger(documents=(invoice, receipt)), cash=cash)
    return b.with_policy(record, credit_rates=policy)


@pytest.mark.parametrize(
    ("policy", "right", "wrong", "risk"),
    # 100.00 x (1.15 - 1.10), one way or the other
    [(CreditRate.ORIGINAL, "1.10", "1.15", "5.00"), (CreditRate.DAY, "1.15", "1.10", "5.00")],
)
def test_a_refund_bears_the_rate_that_the_dictionary_declares(
    policy: CreditRate, right: str, wrong: str, risk: str
) -> None:
    assert not [found for found in b.findings("V16", taken_back(right, policy)) if found.key.endswith(":rate")]
    (found,) = [found for found in b.findings("V16", taken_back(wrong, policy)) if found.key.endswith(":rate")]
    assert (found.actual, found.at_risk) == (f"EUR 1 = USD {wrong}", b.usd(risk))


def wire(rates: tuple[str, ...], amounts: tuple[str, ...]) -> b.RunRecord:
    """A wire of EUR 300.00 that arrived as 328.00, the banks having kept 2.00: it came to 330.00."""
    told = m.moved(
        9, "B1", "328.00", purpose="wire", fee=b.usd("2.00"), advice=(("1001", eur("200.00")), ("1002", eur("100.00")))
    )
    payments: list[Any] = []
    entries: list[Any] = []
    for number, (rate, amount) in enumerate(zip(rates, amounts, strict=True), start=60):
        note = "bank:line:B1"
        payments.append(
            b.payment(
                id=str(number), note=note, amount=eur(amount), unapplied=eur(amount), applications=(),
                rate=Decimal(rate), account="a1200",
            )
        )  # fmt: skip
        entries.append(b.entry("payment", str(number), "2026-01-26", note=note))
    books = m.ledger(payments=tuple(payments), entries=(*m.entries(), *entries))
    return m.record(books=books, told=(*m.facts()[:-3], told, m.facts()[-1]))


def worths(record: b.RunRecord) -> list[tuple[str, str]]:
    return [(found.expected, found.actual) for found in b.findings("V17", record) if found.key.endswith(":worth")]


def test_a_wire_is_worth_what_arrived_and_what_the_banks_kept() -> None:
    assert worths(wire(("1.10",), ("300.00",))) == []
    told = ("EUR 300.00 = USD 330.00", "EUR 300.00 = USD 328.00 (at 1.09333333)")
    assert worths(wire(("1.09333333",), ("300.00",))) == [told]


def test_several_parts_of_a_wire_share_it_within_a_cent() -> None:
    assert worths(wire(("1.10005", "1.0999"), ("200.00", "100.00"))) == []  # 220.01 and 109.99
    assert worths(wire(("1.1001", "1.0998"), ("200.00", "100.00"))) == [
        ("EUR 200.00 = USD 220.00", "EUR 200.00 = USD 220.02 (at 1.1001)"),
        ("EUR 100.00 = USD 110.00", "EUR 100.00 = USD 109.98 (at 1.0998)"),
    ]


def test_a_company_may_have_a_customer_in_each_currency_and_no_second_one() -> None:
    abroad = b.party(id="p2", name="Globex (EUR)", currency="EUR", balance=None)
    assert b.passes("V27", b.record(books=b.ledger(parties=(b.party(), abroad))))
    again = b.party(id="p3", name="Globex GmbH", currency="EUR", balance=None)
    found = b.the_finding("V27", b.record(books=b.ledger(parties=(b.party(), abroad, again))))
    assert (found.message, found.actual) == (
        "company 'Globex' has 2 customers in the ledger in EUR", "'Globex (EUR)', 'Globex GmbH'",
    )  # fmt: skip


def test_a_rename_reaches_the_customer_in_every_currency() -> None:
    stale = b.party(id="p2", name="Old name (EUR)", currency="EUR", balance=None)
    found = b.the_finding("V27", b.record(books=b.ledger(parties=(b.party(), stale))))
    assert (found.expected, found.actual) == ("Globex", "Old name (EUR)")


def test_a_stated_rate_says_nothing_about_money_that_was_really_changed() -> None:
    stated = ExchangeRateStated(**b.mark(1, "close.rate_of", "2026-01-05"), currency="EUR", rate=Decimal("1.30"))
    right = paid("1.1237", "1123.70")
    told = b.structs.replace(right, facts=(stated, *right.facts))
    assert not b.findings("V17", told)
