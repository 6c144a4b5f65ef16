"""Instants and days as QuickBooks writes and reads them.

Instants carry the Pacific offset of their day (-08:00 or -07:00), whatever the company's own zone (background
knowledge, not re-checked).
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from simharness.core.clock import utc

PACIFIC = ZoneInfo("America/Los_Angeles")

_INSTANT = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})([T ](?P<time>\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?))?(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)


@lru_cache(maxsize=1024)
def instant(moment: datetime, *, millis: bool = False) -> str:
    """`2026-01-05T09:00:00-08:00`, with milliseconds where the vendor shows them."""
    return moment.astimezone(PACIFIC).isoformat(timespec="milliseconds" if millis else "seconds")


def read_instant(text: str) -> datetime | None:
    """An instant from ISO text, None if it is none: Pacific time where it names no zone, midnight of a mere day."""
    match = _INSTANT.fullmatch(text.strip())
    if match is None:
        return None
    zone = (match["zone"] or "").replace("Z", "+00:00")
    try:
        moment = datetime.fromisoformat(f"{match['day']}T{match['time'] or '00:00'}{zone}")
        return utc(moment if moment.tzinfo else moment.replace(tzinfo=PACIFIC))
    except (ValueError, OverflowError):
        return None


def read_day(text: str) -> date | None:
    """A calendar day from `2026-01-05`; None if it is none."""
    try:
        return date.fromisoformat(text) if len(text) == len("2026-01-05") else None
    except ValueError:
        return None
