"""What a gateway keeps of a charge, and when the rest may be paid out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.core.money import Money
from simharness_fakes.payments.availability import Availability
from simharness_fakes.payments.charges import Charge
from simharness_fakes.payments.fees import FeeSchedule
from simharness_fakes.payments.till import Terms, Till

CENT = Decimal("0.01")
US_CARDS = FeeSchedule(percent=Decimal("2.9"), fixed=(Money("0.30", "USD"),))
MONDAY = datetime(2026, 1, 5, 17, 0, tzinfo=UTC)


# 0.029 × 10.00 + 0.30 = 0.59 · 0.029 × 0.50 + 0.30 = 0.3145 · 0.029 × 15.00 + 0.30 = 0.735 (half a cent, up).
@pytest.mark.parametrize(("amount", "fee"), [("10.00", "0.59"), ("0.50", "0.31"), ("15.00", "0.74"), ("0.20", "0.20")])
def test_a_fee_is_percentage_and_fixed_part_rounded_once_half_up(amount: str, fee: str) -> None:
    assert US_CARDS.fee(Money(amount, "USD"), CENT) == Money(fee, "USD")


def test_a_currency_without_a_fixed_part_pays_the_percentage_only() -> None:
    assert US_CARDS.fee(Money("100.00", "EUR"), CENT) == Money("2.90", "EUR")


def test_a_fee_is_a_whole_number_of_what_the_gateway_can_say() -> None:
    # 2.9 % of 12.340 is 0.35786: in multiples of ten fils that is 0.360.
    assert US_CARDS.fee(Money("12.340", "KWD"), CENT) == Money("0.360", "KWD")


@pytest.mark.parametrize(
    ("taken", "business", "calendar"),
    [
        ("2026-01-05T17:00", "2026-01-07", "2026-01-07"),  # Monday
        ("2026-01-08T23:59", "2026-01-12", "2026-01-10"),  # Thursday over a weekend
        ("2026-01-09T00:00", "2026-01-13", "2026-01-11"),  # Friday
        ("2026-01-10T12:00", "2026-01-13", "2026-01-12"),  # Saturday
    ],
)
def test_money_is_available_two_days_later_at_midnight(taken: str, business: str, calendar: str) -> None:
    moment = datetime.fromisoformat(taken).replace(tzinfo=UTC)
    for rule, wanted in ((Availability(), business), (Availability(business=False), calendar)):
        assert rule.available_at(moment) == datetime.fromisoformat(wanted).replace(tzinfo=UTC)


def test_without_delay_money_is_available_at_once() -> None:
    assert Availability(days=0).available_at(MONDAY) == MONDAY


CENTS = st.lists(st.tuples(st.integers(1, 10**7), st.integers(0, 80), st.sampled_from(["USD", "EUR"])), max_size=20)


@given(CENTS, st.integers(0, 200))
def test_pending_and_available_are_together_what_was_taken_less_fees(
    taken: list[tuple[int, int, str]], later: int
) -> None:
    till, now = Till(Terms(fees=US_CARDS, availability=Availability())), MONDAY
    for number, (cents, hours, currency) in enumerate(taken):
        now += timedelta(hours=hours)
        charge = Charge(id=f"c{number}", amount=Money.from_minor(cents, currency), created_at=now)
        till.settle(charge, f"m{number}", now)
    now += timedelta(hours=later)
    lines = till.balance.lines()
    for currency in {c for _, _, c in taken}:
        mine = [line for line in lines if line.amount.currency == currency]
        ripe = sum((line.net.amount for line in mine if line.available_at <= now), Decimal(0))
        waiting = sum((line.net.amount for line in mine if line.available_at > now), Decimal(0))
        assert Money(ripe, currency) in till.balance.available(now)
        assert Money(waiting, currency) in till.balance.pending(now)
        assert ripe + waiting == sum((line.amount.amount - line.fee.amount for line in mine), Decimal(0))


def test_a_fork_keeps_its_own_balance() -> None:
    till = Till(Terms(fees=US_CARDS, availability=Availability()))
    till.settle(Charge(id="c1", amount=Money("10.00", "USD"), created_at=MONDAY), "m1", MONDAY)
    twin = till.fork()
    twin.settle(Charge(id="c2", amount=Money("10.00", "USD"), created_at=MONDAY), "m2", MONDAY)
    assert till.balance.pending(MONDAY) == (Money("9.41", "USD"),)
    assert twin.balance.pending(MONDAY) == (Money("18.82", "USD"),)
    assert till.balance.available(MONDAY + timedelta(days=9)) == (Money("9.41", "USD"),)
