"""What an exploration leaves beside its stream: summary.json, junit.xml, and the smallest case of each finding."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from simharness.core.errors import HarnessFault
from simharness.domain.base import decode, encode
from simharness.explore.store import Cost, Folder, Span, Work, read_results
from simharness.explore.summary import Account, Summary
from simharness.report.aside import make_folder
from simharness.report.exploration_junit import ExplorationJunit

SUMMARY = "summary.json"
JUNIT = "junit.xml"
CASES = "cases"


def leave(folder: Folder, work: Work, costs: Iterable[Cost], flags: str) -> tuple[Summary, Account, tuple[Path, ...]]:
    """Read the stream of a finished folder and write what is made of it; the files that are there then."""
    spans = folder.spans()
    summary, junit = Summary(), ExplorationJunit(folder.path / JUNIT, flags)
    ordered: list[Span] = [spans[unit.id] for unit in work.units]
    for unit, result, end in read_results(ordered):
        summary.add(unit, result, end)
        junit.add(unit, result, end)
    junit.keep()
    account = Account.of(summary, work, flags, costs)
    files = [folder.stream, folder.path / SUMMARY, folder.path / JUNIT]
    try:
        (folder.path / SUMMARY).write_bytes(encode(account) + b"\n")
        files += _cases(folder.path / CASES, summary)
    except OSError as error:
        raise HarnessFault(f"{folder.path} cannot be written: {error.strerror}") from error
    return summary, account, tuple(files)


def account_in(folder: Path) -> Account | None:
    """The account that a finished exploration left, None where there is none that can be read."""
    try:
        return decode((folder / SUMMARY).read_bytes(), Account)
    except (OSError, ValueError):
        return None


def _cases(folder: Path, summary: Summary) -> list[Path]:
    """One file for the smallest case of each finding, which `simharness replay` takes; those of before go."""
    for old in folder.glob("*.json"):
        old.unlink()
    if not summary.groups:
        if folder.is_dir():
            folder.rmdir()
        return []
    make_folder(folder)
    for group in summary.groups:
        (folder / f"{group.smallest.id}.json").write_bytes(encode(group.smallest) + b"\n")
    return [folder]
