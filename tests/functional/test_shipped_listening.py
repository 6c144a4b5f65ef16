"""What the shipped stories claim holds for the reference connector however it hears of news."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from simharness.connectors.manifest import load_manifest
from simharness.core.content import content_folder
from simharness.stories.discovery import load
from simharness.stories.playing import Setting, play
from simharness.stories.story import Story

#: Each has another kind of news: edits of lines, a merge, a failed payout, a dispute, lines of the bank, a payroll.
FILES = (
    "deals/edited_down.yaml",
    "customers/merged.yaml",
    "gateway/failed_payout.yaml",
    "gateway/disputes.yaml",
    "bank/wires_and_cheques.yaml",
    "payroll/cancelled.yaml",
)


def stories() -> Iterator[Story]:
    for name in FILES:
        yield load([content_folder("scenarios") / name])[0]


def setting(folder: Path, listens: str) -> Setting:
    home = Path(str(files("simharness"))) / "reference"
    manifest = yaml.safe_load((home / "connector.yaml").read_text())
    manifest |= {"listens": listens, "mapping": str(home / manifest["mapping"])}
    file = folder / "connector.yaml"
    file.write_text(yaml.safe_dump(manifest))
    return Setting(attachment=load_manifest(file))


@pytest.mark.parametrize("listens", ["webhooks", "both"])
@pytest.mark.parametrize("story", list(stories()), ids=lambda story: story.name)
def test_a_story_holds_for_a_connector_that_listens(tmp_path: Path, story: Story, listens: str) -> None:
    played = play(story, setting(tmp_path, listens))
    assert [finding.message for result in played.results for finding in result.findings] == []
    answers = {each.response.status for each in played.record.deliveries if each.response is not None}
    assert answers == {200}
    listed = {each.request.path for each in played.record.exchanges if each.request.path == "/v1/charges"}
    assert bool(listed) == (listens == "both")
