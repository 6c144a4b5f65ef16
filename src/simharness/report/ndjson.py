"""`run.ndjson`: the records of a run, one after another.

Each record is a header line (`{"header": …}`) followed by one line an item, as `simharness.domain.record` writes it;
the next header line begins the next story. The file is the truth of the run: everything else can be made from it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from simharness.core.errors import HarnessFault, UsageError
from simharness.domain.played import Broken, Played
from simharness.domain.record import RunRecord, lines, read
from simharness.report.aside import Aside

#: How every header line begins; no other line has this key first.
_HEADER = b'{"header":'


class RecordFile:
    """Writes record after record; the file appears when the run is complete."""

    def __init__(self, target: Path) -> None:
        self._aside = Aside(target)
        self._stream = self._aside.path.open("wb")

    def add(self, played: Played | Broken) -> None:
        """Append the record of a story; a story that could not be played has none."""
        if isinstance(played, Played):
            try:
                self._stream.writelines(lines(played.record))
            except OSError as error:
                raise HarnessFault(f"the record cannot be written: {error.strerror}") from error

    def keep(self) -> None:
        """Put the file in place."""
        self._stream.close()
        self._aside.keep()

    def drop(self) -> None:
        """Leave no trace."""
        self._stream.close()
        self._aside.drop()


def read_records(path: Path) -> Iterator[RunRecord]:
    """Every record of a file in its order.

    Raises `UsageError` if the file cannot be opened and `HarnessFault` if it is damaged.
    """
    try:
        stream = path.open("rb")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    with stream:
        for story in _split(path, stream):
            yield read(story)


def _split(path: Path, source: Iterable[bytes]) -> Iterator[list[bytes]]:
    story: list[bytes] = []
    for line in source:
        if line.startswith(_HEADER) and story:
            yield story
            story = []
        if not story and not line.startswith(_HEADER):
            raise HarnessFault(f"{path} does not begin with the header line of a record")
        story.append(line)
    if story:
        yield story
