"""A connector that is wrong at the end of a period in one way is found by the check whose statement it breaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from simharness.domain.played import Played
from tests.functional.broken.attached import found, setting, told
from tests.functional.broken.period_ends import PERIOD_ENDS

STORY = Path(__file__).with_name("period_end.yaml")

EXPECTED = {
    "reverses nothing": {"V29", "V17"},
    "accrues by calendar days": {"V29"},
    "keeps a cent in the last prepaid part": {"V29"},
    "revalues a deposit": {"V17"},
    "values at the rate of the day on which it posts": {"V17"},
    "accrues before the end": {"V29"},
}


def played(folder: Path, fault: str) -> Played:
    """The story against the reference connector with a fault."""
    return told(STORY, setting(folder, "period_ends:build", fault))


def test_the_sound_connector_has_no_finding(tmp_path: Path) -> None:
    assert found(played(tmp_path, "none")) == set()


def test_every_fault_is_told_which_checks_must_find_it() -> None:
    assert EXPECTED.keys() == PERIOD_ENDS.keys()


@pytest.mark.parametrize("fault", EXPECTED)
def test_a_wrong_period_end_is_found_by_the_check_it_breaks(tmp_path: Path, fault: str) -> None:
    run = played(tmp_path, fault)
    assert EXPECTED[fault] <= found(run), [(f.check, f.message) for r in run.results for f in r.findings]
