"""A feature file as scenarios whose outlines, backgrounds and rules are already worked in, each step at its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gherkin.errors import CompositeParserException, ParserError
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler

from simharness.core.errors import ContentError, Where
from simharness.stories.positions import Node, shown_path

#: Spaces that look like spaces: they come with what is copied from a web page or a word processor.
_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2007": " ", "\t": " "})
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidStep:
    """A step as it reads after substitution, at its line. `kind` is Context, Action, Outcome or Unknown."""

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


@dataclass(slots=True)
class _Lines:
    """The places of what the parser numbered, in one file."""

    file: str
    lines: list[str]
    by_id: dict[str, Any] = field(default_factory=dict)

    def node(self, line: int, text: str = "", source: str | None = None) -> Node:
        shown = self.lines[line - 1] if source is None and 0 < line <= len(self.lines) else source or ""
        return Node(kind="text", where=Where(self.file, line), source=shown, text=text)

    def learn(self, tree: object) -> None:
        """Remember everything with an id, wherever it stands in the tree."""
        if isinstance(tree, dict):
            if "id" in tree:
                self.by_id[tree["id"]] = tree
            for value in tree.values():
                self.learn(value)
        elif isinstance(tree, list):
            for value in tree:
                self.learn(value)

    def line_of(self, id: str) -> int:
        return int(self.by_id[id]["location"]["line"])


def read_text(path: Path) -> str:
    """The text of a feature file; raises `ContentError` for one that cannot be read or is not UTF-8."""
    file = shown_path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ContentError(f"cannot be read: {error.strerror}", where=Where(file)) from error
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ContentError("is not text in UTF-8", where=Where(file, line), mend="save the file as UTF-8") from error
    return text.removeprefix(_BOM).replace("\r\n", "\n").replace("\r", "\n").translate(_BLANKS)


def scenarios_in(text: str, file: str) -> tuple[Scenario, ...]:
    """The scenarios of a feature in the order of the file; raises `ContentError` for what is no Gherkin."""
    try:
        document: Any = Parser().parse(text)
    except CompositeParserException as error:
        raise _broken(error.errors[0], file, text) from error
    except ParserError as error:
        raise _broken(error, file, text) from error
    document["uri"] = file
    lines = _Lines(file, text.split("\n"))
    lines.learn(document)
    pickles: Any = Compiler().compile(document)
    return tuple(_scenario(pickle, lines) for pickle in pickles)


def _broken(error: ParserError, file: str, text: str) -> ContentError:
    location: Mapping[str, int] = getattr(error, "location", None) or {}
    line = location.get("line", 0)
    said = str(error).partition(": ")[2] if str(error).startswith("(") else str(error)
    all_lines = text.split("\n")
    place = Node(kind="text", where=Where(file, line), source=all_lines[line - 1] if 0 < line <= len(all_lines) else "")
    mend = "a line begins with Given, When, Then, And, a table row with |, and a comment with #"
    return place.problem(f"this is no Gherkin: {said}", mend)


def _scenario(pickle: Any, lines: _Lines) -> Scenario:
    row = lines.by_id[pickle["astNodeIds"][1]] if len(pickle["astNodeIds"]) > 1 else None
    line = lines.line_of(pickle["astNodeIds"][-1])
    name = pickle["name"]
    if row is not None and name == lines.by_id[pickle["astNodeIds"][0]]["name"]:
        name = f"{name} ({row['cells'][0]['value']})"
    tags = tuple(lines.node(lines.line_of(tag["astNodeId"]), tag["name"].removeprefix("@")) for tag in pickle["tags"])
    steps = tuple(_steps(pickle["steps"], lines))
    return Scenario(name=name, tags=tags, steps=steps, place=lines.node(line, name))


def _steps(steps: Any, lines: _Lines) -> Iterator[SaidStep]:
    for step in steps:
        written = lines.by_id[step["astNodeIds"][0]]
        line = written["location"]["line"]
        source = f"{written['keyword']}{step['text']}"
        argument = step.get("argument", {})
        below = argument.get("docString")
        yield SaidStep(
            text=step["text"],
            kind=step.get("type", "Unknown"),
            place=lines.node(line, step["text"], source),
            rows=tuple(_rows(argument.get("dataTable"), written, lines)),
            text_below=None
            if below is None
            else lines.node(written["docString"]["location"]["line"], below["content"]),
        )


def _rows(table: Any, written: Any, lines: _Lines) -> Iterator[tuple[Node, ...]]:
    if table is None:
        return
    for row, place in zip(table["rows"], written["dataTable"]["rows"], strict=True):
        line = place["location"]["line"]
        yield tuple(lines.node(line, cell["value"]) for cell in row["cells"])
