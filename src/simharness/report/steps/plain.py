"""The dictionary on a terminal: a line a sentence, or everything about those that were asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TypeVar

from simharness.stories.guide.areas import area_of
from simharness.stories.guide.entries import keywords
from simharness.stories.guide.entry import Entry, Parameter, Table
from simharness.stories.sentences.phrasebook import Phrase

_One = TypeVar("_One")


def listing(phrases: Iterable[Phrase]) -> Iterator[str]:
    """Every sentence by area, with the keywords under which it may stand."""
    for area, those in groupby(phrases, key=area_of):
        yield area
        for phrase in those:
            yield f"  {'/'.join(keywords(phrase)):<11} {phrase.sentence.pattern}"
        yield ""


def described(entries: Iterable[Entry]) -> Iterator[str]:
    """Everything about sentences, by area; those that say one thing in several ways share its explanation."""
    for area, those in groupby(entries, key=lambda entry: entry.area):
        yield area
        ways: dict[str, list[Entry]] = {}
        for entry in those:
            ways.setdefault(entry.verb or entry.pattern, []).append(entry)
        for same in ways.values():
            yield ""
            yield from _explained(same)
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


def end_of(entry: Entry) -> str:
    """Where a detail stands that is added to a sentence."""
    return "just before the colon" if entry.pattern.endswith(":") else "at the end"


def _explained(entries: Sequence[Entry]) -> Iterator[str]:
    """Sentences of one meaning: each as it is, what is to be said of all, and an example of each."""
    for entry in entries:
        yield f"  {' or '.join(entry.keywords)} {entry.pattern}"
    first = entries[0]
    if first.about:
        yield f"      {first.about}"
    yield from _parameters(_once(each for entry in entries for each in entry.parameters))
    for index, table in enumerate(_once(table for entry in entries for table in entry.tables)):
        yield f"      {'or ' if index else ''}a table below{' where it ends in a colon' * (len(entries) > 1)}, headers"
        for column in table.columns:
            must = " (must be there)" if column.required else ""
            yield f"        {column.header}: {column.says}{must}"
        if note := cells_of(table):
            yield f"        cells: {note}"
    if any(entry.takes_text for entry in entries):
        yield "      a text below, between lines of three quotes"
    yield from _details(entries)
    yield "      for example"
    shown: set[tuple[tuple[str, ...], ...]] = set()
    for entry in entries:
        rows = entry.tables[0].rows if entry.tables else ()
        # The same table is shown beneath the first of the sentences that take it.
        yield from (f"        {line}" for line in ([*said(entry)] if rows not in shown else [*said(entry)][:1]))
        shown |= {rows} if rows else set()
    yield f"      in YAML{f', {first.verb}' if first.verb else ', at the head of the story'}"
    yield from (f"        {line}" for line in first.yaml.splitlines())


def _parameters(parameters: Sequence[Parameter]) -> Iterator[str]:
    width = max((len(each.kind) for each in parameters), default=0) + 2
    for kind, key, says in _once((each.kind, each.key, each.says) for each in parameters):
        examples = _once(each.example for each in parameters if (each.kind, each.key, each.says) == (kind, key, says))
        yield f"      {f'{{{kind}}}':<{width}}  {says}, as {' or '.join(examples[:3])}"


def _details(entries: Sequence[Entry]) -> Iterator[str]:
    forms = _once(detail.form for entry in entries for detail in entry.details)
    known = [{detail.form for detail in entry.details} for entry in entries]
    of_all = [form for form in forms if all(form in of_one for of_one in known)]
    of_some = [form for form in forms if form not in of_all]
    if of_all:
        where = " or ".join(_once(map(end_of, entries)))
        yield f"      also, {where}, with a comma where one stands here: {'  '.join(of_all)}"
    if of_some:
        yield f"      also behind those of them that do not say it yet: {'  '.join(of_some)}"


def _once(items: Iterable[_One]) -> list[_One]:
    return list(dict.fromkeys(items))
