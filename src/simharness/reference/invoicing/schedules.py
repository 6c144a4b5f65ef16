"""When a line of a deal is billed: once, upfront for a whole term, month by month, or at its milestone. Pure decisions.

What is billed at one time under one schedule is a slot, a document of its own: "" is what is billed when the deal is
won, `due-2026-02-28` a month, `milestone-LINE` a milestone. A month is billed on its first day of service; one that was
due before the deal was won, on the day it was won.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from simharness.reference.arithmetic.months import months_after, whole_months
from simharness.reference.arithmetic.pricing import DealLine
from simharness.reference.arithmetic.recurring import FREQUENCIES
from simharness.reference.errors import Rejected

ONCE, UPFRONT, MONTHLY, MILESTONE = "once", "upfront", "monthly", "milestone"
#: How the slots of what falls due by itself begin.
SLOTS = ("due-", "milestone-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is billed of a line at one time: so many `times` its price, for the days of service it says."""

    line_id: str
    slot: str
    day: date
    first: date | None = None
    last: date | None = None
    times: int = 1

    @property
    def key(self) -> str:
        """What tells it from all other parts of the deal."""
        return f"{self.line_id}@{self.slot}" if self.slot.startswith("due-") else self.line_id


def pool(line: DealLine) -> str:
    """The lines that a discount of the whole deal is spread over together: those that one document may bear."""
    if line.schedule in ("", ONCE, UPFRONT):
        return ""
    return MONTHLY if line.schedule == MONTHLY else f"{MILESTONE}-{line.id}"


def pool_of(slot: str) -> str:
    """The pool of a slot."""
    return MONTHLY if slot.startswith("due-") else slot


def parts(line: DealLine, won: date, today: date) -> Iterator[Part]:
    """What of a line is billed by a day. Raises `Rejected` for a schedule that cannot be kept."""
    first, last = line.service_from, line.service_to
    if line.schedule in ("", ONCE):
        yield Part(line_id=line.id, slot="", day=won, first=first, last=last)
    elif line.schedule == UPFRONT:
        yield Part(line_id=line.id, slot="", day=won, first=first, last=last, times=_billings(line))
    elif line.schedule == MILESTONE:
        if line.reached_on is not None and line.reached_on <= today:
            day = max(line.reached_on, won)
            yield Part(line_id=line.id, slot=f"{MILESTONE}-{line.id}", day=day, first=first, last=last)
    elif line.schedule == MONTHLY:
        for begin, end in _months(line):
            if begin > today:
                return
            yield Part(line_id=line.id, slot=f"due-{begin.isoformat()}", day=max(begin, won), first=begin, last=end)
    else:
        raise Rejected("unknown_schedule", f"line {line.id} is billed {line.schedule!r}, which is no schedule")


def next_due(lines: Sequence[DealLine], today: date) -> date | None:
    """The first day after this one on which something of a deal falls due by itself."""
    found = [
        next((first for first, _ in _months(line) if first > today), None) for line in lines if line.schedule == MONTHLY
    ]
    return min((day for day in found if day is not None), default=None)


def _months(line: DealLine) -> Iterator[tuple[date, date]]:
    """The months of a line that is billed monthly, without end where it has none."""
    if line.frequency != MONTHLY or line.service_from is None:
        raise Rejected("schedule_without_term", f"line {line.id} is billed monthly, and does not say from when on")
    if line.service_to is not None and not whole_months(line.service_from, line.service_to):
        raise Rejected("term_not_whole", f"the term of line {line.id} is not of whole months")
    count = 0
    while True:
        first = months_after(line.service_from, count)
        if line.service_to is not None and first > line.service_to:
            return
        count += 1
        yield first, months_after(line.service_from, count) - timedelta(days=1)


def _billings(line: DealLine) -> int:
    """How many billings of a recurring line make its term; 1 of any other."""
    if line.frequency not in FREQUENCIES or line.service_from is None or line.service_to is None:
        return 1
    times, months = FREQUENCIES[line.frequency]
    term = whole_months(line.service_from, line.service_to)
    if not term or (term * times) % months:
        raise Rejected("term_not_whole", f"the term of line {line.id} is not of whole billings")
    return term * times // months
