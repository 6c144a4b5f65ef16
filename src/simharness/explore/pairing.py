"""Which pairs of faults are tried: every two places, and every two kinds at each place, are tried together once.

The first faults are tried one by one before any pair is. What the connector calls after each of them is known by then,
so that the choice is made of everything that could follow, by a hash, and not of what happened to come first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from simharness.domain.base import Record
from simharness.domain.fault import Plan, parse_plan
from simharness.explore.cases import Case, CaseResult, Outcome
from simharness.explore.digests import lot_of
from simharness.explore.how import PAIR
from simharness.explore.planning import Spot


class Followed(Record, frozen=True, kw_only=True):
    """A case of one fault with the place at which it strikes, and the calls after it, in their order."""

    case: Case
    place: str
    spots: tuple[Spot, ...]

    @property
    def plan(self) -> str:
        """The plan of the case."""
        return str(self.case.plan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """The ids of the pairs that are tried, the last call of each first fault after which one is, by the first's plan,
    and the others with who stands for them.
    """

    tried: frozenset[str]
    last: Mapping[str, str]
    represented: tuple[CaseResult, ...]

    def leads_to(self, case: Case) -> bool:
        """Whether a case is a pair that is tried, or the first fault of one."""
        return case.id in self.tried if len(case.plan.faults) > 1 else str(case.plan) in self.last


def chosen(followed: Sequence[Followed], only: Callable[[Case], bool]) -> Pairs:
    """The choice from what followed the first faults of a story; pairs for which `only` says no are not in it.

    In the order of a hash each is taken that is the first with its two places, the first of its two kinds at its first
    place, or the first of its two kinds at its second place. The others are represented by those that were.
    """
    pairs = [
        (_pair(first.case, f"{kind}@{spot.at}"), (first.place, first.case.plan.faults[0].kind, spot.place, kind))
        for first in followed
        for spot in first.spots
        for kind in spot.kinds
    ]
    wanted = {case.id: (case, _alike(*what)) for case, what in pairs if only(case)}
    first_of: dict[tuple[str, ...], str] = {}
    for case_id in sorted(wanted, key=lot_of):
        for alike in wanted[case_id][1]:
            first_of.setdefault(alike, case_id)
    tried = frozenset(first_of.values())
    struck = {_places(wanted[case_id][0]) for case_id in tried}
    return Pairs(
        tried=tried,
        last={each.plan: spot.at for each in followed for spot in each.spots if (each.plan, spot.at) in struck},
        represented=tuple(_represented((case, tuple(first_of[a] for a in alike)) for case, alike in wanted.values())),
    )


def _alike(place: str, kind: str, second_place: str, second_kind: str) -> tuple[tuple[str, ...], ...]:
    """What one pair of each is tried of."""
    return (
        ("places", place, second_place),
        ("kinds at the first", place, kind, second_kind),
        ("kinds at the second", kind, second_place, second_kind),
    )


def _represented(pairs: Iterable[tuple[Case, tuple[str, ...]]]) -> Iterator[CaseResult]:
    """One result for all pairs of a first fault with second ones of a kind that the same stand for: its case is the
    first of them.
    """
    groups: dict[tuple[str, str, str], list[Case]] = {}
    for case, by in pairs:
        if case.id not in by:
            first, second = case.plan.faults
            groups.setdefault((str(first), second.kind, " ".join(dict.fromkeys(by))), []).append(case)
    for (_, _, by_ids), (case, *more) in groups.items():
        also = tuple(_places(each)[1] for each in more)
        yield CaseResult(case=case, outcome=Outcome.REPRESENTED, shared_with=by_ids, reason=PAIR, also=also)


def _places(pair: Case) -> tuple[str, str]:
    """The first fault of a pair, and the call that the second one strikes."""
    first, second = pair.plan.faults
    return str(first), str(second.trigger)


def _pair(first: Case, second: str) -> Case:
    faults = (*first.plan.faults, *parse_plan(second).faults)
    return Case(
        story_key=first.story_key,
        story=first.story,
        where=first.where,
        plan=Plan(faults=faults),
        rng_seed=first.rng_seed,
    )
