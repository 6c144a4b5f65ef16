"""`simharness check` prints each mistake with its place, as text for people and as objects for editors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simharness.cli.check import Problem, Wish, check_stories, print_rules
from simharness.core.errors import UsageError
from simharness.stories.rules import RULES, rules_table
from tests.repo import tree
from tests.unit.stories.gherkin.features import GOOD, changed

_LONG = changed("its work\n", "its work\n" + "    And the connector finishes its work\n" * 2)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _check(text: str, *, output: str = "text", today: str = "2026-01-05", strict: bool = False) -> int:
    Path("a.feature").write_text(text)
    return check_stories(Wish(paths=(Path(),), output=output, today=today, strict=strict))


def test_a_good_feature_has_no_mistakes(capsys: pytest.CaptureFixture[str]) -> None:
    assert _check(GOOD) == 0
    assert capsys.readouterr().out == "no mistakes\n"


def test_a_mistake_is_printed_with_its_place_its_line_and_the_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert _check(changed("USD 3,910.50", "3,910.50")) == 2
    assert capsys.readouterr().out == (
        "a.feature:15: '3,910.50' has no currency\n"
        '    15 | Then the invoice of "Rollout" totals 3,910.50\n'
        "  To mend it: write the currency first: USD 3,910.50\n"
        "1 mistake\n"
    )


def test_a_hint_fails_only_where_it_is_asked_to(capsys: pytest.CaptureFixture[str]) -> None:
    assert _check(_LONG) == 0
    assert capsys.readouterr().out == (
        "a.feature:8: hint: the scenario has 8 steps\n"
        "     8 | Scenario: A deal is billed\n"
        "  To mend it: 3 to 7 read best: move what never varies up, or make two scenarios of it\n"
        "no mistakes, 1 hint\n"
    )
    assert _check(_LONG, strict=True) == 2


def test_editors_get_place_severity_and_rule_of_everything(capsys: pytest.CaptureFixture[str]) -> None:
    assert _check(_LONG.replace("USD 3,910.50", "3,910.50"), output="json") == 2
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [tuple(row) for row in rows] == [Problem.__struct_fields__] * 2
    assert [(row["file"], row["line"], row["severity"], row["rule"]) for row in rows] == [
        ("a.feature", 8, "hint", "length"),
        ("a.feature", 17, "mistake", "money"),
    ]


def test_a_waiver_holds_to_the_end_of_its_last_day() -> None:
    text = changed("@money", "@waiver:FIN-812:2026-01-31")
    assert [_check(text, today=day) for day in ("2026-01-31", "2026-02-01")] == [0, 2]


def test_without_a_day_waivers_are_compared_with_the_real_one(time_machine: object) -> None:
    time_machine.move_to("2026-01-31T12:00:00Z")  # type: ignore[attr-defined] # the fixture says no type
    text = changed("@money", "@waiver:FIN-812:2026-01-31")
    assert _check(text, today="") == 0
    time_machine.move_to("2026-02-02T12:00:00Z")  # type: ignore[attr-defined] # as above
    assert _check(text, today="") == 2


def test_a_file_that_cannot_be_read_hides_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    Path("b.feature").write_bytes(GOOD.encode("utf-16"))
    Path("c.yaml").write_text("story: [")
    assert _check(changed("USD 3,910.50", "3,910.50")) == 2
    out = capsys.readouterr().out
    for place in ("a.feature:15: ", "b.feature:1: is text in UTF-16", "is not well-formed YAML"):
        assert place in out
    assert out.endswith("3 mistakes\n")


def test_a_day_that_is_none_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="is not a day"):
        _check(GOOD, today="tomorrow")


def test_the_documentation_has_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert print_rules() == 0
    assert capsys.readouterr().out == rules_table()
    assert rules_table() in (tree.ROOT / "docs" / "check.md").read_text(encoding="utf-8")
    assert len({rule.name for rule in RULES}) == len(RULES)
