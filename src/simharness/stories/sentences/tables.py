"""A table below a sentence, as the list or map that the same step has in YAML.

The first row are headers: the keys of a row in words, or the columns that the sentence names. Of an act a blank cell
says nothing, as does `~`. Of a claim a blank cell says that there must be nothing, `*` that there must be something,
and `~` is not checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from simharness.core.errors import ContentError, HarnessFault
from simharness.stories.decode import takes_cell
from simharness.stories.nearest import suggestion
from simharness.stories.positions import Node
from simharness.stories.sentences.filling import texts_in
from simharness.stories.sentences.phrasebook import Phrase, Said
from simharness.stories.shape import Field, Hint, Shape

#: What a cell says that is not looked at, one that must be empty, and one that must have some value.
UNCHECKED, EMPTY, ANY = "~", "", "*"

Row = Sequence[Node]


def table_tree(said: Said, rows: Sequence[Row], place: Node) -> Node:
    """The tree of a table; raises `ContentError` for a header or a form that the sentence does not take."""
    phrase = said.phrase
    if len(rows) < 2:
        raise place.problem(
            "the table has no rows", "write a row of headers and at least one row below it", rule="table"
        )
    header, *body = rows
    for row in body:
        if len(row) != len(header):
            what = f"the row has {len(row)} cells and the headers are {len(header)}"
            raise row[0].problem(what, "give every row as many cells as there are headers", rule="table")
    hint = phrase.shape.by_name[table_field(phrase, header)].hint
    inner = hint.parts[0] if hint.parts else hint
    claimed = phrase.claims
    if claimed and all(cell.text == UNCHECKED for row in body for cell in row):
        mend = "write what must be true into the table: ~ is for the cells that do not matter"
        raise place.problem("this checks nothing: every cell of the table is ~", mend, rule="checks-nothing")
    if inner.shape is not None:
        return _records(inner.shape, header, body, place, claimed=claimed)
    if not phrase.sentence.columns:
        raise HarnessFault(f"the sentence {phrase.sentence.pattern!r} does not name the columns of its table")
    columns = [_column(column, said) for column in phrase.sentence.columns]
    _check_columns(columns, header)
    order = [_words(cell.text) for cell in header]
    places = [order.index(column) for column in columns]
    if inner.parts:
        pairs = tuple((row[places[0]], _checked(row[places[1]], inner.parts[1], claimed=claimed)) for row in body)
        return replace(place, kind="map", text="", items=(), pairs=pairs)
    return replace(place, kind="list", text="", pairs=(), items=tuple(row[places[0]] for row in body))


def _column(column: str, said: Said) -> str:
    """The header of a column: itself, or what the sentence says of a field, of a column named `{field}`."""
    if not column.startswith("{"):
        return column
    return _words(said.values[said.phrase.sentence.binds.index(column.strip("{}"))])


def table_field(phrase: Phrase, header: Row) -> str:
    """The field that a table fills: of two that it could be, the one whose headers it has more of."""
    sentence = phrase.sentence
    if not sentence.or_table:
        return sentence.table
    headers = [cell.text.strip().lower().replace(" ", "_") for cell in header]

    def known(name: str) -> int:
        inner = phrase.shape.by_name[name].hint.parts[0].shape
        return sum(1 for word in headers if inner is not None and word in inner.by_key)

    return max((sentence.table, sentence.or_table), key=known)


def table_headers(phrase: Phrase) -> tuple[str, ...]:
    """The headers that the table of a sentence may have; none of one without a table."""
    if not phrase.sentence.table:
        return ()
    hint = phrase.shape.by_name[phrase.sentence.table].hint
    inner = hint.parts[0] if hint.parts else hint
    if inner.shape is not None:
        return tuple(_words(key) for key in inner.shape.keys)
    return phrase.sentence.columns


def _records(shape: Shape, header: Row, body: Sequence[Row], place: Node, *, claimed: bool) -> Node:
    fields = []
    for cell in header:
        word = cell.text.strip().lower().replace(" ", "_")
        field = shape.by_key.get(word) or shape.by_name.get(word)
        if field is None:
            known = [_words(key) for key in shape.keys]
            raise cell.problem(f"the table has no column {cell.text!r}", suggestion(cell.text, known), rule="header")
        if field in fields:
            raise cell.problem(f"the column {cell.text!r} is there twice", "leave one of them out", rule="header")
        fields.append(field)
    items = []
    for row in body:
        told = [
            (replace(cell, text=field.key), replace(cell, text=texts_in(field, cell.text)))
            for field, cell in zip(fields, row, strict=True)
            if _says(field, cell, claimed=claimed)
        ]
        items.append(replace(row[0], kind="map", text="", items=(), pairs=tuple(told)))
    return replace(place, kind="list", text="", pairs=(), items=tuple(items))


def _says(field: Field, cell: Node, *, claimed: bool) -> bool:
    """Whether a cell says something of its field; a blank one only where a claim can say that there is nothing."""
    if cell.text == ANY and not takes_cell(field.hint):
        raise _no_any(cell, claimed=claimed)
    return cell.text != UNCHECKED and (cell.text != EMPTY or (claimed and takes_cell(field.hint)))


def _checked(cell: Node, hint: Hint, *, claimed: bool) -> Node:
    """The value of a pair, which is nothing at all where it is not checked."""
    if cell.text == ANY and not takes_cell(hint):
        raise _no_any(cell, claimed=claimed)
    return replace(cell, kind="nothing", text="") if cell.text == UNCHECKED and takes_cell(hint) else cell


def _no_any(cell: Node, *, claimed: bool) -> ContentError:
    if claimed:
        return cell.problem("this column takes no '*'", "write the value, or ~ if it is not to be checked", rule="cell")
    return cell.problem("'*' says nothing of what is done", "write the value: * is for what must be true", rule="cell")


def _check_columns(columns: Sequence[str], header: Row) -> None:
    for cell in header:
        if _words(cell.text) not in columns:
            raise cell.problem(f"the table has no column {cell.text!r}", suggestion(cell.text, columns), rule="header")
    found = [_words(cell.text) for cell in header]
    for column in columns:
        if column not in found:
            mend = f"the columns are {', '.join(columns)}"
            raise header[0].problem(f"the column {column!r} is missing", mend, rule="header")


def _words(text: str) -> str:
    return text.strip().lower().replace("_", " ")
