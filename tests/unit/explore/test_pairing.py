"""Every two places, and every two kinds at a place, are tried together once; every other pair names those that were."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence

from msgspec.structs import replace

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.domain.fault import parse_plan
from simharness.explore.cases import Case, CaseResult, Outcome
from simharness.explore.exploring import explore_story
from simharness.explore.how import PAIR, How
from simharness.explore.pairing import Followed, chosen
from simharness.explore.places import kinds_of
from simharness.explore.planning import Spot
from simharness.stories import discovery
from simharness.stories.playing import Setting
from tests.unit.explore.samples import case, unit

STORY = unit(1)
KINDS = ("slow", "forbidden")


def read(nth: int) -> Spot:
    return Spot(at=f"books.read#{nth}", place="read", kinds=KINDS)


def post(nth: int) -> Spot:
    return Spot(at=f"books.post#{nth}", place="post", kinds=("slow",))


def first(plan: str, place: str, *spots: Spot) -> Followed:
    return Followed(case=case(STORY, plan), place=place, spots=spots)


FOLLOWED = (
    first("slow@crm.search#1", "poll", read(1), read(2), post(1), read(3)),
    first("slow@crm.search#2", "poll", read(2), post(1), read(3)),
    first("forbidden@crm.search#1", "poll", read(1), read(2)),
    first("slow@crm.deals#1", "deals", read(3)),
)


def every(followed: Sequence[Followed]) -> dict[tuple[str, ...], set[str]]:
    """The texts of all pairs by their places, and by their kinds at each place."""
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for one in followed:
        for spot in one.spots:
            for kind in spot.kinds:
                before, text = one.case.plan.faults[0].kind, f"{one.plan} + {kind}@{spot.at}"
                for key in (
                    ("", one.place, spot.place),
                    ("1", one.place, before, kind),
                    ("2", before, spot.place, kind),
                ):
                    found[key].add(text)
    return found


def named(result: CaseResult) -> set[str]:
    """The texts of all pairs that a result is about."""
    before, last = result.case.plan.faults
    return {str(result.case.plan), *(f"{before} + {last.kind}@{at}" for at in result.also)}


def of_text(text: str) -> Case:
    return replace(FOLLOWED[0].case, plan=parse_plan(text))


def test_every_two_places_and_every_two_kinds_at_a_place_are_tried_and_all_other_pairs_name_who_stands_for_them() -> (
    None
):
    pairs = chosen(FOLLOWED, lambda case: True)
    alike = every(FOLLOWED)
    texts = set().union(*alike.values())
    tried = {text for text in texts if of_text(text).id in pairs.tried}
    assert all(group & tried for group in alike.values())
    told = [(text, each) for each in pairs.represented for text in named(each)]
    assert {text for text, _ in told} == texts - tried
    assert len(told) == len(texts) - len(tried) > 0
    for text, each in told:
        by = {one for one in tried if of_text(one).id in each.shared_with.split()}
        assert all(group & by for group in alike.values() if text in group)
    assert {(each.outcome, each.reason) for each in pairs.represented} == {(Outcome.REPRESENTED, PAIR)}


def test_a_first_fault_is_played_up_to_the_last_call_at_which_a_second_is_tried() -> None:
    pairs = chosen(FOLLOWED, lambda case: True)
    for one in FOLLOWED:
        tried = [s.at for s in one.spots if any(of_text(f"{one.plan} + {k}@{s.at}").id in pairs.tried for k in s.kinds)]
        assert pairs.last.get(one.plan) == (tried[-1] if tried else None)
        assert pairs.leads_to(one.case) is bool(tried)


def test_the_choice_depends_on_no_order_and_only_on_what_is_wanted() -> None:
    shuffled = list(FOLLOWED)
    random.Random(3).shuffle(shuffled)
    assert chosen(shuffled, lambda case: True).tried == chosen(FOLLOWED, lambda case: True).tried
    pairs = chosen(FOLLOWED, lambda case: "post" in str(case.plan))
    assert len(pairs.tried) == 1
    assert {str(each.case.plan.faults[1].trigger) for each in pairs.represented} == {"books.post#1"}


def test_every_pair_that_is_chosen_in_a_story_has_a_result_of_its_own() -> None:
    story = discovery.load([discovery.shipped() / "payments" / "cent_left_over.yaml"])[0]
    setting = Setting(attachment=load_manifest(builtin_manifest()))
    calls = ("quickbooks.savePayment#1", "quickbooks.query#2")
    how = How(
        kinds=kinds_of(["forbidden", "crash_after"], crashes=False),
        depth=2,
        only=lambda each: str(each.plan.faults[0].trigger) in calls,
    )
    results = [each for each in explore_story(story, setting, how) if len(each.case.plan.faults) > 1]
    told = [each for each in results if each.outcome is Outcome.REPRESENTED]
    tried = {each.case.id for each in results if each.outcome is not Outcome.REPRESENTED}
    assert tried
    assert told
    assert {
        by for each in told for by in each.shared_with.split()
    } <= tried  # also those after which the first fault is survived
