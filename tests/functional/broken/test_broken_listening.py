"""A connector that believes a webhook instead of the record posts twice what is told twice; the check sees it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from simharness.connectors.manifest import load_manifest
from simharness.domain.fault import parse_plan
from simharness.stories.discovery import load
from simharness.stories.playing import Setting, play

STORY = Path(__file__).with_name("told.yaml")
AT_ONCE = Path(__file__).with_name("at_once.yaml")


def found(folder: Path, factory: str, told: Path = STORY, plan: str = "") -> set[str]:
    """The checks that find something in the story with a connector of this factory, where the plan strikes."""
    home = Path(str(files("simharness"))) / "reference"
    manifest = yaml.safe_load((home / "connector.yaml").read_text())
    manifest["factory"] = factory
    manifest["mapping"] = str(home / manifest["mapping"])
    file = folder / "connector.yaml"
    file.write_text(yaml.safe_dump(manifest))
    (story,) = load([told])
    # It never renews its login, which is no fault that matters here.
    lasting = {"quickbooks": {"access_token_s": "8000000"}}
    played = play(story, Setting(attachment=load_manifest(file), options=lasting, plan=parse_plan(plan)))
    assert played.record.deliveries
    return {finding.check for result in played.results for finding in result.findings}


@pytest.mark.parametrize(
    ("factory", "checks"),
    [
        ("simharness.reference.app:build", set()),
        ("tests.functional.broken.credulous:build", {"V2"}),
        ("tests.functional.broken.credulous:dying", {"middleware.connector_finishes"}),
    ],
    ids=["a sound connector", "one that posts from the payload", "one that dies of news"],
)
def test_what_is_told_twice_is_the_undoing_of_who_believes_it_or_cannot_take_it(
    tmp_path: Path, factory: str, checks: set[str]
) -> None:
    seen = found(tmp_path, factory)
    assert checks <= seen
    assert checks or not seen


@pytest.mark.parametrize(
    ("factory", "depends"),
    [("simharness.reference.app:build", False), ("tests.functional.broken.credulous:forgetful", True)],
    ids=["a sound connector", "one that keeps the last news"],
)
def test_books_that_depend_on_the_order_of_news_are_seen(tmp_path: Path, factory: str, *, depends: bool) -> None:
    assert ("V4" in found(tmp_path, factory, AT_ONCE)) == depends


@pytest.mark.parametrize(
    ("factory", "takes"),
    [("simharness.reference.app:build", False), ("tests.functional.broken.credulous:build", True)],
    ids=["a sound connector", "one that looks at no signature"],
)
def test_who_takes_a_forged_webhook_is_seen(tmp_path: Path, factory: str, *, takes: bool) -> None:
    assert ("F3" in found(tmp_path, factory, plan="webhook_tampered@stripe#1")) == takes
