"""What a child process of an exploration lives for."""

from __future__ import annotations

from dataclasses import dataclass, field

from simharness.explore.cases import Case
from simharness.explore.children import Way
from simharness.explore.planning import Spot
from simharness.explore.reactions import Known


@dataclass(slots=True, kw_only=True)
class Life:
    """What a child is about: its case, its way to the parent, and what it saw so far."""

    case: Case
    way: Way
    known: Known
    begun_us: int
    written: int
    step: int
    before: int
    delivery: bool = False
    struck_at: int = 0
    may_be_clean: bool = False
    repeated: bool = False
    reaction: str = ""
    followed: list[Spot] = field(default_factory=list)
    spent_us: dict[str, int] = field(default_factory=dict)
