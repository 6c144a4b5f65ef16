"""The record of a run is lossless: read(lines(r)) == r, and its bytes depend on nothing but r."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from simharness.core.errors import HarnessFault
from simharness.domain.base import encode
from simharness.domain.connector import ConnectorInfo
from simharness.domain.dictionary import Dictionary
from simharness.domain.evidence import Reject
from simharness.domain.policy import BooksPolicy
from simharness.domain.record import RunHeader, RunRecord, ToldStep, lines, read
from simharness.domain.snapshot import Checkpoint, WorldSnapshot
from tests.unit.domain.records import records

NOW = datetime(2026, 1, 5, 17, tzinfo=UTC)
DICTIONARY = Dictionary(
    name="d", version="1", entity="e", currency="USD", time_zone="UTC", policy=BooksPolicy(), accounts=(),
    revenue_types=(), products=(),
)  # fmt: skip
HEADER = RunHeader(
    story="s",
    started_at=NOW,
    today=date(2026, 1, 5),
    stack=(),
    connector=ConnectorInfo(name="c"),
    dictionary=DICTIONARY,
)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(records(RunRecord))
def test_what_is_saved_is_loaded_again(record: RunRecord) -> None:
    written = list(lines(record))
    assert read(written) == record
    assert list(lines(read(written))) == written
    assert all(line.endswith(b"\n") and line.count(b"\n") == 1 for line in written)


def test_an_empty_run_is_a_header() -> None:
    record = RunRecord(header=HEADER)
    assert len(list(lines(record))) == 1
    assert read(lines(record)) == record


def test_a_file_holds_what_the_lines_say(tmp_path: Path) -> None:
    record = RunRecord(header=HEADER, evidence=(Reject(at=NOW, source="a:b:1", code="x", reason="Größe ↯"),))
    path = tmp_path / "run.ndjson"
    path.write_bytes(b"".join(lines(record)))
    with path.open("rb") as source:
        assert read(source) == record


def test_a_record_without_the_steps_of_its_story_is_read_as_before() -> None:
    step = ToldStep(step=1, phase="then", verb="ledger.balances", where="a.yaml:3", text="balances:")
    record = RunRecord(header=HEADER, steps=(step,))
    *older, last = lines(record)
    assert b'"step"' in last
    assert read([*older, last]) == record
    assert read(older) == RunRecord(header=HEADER)
    assert HEADER.schema_version == 1


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ([], "no header"),
        ([encode({"header": HEADER}) + b"\n", b"{nonsense\n"], "line 2"),
        ([b'{"header": {"story": 7}}\n'], r"line 1 .*\$\.header"),
    ],
)
def test_a_damaged_record_is_refused_with_its_line(source: list[bytes], told: str) -> None:
    with pytest.raises(HarnessFault, match=told):
        read(source)


def test_a_checkpoint_is_found_by_its_step() -> None:
    points = tuple(Checkpoint(step=step, name=str(step), world=WorldSnapshot(at=NOW)) for step in (2, 5, 5, 9))
    record = RunRecord(header=HEADER, checkpoints=points)
    assert record.checkpoint(1) is None
    assert [record.checkpoint(step) for step in (2, 4, 5, 8)] == [points[0], points[0], points[2], points[2]]
    assert record.final is points[3]
    assert RunRecord(header=HEADER).final is None
