"""Laws of an account that changes money: at the gateway's rate of the instant, each movement by itself, never by guess.

Figures by hand: EUR 1,000.00 x 1.0823 = USD 1,082.30; EUR 333.33 x 1.0815 = 360.496395 = USD 360.50.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from simharness.core.money import Money
from simharness_fakes.payments.availability import Availability
from simharness_fakes.payments.charges import Charge
from simharness_fakes.payments.exchange import Exchange
from simharness_fakes.payments.fees import FeeSchedule
from simharness_fakes.payments.refunds import Refund, RefundTerms, give_back
from simharness_fakes.payments.refusals import Refused
from simharness_fakes.payments.till import Terms, Till

NOW = datetime(2026, 1, 20, 9, tzinfo=UTC)
CARDS = Terms(
    fees=FeeSchedule(percent=Decimal("2.9"), fixed=(Money("0.30", "USD"), Money("0.25", "EUR"))),
    availability=Availability(),
)
DOLLARS = Exchange(kept=("USD",))


def euros(amount: str) -> Charge:
    return Charge(id="ch_1", amount=Money(amount, "EUR"), created_at=NOW)


def test_a_charge_is_on_the_balance_at_the_rate_and_its_fee_is_the_balances() -> None:
    till = Till(CARDS, exchange=DOLLARS.at("EUR", Decimal("1.0823")))
    charge = till.settle(euros("1000.00"), "txn_1", NOW)
    (line,) = till.balance.lines()
    # 2.9 % of 1,082.30 = 31.3867, and 0.30
    assert (line.amount, line.fee, line.rate) == (Money("1082.30", "USD"), Money("31.69", "USD"), Decimal("1.0823"))
    assert charge.captured == Money("1000.00", "EUR")


def test_what_goes_back_goes_at_the_rate_of_its_own_instant() -> None:
    till = Till(CARDS, exchange=DOLLARS.at("EUR", Decimal("1.0823")))
    charge = till.settle(euros("1000.00"), "txn_1", NOW)
    till.exchange = till.exchange.at("EUR", Decimal("1.0815"))
    wish = Refund(id="re_1", charge=charge.id, amount=Money("333.33", "EUR"), created_at=NOW)
    _, after, movement = give_back(till, RefundTerms(), charge, wish, "txn_2")
    assert (movement.amount, movement.rate) == (Money("-360.50", "USD"), Decimal("1.0815"))
    assert after.left == Money("666.67", "EUR")


def test_a_fee_that_is_given_back_is_a_share_of_what_was_taken() -> None:
    till = Till(CARDS, exchange=DOLLARS.at("EUR", Decimal("1.0823")))
    charge = till.settle(euros("1000.00"), "txn_1", NOW)
    wish = Refund(id="re_1", charge=charge.id, amount=Money("500.00", "EUR"), created_at=NOW)
    _, _, movement = give_back(till, RefundTerms(returns_fee=True), charge, wish, "txn_2")
    assert movement.fee == Money("-15.85", "USD")  # half of 31.69, half a cent up


def test_without_a_rate_nothing_is_taken() -> None:
    till = Till(CARDS, exchange=DOLLARS)
    with pytest.raises(Refused, match="EUR into USD"):
        till.settle(euros("1000.00"), "txn_1", NOW)
    assert till.balance.lines() == ()


def test_a_currency_that_is_kept_is_not_changed() -> None:
    till = Till(CARDS, exchange=DOLLARS.keeping("EUR").at("EUR", Decimal("1.0823")))
    till.settle(euros("1000.00"), "txn_1", NOW)
    (line,) = till.balance.lines()
    assert (line.amount, line.fee, line.rate) == (Money("1000.00", "EUR"), Money("29.25", "EUR"), None)


def test_a_copy_changes_at_its_own_rates() -> None:
    till = Till(CARDS, exchange=DOLLARS.at("EUR", Decimal("1.0823")))
    twin = till.fork()
    till.exchange = till.exchange.at("EUR", Decimal(2))
    assert twin.changed(Money("1.00", "EUR")) == (Money("1.08", "USD"), Decimal("1.0823"))
