from __future__ import annotations

from pathlib import Path

import pytest

from simharness.core.errors import HarnessFault, UsageError
from simharness.domain.played import Broken, Played
from simharness.report.ndjson import RecordFile, read_records
from tests.unit.report.samples import broken, played


def write(target: Path, *stories: Played | Broken) -> Path:
    file = RecordFile(target)
    for story in stories:
        file.add(story)
    file.keep()
    return target


def test_several_records_come_back_as_they_were_and_in_their_order(tmp_path: Path) -> None:
    first, second = played(story="One"), played(story='Two {"header": 1}\n')
    path = write(tmp_path / "run.ndjson", first, broken(), second)
    assert list(read_records(path)) == [first.record, second.record]


def test_equal_runs_give_equal_bytes(tmp_path: Path) -> None:
    paths = [write(tmp_path / name, played(story="One"), played(story="Two")) for name in ("a", "b")]
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_file_appears_only_when_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "run.ndjson"
    target.write_text("of an older run")
    file = RecordFile(target)
    file.add(played())
    assert target.read_text() == "of an older run"
    file.drop()
    assert [path.name for path in tmp_path.iterdir()] == ["run.ndjson"]
    assert target.read_text() == "of an older run"


def test_a_file_that_begins_in_the_middle_of_a_record_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "run.ndjson", played())
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[1:]))
    with pytest.raises(HarnessFault, match="header"):
        list(read_records(path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"gone\.ndjson"):
        list(read_records(tmp_path / "gone.ndjson"))


def test_a_place_that_cannot_be_written_is_refused_before_anything_is_played(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(UsageError, match="cannot be written"):
        RecordFile(tmp_path / "taken" / "run.ndjson")
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match="is a folder"):
        RecordFile(tmp_path / "folder")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "taken"]
