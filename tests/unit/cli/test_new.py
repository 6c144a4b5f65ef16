"""`simharness new feature` asks on a terminal only, writes over nothing, and what it wrote runs green."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest

from simharness.cli.new import Wish, list_templates, write_feature
from simharness.core.errors import UsageError
from tests.functional.command import simharness
from tests.repo import tree


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_a_terminal_it_says_which_flags_are_needed() -> None:
    with pytest.raises(UsageError, match="no terminal") as told:
        write_feature(Wish())
    assert "--area AREA" in (told.value.mend or "")
    assert "payments" in (told.value.mend or "")
    assert told.value.exit_code == 2


def test_flags_alone_write_a_feature(tmp_path: Path) -> None:
    out = tmp_path / "own" / "first.feature"
    assert write_feature(Wish(area="payments", what="paid-in-part", customer="Hooli", amount="USD 90.00", out=out)) == 0
    text = out.read_text(encoding="utf-8")
    assert 'customer "Hooli" pays USD 45.00 against' in text
    assert 'the dictionary "us-saas" is loaded' in text


def test_answers_are_asked_for_what_no_flag_says(tmp_path: Path) -> None:
    asked = []

    def ask(question: str, usual: str, choices: Collection[str]) -> str:
        asked.append(question)
        return {"Which area of finance?": "bi", "Which customer?": "Hooli"}.get(question, usual)

    write_feature(Wish(amount="USD 10.00"), ask)
    assert asked == ["Which area of finance?", "Whose books: which dictionary?", "Which customer?", "Into which file?"]
    assert '"Hooli"' in (tmp_path / "features" / "bi" / "net-revenue.feature").read_text(encoding="utf-8")


def test_nothing_is_written_over_without_force(tmp_path: Path) -> None:
    out = tmp_path / "a.feature"
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="is there already"):
        write_feature(Wish(area="bi", out=out))
    assert out.read_text(encoding="utf-8") == "mine"
    write_feature(Wish(area="bi", out=out, force=True))
    assert out.read_text(encoding="utf-8") != "mine"


@pytest.mark.parametrize(
    ("wish", "what"),
    [
        (Wish(area="paymnts"), "no template for the area"),
        (Wish(area="payments", what="paid"), "has no template"),
        (Wish(area="bi", dictionary="us-sass"), "no dictionary"),
        (Wish(area="payroll", dictionary="us-saas"), "has no payroll"),
        (Wish(area="bi", dictionary="eu-saas-inclusive"), "include tax"),
        (Wish(area="bi", out=Path("first.txt")), "is no feature file"),
    ],
)
def test_what_there_is_not_is_told(wish: Wish, what: str) -> None:
    with pytest.raises(UsageError, match=what) as told:
        write_feature(wish)
    assert told.value.mend


def test_the_list_names_every_area(capsys: pytest.CaptureFixture[str]) -> None:
    assert list_templates() == 0
    assert "payments paid-in-part" in capsys.readouterr().out


def test_what_it_wrote_runs_green(tmp_path: Path) -> None:
    for area in ("billing", "payments"):
        write_feature(Wish(area=area, owner="ar"))
    ran = simharness("run", "features", cwd=tmp_path)
    assert ran.returncode == 0, ran.stdout
    assert "2 stories: 2 ok" in ran.stdout


def test_it_says_how_to_go_on_as_the_readme_shows(capsys: pytest.CaptureFixture[str]) -> None:
    readme = (tree.ROOT / "README.md").read_text(encoding="utf-8")
    shown = readme.partition("$ simharness new feature --area payments --what paid-in-part\n")[2].partition("```")[0]
    write_feature(Wish(area="payments", what="paid-in-part"))
    assert capsys.readouterr().out == shown
