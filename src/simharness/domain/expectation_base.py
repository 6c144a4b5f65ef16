"""What every expectation says beside its own."""

from __future__ import annotations

from simharness.domain.base import Tagged


class ExpectationBase(Tagged, frozen=True, kw_only=True):
    """What every expectation says: step number, the verb's name and file:line.

    `entity`: whose books are meant, where the story says so; "" is the deal's own, or the first's.
    """

    step: int
    verb: str
    where: str = ""
    entity: str = ""
