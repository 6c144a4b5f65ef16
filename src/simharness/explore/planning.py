"""Which calls of all stories are tried: where many are made at one place of the connector's code, a few stand for all.

A place is the stack of lines of the connector's code that wait for a call, with the operation, the kinds of faults that
can meet it, and whether anything is written in the pass. What handles a fault there is the same code. Which calls
stand for the others depends on the stories only, not on who explores what when.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from simharness.domain.base import Record
from simharness.domain.fault import parse_plan
from simharness.domain.fault_kinds import FaultKind
from simharness.explore.bare import without_bi
from simharness.explore.cases import Case, CaseResult, Outcome
from simharness.explore.digests import lot_of
from simharness.explore.how import PLACE
from simharness.explore.places import Site
from simharness.explore.trail import likeness_of, walk
from simharness.explore.units import Standing, Unit, with_standing
from simharness.stories.playing import Setting
from simharness.stories.story import Story

#: How many calls of a place are tried; from different stories as long as there are so many.
TRIED = 3
_SHORT = 16


class Spot(Record, frozen=True, kw_only=True):
    """A call or delivery of a story, `at` in the words of a trigger. `place` is "" for what is always tried."""

    at: str
    place: str = ""
    kinds: tuple[str, ...] = ()


def spots(story: Story, setting: Setting, kinds: Sequence[FaultKind]) -> tuple[Spot, ...]:
    """Everything in a story that a fault of these kinds can meet; it is played clean for that."""
    trail = walk(without_bi(story), setting, likeness_of(setting), watched=False)
    calls = (spot_of(site, kinds) for site in trail.sites)
    deliveries = (
        Spot(at=str(site.trigger), kinds=meeting) for site in trail.deliveries if (meeting := _meeting(site, kinds))
    )
    return (*(spot for spot in calls if spot.kinds), *deliveries)


def planned(units: Iterable[Unit], found: Mapping[str, Sequence[Spot]], *, pairs: bool = False) -> Iterator[Unit]:
    """The units with what is not tried in each of them, by the spots found in its story, in the order of its calls.

    What is tried first of `pairs` is chosen so that whatever place is reached after a place in any story is reached
    after it in one that is tried. A story in which nothing was found, since it cannot be played, keeps its unit:
    whoever explores it will tell why.
    """
    ordered = tuple(units)
    standing = _leading(found) if pairs else _standing(found)
    for unit in ordered:
        mine = found.get(unit.story_key, ())
        groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
        tried = 0
        for spot in mine:
            by = standing.get(spot.place, ())
            if spot.place and f"{unit.story_key} {spot.at}" not in by:
                groups.setdefault((by, spot.kinds), []).append(spot.at)
            else:
                tried += len(spot.kinds)
        left_out = tuple(Standing(by=by, kinds=kinds, at=tuple(at)) for (by, kinds), at in groups.items())
        all_out = bool(left_out) and sum(len(each.at) for each in left_out) == len(mine)
        yield with_standing(unit, left_out, tried=tried, clean_only=all_out)


def represented(story: Story, unit: Unit, rng_seed: int) -> Iterator[CaseResult]:
    """The results of the cases of a unit that are not tried: each names those that stand for it, and is no verdict."""
    for group in unit.standing:
        for kind in group.kinds:
            by = " ".join(_stand_in(kind, each, rng_seed) for each in group.by)
            for at in group.at:
                yield CaseResult(
                    case=Case(
                        story_key=story.fingerprint,
                        story=story.name,
                        where=str(story.where),
                        plan=parse_plan(f"{kind}@{at}"),
                        rng_seed=rng_seed,
                    ),
                    outcome=Outcome.REPRESENTED,
                    shared_with=by,
                    reason=PLACE,
                )


def _stand_in(kind: str, of: str, rng_seed: int) -> str:
    """The id of the case of a kind at a spot, the spot given with the key of its story."""
    story_key, _, at = of.partition(" ")
    plan = parse_plan(f"{kind}@{at}")
    return Case(story_key=story_key, story="", where="", plan=plan, rng_seed=rng_seed).id


def _standing(found: Mapping[str, Sequence[Spot]]) -> dict[str, tuple[str, ...]]:
    """By place the spots that are tried, each with the key of its story: of as many stories as there are, by a hash."""
    by_place: dict[str, dict[str, list[str]]] = {}
    for key, mine in found.items():
        for spot in mine:
            by_place.setdefault(spot.place, {}).setdefault(key, []).append(f"{key} {spot.at}")
    return {place: _chosen(stories) for place, stories in by_place.items() if place}


def _leading(found: Mapping[str, Sequence[Spot]]) -> dict[str, tuple[str, ...]]:
    """By place the spots at which pairs begin, each with the key of its story: in the order of a hash those after which
    a place is reached that is not after one before.
    """
    after: dict[str, dict[str, frozenset[str]]] = {}
    for key, mine in found.items():
        reached: frozenset[str] = frozenset()
        for spot in reversed(mine):
            after.setdefault(spot.place, {})[f"{key} {spot.at}"] = reached
            reached |= {spot.place}
    return {place: _covering(spots) for place, spots in after.items() if place}


def _covering(after: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """A few spots after which all is reached that is after any; one of them if nothing is."""
    wanted, taken = frozenset[str]().union(*after.values()), list[str]()
    for spot in sorted(after, key=lot_of):
        if wanted & after[spot] or not (wanted or taken):
            taken.append(spot)
            wanted -= after[spot]
    return tuple(taken)


def _chosen(stories: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The first of each story, then the second of each, both in the order of hashes."""
    numbered = [
        (number, lot_of(each), each)
        for mine in stories.values()
        for number, each in enumerate(sorted(mine, key=lot_of))
    ]
    return tuple(each for _, _, each in sorted(numbered)[:TRIED])


def spot_of(site: Site, kinds: Sequence[FaultKind], *more: str) -> Spot:
    """A call as a spot for these kinds; `more` is what tells its place from others of the same code."""
    meeting = _meeting(site, kinds)
    # All kinds that could meet it count: what can meet it says what it is.
    what = (*site.lines, site.vendor, site.operation, *sorted(site.kinds), str(site.quiet), *more)
    return Spot(at=str(site.trigger), place=lot_of("\0".join(what))[:_SHORT], kinds=meeting)


def _meeting(site: Site, kinds: Sequence[FaultKind]) -> tuple[str, ...]:
    return tuple(kind.name for kind in kinds if kind.name in site.kinds)
