"""How much of what was billed for days of service is revenue by the end of a day. Pure arithmetic.

Recognition is cumulative: round(total x elapsed / all) less what was recognised before, in days or in whole months of
the service. What changes the total later (a change of the deal, a credit) changes what remains from its day on: until
the day before, service was given at the old total. What takes back more than remains lowers revenue at once, and what
ends the service makes revenue of whatever is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from simharness.reference.arithmetic.money import ZERO, Cents
from simharness.reference.arithmetic.months import days_between, months_done, whole_months


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """What a document billed (credited: negative) on a day. With one that `ends` the service nothing is left of it."""

    day: date
    amount: Decimal
    ends: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Days of service, counted by the day or by the whole month."""

    first: date
    last: date
    unit: str

    @property
    def units(self) -> int:
        """All of them."""
        return whole_months(self.first, self.last) if self.unit == "month" else days_between(self.first, self.last)

    def elapsed(self, day: date) -> int:
        """How many are over at the end of a day."""
        done = months_done(self.first, day) if self.unit == "month" else max(0, days_between(self.first, day))
        return min(done, self.units)


def recognised(term: Term, movements: Sequence[Movement], until: date, cents: Cents) -> Decimal:
    """What is revenue by the end of a day, of what was billed and credited up to then."""
    given, rest, since = _played(term, movements, until, cents)
    return given + _share(term, rest, since, term.elapsed(until), cents)


def remaining(term: Term, movements: Sequence[Movement], day: date, cents: Cents) -> Decimal:
    """What is still to be given at the beginning of a day."""
    _, rest, since = _played(term, movements, day, cents)
    return rest - _share(term, rest, since, term.elapsed(day - timedelta(days=1)), cents)


def _played(term: Term, movements: Sequence[Movement], until: date, cents: Cents) -> tuple[Decimal, Decimal, int]:
    """What was given by the last movement up to a day, what was left with it, and how many units were over."""
    given, rest, since = ZERO, ZERO, 0
    days = sorted({each.day for each in movements if each.day <= until})
    for place, day in enumerate(days):
        if place:
            over = max(since, term.elapsed(day - timedelta(days=1)))
            share = _share(term, rest, since, over, cents)
            given, rest, since = given + share, rest - share, over
        moved = [each for each in movements if each.day == day]
        rest += sum((each.amount for each in moved), ZERO)
        if place and (rest < 0 or any(each.ends for each in moved)):
            given, rest = given + rest, ZERO
    return given, rest, since


def _share(term: Term, rest: Decimal, since: int, elapsed: int, cents: Cents) -> Decimal:
    """What of the rest falls on the units since then; all of it once none is left."""
    if since >= term.units:
        return rest
    return cents.round(rest * max(0, elapsed - since) / (term.units - since))
