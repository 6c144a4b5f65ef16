"""What looks like a key or a person's number is told without being shown, and what only looks long is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from simharness.stories.style.secrets import leaks_in, without_leaks
from tests.unit.stories.gherkin.features import changed, told


@pytest.mark.parametrize(
    "text",
    [
        'Given mapping release "R-2026.02" is installed',
        "| the ledger answers 503 | the ledger answers 503 to the next 2 requests |",
        "@waiver:FIN-812:2026-12-31 @control:REC-01",
        "USD 1,234,567,890.00 and 2026-01-05 at 23:30",
        "a-very-long-name-of-a-story-that-nobody-shortened-in-2026",
        "scenarios/payments/three_instalments_and_a_refund_2026_01.yaml",
        'because "the password has expired"',
        "invoice 1234 5678, order 4111-1111-1111-1112",
        "GB00 0000 0000 0000 0000 00",
        "employee 900-12-3456 and phone 555-12-34567",
        "=" * 60,
    ],
)
def test_words_figures_and_names_are_no_secrets(text: str) -> None:
    assert leaks_in(text) == ()


def test_what_is_found_is_not_shown_again_by_any_message(tmp_path: Path) -> None:
    key = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
    problems = told(tmp_path, changed('"Rollout" is won', f'"{key}" is woon'))
    assert {problem.rule for problem in problems} >= {"secret", "unknown-sentence"}
    assert not any(key in str(problem) for problem in problems)


@pytest.mark.parametrize("said", ["USD 4,000.00", "Badge printer", "2026-01-12"])
def test_what_is_found_is_not_named_by_the_mistake_that_it_makes(tmp_path: Path, said: str) -> None:
    key = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
    problems = told(tmp_path, changed(said, key))
    assert len(problems) > 1
    assert not any(key in str(problem) for problem in problems)


def test_what_is_taken_out_of_a_text_is_three_dots_whatever_lies_over_it() -> None:
    key = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
    assert without_leaks(f"a {key} b password: {key} c") == "a … b … c"
    assert without_leaks("nothing to hide") == "nothing to hide"


def test_a_line_breaks_each_rule_once(tmp_path: Path) -> None:
    line = "password: hunter22 token: abcdef12 078-05-1120 DE89370400440532013000"
    assert [(leak.line, leak.rule) for leak in leaks_in(f"a\n{line}\n")] == [(2, "secret"), (2, "personal-data")]
