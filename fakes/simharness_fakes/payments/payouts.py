"""Sending the balance to the bank account: by hand an amount, by itself everything that is available."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta

from msgspec.structs import replace

from simharness.core.money import Money
from simharness.domain import gateway
from simharness.domain.base import Record
from simharness_fakes.payments.availability import days_after, is_business_day
from simharness_fakes.payments.balance import Movement
from simharness_fakes.payments.refusals import Refused
from simharness_fakes.payments.till import Till

PENDING, IN_TRANSIT, PAID, FAILED, CANCELED = "pending", "in_transit", "paid", "failed", "canceled"
MANUAL, DAILY, WEEKLY, MONTHLY = "manual", "daily", "weekly", "monthly"
INTERVALS = (MANUAL, DAILY, WEEKLY, MONTHLY)


class Schedule(Record, frozen=True, kw_only=True):
    """When the gateway pays out by itself: never, every business day, on days of the week (0 is Monday) or the month.

    A day of the month beyond its end is its last day; a day on a weekend is the next business day. `at` is UTC.
    """

    interval: str = MANUAL
    weekdays: tuple[int, ...] = (0,)
    month_days: tuple[int, ...] = (1,)
    at: time = time(12)

    def next_after(self, moment: datetime) -> datetime | None:
        """The first instant of a payout after `moment`; None if there is none."""
        if self.interval == MANUAL:
            return None
        day = moment.astimezone(UTC).date()
        while True:
            due = datetime.combine(day, self.at, tzinfo=UTC)
            if due > moment and self._pays_on(day):
                return due
            day += timedelta(days=1)

    def _pays_on(self, day: date) -> bool:
        if not is_business_day(day):
            return False
        if self.interval == DAILY:
            return True
        if self.interval == WEEKLY:
            return day.weekday() in self.weekdays
        # The day itself, or a weekend before it that ended with a day of the schedule.
        nominal = [day]
        while not is_business_day(nominal[-1] - timedelta(days=1)):
            nominal.append(nominal[-1] - timedelta(days=1))
        return any(self._names(n) for n in nominal)

    def _names(self, day: date) -> bool:
        last = calendar.monthrange(day.year, day.month)[1]
        return any(min(wanted, last) == day.day for wanted in self.month_days)


class Payout(Record, frozen=True, kw_only=True):
    """Money on its way to the bank account (negative: from it). `reference` is what the bank statement shows of it.

    `lines` are the movements an automatic payout is made of, its own movement not among them; a manual one has none.
    """

    id: str
    amount: Money
    created_at: datetime
    arrival: date
    status: str = PENDING
    automatic: bool = False
    reference: str = ""
    description: str = ""
    descriptor: str = ""
    references: tuple[tuple[str, str], ...] = ()
    movement: str = ""
    lines: tuple[str, ...] = ()
    failure_code: str = ""
    failure_reason: str = ""
    failure_movement: str = ""

    def canonical(self) -> gateway.Payout:
        """The payout as checks know it."""
        return gateway.Payout(
            id=self.id,
            amount=self.amount,
            created_at=self.created_at,
            arrival=self.arrival,
            status=self.status,
            automatic=self.automatic,
            reference=self.reference,
            failure=self.failure_code,
            lines=self.lines,
        )


class PayoutTerms(Record, frozen=True, kw_only=True):
    """How long a payout travels, in business days, and whether a negative balance is collected from the bank."""

    arrival_days: int = 2
    collects: bool = True

    def arrival(self, now: datetime) -> date:
        """The day on which the bank books a payout that is sent at `now`."""
        return days_after(now.astimezone(UTC).date(), self.arrival_days)


def check(till: Till, amount: Money, now: datetime) -> None:
    """Raises `Refused` for an amount that cannot be paid out by hand."""
    available = till.balance.available_in(amount.currency, now)
    if amount.amount <= 0:
        raise Refused("amount_too_small", f"{amount} cannot be paid out: give a positive amount.")
    if amount > available:
        raise Refused("balance_insufficient", f"{amount} is more than the {available} that is available.")


def send(till: Till, payout: Payout, movement_id: str) -> Payout:
    """Take a payout that `check` let pass off the balance."""
    _post(till, payout, movement_id, kind="payout", amount=-payout.amount, now=payout.created_at)
    return replace(payout, movement=movement_id)


def collect(till: Till, currency: str, now: datetime, *, collects: bool) -> tuple[Movement, ...]:
    """The movements of which an automatic payout of a currency is to be made; none if there is nothing to pay.

    `collects`: what is missing from a negative balance is collected from the bank account.
    """
    waiting = till.balance.waiting(currency, now)
    amount = sum((m.net for m in waiting), Money.zero(currency))
    if not amount or (amount.amount < 0 and not collects):
        return ()
    return waiting


def carry(till: Till, payout: Payout, movements: tuple[Movement, ...], movement_id: str) -> Payout:
    """Take an automatic payout of `movements`, whose sum it must be, off the balance and link them to it."""
    amount = sum((m.net for m in movements), Money.zero(payout.amount.currency))
    if amount != payout.amount:
        raise ValueError(f"payout {payout.id} of {payout.amount} is made of {amount}")
    till.balance.carry(movements, payout.id)
    _post(till, payout, movement_id, kind="payout", amount=-amount, now=payout.created_at, link=payout.id)
    return replace(payout, movement=movement_id, lines=tuple(m.id for m in movements))


def fail(till: Till, payout: Payout, *, code: str, message: str, movement_id: str, now: datetime) -> Payout:
    """The bank sends a payout back, also one it had booked: its money is on the balance again.

    Raises `Refused` for one that came back before.
    """
    if payout.status in (FAILED, CANCELED):
        raise Refused("payout_not_open", f"{payout.id} is {payout.status} already.")
    _post(till, payout, movement_id, kind="payout_failure", amount=payout.amount, now=now)
    return replace(payout, status=FAILED, failure_code=code, failure_reason=message, failure_movement=movement_id)


def cancel(till: Till, payout: Payout, movement_id: str, now: datetime) -> Payout:
    """Take back a payout that was not sent to the bank yet. Raises `Refused` for one that was, and an automatic one."""
    if payout.status != PENDING or payout.automatic:
        raise Refused("payout_not_open", f"{payout.id} cannot be canceled: it is {payout.status}.")
    _post(till, payout, movement_id, kind="payout_cancel", amount=payout.amount, now=now)
    return replace(payout, status=CANCELED, failure_movement=movement_id)


def _post(
    till: Till, payout: Payout, movement_id: str, *, kind: str, amount: Money, now: datetime, link: str = ""
) -> None:
    till.balance.post(
        Movement(
            id=movement_id,
            kind=kind,
            amount=amount,
            fee=Money.zero(amount.currency),
            source=payout.id,
            created_at=now,
            available_at=now,
            description=payout.description,
            payout=link,
        )
    )
