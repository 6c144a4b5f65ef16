"""How a system's events can come otherwise than they happened: several times each, or one before the other.

Each counts from the step that says so, until the system is well again; where the connector is told nothing by that
system it never strikes, which check F2 says.
"""

from __future__ import annotations

from simharness.domain.fault import Fault, Trigger
from simharness.domain.fault_facts import FaultSet
from simharness.stories.stage import Stage
from simharness.stories.vocabulary.hearing import FAMILIES, System
from simharness.stories.vocabulary.verb import Action, Sentence, Verb

#: More deliveries than any story has.
_ALWAYS = 1_000_000
_ONCE = 1


class SendSeveralTimes(Action, frozen=True, kw_only=True):
    """A system delivers every event so many times from now on: the first copy at once, each further a minute later."""

    events_repeat: System
    times: int


class SendOutOfOrder(Action, frozen=True, kw_only=True):
    """From now on a system delivers an event after the one that follows it, where one follows within five minutes."""

    events_out_of_order: System


def _several(stage: Stage, p: SendSeveralTimes) -> None:
    _set(stage, p.events_repeat, f"sends every event {p.times} times", "webhook_duplicate", p.times - 1)


def _out_of_order(stage: Stage, p: SendOutOfOrder) -> None:
    _set(stage, p.events_out_of_order, "sends events out of order", "webhook_reorder")


def _set(stage: Stage, system: str, told: str, kind: str, amount: int = 0) -> None:
    trigger = Trigger(vendor=stage.world.fake(FAMILIES[system]).vendor)
    fault = Fault(kind=kind, amount=amount, times=_ALWAYS, trigger=trigger)
    stage.world.add_fault(fault)
    stage.record(FaultSet(**stage.mark, system=system, told=told, fault=fault, after=len(stage.world.struck)))


def _wrong_times(p: SendSeveralTimes) -> str | None:
    return None if p.times > _ONCE else "what comes more than once comes at least 2 times"


VERBS = (
    Verb(
        name="fault.events_repeat",
        phases=("given", "when"),
        heads=("events_repeat",),
        params=SendSeveralTimes,
        sentences=(Sentence(pattern="{system} sends every event {int} times", binds=("events_repeat", "times")),),
        fact="FaultSet",
        does=_several,
        wrong=_wrong_times,
        asks_system=False,
    ),
    Verb(
        name="fault.events_out_of_order",
        phases=("given", "when"),
        heads=("events_out_of_order",),
        params=SendOutOfOrder,
        sentences=(Sentence(pattern="{system} sends events out of order", binds=("events_out_of_order",)),),
        fact="FaultSet",
        does=_out_of_order,
        asks_system=False,
    ),
)
