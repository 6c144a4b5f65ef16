"""What any sentence may end in: a day, a time, a name for what is made, the books meant, further details, a refusal.

`… on 2026-01-20 at 23:30`, `… as "P-1"`, `… in the books of "West"`, `…, cost centre "CC-10", deposit 30%`,
`…, which is refused because "closed"`. Of a sentence with a table the colon stays last, and `and these lines` may as
well: `… in the books of "West" and these lines:`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from simharness.stories.sentences.kinds import BY_NAME

_VALUE = rf'"[^"]*"|{BY_NAME["money"].form}|{BY_NAME["percent"].form}|{BY_NAME["date"].form}|[\w-]+'
_LINES = "(?P<table> and these lines)?"
_ENDINGS = tuple(
    re.compile(rf"(?P<rest>.+?){form}{_LINES}")
    for form in (
        rf" on (?P<on>{BY_NAME['date'].form})",
        r" at (?P<at>\d{1,2}:\d{2})",
        r' as "(?P<as>[^"]+)"',
        r' in the books of "(?P<entity>[^"]+)"',
        r', which is refused because "(?P<refused>[^"]+)"',
    )
)
_DETAIL = re.compile(rf"(?P<rest>.+), (?P<words>[a-z][a-z ]*?) (?P<value>{_VALUE}){_LINES}")


@dataclass(frozen=True, slots=True)
class Trimmed:
    """A sentence without something it ended in, and all that was taken off so far, by key."""

    text: str
    extras: tuple[tuple[str, str], ...]


def trimmed(text: str) -> Iterator[Trimmed]:
    """A text as it is, then without one ending after another, from the last to the first."""
    extras: tuple[tuple[str, str], ...] = ()
    colon = ":" if text.endswith(":") else ""
    rest = text.removesuffix(":")
    yield Trimmed(text, extras)
    while (taken := _taken(rest)) is not None:
        rest, key, value = taken
        extras = ((key, value), *extras)
        yield Trimmed(rest + colon, extras)


def _taken(text: str) -> tuple[str, str, str] | None:
    for ending in _ENDINGS:
        found = ending.fullmatch(text)
        if found is not None:
            (key,) = set(found.groupdict()) - {"rest", "table"}
            return found["rest"] + (found["table"] or ""), key, found[key]
    found = _DETAIL.fullmatch(text)
    if found is not None:
        return found["rest"] + (found["table"] or ""), found["words"].replace(" ", "_"), found["value"].strip('"')
    return None
