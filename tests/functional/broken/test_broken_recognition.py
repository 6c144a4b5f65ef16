"""A connector that is wrong about deferred revenue in one way is found by the check whose statement it breaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from simharness.domain.played import Played
from tests.functional.broken.attached import found, setting, told
from tests.functional.broken.recognising import MAPPED, RECOGNISING

STORY = Path(__file__).with_name("deferred.yaml")

EXPECTED = {
    "recognises a month twice": {"V2", "V22", "V23"},
    "credits revenue before what is deferred": {"V22", "V23"},
    "makes a cent too much of the last month": {"V22", "V23"},
    "forgets the cost centre of what it recognises": {"V22"},
    "dates a month on the day it looks": {"V13", "R1"},
    "recognises by months where days are declared": {"V22"},
    "takes revenue for its own when it bills": {"R2", "V22"},
}


def played(folder: Path, fault: str) -> Played:
    """The story against the reference connector with a fault."""
    attached = setting(folder, "recognising:build", fault)
    if fault in MAPPED:
        kinds = f"Subscription: {MAPPED[fault]}\nMaintenance: service_revenue\n"
        (folder / "mappings" / "us-service" / "revenue.yaml").write_text(kinds)
    return told(STORY, attached)


def test_the_sound_connector_has_no_finding(tmp_path: Path) -> None:
    assert found(played(tmp_path, "none")) == set()


def test_every_fault_is_told_which_checks_must_find_it() -> None:
    assert EXPECTED.keys() == {*RECOGNISING, *MAPPED}


@pytest.mark.parametrize("fault", EXPECTED)
def test_wrong_recognition_is_found_by_the_check_it_breaks(tmp_path: Path, fault: str) -> None:
    run = played(tmp_path, fault)
    assert EXPECTED[fault] <= found(run), [(f.check, f.message) for r in run.results for f in r.findings]
