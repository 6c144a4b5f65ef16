"""Which pairs of faults are tried: of those at the same two places of the connector's code one stands for all.

The first faults are tried one by one before any pair is. What the connector calls after each of them is known by then,
so that the choice is made of everything that could follow, by a hash, and not of what happened to come first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from simharness.domain.base import Record
from simharness.domain.fault import Plan, parse_plan
from simharness.explore.cases import Case, CaseResult, Outcome
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

    Two pairs are alike when their first faults are of one kind at one place, and their second ones as well.
    """
    alike: dict[tuple[str, ...], list[Case]] = {}
    for first in followed:
        for spot in first.spots:
            for kind in spot.kinds:
                pair = _pair(first.case, f"{kind}@{spot.at}")
                if only(pair):
                    key = (first.place, first.case.plan.faults[0].kind, spot.place, kind)
                    alike.setdefault(key, []).append(pair)
    tried = {key: min(pairs, key=_hash) for key, pairs in alike.items()}
    struck = {(str(pair.plan.faults[0]), str(pair.plan.faults[1].trigger)) for pair in tried.values()}
    last = {first.plan: spot.at for first in followed for spot in first.spots if (first.plan, spot.at) in struck}
    ids = frozenset(pair.id for pair in tried.values())
    return Pairs(tried=ids, last=last, represented=tuple(_represented(alike, tried)))


def _represented(
    alike: Mapping[tuple[str, ...], Iterable[Case]], tried: Mapping[tuple[str, ...], Case]
) -> Iterator[CaseResult]:
    """One result for all pairs of a first fault that one pair stands for: the case is the first of them."""
    for key, pairs in alike.items():
        by_first: dict[str, list[Case]] = {}
        for pair in pairs:
            if pair != tried[key]:
                by_first.setdefault(str(pair.plan.faults[0]), []).append(pair)
        for case, *more in by_first.values():
            yield CaseResult(
                case=case,
                outcome=Outcome.REPRESENTED,
                shared_with=tried[key].id,
                reason=PAIR,
                also=tuple(str(each.plan.faults[-1].trigger) for each in more),
            )


def _pair(first: Case, second: str) -> Case:
    faults = (*first.plan.faults, *parse_plan(second).faults)
    return Case(
        story_key=first.story_key,
        story=first.story,
        where=first.where,
        plan=Plan(faults=faults),
        rng_seed=first.rng_seed,
    )


def _hash(case: Case) -> str:
    return hashlib.sha256(case.id.encode()).hexdigest()
