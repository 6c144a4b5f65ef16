"""Pipelines, their stages, and what moving a deal between two stages means."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class StageKind(enum.Enum):
    """What a stage says of the deals in it; the values are the canonical words of a deal's `stage`."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Passage(enum.Enum):
    """What a move between two stages is: winning is the way from a stage that is not won into one that is."""

    NONE = "none"
    MOVED = "moved"
    WON = "won"
    REOPENED = "reopened"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage of a pipeline; `probability` of winning is a text between 0.0 and 1.0, as CRMs show it."""

    id: str
    label: str
    order: int
    kind: StageKind
    probability: str


def passage(before: Stage | None, after: Stage) -> Passage:
    """What moving a deal from one stage to another means. A new deal comes from no stage.

    Winning a won deal again, in the same or in another won stage, is no second winning.
    """
    was = before.kind if before is not None else StageKind.OPEN
    if before is not None and before.id == after.id:
        return Passage.NONE
    if after.kind is StageKind.WON:
        return Passage.MOVED if was is StageKind.WON else Passage.WON
    if after.kind is StageKind.LOST:
        return Passage.MOVED if was is StageKind.LOST else Passage.LOST
    return Passage.MOVED if was is StageKind.OPEN else Passage.REOPENED
