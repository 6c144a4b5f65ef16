"""What was billed of a deal line, and for which days of service."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from simharness.reference.arithmetic.money import ZERO, Cents
from simharness.reference.arithmetic.months import days_between
from simharness.reference.invoicing.deposits import Early


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """The days that a line serves, and what they cost.

    `listed` and `amount` are the price of all its days as it is `since` a day; the days before that cost together
    `past_listed` and `past_amount`, in money times days, so that nothing is rounded before it is billed.
    """

    first: date
    last: date
    listed: Decimal
    amount: Decimal
    since: date
    past_listed: Decimal = ZERO
    past_amount: Decimal = ZERO

    def changed(self, listed: Decimal, amount: Decimal, day: date) -> Service:
        """At another price from a day on; the days before it stay at theirs."""
        day = min(max(day, self.since), days_end(self.last))
        days = (day - self.since).days
        return msgspec.structs.replace(
            self,
            listed=listed,
            amount=amount,
            since=day,
            past_listed=self.past_listed + self.listed * days,
            past_amount=self.past_amount + self.amount * days,
        )

    def worth(self, cents: Cents) -> tuple[Decimal, Decimal]:
        """What all its days come to, listed and after discount: each day at the price it had."""
        whole = days_between(self.first, self.last)
        left = (days_end(self.last) - self.since).days
        return (
            cents.round((self.past_listed + self.listed * left) / whole),
            cents.round((self.past_amount + self.amount * left) / whole),
        )


def days_end(last: date) -> date:
    """The day after the last one."""
    return date.fromordinal(last.toordinal() + 1)


class Deferred(msgspec.Struct, frozen=True, kw_only=True):
    """What a document defers of a line (`key`: see schedules.py), or takes back of it: negative, without tax.

    `position` counts the lines of the document from 0. With a part that `ends` the service what is left is revenue.
    """

    key: str
    position: int
    first: date
    last: date
    unit: str
    account: str
    income: str
    product: str
    cost_centre: str
    amount: Decimal
    ends: bool = False

    @property
    def line_id(self) -> str:
        """The deal line that it is of."""
        return self.key.partition("@")[0]


class BilledLine(msgspec.Struct, frozen=True, kw_only=True):
    """What one deal line has been billed so far, credits taken off, and how it was taxed.

    `amount` = list less discount; the `early` part of it was taxed otherwise, with the deposit. `slot` is when it was
    billed (see schedules.py). What is deferred stands on `account` until it is recognised, by `unit` (day, month), as
    revenue of the account `income`.
    """

    product: str
    account: str
    list_amount: Decimal
    discount: Decimal
    quantity: Decimal
    unit_price: Decimal
    cost_centre: str = ""
    code: str = ""
    rates: tuple[tuple[str, Decimal], ...] = ()
    reason: str = ""
    early: Early | None = None
    slot: str = ""
    service: Service | None = None
    unit: str = ""
    income: str = ""

    @property
    def amount(self) -> Decimal:
        return self.list_amount - self.discount

    @property
    def parts(self) -> tuple[BilledLine, ...]:
        """The line as a document shows it: what was taxed with the deposit, and the rest. Their quantity is told only
        where they are not two.
        """
        early = self.early
        if early is None or not early.amount:
            return (msgspec.structs.replace(self, early=None),)
        terms = {"code": early.code, "rates": early.rates, "reason": early.reason, "early": None}
        if early.amount == self.amount:
            return (msgspec.structs.replace(self, **terms),)
        first = msgspec.structs.replace(
            self, list_amount=early.amount + early.discount, discount=early.discount, quantity=ZERO, **terms
        )
        return first, msgspec.structs.replace(
            self,
            list_amount=self.list_amount - first.list_amount,
            discount=self.discount - first.discount,
            quantity=ZERO,
            early=None,
        )

    def less(self, now: BilledLine, cents: Cents) -> BilledLine:
        """What goes back of it when it is to be as `now`: of both parts, in proportion."""
        down, early = self.plus(now, -1), self.early
        if early is None or not early.amount:
            return down
        whole = self.amount
        amount, _ = cents.spread(down.amount, [early.amount, whole - early.amount])
        discount, _ = cents.spread(down.discount, [early.amount, whole - early.amount])
        return msgspec.structs.replace(down, early=msgspec.structs.replace(early, amount=amount, discount=discount))

    def plus(self, other: BilledLine, sign: int) -> BilledLine:
        """After a further document; the treatment of the first stands."""
        early = self.early
        if early is not None and other.early is not None:
            early = msgspec.structs.replace(
                early,
                amount=early.amount + sign * other.early.amount,
                discount=early.discount + sign * other.early.discount,
            )
        return msgspec.structs.replace(
            self,
            early=early,
            list_amount=self.list_amount + sign * other.list_amount,
            discount=self.discount + sign * other.discount,
            quantity=self.quantity + sign * other.quantity,
            unit_price=other.unit_price if sign > 0 else self.unit_price,
            service=other.service or self.service,
        )
