"""A fixed sample of an exploration: the same cases on every machine, spread over finance areas, kinds and operations.

Stories are taken from the finance areas in turn. Every kind of fault gets its share of the cases, among the stories in
which it can act. Within a story a kind strikes one operation, and one call of it, that a hash chooses. So no stratum is
left out while there is room for it, and a story that is added elsewhere moves few of the others.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import zip_longest
from pathlib import PurePath

from simharness.domain.fault_kinds import KINDS, Place
from simharness.explore.cases import Case
from simharness.explore.digests import lot_of
from simharness.explore.units import Unit

#: A clean run comes before the cases of a story, so that a few of them share one.
_PER_STORY = 4


def sample(units: Sequence[Unit], kinds: Sequence[str], cases: int, listens: Callable[[Unit], bool]) -> list[Unit]:
    """The units of a sample of so many cases, each with the kinds that it tries; units without a kind are left out.

    `listens` says whether anything is delivered to the connector in a story: only there deliveries can go wrong.
    """
    chosen = _in_turn(units)[: max(math.ceil(cases / _PER_STORY), 1)]
    deliveries = [kind for kind in kinds if KINDS[kind].place is Place.DELIVERY]
    hearing = [unit for unit in _in_turn(units) if listens(unit)]
    if deliveries and hearing and not any(unit in chosen for unit in hearing):
        chosen[-1] = hearing[0]
    able = {kind: [u for u in chosen if KINDS[kind].place is not Place.DELIVERY or listens(u)] for kind in kinds}
    placeable = [kind for kind in kinds if able[kind]]
    given: dict[str, list[str]] = {unit.story_key: [] for unit in chosen}
    for number in range(cases if placeable else 0):
        kind = placeable[number % len(placeable)]
        unit = min(able[kind], key=lambda each: (given[each.story_key].count(kind), len(given[each.story_key])))
        given[unit.story_key].append(kind)
    return [_with(unit, tuple(given[unit.story_key])) for unit in units if given.get(unit.story_key)]


def drawn(cases: Iterable[Case], kinds: Sequence[str]) -> frozenset[str]:
    """The ids of the cases that a unit of a sample tries: for each of its kinds one, by a hash.

    A kind that can strike nothing in this story gives its turn to another kind that can.
    """
    by_kind: dict[str, dict[str, list[Case]]] = {}
    for case in cases:
        fault = case.plan.faults[0]
        place = f"{fault.trigger.vendor}.{fault.trigger.operation}"
        by_kind.setdefault(fault.kind, {}).setdefault(place, []).append(case)
    found: dict[str, None] = {}
    for kind in kinds:
        untried = {each: [case for case in _spread(by_kind[each]) if case.id not in found] for each in by_kind}
        cases = untried.get(kind) or max(untried.values(), key=len, default=[])
        if cases:
            found[cases[0].id] = None
    return frozenset(found)


def _spread(by_place: Mapping[str, list[Case]]) -> list[Case]:
    """The first call of each operation, then the second of each, both in the order of hashes."""
    rounds = zip_longest(*(sorted(each, key=lambda case: case.id) for each in by_place.values()))
    return [each for one in rounds for each in sorted(filter(None, one), key=lambda case: case.id)]


def _in_turn(units: Sequence[Unit]) -> list[Unit]:
    """The units area by area in turn, within an area by a hash."""
    areas: dict[str, list[Unit]] = {}
    for unit in sorted(units, key=lambda each: (_area(each), lot_of(each.story_key))):
        areas.setdefault(_area(unit), []).append(unit)
    return [unit for one in zip_longest(*areas.values()) for unit in one if unit is not None]


def _area(unit: Unit) -> str:
    return PurePath(unit.file).parent.name


def _with(unit: Unit, kinds: tuple[str, ...]) -> Unit:
    fields = {name: getattr(unit, name) for name in Unit.__struct_fields__ if name != "sample"}
    return Unit(sample=kinds, **fields)
