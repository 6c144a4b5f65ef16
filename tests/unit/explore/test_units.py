from __future__ import annotations

import msgspec
import pytest

from simharness.core.errors import UsageError
from simharness.explore.units import Shard, Terms, Unit, exploration, longest_first, named, parse_shard
from tests.unit.explore.samples import TERMS, unit, whole

CHANGED = {
    "release": "2", "harness": "x", "connector": "x", "contracts": "x", "faults": ("slow",), "depth": 2,
    "to_the_end": True, "rng_seed": 7, "profiles": ("quickbooks=none",),
}  # fmt: skip


@pytest.mark.parametrize("field", Terms.__struct_fields__)
def test_every_term_is_part_of_the_name_of_a_unit(field: str) -> None:
    other = msgspec.structs.replace(TERMS, **{field: CHANGED[field]})
    assert named(unit(1), other).id != named(unit(1), TERMS).id


@pytest.mark.parametrize(
    "change",
    [{"story_key": "f" * 16}, {"mapping": "other"}, {"sample": ("slow",)}, {"first_seed": 5}, {"seeds": 5}],
)
def test_what_a_unit_is_about_is_part_of_its_name(change: dict[str, object]) -> None:
    assert named(msgspec.structs.replace(unit(1), **change), TERMS).id != named(unit(1), TERMS).id


def test_where_a_story_lies_is_no_part_of_the_name() -> None:
    moved = msgspec.structs.replace(unit(1), where="elsewhere/story.yaml:9")
    assert named(moved, TERMS).id == named(unit(1), TERMS).id
    assert len(named(moved, TERMS).id) == 16


def test_equal_units_are_one() -> None:
    assert len(exploration(TERMS, [unit(1), unit(2), unit(1)]).units) == 2


@pytest.mark.parametrize("of", [1, 2, 3, 7])
def test_every_unit_belongs_to_exactly_one_shard(of: int) -> None:
    work = whole(40)
    parts = [work.of(Shard(number=number, of=of)) for number in range(1, of + 1)]
    assert sorted(each.id for part in parts for each in part) == sorted(each.id for each in work.units)


def test_a_unit_stays_in_its_shard_when_others_come() -> None:
    shard = Shard(number=2, of=3)
    assert set(whole(10).of(shard)) <= set(whole(30).of(shard))


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "a/b", "1/0", "-1/2", "1/2/3"])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no shard"):
        parse_shard(text)


def test_a_shard_is_read_as_it_is_written() -> None:
    assert str(parse_shard("2/8")) == "2/8"
    assert parse_shard("") == Shard()


def test_long_stories_are_handed_out_first() -> None:
    units = [unit(1, steps=3), unit(2, steps=9), Unit(first_seed=0, seeds=5)]
    assert [each.steps or each.seeds for each in longest_first(units)] == [9, 5, 3]


def test_the_story_with_the_most_cases_to_try_is_the_longest() -> None:
    planned = [msgspec.structs.replace(unit(number, steps=number), tried=10 - number) for number in (1, 2, 3)]
    assert [each.tried for each in longest_first([unit(4, steps=40), *planned])] == [9, 8, 7, 0]
