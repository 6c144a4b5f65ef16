"""What a person reads while stories are played and when they are over.

A terminal gets colour and a progress line; a pipe, a file or NO_COLOR get plain text, one line a thing, never wrapped.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.text import Text

from simharness.core.money import Money
from simharness.domain.finding import Judgement, Severity
from simharness.domain.played import Broken, Played
from simharness.report.explaining import sections
from simharness.report.tally import Tally
from simharness.report.untried import is_untried, untried_text
from simharness.report.words import counted, listed, money_text

_SEVERITY_STYLE = {Severity.MONEY: "bold red", Severity.CONDUCT: "bold yellow", Severity.NOTICE: "bold cyan"}.get


class PlainConsole(Console):
    """A console that writes lines as they are: nothing is wrapped, marked up or highlighted."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=True)
        if os.environ.get("NO_COLOR") or not self.is_terminal:
            # Rich takes NO_COLOR for colours only; bold and dim would still be escapes in the text.
            self._color_system = None

    def on_broken_pipe(self) -> NoReturn:
        """Whoever read the output has left: that is said upwards, where Rich would leave the process by itself."""
        raise BrokenPipeError


class Terminal:
    """Prints a line a story as it is played, and findings, explained, and counts in the end.

    `http`: with the requests beneath what the connector did. `reasons`: with what could not be judged, and why.
    """

    def __init__(
        self, console: Console, progress_console: Console, *, http: bool = False, reasons: bool = False
    ) -> None:
        self._console = console
        self._http, self._reasons = http, reasons
        self._tally = Tally()
        self._file: str | None = None
        self._troubled: list[Played | Broken] = []
        self._mistakes: set[str] = set()
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=progress_console,
            auto_refresh=False,
            transient=True,
            disable=not progress_console.is_terminal,
        )
        self._task: TaskID | None = None

    def begin(self, headline: str, stories: int) -> None:
        """Say what is about to be played."""
        self._console.print(headline)
        self._task = self._progress.add_task("", total=stories)
        self._progress.start()

    def playing(self, story: str) -> None:
        """Show which story is on, on a terminal only."""
        if self._task is not None:
            self._progress.update(self._task, description=story)
            self._progress.refresh()

    def add(self, played: Played | Broken) -> None:
        """Print the line of a story."""
        self._tally.add(played)
        self._heading(played)
        if isinstance(played, Broken):
            self._troubled.append(played)
            self._line("unusable" if played.unusable else "broken", "bold red", played.story, "")
        elif played.findings:
            self._troubled.append(played)
            self._line(counted(len(played.findings), "finding"), "bold red", _name(played), _counts(played))
        elif is_untried(played):
            self._troubled.append(played)
            self._line("not tried", "bold yellow", _name(played), _counts(played))
        else:
            self._line("ok", "green", _name(played), _counts(played))
        if self._task is not None and not (isinstance(played, Broken) and played.unusable):
            self._progress.advance(self._task)

    def end(self, written: Iterable[Path] = ()) -> None:
        """Print what is wrong in full, the counts, and which files were left."""
        self.drop()
        for played in self._troubled:
            if isinstance(played, Broken):
                self._broken(played)
                continue
            self._console.print()
            if played.findings:
                self._findings(played)
            else:
                self._untried(played)
        self._summary()
        files = [str(path) for path in written]
        if files:
            self._console.print(f"Left behind: {listed(files)}")

    def keep(self) -> None:
        """Nothing to put in place: lines are out already."""

    def drop(self) -> None:
        """Take the progress line away."""
        self._progress.stop()

    def _heading(self, played: Played | Broken) -> None:
        file = _file_of(played.where) if isinstance(played, Broken) else played.record.header.file
        if file != self._file:
            self._file = file
            self._console.print()
            self._console.print(Text(file or "stories without a file", style="bold"))

    def _line(self, state: str, style: str, name: str, counts: str) -> None:
        line = Text("  ")
        line.append(f"{state:<13}", style=style)
        line.append(name)
        if counts:
            line.append(f"  ({counts})", style="dim")
        self._console.print(line)

    def _broken(self, played: Broken) -> None:
        if played.unusable and played.message in self._mistakes:
            return  # Several scenarios have the same mistake: each has its line, and what is wrong is told once.
        self._mistakes.add(played.message)
        said = "cannot be used" if played.unusable else "could not be played"
        self._console.print()
        self._console.print(Text(f"{played.story} {said}", style="bold"))
        for line in played.message.splitlines():
            self._console.print(Text(f"  {line}"))

    def _findings(self, played: Played) -> None:
        self._console.print(Text(_name(played), style="bold"))
        for section in sections(played, http=self._http):
            style = _SEVERITY_STYLE(section.severity, "dim") if section.severity is not None else "dim"
            first, *further = section.head
            label, message = first[: len(section.label)], first[len(section.label) :]
            self._console.print(Text.assemble("  ", (label, style), message))
            for line in further:
                self._console.print(Text(f"  {line}"))
            for line in section.lines:
                self._console.print(Text(f"  {line}" if line else ""))
            self._console.print()
        self._console.print(Text.assemble("  ", ("again: ", "dim"), played.findings[0].reproduce))

    def _untried(self, played: Played) -> None:
        self._console.print(Text(_name(played), style="bold"))
        for line in untried_text(played).splitlines():
            self._console.print(Text(f"  {line}"))

    def _summary(self) -> None:
        tally = self._tally
        self._console.print()
        # Where nothing at all was judged, or a fault that was asked for never struck, why not is the news.
        told = self._reasons or not tally.judged or bool(tally.idle)
        if told:
            self._unjudged()
        self._counts_of_stories()
        words = {Judgement.FOUND: "with findings"}
        judged = listed(f"{tally.judgements[one]:,} {words.get(one, one.value)}" for one in Judgement)
        more = " (--reasons lists why)" if tally.unjudged and not told else ""
        self._console.print(f"{counted(tally.checks, 'check')}: {judged}{more}")
        severities = listed(f"{tally.severities[one]} {one.value}" for one in Severity if tally.severities[one])
        line = Text(f"{counted(tally.findings, 'finding')}", style="bold red" if tally.findings else "bold green")
        line.append(f": {severities}" if severities else "", style="")
        self._console.print(line)
        for fault, stories in tally.strikes.items():
            where = f"struck in {counted(stories, 'story', 'stories')}" if stories else "never struck, not exercised"
            self._console.print(f"Fault {fault}: {where}")
        if tally.unused_scopes:
            self._console.print(f"Scopes asked for that no request needed: {listed(tally.unused_scopes)}")
        if tally.at_risk:
            self._console.print(f"Money named by findings, counted each time: {_sums(tally.at_risk)}")

    def _counts_of_stories(self) -> None:
        tally = self._tally
        states = [
            (tally.ok, "ok"),
            (tally.with_findings, "with findings"),
            (tally.untried, "not tried"),
            (tally.broken, "could not be played"),
        ]
        told = listed(f"{count} {word}" for count, word in states if count or word == "ok")
        self._console.print(f"{counted(tally.stories, 'story', 'stories')}: {told}")
        if tally.unusable:
            what = f"{counted(tally.unusable, 'story or file', 'stories or files')} with mistakes, not played"
            self._console.print(Text(what, style="bold red"))

    def _unjudged(self) -> None:
        """What could not be judged: each check once, with its commonest reason and the number of stories."""
        for judgement in (Judgement.NOT_APPLICABLE, Judgement.NOT_EXERCISED):
            rows: dict[str, Counter[str]] = {}
            for (check, what, reason), count in self._tally.unjudged.items():
                if what is judgement:
                    rows.setdefault(check, Counter())[reason] += count
            if not rows:
                continue
            self._console.print(Text(f"{judgement.value.capitalize()}:", style="bold"))
            for check, reasons in rows.items():
                reason, _ = reasons.most_common(1)[0]
                stories = counted(reasons.total(), "story", "stories")
                self._console.print(Text(f"  {check:<6}{f'in {stories}':<16}{reason}", style="dim"))
            self._console.print()


def _file_of(where: str) -> str:
    """The file of a place that may be a line of it or all of it."""
    file, _, line = where.rpartition(":")
    return file if line.isdigit() else where


def _name(played: Played) -> str:
    return played.record.header.story


def _counts(played: Played) -> str:
    counts = Counter(result.judgement for result in played.results)
    parts = [f"{counts[Judgement.PASSED]} checks passed"]
    parts += [
        f"{counts[one]} {one.value}" for one in (Judgement.NOT_APPLICABLE, Judgement.NOT_EXERCISED) if counts[one]
    ]
    return listed(parts)


def _sums(sums: dict[str, Money]) -> str:
    return listed(money_text(sums[currency]) for currency in sorted(sums))
