"""When the lines of a deal fall due: when it is won, month by month, or at a milestone (rules: section 3).

What falls due together under one schedule is a document of its own; its name says when: `due-2026-02-28` a month,
`milestone-LINE` a milestone, "" what is billed when the deal is won.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from simharness.checks.arithmetic.months import is_whole, month_ends
from simharness.checks.metrics.recurring import MONTHS
from simharness.domain.crm import DealLine

#: A term without an end is looked at so far ahead.
_FOREVER = timedelta(days=366 * 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What decides what is due: the day of winning, the day that is looked at, and the milestones reached, by line."""

    won: date
    until: date
    reached: Mapping[str, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A line that is due on a day: so many times its price, for some days of service."""

    slot: str
    day: date
    service: tuple[date, date] | None
    times: int = 1


def group(line: DealLine) -> str:
    """Lines of one group are on one document, and share a discount of the whole deal."""
    if line.billing == "milestone":
        return f"milestone-{line.id}"
    return "monthly" if line.billing == "monthly" else ""


def group_of(slot: str) -> str:
    """The group of what fell due under a name."""
    return "monthly" if slot.startswith("due-") else slot


def key_of(line_id: str, slot: str) -> str:
    """What tells a month of a line from the others."""
    return f"{line_id}@{slot}" if slot.startswith("due-") else line_id


def number_in(slot: str) -> int:
    """The number in a name: it tells what falls due from changes, which count from 1."""
    return int("".join(each for each in slot if each.isdigit()))


def dues(line: DealLine, at: Calendar) -> Iterator[Due]:
    """What of a line is due by then; its terms were found whole before."""
    service = (line.service_from, line.service_to) if line.service_from and line.service_to else None
    if line.billing == "milestone":
        reached = at.reached.get(line.id)
        if reached is not None and reached <= at.until:
            yield Due(slot=f"milestone-{line.id}", day=max(reached, at.won), service=service)
    elif line.billing == "monthly" and line.service_from is not None:
        first = line.service_from
        last = line.service_to or max(first, at.until) + _FOREVER
        for end in month_ends(first, last):
            if first > at.until:
                break
            yield Due(slot=f"due-{first.isoformat()}", day=max(first, at.won), service=(first, end))
            first = end + timedelta(days=1)
    else:
        yield Due(slot="", day=at.won, service=service, times=billings(line) or 1)


def billings(line: DealLine) -> int | None:
    """How many billings make the whole term of a line that is billed upfront; None where they are not whole."""
    months = MONTHS.get(line.recurring)
    if line.billing != "upfront" or months is None or line.service_from is None or line.service_to is None:
        return 1
    if not is_whole(line.service_from, line.service_to):
        return None
    count = len(month_ends(line.service_from, line.service_to)) / months
    return int(count) if count.denominator == 1 else None


def wrong_term(line: DealLine) -> str:
    """Why a line cannot keep its schedule, in words; "" where it can."""
    if billings(line) is None:
        return f"the term of the line of {line.product} is not of whole billings"
    months = line.billing == "monthly" and line.service_from and line.service_to
    if months and not is_whole(line.service_from or date.min, line.service_to or date.min):
        return f"the term of the line of {line.product} is not of whole months"
    return ""
