"""`simharness check`: every mistake in stories and dictionaries, without running anything."""

from __future__ import annotations

import sys
from pathlib import Path

from simharness.cli.run import own_metrics
from simharness.core.content import located
from simharness.core.errors import ContentError, UsageError
from simharness.domain.base import Record, encode
from simharness.report.words import counted
from simharness.stories import discovery

_FORMATS = ("text", "json")


class Problem(Record, frozen=True, kw_only=True, omit_defaults=False):
    """One mistake as `--format json` prints it, one object a line."""

    file: str
    line: int
    message: str
    mend: str


def check_stories(paths: tuple[Path, ...], output: str, metrics: Path | None = None) -> int:
    """Print every mistake and return the exit code: 0 when there is none, else 2."""
    if output not in _FORMATS:
        raise UsageError(f"there is no format {output!r}", mend=f"choose {' or '.join(_FORMATS)}")
    problems = discovery.lint([located(path) for path in paths], own_metrics(metrics))
    if output == "json":
        for problem in problems:
            sys.stdout.write(encode(_as_data(problem)).decode() + "\n")
        return 2 if problems else 0
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    if problems:
        sys.stdout.write(f"{counted(len(problems), 'mistake')}\n")
        return 2
    sys.stdout.write("no mistakes\n")
    return 0


def _as_data(problem: ContentError) -> Problem:
    where = problem.where
    return Problem(
        file=where.file if where else "",
        line=where.line if where else 0,
        message=problem.what,
        mend=problem.mend or "",
    )
