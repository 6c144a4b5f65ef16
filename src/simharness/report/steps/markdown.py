"""The dictionary as one Markdown page, which ships as docs/steps.md."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib.resources import files
from itertools import groupby
from string import Template

from simharness.report.steps.plain import cells_of, end_of, said
from simharness.stories.guide.entry import Entry, Table
from simharness.stories.sentences.kinds import KINDS

_TEMPLATE = "steps.md"


def markdown(entries: Sequence[Entry]) -> str:
    """The text of the page; its words around the sentences are in a template beside this module."""
    by_area = [(area, list(those)) for area, those in groupby(entries, key=lambda entry: entry.area)]
    contents = "\n".join(f"- [{area}](#{_anchor(area)}): {len(those)}" for area, those in by_area)
    kinds = "\n".join(f"| `{{{kind.name}}}` | {_cell(kind.says)} | `{_cell(kind.example)}` |" for kind in KINDS)
    sentences = "\n".join(line for area, those in by_area for line in _area(area, those))
    template = Template(files(__package__).joinpath(_TEMPLATE).read_text(encoding="utf-8"))
    return template.substitute(contents=contents, kinds=kinds, sentences=sentences, count=len(entries))


def _anchor(area: str) -> str:
    return re.sub(r"[^\w -]", "", area.lower()).replace(" ", "-")


def _area(area: str, entries: Sequence[Entry]) -> Iterator[str]:
    yield f"## {area}"
    yield ""
    for entry in entries:
        yield from _entry(entry)


def _entry(entry: Entry) -> Iterator[str]:
    yield f"### {_plain(entry.pattern)}"
    yield ""
    told = f"verb `{entry.verb}`" if entry.verb else "sets the scene: a key at the head of the story"
    yield f"Under {' or '.join(f'**{keyword}**' for keyword in entry.keywords)}, {told}."
    if entry.about:
        yield f"{entry.about}"
    yield ""
    if entry.parameters:
        yield "| Parameter | Fills | What may stand there |"
        yield "|---|---|---|"
        for each in entry.parameters:
            yield f"| `{{{each.kind}}}` | `{each.key}` | {_cell(each.says)} |"
        yield ""
    for index, table in enumerate(entry.tables):
        if index:
            yield from ("Or a table with these headers instead:", "")
        yield from _table(table)
    if entry.takes_text:
        yield "A text may stand below, between lines of three quotes."
        yield ""
    if entry.details:
        yield f"May also say, {end_of(entry)}: {' · '.join(f'`{detail.form}`' for detail in entry.details)}"
        yield ""
    yield "```gherkin"
    yield from said(entry)
    yield "```"
    yield ""
    yield "```yaml"
    yield entry.yaml.rstrip("\n")
    yield "```"
    yield ""


def _table(table: Table) -> Iterator[str]:
    yield "| Header | What a cell holds |"
    yield "|---|---|"
    for column in table.columns:
        must = " (must be there)" if column.required else ""
        yield f"| {_cell(column.header)}{must} | {_cell(column.says)} |"
    yield ""
    if note := cells_of(table):
        yield f"Cells: {note.replace('*', '`*`').replace('~', '`~`')}."
        yield ""


def _plain(pattern: str) -> str:
    """A pattern as a heading: braces stay, and nothing in it is taken for a mark."""
    return pattern.replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
