"""A connector that is wrong about a close in one way is found by the check whose statement it breaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from simharness.domain.played import Played
from tests.functional.broken.attached import found, setting, told
from tests.functional.broken.closers import CLOSERS

STORY = Path(__file__).with_name("closing.yaml")

#: What V12 says of each.
EXPECTED = {
    "posts into a closed month": "was posted after the books were closed",
    "moves adjustments to an open day": "is in the books as another one",
    "loses what came too late": "is not in the books, and nobody was told",
    "approves adjustments itself": "was posted although nobody approved it",
    "publishes a month once": "BI was not published anew after 2026-01 was opened again",
}


def played(folder: Path, fault: str) -> Played:
    """The story against the reference connector with a fault."""
    return told(STORY, setting(folder, "closers:build", fault))


def test_the_sound_connector_has_no_finding(tmp_path: Path) -> None:
    assert found(played(tmp_path, "none")) == set()


def test_every_fault_is_told_what_must_be_said_of_it() -> None:
    assert EXPECTED.keys() == set(CLOSERS)


@pytest.mark.parametrize("fault", EXPECTED)
def test_a_wrong_close_is_found_by_the_check_it_breaks(tmp_path: Path, fault: str) -> None:
    run = played(tmp_path, fault)
    said = [finding.message for result in run.results for finding in result.findings if finding.check == "V12"]
    assert any(EXPECTED[fault] in message for message in said), [
        (finding.check, finding.message) for result in run.results for finding in result.findings
    ]
