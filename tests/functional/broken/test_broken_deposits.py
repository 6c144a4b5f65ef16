"""A connector that is wrong about deposits in one way is found by the check whose statement it breaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from simharness.domain.played import Played
from tests.functional.broken.advances import DEPOSITS
from tests.functional.broken.attached import found, setting, told

STORY = Path(__file__).with_name("deposits.yaml")

EXPECTED = {
    "books deposits as revenue": {"R2", "V28"},
    "taxes all of a final invoice at the new rate": {"V6", "V7", "V20", "R1"},
    "takes no deposit off": {"V6", "V28", "R1"},
    "keeps the tax of a deposit that goes back": {"V16", "V28"},
    "asks for a deposit twice": {"V2", "V28"},
}


def played(folder: Path, fault: str) -> Played:
    """The story against the reference connector with a fault."""
    return told(STORY, setting(folder, "advances:build", fault))


def test_the_sound_connector_has_no_finding(tmp_path: Path) -> None:
    assert found(played(tmp_path, "none")) == set()


def test_every_fault_is_told_which_checks_must_find_it() -> None:
    assert EXPECTED.keys() == DEPOSITS.keys()


@pytest.mark.parametrize("fault", EXPECTED)
def test_a_wrong_deposit_is_found_by_the_check_it_breaks(tmp_path: Path, fault: str) -> None:
    run = played(tmp_path, fault)
    assert EXPECTED[fault] <= found(run), [(f.check, f.message) for r in run.results for f in r.findings]
