"""A connector that is wrong in one way is found by the check whose statement it breaks, over the whole way.

The story claims next to nothing, so it is the checks that see. The sound connector has no finding.
"""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from simharness.connectors.manifest import load_manifest
from simharness.domain.played import Played
from simharness.stories.discovery import load
from simharness.stories.playing import Setting, play

STORY = Path(__file__).with_name("story.yaml")


def played(folder: Path, fault: str) -> Played:
    """The story against the reference connector with a fault."""
    home = Path(str(files("simharness"))) / "reference"
    manifest = yaml.safe_load((home / "connector.yaml").read_text())
    manifest["factory"] = "tests.functional.broken.connectors:build"
    manifest["env"]["FAULT"] = fault
    shutil.copytree(home / "mappings" / "us-saas", folder / "mappings" / "us-saas")
    file = folder / "connector.yaml"
    file.write_text(yaml.safe_dump(manifest))
    (story,) = load([STORY])
    return play(story, Setting(attachment=load_manifest(file)))


def found(run: Played) -> set[str]:
    return {finding.check for result in run.results for finding in result.findings}


def test_the_sound_connector_has_no_finding(tmp_path: Path) -> None:
    assert found(played(tmp_path, "none")) == set()


@pytest.mark.parametrize(
    ("fault", "checks"),
    [
        ("posts an invoice twice", {"V2"}),
        ("posts a payment twice", {"V2", "R3"}),
        ("posts without a key", {"C1"}),
        ("phones home", {"C9"}),
        ("calls what no contract knows", {"C11"}),
        ("writes into a field of the CRM", {"C6"}),
        ("empties a field of the ledger", {"V26"}),
        ("bills a cent more", {"V5", "V6"}),
        ("dates an invoice a day late", {"V13"}),
        ("drops the cost centre", {"V21"}),
        ("leaves no reference", {"R1", "V20"}),
        ("leaves no reason for an exemption", {"V7"}),
        ("numbers invoices itself", {"V25"}),
        ("names another deal", {"R1"}),
        ("books a cent less than was paid", {"V20"}),
        ("applies no payment", {"V8"}),
        ("hides a row of its log", {"C5"}),
        ("publishes an invoice a cent short", {"R8"}),
        ("loses a journal line on the way to BI", {"R8", "V23"}),
        ("publishes revenue on another cost centre", {"V23"}),
    ],
)
def test_a_broken_connector_is_found_by_the_check_it_breaks(tmp_path: Path, fault: str, checks: set[str]) -> None:
    run = played(tmp_path, fault)
    assert checks <= found(run), [(f.check, f.message) for r in run.results for f in r.findings]
