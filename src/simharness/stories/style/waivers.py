"""Waivers that have run out: a control was excused for a while, and the while is over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_WAIVER = re.compile(r"waiver:(?P<ticket>[A-Z]+-\d+):(?P<until>\d{4}-\d{2}-\d{2})\b")


@dataclass(frozen=True, slots=True)
class Expired:
    """A waiver at its line, and the last day on which it held."""

    line: int
    ticket: str
    until: date


def expired_in(text: str, today: date) -> Iterator[Expired]:
    """The waivers of a text whose last day is before `today`; comments are no waivers."""
    for found in _WAIVER.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        try:
            until = date.fromisoformat(found["until"])
        except ValueError:
            continue  # That the day does not exist is told of the tag itself.
        if until < today and not text[text.rfind("\n", 0, found.start()) + 1 : found.start()].lstrip().startswith("#"):
            yield Expired(line, found["ticket"], until)
