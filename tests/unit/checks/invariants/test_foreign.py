"""V17 turns red when a foreign receivable of zero leaves base money behind."""

from __future__ import annotations

from decimal import Decimal

import pytest

from simharness.core.money import Money
from simharness.domain.fact import ExchangeRateStated
from simharness.domain.finding import Judgement
from tests.unit.checks import builders as b


def eur(amount: str) -> Money:
    return Money(amount, "EUR")


def story(gain: str, *, paid: str = "-1000.00") -> b.RunRecord:
    """EUR 1,000.00 billed at 1.10 (1,100.00) and paid at 1.08 (1,080.00): a realised loss of 20.00."""
    bill = b.entry(
        "invoice", "50", "2026-01-12", b.posting("a1100", "1100.00", foreign=eur("1000.00"), party="p9"),
        b.posting("a4010", "-1100.00", foreign=eur("-1000.00")),
    )  # fmt: skip
    credit = b.usd("-1080.00").amount - b.usd(gain).amount
    money = b.entry(
        "payment", "51", "2026-01-20", b.posting("a1150", "1080.00", foreign=eur("1000.00")),
        b.posting("a1100", str(credit), foreign=eur(paid), party="p9"), b.posting("a7100", gain),
    )  # fmt: skip
    party = b.party(id="p9", name="Hooli GmbH", note="", balance=None)
    books = b.ledger(parties=(b.party(), party), entries=(b.invoice_entry(), b.payment_entry(), bill, money))
    return b.record(books=books)


def test_settled_with_its_loss() -> None:
    assert b.passes("V17", story("20.00"))


def test_a_loss_that_was_not_realised_stays_on_the_receivable() -> None:
    found = b.the_finding("V17", story("0.00"))
    assert found.message == "customer 'Hooli GmbH' owes nothing in EUR and yet something in USD"
    assert found.actual == "USD 20.00 on the receivable account"


def test_what_is_still_owed_abroad_may_stand_in_base() -> None:
    assert b.passes("V17", story("0.00", paid="-900.00"))


def test_base_documents_exercise_nothing() -> None:
    assert b.result("V17", b.record()).judgement is Judgement.NOT_EXERCISED


def stated(rate: str, on: str, step: int) -> ExchangeRateStated:
    return ExchangeRateStated(**b.mark(step, "close.rate_of", on), currency="EUR", rate=Decimal(rate))


def billed_at(rate: str | None, *, told: tuple[ExchangeRateStated, ...]) -> b.RunRecord:
    """An invoice of EUR 100.00 on 12 January, whatever else is there."""
    bill = b.invoice(
        id="50", number="1050", note="", currency="EUR", lines=(), taxes=(), net=eur("100.00"), tax=eur("0.00"),
        total=eur("100.00"), open=eur("100.00"), rate=None if rate is None else Decimal(rate),
    )  # fmt: skip
    return b.record(books=b.ledger(documents=(b.invoice(), bill)), told=(*told, *b.facts()))


def test_an_invoice_bears_the_last_rate_before_its_day_or_one_of_the_day() -> None:
    told = (stated("1.08", "2026-01-02", 1), stated("1.10", "2026-01-05", 1), stated("1.12", "2026-01-12", 2))
    assert b.passes("V17", billed_at("1.10", told=told))
    assert b.passes("V17", billed_at("1.12", told=told))


@pytest.mark.parametrize(
    ("rate", "risk"),
    # 100.00 x (1.10 - 1.08) and 100.00 x (1.10 - 1)
    [("1.08", "2.00"), (None, "10.00")],
)
def test_another_rate_is_found_with_what_it_puts_at_risk(rate: str | None, risk: str) -> None:
    told = (stated("1.08", "2026-01-02", 1), stated("1.10", "2026-01-05", 1))
    found = b.the_finding("V17", billed_at(rate, told=told))
    assert found.message == "invoice 1050 bears another rate than was stated for its day"
    assert (found.expected, found.at_risk) == ("EUR 1 = USD 1.10", b.usd(risk))


def test_a_payment_bears_the_rate_of_its_day_too() -> None:
    paid = b.payment(id="60", note="", amount=eur("100.00"), unapplied=eur("100.00"), applications=(), rate=Decimal(1))
    books = b.ledger(payments=(b.payment(), paid))
    told = (stated("1.10", "2026-01-05", 1), *b.facts())
    assert "payment 60 bears another rate" in b.the_finding("V17", b.record(books=books, told=told)).message


def test_without_a_stated_rate_any_is_taken() -> None:
    later = billed_at("1.30", told=(stated("1.10", "2026-01-13", 1),))
    assert b.result("V17", later).judgement is Judgement.NOT_EXERCISED
