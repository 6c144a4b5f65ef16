"""The engine on its own: what goes back or out is checked before anything moves, and pairs sum to zero."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.core.money import Money
from simharness_fakes.payments import disputes, payouts, refunds, reserves
from simharness_fakes.payments.availability import Availability, days_after
from simharness_fakes.payments.charges import FAILED, PENDING, Charge
from simharness_fakes.payments.fees import FeeSchedule
from simharness_fakes.payments.payouts import Payout
from simharness_fakes.payments.refusals import Refused
from simharness_fakes.payments.till import Terms, Till

MONDAY = datetime(2026, 1, 5, 17, 0, tzinfo=UTC)
LATER = MONDAY + timedelta(days=7)
FREE = Terms(fees=FeeSchedule(percent=Decimal(0)), availability=Availability())


def usd(amount: str) -> Money:
    return Money(amount, "USD")


def taken(till: Till, amount: str = "100.00", **more: object) -> Charge:
    """A charge whose money is on the balance."""
    charge = Charge(id="c1", amount=usd(amount), created_at=MONDAY, **more)
    return till.settle(charge, "m1", MONDAY)


def payout(amount: str, **more: object) -> Payout:
    return Payout(id="p1", amount=usd(amount), created_at=LATER, arrival=days_after(LATER.date(), 2), **more)


@pytest.mark.parametrize("module", [refunds, disputes])
@pytest.mark.parametrize(
    ("charge", "amount", "code"),
    [
        ({"status": FAILED}, None, "charge_not_"),
        ({"status": PENDING}, None, "charge_not_"),
        ({"captured": None}, None, "charge_not_"),
        ({"withdrawn": usd("1.00")}, None, "charge_disputed"),
        ({"refunded": usd("100.00")}, None, "charge_already_refunded"),
        ({}, usd("100.01"), "amount_too_large"),
        ({"refunded": usd("40.00")}, usd("60.01"), "amount_too_large"),
        ({}, usd("0.00"), "amount_too_"),
        ({}, Money("1.00", "EUR"), "currency_mismatch"),
    ],
)
def test_what_is_not_there_does_not_go_back(
    module: object, charge: dict[str, object], amount: Money, code: str
) -> None:
    record = Charge(**{"id": "c1", "amount": usd("100.00"), "created_at": MONDAY, "captured": usd("100.00"), **charge})
    with pytest.raises(Refused) as refused:
        module.check(record, amount)  # type: ignore[attr-defined]  # both modules have it
    assert refused.value.code.startswith(code)


@pytest.mark.parametrize("amount", ["99.99", "100.01", "-100.00"])
def test_an_automatic_payout_that_is_not_the_sum_of_its_lines_is_impossible(amount: str) -> None:
    till = Till(FREE)
    taken(till)
    lines = till.balance.waiting("USD", LATER)
    with pytest.raises(ValueError, match="is made of"):
        payouts.carry(till, payout(amount, automatic=True), lines, "m2")
    assert till.balance.available_in("USD", LATER) == usd("100.00")
    assert payouts.carry(till, payout("100.00", automatic=True), lines, "m2").lines == ("m1",)
    assert till.balance.waiting("USD", LATER) == ()


def test_a_line_is_carried_once() -> None:
    till = Till(FREE)
    taken(till)
    lines = till.balance.waiting("USD", LATER)
    till.balance.carry(lines, "p1")
    with pytest.raises(KeyError):
        till.balance.carry(lines, "p2")


def test_what_went_out_by_hand_is_a_line_of_what_goes_out_by_itself() -> None:
    till = Till(FREE)
    taken(till)
    payouts.send(till, payout("30.00"), "m2")
    assert [m.id for m in till.balance.waiting("USD", LATER)] == ["m1", "m2"]
    assert sum(m.net.amount for m in payouts.collect(till, "USD", LATER, collects=True)) == Decimal("70.00")


@pytest.mark.parametrize(("collects", "lines"), [(True, 2), (False, 0)])
def test_a_negative_balance_is_collected_only_where_that_is_wanted(collects: bool, lines: int) -> None:
    till = Till(FREE)
    charge = taken(till)
    till.balance.carry(till.balance.waiting("USD", LATER), "p0")
    wish = disputes.Dispute(
        id="d1", charge="c1", amount=usd("100.00"), fee=usd("15.00"), created_at=LATER, due_at=LATER
    )
    disputes.withdraw(till, charge, wish, "m2")
    payouts.send(till, payout("0.00"), "m3")
    assert len(payouts.collect(till, "USD", LATER, collects=collects)) == lines


@given(st.integers(1, 10**7), st.decimals(0, 100, places=2))
def test_what_is_reserved_is_neither_lost_nor_made(cents: int, percent: Decimal) -> None:
    till = Till(FREE)
    charge = taken(till, str(Decimal(cents) / 100))
    held = reserves.share(till, reserves.ReserveTerms(percent=percent), charge)
    assert usd("0.00") <= held <= charge.amount
    assert held.is_exact()
    reserves.hold(till, held, ("m2", "m3"), charge, MONDAY)
    assert till.balance.available_in("USD", LATER) == charge.amount - held
    assert till.balance.reserved() == (held,)
    reserves.release(till, held, ("m4", "m5"), charge, LATER)
    assert till.balance.available_in("USD", LATER) == charge.amount
    assert till.balance.reserved() == (usd("0.00"),)


def test_a_debit_that_never_succeeded_leaves_two_lines_that_cancel() -> None:
    till = Till(FREE, {"ach": Terms(fees=FeeSchedule(percent=Decimal("0.8")), availability=Availability(days=0))})
    charge = taken(till, method_kind="ach")
    assert till.balance.available_in("USD", MONDAY) == usd("99.20")
    undone = disputes.undo(till, charge, "m2", MONDAY)
    assert till.balance.available_in("USD", MONDAY) == usd("0.00")
    assert (undone.returned, undone.left) == (False, usd("0.00"))
