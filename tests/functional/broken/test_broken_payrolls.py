"""A connector that is wrong about payroll in one way is found by the check whose statement it breaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from simharness.domain.played import Played
from tests.functional.broken.attached import found, setting, told
from tests.functional.broken.payrolls import PAYROLLS

STORY = Path(__file__).with_name("payroll.yaml")

EXPECTED = {
    "puts all cost on one cost centre": {"V14", "R5"},
    "leaves the employer's taxes out": {"V14", "R5", "V9"},
    "posts a run twice": {"V2", "V14", "R5", "V9"},
    "dates a run by its cheques": {"V14", "R5"},
    "lets the provider take over twice": {"R6", "V2", "V9"},
}


def played(folder: Path, fault: str) -> Played:
    """The story against the reference connector with a fault."""
    return told(STORY, setting(folder, "payrolls:build", fault))


def test_the_sound_connector_has_no_finding(tmp_path: Path) -> None:
    run = played(tmp_path, "none")
    assert found(run) == set(), [(f.check, f.message) for r in run.results for f in r.findings]


def test_every_fault_is_told_which_checks_must_find_it() -> None:
    assert EXPECTED.keys() == PAYROLLS.keys()


@pytest.mark.parametrize("fault", EXPECTED)
def test_a_wrong_payroll_is_found_by_the_check_it_breaks(tmp_path: Path, fault: str) -> None:
    run = played(tmp_path, fault)
    assert EXPECTED[fault] <= found(run), [(f.check, f.message) for r in run.results for f in r.findings]
