"""`simharness check`: every mistake in stories, features and dictionaries, without running anything."""

from __future__ import annotations

import gc
import sys
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from simharness.cli.metrics import own_metrics
from simharness.core.content import located
from simharness.core.errors import ContentError, UsageError
from simharness.core.processes import processes
from simharness.domain.base import Record, encode
from simharness.report.words import counted, listed
from simharness.stories import discovery, words
from simharness.stories.rules import GENERAL, Severity, rules_table, severity_of

_FORMATS = ("text", "json")


class Problem(Record, frozen=True, kw_only=True, omit_defaults=False):
    """One mistake or hint as `--format json` prints it, one object a line. `rule` is one of those of the docs."""

    file: str
    line: int
    severity: Severity
    rule: str
    message: str
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was asked for on the command line. `today` is the day waivers are compared with, "" for the real one;
    with `strict` a hint fails as a mistake does.
    """

    paths: tuple[Path, ...]
    output: str = "text"
    metrics: Path | None = None
    today: str = ""
    strict: bool = False


def check_stories(wish: Wish) -> int:
    """Print every mistake and hint, and return the exit code: 0 when there is nothing that fails, else 2."""
    if wish.output not in _FORMATS:
        raise UsageError(f"there is no format {wish.output!r}", mend=f"choose {' or '.join(_FORMATS)}")
    today = words.day(wish.today) if wish.today else _real_day()
    how = discovery.Inspection(own_metrics=tuple(own_metrics(wish.metrics)), today=today, hints=True, jobs=processes())
    # What is read is kept until it is told, and looking for garbage in it over and over would find none.
    gc.disable()
    try:
        problems = discovery.lint([located(path) for path in wish.paths], how)
    finally:
        gc.enable()
    mistakes = [problem for problem in problems if severity_of(problem.rule) == "mistake"]
    if wish.output == "json":
        sys.stdout.writelines(encode(_as_data(problem)).decode() + "\n" for problem in problems)
    else:
        sys.stdout.writelines(f"{_as_text(problem)}\n" for problem in problems)
        sys.stdout.write(f"{_summary(len(mistakes), len(problems) - len(mistakes))}\n")
    return 2 if mistakes or (wish.strict and problems) else 0


def print_rules() -> int:
    """Print the names of all rules, as editors and `--format json` have them."""
    sys.stdout.write(rules_table())
    return 0


def _real_day() -> date:
    """The day of whoever asks: a waiver expires in real life, not in a story."""
    return datetime.now().astimezone().date()


def _as_text(problem: ContentError) -> str:
    if severity_of(problem.rule) == "mistake":
        return str(problem)
    place = f"{problem.where}: " if problem.where else ""
    return f"{place}hint: {str(problem).removeprefix(place)}"


def _summary(mistakes: int, hints: int) -> str:
    if not mistakes and not hints:
        return "no mistakes"
    parts = [counted(mistakes, "mistake") if mistakes else "no mistakes"]
    return listed([*parts, counted(hints, "hint")]) if hints else parts[0]


def _as_data(problem: ContentError) -> Problem:
    where = problem.where
    return Problem(
        file=where.file if where else "",
        line=where.line if where else 0,
        severity=severity_of(problem.rule),
        rule=problem.rule or GENERAL,
        message=problem.what,
        mend=problem.mend or "",
    )
