"""Putting shards together: in any order, and only when every unit is there exactly once and is of the same work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from simharness.core.errors import UsageError
from simharness.explore.store import Work
from simharness.explore.units import Exploration, Terms

#: What may differ between two explorations, in words; the first that differs is told.
_WORDS: Mapping[str, str] = {
    "release": "with another release of simharness",
    "harness": "with another state of the code of simharness",
    "connector": "with another connector, or another state of its code",
    "contracts": "against other contracts of the vendors",
    "faults": "with other kinds of faults",
    "depth": "to another depth",
    "to_the_end": "with other cases played to their end",
    "rng_seed": "with another --rng-seed",
    "profiles": "with other idempotency profiles",
}


@dataclass(frozen=True, slots=True)
class Part:
    """What one folder brings: its name, its work, and the ids of the units that are finished in it."""

    name: str
    work: Work
    units: tuple[str, ...]


def assembled(parts: Iterable[Part]) -> tuple[Exploration, dict[str, str]]:
    """The exploration that all parts are of, and for each of its units the name of the part that brings it.

    The order of the parts does not matter. Raises `UsageError` that names the first unit that is foreign, doubled or
    missing, and of how many.
    """
    ordered = sorted(parts, key=lambda part: part.name)
    if not ordered:
        raise UsageError("there is nothing to put together", mend="name the folders of the shards")
    whole = ordered[0].work.exploration
    for part in ordered[1:]:
        _same(ordered[0].name, whole, part)
    _known(whole, ordered)
    _once(whole, ordered)
    return whole, {unit: part.name for part in ordered for unit in part.units}


def _same(first: str, whole: Exploration, part: Part) -> None:
    other = part.work.exploration
    if other.digest != whole.digest:
        raise UsageError(
            f"{part.name} does not belong to the exploration of {first}: it was made {_difference(whole, other)}",
            mend="put together shards of one command only, or explore that shard again",
        )


def _difference(one: Exploration, other: Exploration) -> str:
    for field in Terms.__struct_fields__:
        if getattr(one.terms, field) != getattr(other.terms, field):
            return _WORDS[field]
    mappings = {unit.story_key: unit.mapping for unit in one.units}
    if any(mappings.get(unit.story_key, unit.mapping) != unit.mapping for unit in other.units):
        return "with another mapping"
    if {unit.story_key for unit in one.units} == {unit.story_key for unit in other.units}:
        return "with another sample"
    return "of other stories"


def _known(whole: Exploration, parts: Sequence[Part]) -> None:
    known = {unit.id for unit in whole.units}
    for part in parts:
        foreign = sorted(set(part.units) - known)
        if foreign:
            raise UsageError(
                f"{part.name} holds {_units(foreign)} that {_is(foreign)} not part of this exploration",
                mend="explore that shard again into a new folder",
            )


def _once(whole: Exploration, parts: Sequence[Part]) -> None:
    counts = Counter(unit for part in parts for unit in part.units)
    doubled = [unit.id for unit in whole.units if counts[unit.id] > 1]
    if doubled:
        names = ", ".join(part.name for part in parts if doubled[0] in part.units)
        raise UsageError(
            f"{_units(doubled)} {_is(doubled)} there more than once, in {names}",
            mend="name the folder of each shard once",
        )
    missing = [unit for unit in whole.units if not counts[unit.id]]
    if missing:
        owners = sorted({str(part.work.shard) for part in parts if any(part.work.shard.holds(u) for u in missing)})
        of = parts[0].work.shard.of
        mend = f"shard {', '.join(owners)} is not finished: run it again with the same --out" if owners else ""
        raise UsageError(
            f"{len(missing)} of {len(whole.units)} units {_is(missing)} missing, the first is {missing[0].title!r}",
            mend=mend or f"name the folders of all {of} shards",
        )


def _units(ids: Sequence[str]) -> str:
    return f"unit {ids[0]}" if len(ids) == 1 else f"{len(ids)} units"


def _is(ids: Sequence[object]) -> str:
    return "is" if len(ids) == 1 else "are"
