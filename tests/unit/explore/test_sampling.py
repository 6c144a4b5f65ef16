from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from simharness.explore.sampling import drawn, sample
from simharness.explore.units import Unit
from tests.unit.explore.samples import case, unit

AREAS = ("bank", "close", "payments", "refunds")
UNITS = [unit(number, area=AREAS[number % 4 if number < 8 else 0]) for number in range(40)]
KINDS = ("reply_lost", "error_500", "slow", "crash_after", "webhook_lost")
CASES = [
    case(UNITS[0], f"{kind}@stripe.{operation}#{nth}")
    for kind in ("reply_lost", "error_500")
    for operation in ("pay", "list", "refund")
    for nth in range(1, 30 if operation == "list" else 3)
]


def hears(each: Unit) -> bool:
    return each.story_key == UNITS[39].story_key


def test_every_kind_gets_its_share_and_deliveries_only_where_there_are_any() -> None:
    chosen = sample(UNITS, KINDS, 40, hears)
    given_kinds = Counter(kind for each in chosen for kind in each.sample)
    assert given_kinds == dict.fromkeys(KINDS, 8)
    assert all(hears(each) for each in chosen if "webhook_lost" in each.sample)


def test_areas_with_few_stories_are_in_a_sample_as_well() -> None:
    chosen = sample(UNITS, KINDS[:4], 16, hears)
    assert {each.file.split("/")[1] for each in chosen} == set(AREAS)


@given(st.permutations(UNITS))
def test_the_same_sample_is_drawn_whatever_the_order(units: list[Unit]) -> None:
    def as_set(chosen: list[Unit]) -> set[tuple[str, tuple[str, ...]]]:
        return {(each.story_key, tuple(sorted(each.sample))) for each in chosen}

    assert as_set(sample(units, KINDS, 30, hears)) == as_set(sample(UNITS, KINDS, 30, hears))


def test_a_kind_strikes_another_operation_before_the_same_one_again() -> None:
    ids = drawn(CASES, ("reply_lost",) * 3)
    operations = {each.plan.faults[0].trigger.operation for each in CASES if each.id in ids}
    assert operations == {"pay", "list", "refund"}


def test_a_kind_without_a_place_gives_its_turn_to_another() -> None:
    assert len(drawn(CASES, ("conflict", "slow"))) == 2


def test_no_case_is_drawn_twice_and_none_is_made_up() -> None:
    assert len(drawn(CASES, ("reply_lost",) * 500)) <= len(CASES)
    assert drawn(CASES, ("reply_lost",) * 500) == {each.id for each in CASES}
    assert drawn([], ("slow",)) == frozenset()
