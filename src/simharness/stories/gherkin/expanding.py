"""The scenarios of a feature with their backgrounds worked in, and a scenario for each row of an outline.

A step that reads alike in all rows of an outline is one object, so that whoever works on steps can work on it once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from simharness.core.errors import ContentError
from simharness.stories.gherkin.document import Document, walked
from simharness.stories.nearest import suggestion
from simharness.stories.positions import Node

_PLACEHOLDER = re.compile("<([^<>]+)>")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SaidStep:
    """A step as it reads after substitution, at its line. `kind` is Context, Action, Outcome, or Unknown for a keyword
    that does not say which.
    """

    text: str
    kind: str
    place: Node
    rows: tuple[tuple[Node, ...], ...] = ()
    text_below: Node | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A scenario, or one row of an outline; `place` is its line, or that of the row."""

    name: str
    tags: tuple[Node, ...]
    steps: tuple[SaidStep, ...]
    place: Node
    problems: tuple[ContentError, ...] = ()


@dataclass(frozen=True, slots=True)
class _Written:
    """A step of the tree with its kind, which `And` takes from the step above. `said` is the step without values, where
    nothing is to be put into it.
    """

    raw: Any
    kind: str
    said: SaidStep | None


def scenarios_of(document: Document) -> Iterator[Scenario]:
    """The scenarios of a document in the order of the file."""
    if document.feature is None:
        return
    backgrounds: dict[int, list[Any]] = {}
    for kind, tree, around in walked(document.feature):
        if kind == "background":
            backgrounds.setdefault(id(around[-1]), []).extend(tree["steps"])
            continue
        above = [step for each in around for step in backgrounds.get(id(each), ())]
        tags = [tag for each in (*around, tree) for tag in each.get("tags", ())]
        yield from _expanded(document, tree, tags, above)


def _expanded(document: Document, tree: Any, tags: list[Any], above: list[Any]) -> Iterator[Scenario]:
    outline = bool(tree["examples"])
    steps = _written(document, above, placeholders=False) + _written(document, tree["steps"], placeholders=outline)
    steps = _conjoined(steps)
    line, name = tree["location"]["line"], tree["name"]
    if not tree["steps"]:
        steps = []
    if not outline:
        place = document.node(line, name)
        said = tuple(_filled(document, step, {}) for step in steps)
        wrong = _no_examples(document, tree) if _PLACEHOLDER.search(name) or _is_outline(tree) else ()
        yield Scenario(name=name, tags=_tags(document, tags), steps=said, place=place, problems=wrong)
        return
    for examples in tree["examples"]:
        header = examples.get("tableHeader")
        body = examples.get("tableBody", ())
        if header is None or not body:
            place = document.node(examples["location"]["line"])
            yield Scenario(name=name, tags=(), steps=(), place=place, problems=_empty(place))
            continue
        columns = [cell["value"] for cell in header["cells"]]
        wrong = tuple(_without_column(document, tree, columns))
        all_tags = _tags(document, [*tags, *examples["tags"]])
        for row in body:
            values = {column: cell["value"] for column, cell in zip(columns, row["cells"], strict=True)}
            own = _put_in(name, values)
            yield Scenario(
                name=f"{own} ({row['cells'][0]['value']})" if own == name else own,
                tags=all_tags,
                steps=() if wrong else tuple(_filled(document, step, values) for step in steps),
                place=document.node(row["location"]["line"], own),
                problems=wrong,
            )


def _written(document: Document, steps: Sequence[Any], *, placeholders: bool) -> list[_Written]:
    return [_Written(raw, raw["keywordType"], None if placeholders and _varies(raw) else _said(document, raw, {}))
            for raw in steps]  # fmt: skip


def _conjoined(steps: Sequence[_Written]) -> list[_Written]:
    """The steps, of which `And` and `But` are of the kind of the step above."""
    kind, found = "Unknown", []
    for step in steps:
        kind = kind if step.kind == "Conjunction" else step.kind
        said = step.said
        if said is not None and said.kind != kind:
            said = replace(said, kind=kind)
        found.append(_Written(step.raw, kind, said))
    return found


def _filled(document: Document, step: _Written, values: Mapping[str, str]) -> SaidStep:
    return step.said or _said(document, step.raw, values, step.kind)


def _said(document: Document, raw: Any, values: Mapping[str, str], kind: str = "") -> SaidStep:
    line, text = raw["location"]["line"], _put_in(raw["text"], values)
    below = raw.get("docString")
    table = raw.get("dataTable")
    rows = () if table is None else tuple(_rows(document, table["rows"], values))
    return SaidStep(
        text=text,
        kind=kind or raw["keywordType"],
        place=document.node(line, text, f"{raw['keyword']}{text}"),
        rows=rows,
        text_below=None
        if below is None
        else document.node(below["location"]["line"], _put_in(below["content"], values)),
    )


def _rows(document: Document, rows: Sequence[Any], values: Mapping[str, str]) -> Iterator[tuple[Node, ...]]:
    for row in rows:
        place = document.node(row["location"]["line"])
        yield tuple(place.leaf(_put_in(cell["value"], values)) for cell in row["cells"])


def _put_in(text: str, values: Mapping[str, str]) -> str:
    if not values or "<" not in text:
        return text
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def _varies(raw: Any) -> bool:
    return any("<" in text for text in _texts(raw))


def _texts(raw: Any) -> Iterator[str]:
    yield raw["text"]
    yield from (cell["value"] for row in raw.get("dataTable", {}).get("rows", ()) for cell in row["cells"])
    if "docString" in raw:
        yield raw["docString"]["content"]


def _tags(document: Document, tags: Sequence[Any]) -> tuple[Node, ...]:
    return tuple(document.node(tag["location"]["line"], tag["name"].removeprefix("@")) for tag in tags)


def _is_outline(tree: Any) -> bool:
    return any(_PLACEHOLDER.search(text) for raw in tree["steps"] for text in _texts(raw))


def _no_examples(document: Document, tree: Any) -> tuple[ContentError, ...]:
    place = document.node(tree["location"]["line"])
    what = "values are to be put in between < and >, and there are no examples"
    return (
        place.problem(what, "add Examples: with a table below the steps, or write the value itself", rule="examples"),
    )


def _empty(place: Node) -> tuple[ContentError, ...]:
    mend = "write a row of headers and at least one row below it"
    return (place.problem("the examples have no rows: the scenario would never be played", mend, rule="examples"),)


def _without_column(document: Document, tree: Any, columns: Sequence[str]) -> Iterator[ContentError]:
    """Each value that is to be put into a step, and that the examples do not have."""
    for raw in tree["steps"]:
        for word in dict.fromkeys(found[1] for text in _texts(raw) for found in _PLACEHOLDER.finditer(text)):
            if word not in columns:
                what = f"the examples have no column {word!r}"
                yield document.node(raw["location"]["line"]).problem(what, suggestion(word, columns), rule="examples")
