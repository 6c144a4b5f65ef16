"""A table below a sentence, as the list or map that the same step has in YAML.

The first row are headers: the keys of a row in words, or the columns that the sentence names. A blank cell says
nothing, as does `~`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from simharness.core.errors import HarnessFault
from simharness.stories.nearest import suggestion
from simharness.stories.positions import Node
from simharness.stories.sentences.filling import texts_in
from simharness.stories.sentences.phrasebook import Phrase
from simharness.stories.shape import Shape

#: What a cell says that is not looked at.
UNCHECKED = "~"

Row = Sequence[Node]


def table_tree(phrase: Phrase, rows: Sequence[Row], place: Node) -> Node:
    """The tree of a table; raises `ContentError` for a header or a form that the sentence does not take."""
    if len(rows) < 2:
        raise place.problem("the table has no rows", "write a row of headers and at least one row below it")
    header, *body = rows
    for row in body:
        if len(row) != len(header):
            what = f"the row has {len(row)} cells and the headers are {len(header)}"
            raise row[0].problem(what, "give every row as many cells as there are headers")
    hint = phrase.shape.by_name[phrase.sentence.table].hint
    inner = hint.parts[0] if hint.parts else hint
    if inner.shape is not None:
        return _records(inner.shape, header, body, place)
    if not phrase.sentence.columns:
        raise HarnessFault(f"the sentence {phrase.sentence.pattern!r} does not name the columns of its table")
    _check_columns(phrase.sentence.columns, header)
    order = [_words(cell.text) for cell in header]
    places = [order.index(column) for column in phrase.sentence.columns]
    if inner.parts:
        pairs = tuple((row[places[0]], row[places[1]]) for row in body)
        return replace(place, kind="map", text="", items=(), pairs=pairs)
    return replace(place, kind="list", text="", pairs=(), items=tuple(row[places[0]] for row in body))


def _records(shape: Shape, header: Row, body: Sequence[Row], place: Node) -> Node:
    fields = []
    for cell in header:
        field = shape.by_key.get(cell.text.strip().lower().replace(" ", "_"))
        if field is None:
            known = [_words(key) for key in shape.keys]
            raise cell.problem(f"the table has no column {cell.text!r}", suggestion(cell.text, known))
        if field in fields:
            raise cell.problem(f"the column {cell.text!r} is there twice", "leave one of them out")
        fields.append(field)
    items = []
    for row in body:
        told = [
            (replace(cell, text=field.key), replace(cell, text=texts_in(field, cell.text)))
            for field, cell in zip(fields, row, strict=True)
            if cell.text not in ("", UNCHECKED)
        ]
        items.append(replace(row[0], kind="map", text="", items=(), pairs=tuple(told)))
    return replace(place, kind="list", text="", pairs=(), items=tuple(items))


def _check_columns(columns: Sequence[str], header: Row) -> None:
    for cell in header:
        if _words(cell.text) not in columns:
            raise cell.problem(f"the table has no column {cell.text!r}", suggestion(cell.text, columns))
    found = [_words(cell.text) for cell in header]
    for column in columns:
        if column not in found:
            raise header[0].problem(f"the column {column!r} is missing", f"the columns are {', '.join(columns)}")


def _words(text: str) -> str:
    return text.strip().lower().replace("_", " ")
