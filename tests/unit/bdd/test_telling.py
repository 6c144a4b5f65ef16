from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from pytest_bdd.parser import FeatureParser

from simharness.bdd.telling import _left_out

FEATURE = """\
    Feature: Mixed
      Scenario: Sentences and others
        Given a deal "D" with "Globex" worth USD 5.00
        And a deel "E" with "Globex" worth USD 5.00
        And the moon is full over the old town tonight
    """


def test_a_step_left_to_others_that_reads_almost_like_ours_is_named_beside_the_mistakes(tmp_path: Path) -> None:
    file = tmp_path / "a.feature"
    file.write_text(dedent(FEATURE), encoding="utf-8")
    (scenario,) = FeatureParser(str(tmp_path), "a.feature").parse().scenarios.values()
    (told,) = _left_out(scenario.render({}), file)
    assert "a.feature:4: a deel" in told
    assert "a deal {string} with {string} worth {money}" in told
