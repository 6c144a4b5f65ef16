from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.core.errors import UsageError
from simharness.explore.merging import Part, assembled
from simharness.explore.store import Work
from simharness.explore.units import Exploration, Shard, exploration
from tests.unit.explore.samples import TERMS, unit, whole


def parts_of(work: Exploration, of: int) -> list[Part]:
    shards = [Shard(number=number, of=of) for number in range(1, of + 1)]
    return [
        Part(name=f"shard{shard.number}", work=Work(exploration=work, shard=shard), units=ids(work, shard))
        for shard in shards
    ]


def ids(work: Exploration, shard: Shard) -> tuple[str, ...]:
    return tuple(each.id for each in work.of(shard))


def without(part: Part, unit_id: str) -> Part:
    return Part(name=part.name, work=part.work, units=tuple(each for each in part.units if each != unit_id))


@st.composite
def shuffled_parts(draw: st.DrawFn) -> tuple[Exploration, list[Part], list[Part]]:
    work = whole(draw(st.integers(1, 12)))
    parts = parts_of(work, draw(st.integers(1, 5)))
    return work, parts, draw(st.permutations(parts))


@given(shuffled_parts())
def test_the_order_of_the_shards_does_not_matter(made: tuple[Exploration, list[Part], list[Part]]) -> None:
    work, parts, others = made
    assert assembled(parts) == assembled(others)
    assert assembled(parts)[0] == work
    assert sorted(assembled(parts)[1]) == sorted(each.id for each in work.units)


@given(shuffled_parts())
def test_what_was_merged_merges_to_itself(made: tuple[Exploration, list[Part], list[Part]]) -> None:
    work, parts, _ = made
    whole_part = Part(name="merged", work=Work(exploration=work), units=tuple(assembled(parts)[1]))
    assert assembled([whole_part]) == (work, {each.id: "merged" for each in work.units})


@given(shuffled_parts(), st.data())
def test_a_missing_unit_is_told_in_any_order(
    made: tuple[Exploration, list[Part], list[Part]], data: st.DataObject
) -> None:
    work, _, parts = made
    lost = data.draw(st.sampled_from(work.units))
    with pytest.raises(UsageError, match=r"missing, the first is 'Story \d+'") as told:
        assembled([without(part, lost.id) for part in parts])
    assert "run it again with the same --out" in str(told.value)


@given(shuffled_parts(), st.data())
def test_a_doubled_unit_is_told_in_any_order(
    made: tuple[Exploration, list[Part], list[Part]], data: st.DataObject
) -> None:
    work, _, parts = made
    twice = data.draw(st.sampled_from(work.units)).id
    again = Part(name="again", work=parts[0].work, units=(twice,))
    with pytest.raises(UsageError, match=f"unit {twice} is there more than once, in again, shard"):
        assembled(data.draw(st.permutations([*parts, again])))


def test_a_unit_that_belongs_nowhere_is_told() -> None:
    parts = parts_of(whole(4), 2)
    strange = Part(name="strange", work=parts[0].work, units=("f" * 16,))
    with pytest.raises(UsageError, match="strange holds unit ffffffffffffffff that is not part"):
        assembled([*parts, strange])


OTHERS: Sequence[tuple[Exploration, str]] = (
    (exploration(TERMS, (unit(n, mapping="other") for n in range(4))), "with another mapping"),
    (whole(4, msgspec.structs.replace(TERMS, connector="x")), "with another connector"),
    (whole(4, msgspec.structs.replace(TERMS, faults=("slow",))), "with other kinds of faults"),
    (whole(4, msgspec.structs.replace(TERMS, release="9")), "with another release of simharness"),
    (whole(5), "of other stories"),
    (exploration(TERMS, (msgspec.structs.replace(unit(n), sample=("slow",)) for n in range(4))), "with another sample"),
)


@pytest.mark.parametrize(("other", "told"), OTHERS, ids=[told for _, told in OTHERS])
def test_a_shard_of_another_exploration_is_refused_with_what_differs(other: Exploration, told: str) -> None:
    mine, foreign = parts_of(whole(4), 2)[0], parts_of(other, 2)[1]
    with pytest.raises(UsageError, match=f"shard2 does not belong .* {told}"):
        assembled([mine, foreign])


def test_a_shard_that_was_not_named_is_missed() -> None:
    parts = parts_of(whole(9), 3)
    with pytest.raises(UsageError, match="of 9 units") as told:
        assembled(parts[:2])
    assert "name the folders of all 3 shards" in str(told.value)
