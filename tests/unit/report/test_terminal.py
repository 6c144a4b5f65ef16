from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from simharness.domain.played import Broken, Played
from simharness.report.terminal import PlainConsole, Terminal
from tests.unit.report.samples import broken, finding, played


def shown(*stories: Played | Broken) -> str:
    out = io.StringIO()
    console = Console(file=out, highlight=False, markup=False, emoji=False, soft_wrap=True, color_system=None)
    terminal = Terminal(console, console)
    terminal.begin("simharness", len(stories))
    for story in stories:
        terminal.playing("any")
        terminal.add(story)
    terminal.end([Path("out/run.ndjson")])
    return out.getvalue()


def test_a_story_is_a_line_under_its_file() -> None:
    lines = shown(played(story="One"), played(story="Two")).splitlines()
    assert lines[2:5] == [
        "stories/sale.yaml",
        "  ok           One  (1 checks passed, 1 not applicable, 1 not exercised)",
        "  ok           Two  (1 checks passed, 1 not applicable, 1 not exercised)",
    ]


def test_a_finding_tells_figures_objects_money_place_and_reproduction() -> None:
    text = shown(played(finding()))
    assert "  1 finding    A sale" in text
    for line in (
        "  V6  Invoice totals",
        "    V6 money: the invoice total is off\n",
        "      expected  USD 108.00\n",
        "      actual    USD 100.00\n",
        "      objects   quickbooks:invoice:7 (1001)\n",
        "                hubspot:deal:1 (D)\n",
        "      at risk   USD 8.00\n",
        "      where     stories/sale.yaml:9\n",
        "  again: simharness run stories/sale.yaml -k 'A sale' --rng-seed 7\n",
    ):
        assert line in text


def test_the_summary_counts_everything_and_hides_nothing() -> None:
    text = shown(played(), played(finding()), broken())
    assert "3 stories: 1 ok, 1 with findings, 1 could not be played\n" in text
    assert "7 checks: 2 passed, 1 with findings, 2 not applicable, 2 not exercised\n" in text
    assert "1 finding: 1 money\n" in text
    assert "Money named by findings, counted each time: USD 8.00\n" in text
    assert "C5    in 2 stories    the connector offers no log\n" in text
    assert "the pack fell over" in text
    assert "out/run.ndjson" in text


def test_text_that_looks_like_markup_is_printed_as_it_is() -> None:
    assert "[bold]x[/bold] :smile:" in shown(played(finding(message="[bold]x[/bold] :smile:")))


def test_no_color_on_a_terminal_means_no_escape_at_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")
    terminal = Terminal(PlainConsole(), Console(file=io.StringIO()))
    terminal.begin("simharness", 1)
    terminal.add(played(finding()))
    terminal.end()
    assert "\x1b" not in capsys.readouterr().out
