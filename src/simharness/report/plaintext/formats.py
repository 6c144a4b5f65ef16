"""Which forms of plain-text accounting there are, and what a run is called in each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from simharness.domain.record import RunRecord
from simharness.report.plaintext import beancount, hledger
from simharness.report.plaintext.journal import Journal, journal
from simharness.report.plaintext.names import Names, file_stem


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A form of plain-text accounting: the end of its file names and how a journal reads in it."""

    name: str
    suffix: str
    render: Callable[[Journal], str]


#: Every form by its name, in the order in which they are offered.
FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        form.name: form
        for form in (
            Format(name="beancount", suffix=".beancount", render=beancount.render),
            Format(name="hledger", suffix=".journal", render=hledger.render),
        )
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """The books of one story: the name of its file and the bytes in it; None for a story that reached no books."""

    story: str
    file: str
    content: bytes | None


def exports(records: Iterable[RunRecord], form: Format, name: str = "") -> Iterator[Export]:
    """The books of every story whose name contains a text, in the order of the records.

    A file is named after its story. Stories of equal name are numbered over all records, chosen or not, so that a
    selection writes the same files as the whole.
    """
    stems = Names()
    for record in records:
        story = record.header.story
        stem = stems.take(file_stem(story))
        if name.casefold() in story.casefold():
            books = journal(record)
            content = form.render(books).encode() if books else None
            yield Export(story=story, file=stem + form.suffix, content=content)
