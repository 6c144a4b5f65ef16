from __future__ import annotations

import io
from pathlib import Path

import pytest
from msgspec import structs
from rich.console import Console

from simharness.domain.played import Broken, Played
from simharness.report.terminal import PlainConsole, Terminal
from tests.unit.report.explaining.claims import invoice_total, played_with
from tests.unit.report.samples import broken, finding, played, untried, unusable


def shown(*stories: Played | Broken, reasons: bool = False) -> str:
    out = io.StringIO()
    console = Console(file=out, highlight=False, markup=False, emoji=False, soft_wrap=True, color_system=None)
    terminal = Terminal(console, console, reasons=reasons)
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


def test_a_file_of_which_nothing_can_be_used_is_a_heading_as_well() -> None:
    whole = structs.replace(unusable(), story="what stands at stories/empty.feature", where="stories/empty.feature")
    lines = shown(whole, unusable()).splitlines()
    assert [line for line in lines if line.startswith("stories/") and " " not in line] == [
        "stories/empty.feature",
        "stories/typo.yaml",
    ]
    assert "  unusable     what stands at stories/empty.feature" in lines


def test_what_several_stories_have_wrong_is_told_once() -> None:
    text = shown(unusable(), structs.replace(unusable(), story="Another"))
    assert "  unusable     Another\n" in text
    assert text.count("stories/typo.yaml:7: unknown verb") == 1
    assert "2 stories or files with mistakes, not played\n" in text


def test_a_finding_tells_figures_objects_money_place_and_reproduction() -> None:
    text = shown(played(finding()))
    assert "  1 finding    A sale" in text
    for line in (
        "  V6 money: the invoice total is off\n",
        "    rule        Invoice totals",
        "    step        stories/sale.yaml:9 (that is the step it goes back to)\n",
        "    objects     quickbooks:invoice:7 (1001), hubspot:deal:1 (D)\n",
        "    difference  USD -8.00, which is the actual figure less the expected one\n",
        "        expected      actual  difference\n      USD 108.00  USD 100.00   USD -8.00\n",
        "  again: simharness run stories/sale.yaml -k 'A sale' --rng-seed 7\n",
    ):
        assert line in text


def test_the_summary_counts_everything_and_hides_nothing() -> None:
    text = shown(played(), played(finding()), broken())
    assert "3 stories: 1 ok, 1 with findings, 1 could not be played\n" in text
    counts = "7 checks: 2 passed, 1 with findings, 2 not applicable, 2 not exercised"
    assert f"{counts} (--reasons lists why)\n" in text
    assert "Not applicable:" not in text
    assert "1 finding: 1 money\n" in text
    assert "Money named by findings, counted each time: USD 8.00\n" in text
    told = shown(played(), played(finding()), broken(), reasons=True)
    assert "C5    in 2 stories    the connector offers no log\n" in told
    assert f"{counts}\n" in told
    assert "the pack fell over" in text
    assert "out/run.ndjson" in text


def test_why_nothing_at_all_was_judged_is_told_unasked() -> None:
    idle = played()
    unjudged = tuple(each for each in idle.results if each.reason)
    assert "C5    in 1 story      the connector offers no log\n" in shown(structs.replace(idle, results=unjudged))


def test_a_story_whose_fault_never_struck_is_neither_good_nor_wrong() -> None:
    text = shown(played(), untried())
    assert "  not tried    A sale  (1 checks passed" in text
    assert "    step        stories/sale.yaml:7\n                Given the ledger is down for 10 minutes\n" in text
    assert "2 stories: 1 ok, 1 not tried\n" in text
    assert "0 findings" in text


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


def test_the_requests_are_shown_to_who_asks_for_them() -> None:
    def told(*, http: bool) -> str:
        out = io.StringIO()
        console = Console(file=out, highlight=False, markup=False, emoji=False, soft_wrap=True, color_system=None)
        terminal = Terminal(console, console, http=http)
        terminal.begin("simharness", 1)
        terminal.add(played_with(invoice_total("4411.50")))
        terminal.end([])
        return out.getvalue()

    assert "POST" not in told(http=False)
    assert "the requests beneath it\n" in told(http=True)
    assert "#1 2026-01-12 18:00:00 200 POST quickbooks.api.intuit.com/v3/invoice\n" in told(http=True)
