"""What every fact of a story says, whatever it is about."""

from __future__ import annotations

from datetime import date, datetime

from simharness.domain.base import Tagged


class FactBase(Tagged, frozen=True, kw_only=True):
    """What every fact says: step number (from 1), the verb's name, the instant, the entity's local day, file:line.

    `exchanges`: how many there had been in the run when it came about.
    """

    step: int
    verb: str
    at: datetime
    on: date
    where: str = ""
    exchanges: int = 0
