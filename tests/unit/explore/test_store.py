from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.core.errors import UsageError
from simharness.explore.cases import CaseResult
from simharness.explore.store import Closing, Cost, Folder, Work, read_results
from simharness.explore.units import Shard, Unit
from tests.unit.explore.samples import results, whole

WORK = Work(exploration=whole(5))


def closing(us: int = 1) -> Closing:
    return Closing(cost=Cost(took_us=us, parts_us={"part": us}), events=3)


def explored(folder: Folder, work: Work, units: tuple[Unit, ...] | None = None, us: int = 1) -> None:
    for unit in folder.begin(work) if units is None else units:
        folder.add(unit, results(unit, 3), closing(us))


def interrupted(unit: Unit) -> Iterator[CaseResult]:
    yield results(unit, 1)[0]
    raise KeyboardInterrupt


def finished(path: Path, work: Work = WORK, us: int = 1) -> bytes:
    folder = Folder(path)
    explored(folder, work, us=us)
    folder.close(work, folder.spans())
    return folder.stream.read_bytes()


def test_an_interruption_keeps_finished_units_and_repeats_only_the_others(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    first, second, *rest = folder.begin(WORK)
    folder.add(first, results(first, 3), closing())
    with pytest.raises(KeyboardInterrupt):
        folder.add(second, interrupted(second), closing())
    again = Folder(tmp_path)
    assert again.begin(WORK) == (second, *rest)
    explored(again, WORK, (second, *rest))
    again.close(WORK, again.spans())
    assert again.stream.read_bytes() == finished(tmp_path / "at once")


@given(order=st.permutations(WORK.units))
def test_the_stream_depends_neither_on_the_order_nor_on_the_time_of_the_work(order: list[Unit]) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        folder = Folder(Path(one))
        folder.begin(WORK)
        explored(folder, WORK, tuple(order), us=999)
        folder.close(WORK, folder.spans())
        assert folder.stream.read_bytes() == finished(Path(other))


def test_finished_work_is_not_done_again(tmp_path: Path) -> None:
    finished(tmp_path)
    assert Folder(tmp_path).begin(WORK) == ()


def test_a_unit_done_twice_is_there_once(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    explored(folder, WORK)
    explored(folder, WORK, WORK.units[:1])
    assert set(folder.spans()) == {unit.id for unit in WORK.units}


def test_other_work_in_the_same_folder_keeps_the_units_that_both_have(tmp_path: Path) -> None:
    half = Shard(number=1, of=2)
    folder = Folder(tmp_path)
    explored(folder, Work(exploration=WORK.exploration, shard=half))
    left = folder.begin(WORK)
    assert set(left) == set(WORK.exploration.of(Shard(number=2, of=2)))
    other = Work(exploration=whole(1))
    assert folder.begin(other) == (() if half.holds(other.units[0]) else other.units)
    assert set(folder.spans()) <= {unit.id for unit in other.units}


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    finished(tmp_path)
    spans = Folder(tmp_path).spans()
    read = list(read_results(spans[unit.id] for unit in WORK.units))
    assert [each for _, each, _ in read if each] == [each for unit in WORK.units for each in results(unit, 3)]
    assert [end.events for _, _, end in read if end] == [3] * 5


def test_the_costs_of_units_under_way_are_summed_from_their_files(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    explored(folder, WORK, us=7)
    assert sum(cost.took_us for cost in folder.costs()) == 35


DAMAGES = {
    "cut in a line": lambda data: data[:-40],
    "a result gone": lambda data: b"".join(data.splitlines(keepends=True)[:1] + data.splitlines(keepends=True)[2:]),
    "a letter changed": lambda data: data.replace(b"passed", b"found", 1),
    "no lines at all": lambda data: b"",
    "noise": lambda data: b"\x00\xff" + data,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_unit_is_told_with_its_file_and_what_to_do(damage: str, tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    explored(folder, WORK)
    file = tmp_path / "units" / f"{WORK.units[2].id}.ndjson"
    lines = file.read_bytes().splitlines(keepends=True)[:-1]  # the line of costs is no part of the results
    file.write_bytes(DAMAGES[damage](b"".join(lines)))
    with pytest.raises(UsageError, match="explore again into the same folder") as told:
        folder.spans()
    assert file.name in str(told.value)


def test_a_damaged_stream_is_told(tmp_path: Path) -> None:
    data = finished(tmp_path)
    (tmp_path / "exploration.ndjson").write_bytes(data[: data.rindex(b'{"unit"')])
    with pytest.raises(UsageError, match="units are missing in it"):
        Folder(tmp_path).begin(WORK)


def test_a_damaged_order_of_work_is_told(tmp_path: Path) -> None:
    (tmp_path / "work.json").write_text("{")
    with pytest.raises(UsageError, match=r"work\.json is damaged"):
        Folder(tmp_path).begin(WORK)


def test_a_folder_without_an_exploration_is_about_nothing(tmp_path: Path) -> None:
    assert Folder(tmp_path / "none").work() is None
