"""Two accounts of a mapping change places: whatever the money is for, a check sees it without a claim of the story."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.stories.discovery import load
from simharness.stories.playing import Setting, play

STORY = Path(__file__).with_name("places.yaml")


def found(folder: Path, *roles: str) -> set[str]:
    """The checks that have a finding when the accounts of two roles are exchanged."""
    mapping = folder / "us-saas"
    shutil.copytree(Path(str(files("simharness"))) / "reference" / "mappings" / "us-saas", mapping)
    accounts = yaml.safe_load((mapping / "accounts.yaml").read_text())
    for role, other in zip(roles, reversed([accounts[role] for role in roles]), strict=True):
        accounts[role] = other
    (mapping / "accounts.yaml").write_text(yaml.safe_dump(accounts))
    (story,) = load([STORY])
    run = play(story, Setting(attachment=load_manifest(builtin_manifest()), mapping=mapping))
    return {finding.check for result in run.results for finding in result.findings}


def test_the_shipped_accounts_are_right(tmp_path: Path) -> None:
    assert found(tmp_path) == set()


@pytest.mark.parametrize(
    ("one", "other", "checks"),
    [
        ("fees", "bank_charges", {"R3", "R4"}),
        ("payouts_in_transit", "undeposited", {"R3", "R4"}),
        ("unmatched", "deposits", {"R4"}),
        ("write_offs", "fees", {"R2", "R3"}),
        ("write_offs", "discounts_given", {"R2", "V23"}),
        ("settlement_discounts", "discounts_given", {"R2"}),
        ("gateway_clearing", "payouts_in_transit", {"V10", "R3"}),
        ("bank", "undeposited", {"R4"}),
    ],
)
def test_two_accounts_that_change_places_are_found(tmp_path: Path, one: str, other: str, checks: set[str]) -> None:
    assert checks <= found(tmp_path, one, other)
