"""How a story is explored, and the reasons for which a case is not played to its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from simharness.domain.fault_kinds import FaultKind
from simharness.explore.cases import Case

#: Whose outcome a case shares that is back where it would have been without a fault.
CLEAN = "the clean run"
#: The same of one whose fault does something to the world itself.
ACTED = "the run in which only that happens"
ALIKE = "the connector reacted alike: same next request, same state folder, same writes"
IDLE = "such a call gives the fault nothing to do"
SAME_POLL = "the same poll with the same answer, in a pass that wrote nothing"
SAME_SPAN = "nothing was written into any system since an earlier call of the step at which it struck"
HABIT = "the connector reacted alike when it was at this place of its code for the first time"
GOES_ON = "the connector goes on as if nothing had happened"
SETTLED = "the connector settled it when it read at this place of its code before, and nothing is written here"
SURVIVED = "alone the fault was survived when the connector read at this place of its code, and nothing is written here"
REJOINED = "the connector repeated the call, was answered as in the clean run and goes on as there"
PAIR = "its two places, and its two kinds at each of them, were tried in other pairs"
PAIRED = "it was played for the pairs that it begins"
PLACE = "faults were tried at other calls that are made at the same place of the connector's code"
ACTED_TRACK = "back on the track: state folder and world are those of a run in which only that happens"
TRACK = "back on the track: state folder and world are those of the clean run at the same rest"


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How a story is explored: which kinds, how deep, and which cases at all.

    `follows`: children tell which calls follow their fault. `last`: by plans of single faults the trigger of the last
    call at which a second one is tried, after which a child has nothing left to do; without any it goes on.
    `clean_only`: no case is tried. `to_the_end`: no child ends early. `timeout_s` is what a child may take in real
    time, `now_us` measures it.
    """

    kinds: tuple[FaultKind, ...]
    depth: int = 1
    only: Callable[[Case], bool] = lambda case: True
    follows: bool = False
    last: Mapping[str, str] = field(default_factory=dict)
    clean_only: bool = False
    to_the_end: bool = False
    timeout_s: int = 60
    now_us: Callable[[], int] = lambda: 0
