"""`simharness steps` prints, writes, and says what is nearest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simharness.cli.steps import list_steps
from simharness.core.errors import UsageError
from tests.repo import tree


def test_without_words_every_sentence_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert list_steps((), "text", None) == 0
    printed = capsys.readouterr().out
    assert "  When        the deal {string} is won\n" in printed
    assert "for example" not in printed


def test_words_tell_everything_about_what_has_them(capsys: pytest.CaptureFixture[str]) -> None:
    list_steps(("deal", "won"), "text", None)
    printed = capsys.readouterr().out
    assert "- {deal_won: Globex rollout}" in printed
    assert 'When the deal "Globex rollout" is won' in printed


def test_sentences_of_one_meaning_share_its_explanation(capsys: pytest.CaptureFixture[str]) -> None:
    list_steps(("credit", "note"), "text", None)
    printed = capsys.readouterr().out
    assert printed.count("A credit note, tax included.") == printed.count("in YAML") == 1
    assert printed.count("  When a credit note of {money}") == 4
    assert len(printed.splitlines()) < 48
    assert "also, at the end or just before the colon, with a comma where one stands here: on 2026" in printed


def test_too_many_meanings_are_listed_and_not_explained(capsys: pytest.CaptureFixture[str]) -> None:
    list_steps(("pays",), "text", None)
    printed = capsys.readouterr().out
    assert "for example" not in printed
    assert "  When        customer {string} pays {money} against {invoice}\n" in printed
    assert "sentences; more words, or a whole sentence" in printed


def test_what_only_mentions_the_words_is_listed_behind(capsys: pytest.CaptureFixture[str]) -> None:
    list_steps(("credit", "memo"), "text", None)
    said, _, mentions = capsys.readouterr().out.partition("These speak of it too")
    assert "for example" in said
    assert "  Then        {invoice} nets {money}\n" in mentions


def test_a_file_is_written_into_folders_that_are_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new" / "steps.json"
    list_steps(("refund",), "json", out)
    data = json.loads(out.read_text(encoding="utf-8"))
    assert all("refund" in each["pattern"] + each["verb"] for each in data)
    assert f"{out}: {len(data)} sentences" in capsys.readouterr().out


def test_glue_goes_into_a_folder(tmp_path: Path) -> None:
    list_steps((), "glue", tmp_path / "glue")
    assert {each.name for each in (tmp_path / "glue").iterdir()} >= {"simharness_sentences.ts", "settings.json"}
    with pytest.raises(UsageError, match="several files"):
        list_steps((), "glue", None)


def test_the_glue_is_what_the_guide_for_editors_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    guide = (tree.ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    list_steps((), "glue", Path(".simharness-steps"))
    assert f"--out .simharness-steps\n{capsys.readouterr().out}```" in guide
    assert (tmp_path / ".simharness-steps" / "settings.json").read_text(encoding="utf-8") in guide


def test_words_that_fit_nothing_get_the_nearest() -> None:
    with pytest.raises(UsageError, match="no sentence has all of the words 'invoce'") as told:
        list_steps(("invoce",), "text", None)
    assert "{invoice} totals {money}" in (told.value.mend or "")


def test_an_unknown_format_gets_the_nearest() -> None:
    with pytest.raises(UsageError, match="no format 'markdwon'") as told:
        list_steps((), "markdwon", None)
    assert told.value.mend == "did you mean 'markdown'?"


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        list_steps(("won",), "json", tmp_path)
