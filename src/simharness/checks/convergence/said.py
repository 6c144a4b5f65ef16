"""A business state in words: what is there at the end of a run, said so that equal business says the same."""

from __future__ import annotations

import hashlib
from decimal import Decimal

from simharness.core.money import Money
from simharness.domain.base import Record, encode


class Said(Record, frozen=True, kw_only=True):
    """One thing that is there. `system` holds it, `noun` is its kind, `name` what tells it from others of its kind.

    `content` is what was written once, `settled` what later events alone make of it (open amount, balance, status).
    `group` is equal for all that one version of one source event brought, "" where nothing is named; `sources` are the
    ids by which evidence may name it. `touches` are the things of the same system that it settles or holds, each by
    kind and name. `party` is the customer it concerns, `worth` the money in question. `posts` is what an entry moves on
    each account, by number and in the money of its books; debits are positive.
    """

    system: str
    noun: str
    name: str
    content: str
    settled: str = ""
    group: str = ""
    sources: tuple[str, ...] = ()
    touches: tuple[str, ...] = ()
    party: str = ""
    worth: Money | None = None
    posts: tuple[tuple[str, Decimal], ...] = ()

    @property
    def what(self) -> str:
        """Kind and name, as a finding says them."""
        return f"{self.noun} {self.name}".rstrip()

    @property
    def says(self) -> str:
        """All that is stated of it."""
        return "; ".join(filter(None, (self.content, self.settled)))


class State(Record, frozen=True, kw_only=True):
    """Everything that is there, in a canonical order: runs that did the same business have equal states.

    `shows_bi`: whether BI was read, so that the lack of a metric means something. `impossible` are the steps of the
    story that could not happen.
    """

    items: tuple[Said, ...] = ()
    impossible: tuple[str, ...] = ()
    shows_bi: bool = False

    @property
    def digest(self) -> str:
        """Sixty-four hexadecimal digits, equal for equal states under any hash seed."""
        return hashlib.sha256(encode(self)).hexdigest()


def listed(*parts: object) -> str:
    """What is stated of the parts, in their order."""
    return ", ".join(str(part) for part in parts if part not in (None, ""))


def canonical(items: list[Said]) -> tuple[Said, ...]:
    """The items in the one order that does not depend on ids or on who came first."""
    return tuple(sorted(items, key=lambda item: (item.system, item.noun, item.name, item.content, item.settled)))
