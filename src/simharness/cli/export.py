"""`simharness export`: the books of a run as plain-text accounting, a file a story.

A command of its own and not an option of `run`, because the record is the truth of a run: books can be exported from a
record of last week or of another machine, in one form today and in the other tomorrow, without playing anything again.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from simharness.core.errors import HarnessFault, NothingToTest, UsageError
from simharness.domain.record import RunRecord
from simharness.report.aside import Aside
from simharness.report.ndjson import read_records
from simharness.report.plaintext import FORMATS, Export, exports
from simharness.report.words import counted


def export_books(run: Path, output: str, out: Path | None, name: str) -> int:
    """Write the books of every chosen story and return 0; all files are put in place in the end, or none.

    Without a folder they go beside the record, into one named after the format.
    """
    form = FORMATS.get(output)
    if form is None:
        raise UsageError(f"there is no format {output!r}", mend=f"choose {' or '.join(FORMATS)}")
    folder = out or run.parent / form.name
    files: list[Aside] = []
    chosen: list[Export] = []
    try:
        for export in exports(_records(run), form, name):
            chosen.append(export)
            if export.content is not None:
                files.append(Aside(folder / export.file))
                _write(files[-1], export.content)
        _check(run, name, chosen, files)
        for file in files:
            file.keep()
    except BaseException:
        for file in files:
            file.drop()
        raise
    for export in chosen:
        if export.content is None:
            sys.stdout.write(f"no books: {export.story}\n")
    sys.stdout.write(f"{counted(len(files), 'file')} for {form.name} in {folder}\n")
    return 0


def _records(run: Path) -> Iterator[RunRecord]:
    try:
        yield from read_records(run)
    except HarnessFault as fault:
        raise UsageError(
            f"{run} is not the record of a run: {fault.what}",
            mend="name the run.ndjson that simharness run left, for example simharness-out/run.ndjson",
        ) from fault


def _write(file: Aside, content: bytes) -> None:
    try:
        file.path.write_bytes(content)
    except OSError as error:
        raise HarnessFault(f"{file.target} cannot be written: {error.strerror}") from error


def _check(run: Path, name: str, chosen: list[Export], files: list[Aside]) -> None:
    """An export that wrote nothing must not look like one that did."""
    if not chosen:
        fits = f" that fits -k {name}" if name else ""
        raise NothingToTest(f"{run} holds no story{fits}", mend="look at the stories in it, or play some first")
    if not files:
        raise NothingToTest(
            f"none of {counted(len(chosen), 'story', 'stories')} in {run} reached any books",
            mend="choose a story with a then, after which the books are recorded",
        )
