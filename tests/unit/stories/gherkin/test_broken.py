"""Whatever is done to a feature, it tells its stories or its mistakes: nothing of the program itself comes to light."""

from __future__ import annotations

from pathlib import Path
from random import Random

from simharness.stories.rules import BY_NAME, GENERAL
from tests.unit.stories.gherkin.features import GOOD, told

_OUTLINE = (
    GOOD.replace("Scenario:", "Scenario Outline:").replace("USD 3,910.50", "<total>")
    + "    Examples: rows\n      | total |\n      | USD 1.00 |\n"
)
_SCRAPS = (
    *('|"<>\\{}(@#\n\t\0é\u2028*~-0:%'),
    *('"""', "Given ", "Then", "Examples:", "Feature:", "Rule:", "Background:", "# language: de\n", "USD"),
)


def _spoilt(random: Random) -> str:
    text = random.choice((GOOD, _OUTLINE))
    for _ in range(random.randint(1, 4)):
        place, lines = random.randrange(len(text)), text.split("\n")
        way = random.choice(("add", "cut", "swap"))
        if way == "add":
            text = text[:place] + random.choice(_SCRAPS) + text[place:]
        elif way == "cut":
            text = text[:place] + text[place + random.randint(0, 60) :]
        else:
            one, other = random.randrange(len(lines)), random.randrange(len(lines))
            lines[one], lines[other] = lines[other], lines[one]
            text = "\n".join(lines)
    return text


def test_a_spoilt_feature_is_told_with_places_that_exist(tmp_path: Path) -> None:
    silent = 0
    for seed in range(200):
        text = _spoilt(Random(seed))
        problems = told(tmp_path, text, hints=True)
        silent += not problems
        for problem in problems:
            assert (problem.rule or GENERAL) in BY_NAME
            assert problem.where is not None
            assert 0 <= problem.where.line <= len(text.replace("\r", "\n").split("\n")), (seed, str(problem))
    # Some scraps fall into free text, or take out a whole step, and leave a sound feature.
    assert silent < 50


def test_lines_of_any_length_are_read_in_reasonable_time(tmp_path: Path) -> None:
    for scrap in ("9", "AB12 ", "a1-", '"', "1,", "x://", "password "):
        assert told(tmp_path, GOOD.replace("is won", scrap * 2000))
