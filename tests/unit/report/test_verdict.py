from __future__ import annotations

from simharness.report.verdict import complaint
from tests.unit.report.samples import broken, finding, played, untried


def test_only_a_story_in_which_all_is_well_and_all_was_tried_gives_no_complaint() -> None:
    assert complaint(played()) == ""
    assert complaint(played(finding())).startswith("A sale: 1 finding\n")
    assert "the pack fell over" in complaint(broken())
    assert complaint(untried()).startswith("A sale: not tried: ")
    assert complaint(untried(finding())).startswith("A sale: 1 finding\n")
