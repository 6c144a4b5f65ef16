"""One story told several times: an `examples` table whose cells replace `<placeholders>`.

A text that is nothing but a placeholder becomes the cell itself, whatever it holds (a list of lines, a whole step);
inside a longer text the cell must be text. The first column names the row unless the story's name has a placeholder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from simharness.stories.nearest import suggestion
from simharness.stories.positions import Node

_PLACEHOLDER = re.compile(r"<([^<>\n]+)>")


def expand(document: Node) -> Iterator[Node]:
    """The documents a story stands for: itself without examples, else one a row. Raises `ContentError`."""
    table = document.get("examples")
    plain = document.without("examples")
    if table is None:
        used = next(_placeholders(plain), None)
        if used is not None:
            raise used[1].problem(
                f"<{used[0]}> stands here, but the story has no examples",
                f"add examples: with a column {used[0]}, or put the value itself",
            )
        yield document
        return
    if table.kind != "list" or not table.items:
        raise table.problem("examples takes a list of rows", "write one row a line: - {column: value, …}")
    used_names = {name for name, _ in _placeholders(plain)}
    columns = table.items[0].keys()
    for row in table.items:
        _check_row(row, columns)
    for name, place in _placeholders(plain):
        if name not in columns:
            raise place.problem(f"<{name}> is no column of the examples", suggestion(name, columns))
    for index, column in enumerate(columns):
        # The first column may only name the row.
        if column not in used_names and index > 0:
            raise table.items[0].problem(f"the column {column!r} is used nowhere", f"write <{column}> in the story")
    for row in table.items:
        yield _filled_story(plain, row)


def _check_row(row: Node, columns: tuple[str, ...]) -> None:
    if row.kind != "map" or not row.pairs:
        raise row.problem("a row of examples needs columns and values", "write it as {column: value, …}")
    for column in columns:
        if row.get(column) is None:
            raise row.problem(f"the column {column!r} is missing in this row")
    for key, _ in row.pairs:
        if key.text not in columns:
            raise key.problem(f"the first row has no column {key.text!r}", suggestion(key.text, columns))


def _filled_story(document: Node, row: Node) -> Node:
    filled = _filled(document, row)
    name, before = filled.get("story"), document.get("story")
    if name is None or before is None or name.text != before.text:
        return filled
    renamed = replace(name, text=f"{name.text} ({row.pairs[0][1].text})")
    return replace(filled, pairs=tuple((key, renamed if key.text == "story" else value) for key, value in filled.pairs))


def _filled(node: Node, row: Node) -> Node:
    if node.kind == "text":
        whole = _PLACEHOLDER.fullmatch(node.text)
        if whole is not None:
            return row.get(whole[1]) or node
        return replace(node, text=_PLACEHOLDER.sub(lambda match: _cell(row, match[1], node), node.text))
    items = tuple(_filled(item, row) for item in node.items)
    pairs = tuple((_filled(key, row), _filled(value, row)) for key, value in node.pairs)
    return replace(node, items=items, pairs=pairs)


def _cell(row: Node, column: str, place: Node) -> str:
    cell = row.get(column)
    if cell is None or cell.kind != "text":
        raise place.problem(f"<{column}> stands inside a text, so its value must be text")
    return cell.text


def _placeholders(node: Node) -> Iterator[tuple[str, Node]]:
    for name in _PLACEHOLDER.findall(node.text):
        yield name, node
    for item in node.items:
        yield from _placeholders(item)
    for key, value in node.pairs:
        yield from _placeholders(key)
        yield from _placeholders(value)
