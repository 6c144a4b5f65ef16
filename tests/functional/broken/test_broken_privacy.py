"""A connector that tells who is paid is found wherever it tells it, and what a run leaves behind tells it to nobody."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from simharness.connectors.manifest import load_manifest
from simharness.domain.played import Played
from simharness.report.database import DatabaseFile
from simharness.report.junit import JunitFile
from simharness.report.ndjson import RecordFile
from simharness.stories.discovery import load
from simharness.stories.playing import Setting, play, session
from tests.functional.broken import attached
from tests.functional.broken.attached import found, told

STORY = Path(__file__).with_name("people.yaml")


def setting(folder: Path, fault: str) -> Setting:
    """A connector with the fault whose key opens the records of employees too, so that it could be indiscreet."""
    attached.setting(folder, "indiscreet:build", fault)
    file = folder / "connector.yaml"
    manifest = yaml.safe_load(file.read_text())
    manifest["scopes"]["gusto"].append("employees:read")
    file.write_text(yaml.safe_dump(manifest))
    return Setting(attachment=load_manifest(file))


def persons(chosen: Setting) -> dict[str, str]:
    """What identifies the one employee, by field; the same in every run. Pay is an amount among others."""
    (story,) = load([STORY])
    with session(story, chosen) as run:
        for step in story.steps[:2]:
            run.do(step)
        held = [each for family, each in run.world.personal() if family == "payroll"]
    return {each.field: each.text for each in held if each.field != "pay"}


def left_behind(folder: Path, played: Played) -> bytes:
    """Every file that a run leaves, one after another."""
    sinks = [RecordFile(folder / "r.ndjson"), JunitFile(folder / "j.xml"), DatabaseFile(folder / "d.duckdb")]
    for sink in sinks:
        sink.add(played)
        sink.keep()
    return b"".join(path.read_bytes() for path in sorted(folder.glob("?.*")))


@pytest.mark.parametrize(
    ("fault", "key"),
    [("none", None), ("ledger", "C8:name:ledger"), ("log", "C8:birth_date:log"), ("files", "C8:email:files")],
)
def test_whoever_is_told_of_is_named_by_id_and_field_alone(tmp_path: Path, fault: str, key: str | None) -> None:
    chosen = setting(tmp_path, fault)
    run = told(STORY, chosen)
    assert ("C8" in found(run)) == (key is not None)
    findings = [finding for result in run.results for finding in result.findings if finding.check == "C8"]
    assert key is None or key in {finding.key for finding in findings}
    known = persons(chosen)
    assert {"name", "ssn", "birth_date", "bank_account", "address", "email"} <= set(known)
    output = left_behind(tmp_path, run)
    assert [field for field, text in known.items() if text.encode() in output] == []


def test_who_asks_for_it_is_shown_everything(tmp_path: Path) -> None:
    chosen = setting(tmp_path, "files")
    (story,) = load([STORY])
    run = play(story, replace(chosen, show_personal=True))
    assert persons(chosen)["email"].encode() in left_behind(tmp_path, run)


def test_a_key_that_does_not_open_the_records_of_employees_gives_nobody_away(tmp_path: Path) -> None:
    run = told(STORY, attached.setting(tmp_path, "indiscreet:build", "ledger"))
    assert {"C7"} <= found(run)
    assert "C8" not in found(run)
