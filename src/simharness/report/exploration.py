"""What a person reads while cases are explored and when they are over.

A terminal gets colour and a progress line; a pipe, a file or NO_COLOR get plain text, a line a unit as it is finished.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.text import Text

from simharness.checks import check_by_id
from simharness.explore.case_text import again
from simharness.explore.cases import Outcome
from simharness.explore.memory import Growth
from simharness.explore.summary import Group, Summary, parts_of
from simharness.explore.units import Unit
from simharness.report.words import counted, finding_lines, listed

#: How many reasons are told in full.
_REASONS = 12
_COLUMNS = (Outcome.PASSED, Outcome.REJECTED, Outcome.FOUND, Outcome.NOT_EXERCISED, Outcome.BROKEN, Outcome.REPRESENTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What an exploration took: `cases_now` were explored in `wall_us` of real time by so many processes. Of all cases
    those that were `tried` and not only represented took them `work_us`, and its parts `parts_us`; `memory` is what
    they held.
    """

    cases_now: int
    wall_us: int
    jobs: int
    tried: int
    work_us: int
    parts_us: Mapping[str, int]
    memory: Growth | None = None


class ExplorationTerminal:
    """Prints a line a unit as it is finished, and findings and counts in the end."""

    def __init__(self, console: Console, progress_console: Console) -> None:
        self._console = console
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[cases]:,} cases"),
            console=progress_console,
            auto_refresh=False,
            transient=True,
            disable=not progress_console.is_terminal,
        )
        self._task: TaskID | None = None
        self._done = 0
        self._under_way: Counter[str] = Counter()

    def begin(self, headline: str, units: int, already: int) -> None:
        """Say what is about to be explored, and how much of it is done."""
        self._console.print(headline)
        if already:
            self._console.print(f"{already} of {units} are explored already, in an earlier run of the same work")
        self._task = self._progress.add_task("exploring", total=units, completed=already, cases=0)
        self._progress.start()

    def under_way(self, unit: Unit, cases: int) -> None:
        """Show how far everybody is, on a terminal only."""
        self._under_way[unit.id] = cases
        self._show()

    def done(self, unit: Unit, cases: int, found: int) -> None:
        """Print the line of a unit."""
        state, style = (f"{found:,} with findings", "bold red") if found else ("ok", "green")
        self._line(state, style, unit, counted(cases, "case"))
        self._under_way[unit.id] = cases
        self._done += 1
        if self._task is not None:
            self._progress.advance(self._task)
        self._show()

    def failed(self, unit: Unit, message: str) -> None:
        """Print the line of a unit that could not be explored, and why."""
        self._line("not explored", "bold red", unit, "")
        for line in message.splitlines():
            self._console.print(Text(f"    {line}"))

    def stop(self) -> None:
        """Take the progress line away."""
        self._progress.stop()

    def end(self, summary: Summary, effort: Effort | None, flags: str, written: Iterable[Path]) -> None:
        """Print what is wrong by signature, the counts, and which files were left."""
        self.stop()
        groups = summary.groups
        for cause, of_cause in _by_cause(groups).items():
            self._cause(cause, of_cause, flags)
        self._broken(summary, flags)
        self._kinds(summary)
        self._reasons("Not exercised", summary.idle)
        self._reasons("Shared the outcome of another case", summary.shared)
        self._reasons(
            "Represented by faults at other calls of the same place of the connector's code, which came out as",
            summary.represented,
        )
        self._counts(summary)
        if effort is not None:
            self._effort(effort)
        line = Text(counted(len(groups), "finding"), style="bold red" if groups else "bold green")
        if groups:
            causes = len({group.signature.cause for group in groups})
            line.append(f" by signature, of {counted(causes, 'cause')}", style="")
        self._console.print(line)
        files = [str(path) for path in written]
        if files:
            self._console.print(f"Left behind: {listed(files)}")

    def _show(self) -> None:
        if self._task is not None:
            self._progress.update(self._task, cases=self._under_way.total())
            self._progress.refresh()

    def _line(self, state: str, style: str, unit: Unit, told: str) -> None:
        line = Text("  ")
        line.append(f"{state:<18}", style=style)
        line.append(unit.title)
        line.append(f"  ({listed(part for part in (told, unit.where) if part)})", style="dim")
        self._console.print(line)

    def _cause(self, cause: str, groups: Sequence[Group], flags: str) -> None:
        """Everything that one cause led to, and each of its smallest cases once."""
        self._console.print()
        self._console.print(Text(f"After {cause}" if "@" in cause else cause.capitalize(), style="bold"))
        for group in groups:
            finding, known = group.finding, check_by_id(group.signature.check)
            head = Text.assemble("  ", (f"{group.signature.check} {finding.severity.value}: ", "bold red"))
            head.append(finding.message)
            stories = counted(group.stories, "story", "stories")
            head.append(f"  ({counted(group.cases, 'case')} in {stories})", style="dim")
            self._console.print(head)
            if known:
                self._console.print(Text(f"    {known.statement}", style="dim"))
            for label, text in finding_lines(finding):
                self._console.print(Text.assemble("    ", (f"{label:<10}", "dim"), text))
        for line in dict.fromkeys(again(group.smallest, flags) for group in groups):
            self._console.print(Text.assemble("  ", ("again: ", "dim"), line))

    def _broken(self, summary: Summary, flags: str) -> None:
        for each in summary.broken[:_REASONS]:
            self._console.print()
            self._console.print(Text(f"{counted(each.cases, 'case')} could not be played", style="bold"))
            for line in each.reason.splitlines():
                self._console.print(Text(f"  {line}"))
            self._console.print(Text.assemble("  ", ("again: ", "dim"), again(each.smallest, flags)))

    def _kinds(self, summary: Summary) -> None:
        if not summary.kinds:
            return
        columns = [one for one in _COLUMNS if summary.outcomes[one]]
        width = max(len(kind) for kind in summary.kinds) + 2
        self._console.print()
        heads = "".join(f"{one.value:>15}" for one in columns)
        self._console.print(Text(f"{'Kind of fault':<{width}}{'cases':>10}{heads}", style="bold"))
        for kind, counts in summary.kinds.items():
            cells = "".join(f"{counts[one]:>15,}" if counts[one] else f"{'-':>15}" for one in columns)
            self._console.print(Text(f"{kind:<{width}}{counts.total():>10,}{cells}"))

    def _reasons(self, title: str, reasons: Mapping[str, int]) -> None:
        if not reasons:
            return
        self._console.print()
        self._console.print(Text(f"{title}:", style="bold"))
        ordered = parts_of(reasons)
        for reason, count in ordered[:_REASONS]:
            self._console.print(Text(f"  {count:>9,}  {reason}", style="dim"))
        rest = sum(count for _, count in ordered[_REASONS:])
        if rest:
            self._console.print(Text(f"  {rest:>9,}  for {len(ordered) - _REASONS} other reasons", style="dim"))

    def _counts(self, summary: Summary) -> None:
        self._console.print()
        told = [f"{summary.outcomes[one]:,} {one.value}" for one in _COLUMNS if summary.outcomes[one]]
        empty = "none could be placed" if summary.units else "no unit falls to this shard"
        self._console.print(f"{counted(summary.cases, 'case')}: {listed(told) or empty}")
        self._console.print(
            f"{summary.exercised:,} exercised: {summary.played:,} played to their own end, "
            f"{summary.shared.total():,} sharing the outcome of another or of the clean run"
        )
        calls, events = summary.calls_per_event
        if events:
            each = f"{calls * 10 // events / 10:,}"
            self._console.print(
                f"{each} calls per business event in the clean runs ({calls:,} for {events:,}), "
                f"{summary.calls:,} calls in all cases"
            )

    def _effort(self, effort: Effort) -> None:
        if not effort.cases_now or not effort.wall_us or not effort.tried:
            return
        minutes, seconds = divmod(effort.wall_us // 1_000_000, 60)
        a_minute = effort.cases_now * 60_000_000 // effort.wall_us
        by = counted(effort.jobs, "process", "processes")
        self._console.print(
            f"{counted(effort.cases_now, 'case')} in {minutes}:{seconds:02} min by {by}: {a_minute:,} a minute; "
            f"{effort.tried:,} were tried, in {effort.work_us / effort.tried / 1000:.1f} ms of a process each"
        )
        parts = [(part, us) for part, us in parts_of(effort.parts_us) if us * 200 >= effort.work_us]
        if parts:
            told = (f"{part} {us / effort.tried / 1000:.1f}" for part, us in parts)
            self._console.print(f"Milliseconds a case that is tried: {listed(told)}")
        if effort.memory is not None:
            grown = effort.memory
            self._console.print(
                f"Memory of a process: {grown.first_kb // 1024:,} MB in the first tenth of its cases, "
                f"{grown.last_kb // 1024:,} MB in the last ({grown.per_thousand / 10:+.1f} %), "
                f"over {grown.cases:,} cases"
            )


def _by_cause(groups: Iterable[Group]) -> dict[str, list[Group]]:
    """The findings of each cause, the causes of most cases first."""
    found: dict[str, list[Group]] = {}
    for group in groups:
        found.setdefault(group.signature.cause, []).append(group)
    return found
