"""A word that is none of a dictionary is told with the dictionaries that have it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.stories.gherkin.features import changed, told

_HIRED = 'the employee "Ada" in department "{}" in "TX" at a salary of USD 78,000.00\n    And today'


def mend(folder: Path, good: str, bad: str) -> str:
    (problem,) = told(folder, changed(good, bad))
    return problem.mend or ""


@pytest.mark.parametrize(
    ("good", "bad", "way_out"),
    [
        (
            "US-CA-SF",
            "DE",
            "the valid words are US-CA-SF, US-TX-AUS, US-NY-NYC, US-WA-SEA, US-OR; 'DE' is in the dictionaries ",
        ),
        ("today", _HIRED.format("Sales"), "'us-saas' has no department; 'Sales' is in the dictionaries 'us-people', "),
        ("today", _HIRED.format("Sails"), "'us-saas' has no department: take a dictionary that has one, such as 'us-p"),
        ("Badge printer", "Badge drinker", "did you mean 'Badge printer'?"),
    ],
)
def test_the_dictionaries_that_have_a_word_are_named(tmp_path: Path, good: str, bad: str, way_out: str) -> None:
    assert way_out in mend(tmp_path, good, bad)


def test_a_dictionary_that_there_is_not_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    way_out = mend(tmp_path, "us-saas", "us-saas-payroll")
    assert "did you mean" not in way_out
    for name in ("us-people", "us-saas", "us-saas-rebill", "world-group"):
        assert name in way_out.removeprefix("there are ").split(", ")
    assert mend(tmp_path, "us-saas", "us-sass") == "did you mean 'us-saas'?"
