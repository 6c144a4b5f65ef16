"""The dictionary on a terminal: a line a sentence, or everything about those that were asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from simharness.stories.guide.areas import area_of
from simharness.stories.guide.entries import keywords
from simharness.stories.guide.entry import Entry, Table
from simharness.stories.sentences.phrasebook import Phrase


def listing(phrases: Iterable[Phrase]) -> Iterator[str]:
    """Every sentence by area, with the keywords under which it may stand."""
    for area, those in groupby(phrases, key=area_of):
        yield area
        for phrase in those:
            yield f"  {'/'.join(keywords(phrase)):<11} {phrase.sentence.pattern}"
        yield ""


def described(entries: Iterable[Entry]) -> Iterator[str]:
    """Everything about sentences, by area."""
    for area, those in groupby(entries, key=lambda entry: entry.area):
        yield area
        for entry in those:
            yield ""
            yield from _entry(entry)
        yield ""


def table_lines(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table as it stands in a feature file, its columns in line."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        yield f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |"


def said(entry: Entry) -> Iterator[str]:
    """The example of a sentence as it stands in a feature file."""
    yield f"{entry.keywords[0]} {entry.example}"
    for table in entry.tables[:1]:
        yield from (f"  {line}" for line in table_lines(table.rows))


def cells_of(table: Table) -> str:
    """What the cells of a claim's table take beside their values, or nothing."""
    if not any(column.cells for column in table.columns):
        return ""
    return "blank must be empty, * any value but there must be one, ~ not checked"


def _entry(entry: Entry) -> Iterator[str]:
    yield f"  {' or '.join(entry.keywords)} {entry.pattern}"
    if entry.about:
        yield f"      {entry.about}"
    width = max((len(each.kind) for each in entry.parameters), default=0) + 2
    for parameter in entry.parameters:
        yield f"      {f'{{{parameter.kind}}}':<{width}}  {parameter.says}, as {parameter.example}"
    for index, table in enumerate(entry.tables):
        yield f"      {'or ' if index else ''}a table below with the headers"
        for column in table.columns:
            must = " (must be there)" if column.required else ""
            yield f"        {column.header}: {column.says}{must}"
        if note := cells_of(table):
            yield f"        cells: {note}"
    if entry.takes_text:
        yield "      a text below, between lines of three quotes"
    if entry.details:
        yield f"      also: {'  '.join(detail.form for detail in entry.details)}"
    yield "      for example"
    yield from (f"        {line}" for line in said(entry))
    yield f"      in YAML{f', {entry.verb}' if entry.verb else ', at the head of the story'}"
    yield from (f"        {line}" for line in entry.yaml.splitlines())
