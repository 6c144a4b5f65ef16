"""A few calls stand for those of the same place: chosen alike by everybody, named, and never taken for a verdict."""

from __future__ import annotations

import random

import msgspec

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.explore.cases import CaseResult, Outcome
from simharness.explore.exploring import cases_of, explore_story
from simharness.explore.how import How
from simharness.explore.places import kinds_of
from simharness.explore.planning import Spot, planned, represented, spots
from simharness.explore.summary import Summary
from simharness.explore.units import Unit
from simharness.stories import discovery
from simharness.stories.playing import Setting
from tests.unit.explore.samples import case, result, unit, whole

UNITS = whole(5).units
POST = Spot(at="books.post#1", place="post", kinds=("slow",))


def poll(nth: int) -> Spot:
    return Spot(at=f"crm.search#{nth}", place="poll", kinds=("slow", "error_500"))


def test_three_calls_of_a_place_are_tried_of_three_stories_and_the_others_name_them() -> None:
    found = {each.story_key: tuple(poll(nth) for nth in (1, 2, 3)) for each in UNITS}
    made = tuple(planned(UNITS, found))
    (by,) = {group.by for each in made for group in each.standing}
    assert len({one.split()[0] for one in by}) == 3
    left_out = {f"{each.story_key} {at}" for each in made for group in each.standing for at in group.at}
    assert len(left_out) == 5 * 3 - 3
    assert not left_out & set(by)
    assert sum(each.clean_only for each in made) == 2


def test_what_is_tried_depends_on_no_order() -> None:
    keys = [each.story_key for each in UNITS]
    found = {key: tuple(poll(nth) for nth in range(1, 9)) for key in keys}
    random.Random(1).shuffle(keys)
    assert tuple(planned(UNITS, found)) == tuple(planned(UNITS, {key: found[key] for key in keys}))


def test_few_calls_of_a_place_and_every_delivery_are_all_tried() -> None:
    news = tuple(Spot(at=f"gateway#{nth}", kinds=("webhook_lost",)) for nth in range(1, 9))
    found = {UNITS[0].story_key: (poll(1), poll(2), POST, *news)}
    first, *others = planned(UNITS, found)
    assert not first.standing
    assert first.tried == sum(len(spot.kinds) for spot in found[UNITS[0].story_key])
    assert tuple(others) == UNITS[1:]


def test_whatever_place_follows_a_place_follows_one_at_which_pairs_begin() -> None:
    draw = random.Random(7)
    found = {
        each.story_key: tuple(
            Spot(at=f"crm.search#{nth}", place=draw.choice("abcdefgh"), kinds=("slow",)) for nth in range(1, 12)
        )
        for each in UNITS
    }
    made = tuple(planned(UNITS, found, pairs=True))
    left_out = {(each.story_key, at) for each in made for group in each.standing for at in group.at}
    every, tried = set(), set()
    for key, mine in found.items():
        for number, first in enumerate(mine):
            following = {(first.place, second.place) for second in mine[number + 1 :]}
            every |= following
            tried |= following if (key, first.at) not in left_out else set()
    assert tried == every
    assert len(left_out) > 5  # of 55
    everywhere = {f"{key} {spot.at}" for key, mine in found.items() for spot in mine}
    standing = {by for each in made for group in each.standing for by in group.by}
    assert standing <= everywhere - {f"{key} {at}" for key, at in left_out}


def test_where_pairs_begin_depends_on_no_order() -> None:
    keys = [each.story_key for each in UNITS]
    found = {key: tuple(poll(nth) for nth in range(1, 9)) for key in keys}
    random.Random(1).shuffle(keys)
    shuffled = {key: found[key] for key in keys}
    assert tuple(planned(UNITS, found, pairs=True)) == tuple(planned(UNITS, shuffled, pairs=True))


def test_a_represented_case_is_counted_by_the_worst_that_stands_for_it_and_never_as_passed() -> None:
    of = unit(1)
    passed, found = result(of, "slow@crm.search#1"), result(of, "slow@crm.search#2", Outcome.FOUND, ["twice"])

    def standing_for(nth: int, *by: CaseResult) -> CaseResult:
        ids = " ".join(each.case.id for each in by)
        plan = case(of, f"slow@crm.search#{nth}")
        return CaseResult(case=plan, outcome=Outcome.REPRESENTED, shared_with=ids, reason="why")

    def standing_for_three(nth: int, by: CaseResult) -> CaseResult:
        return msgspec.structs.replace(standing_for(nth, by), also=("crm.search#10", "crm.search#11"))

    elsewhere = result(unit(2), "slow@crm.search#1")
    summary = Summary()
    for each in (standing_for(3, passed), standing_for(4, passed, found), standing_for(5, elsewhere), passed, found):
        summary.add(of, each, None)
    assert summary.represented == {"found": 1, "passed": 1, "tried in another shard": 1}
    assert (summary.outcomes[Outcome.PASSED], summary.exercised, summary.exit_code) == (1, 2, 1)
    summary.add(of, standing_for_three(6, passed), None)
    assert summary.represented["passed"] == 1 + 3
    assert summary.outcomes[Outcome.REPRESENTED] == 3 + 3


def test_tried_and_represented_cases_of_a_story_are_all_its_cases_and_come_out_as_without_the_cut() -> None:
    story = discovery.load([discovery.shipped() / "payments" / "cent_left_over.yaml"])[0]
    setting = Setting(attachment=load_manifest(builtin_manifest()))
    kinds = kinds_of(["reply_lost"], crashes=False)
    seen = spots(story, setting, kinds)
    mine = Unit(story=story.name, story_key=story.fingerprint, where=str(story.where))
    # Four more stories of the same calls, so that most of what is tried is tried in them.
    others = {each.story_key: seen for each in whole(4).units}
    (made,) = planned([mine], {mine.story_key: seen, **others})
    left_out = {at for group in made.standing for at in group.at}
    told = tuple(represented(story, made, setting.rng_seed))
    every = cases_of(story, setting, kinds)
    assert {str(each.case.plan.faults[0].trigger) for each in told} == left_out
    assert len({each.case.id for each in told} & {each.id for each in every}) == len(told) == len(left_out) > 0
    tried = How(kinds=kinds, only=lambda each: str(each.plan.faults[0].trigger) not in left_out)
    of_the_cut = {each.case.id: each.outcome for each in explore_story(story, setting, tried)}
    assert len(of_the_cut) == 1 + len(every) - len(told)  # the clean run is one
    assert set(of_the_cut.values()) == {Outcome.PASSED}
