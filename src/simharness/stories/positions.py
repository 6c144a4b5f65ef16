"""YAML read as a tree that remembers where everything stands.

Scalars stay text: what they mean is decided by the field that takes them, so `on` is a word, `2026-02-30` reaches a
reader that can say it is no day, and no amount ever passes through a float.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import dedent
from typing import Literal

import yaml

from simharness.core.content import content_folder
from simharness.core.errors import ContentError, HarnessFault, Where

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "timestamp", "value", "merge")
)
_MAX_DEPTH = 40
#: Lines of one step lie no further apart: a comment may stand between two of them.
_BETWEEN = 2
_TAB = "\t"
#: What a complaint of the YAML library most often means in a story.
_MENDS = (
    ("expected '-' indicator", "indent the line exactly as the steps above it, and begin it with a dash"),
    ("expected key", "indent the line exactly as the keys above it; a step begins with a dash"),
    ("mapping values are not allowed", "indent the line exactly as the one above it; a text with a colon needs quotes"),
    ("expected ',' or", "close the bracket that was opened before this line"),
)
_MEND = "look at indentation, colons, quotes and brackets on this line and the one before it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A text, a list, a map or nothing at all, with its line. `source` is the line as the author wrote it."""

    kind: Literal["text", "list", "map", "nothing"]
    where: Where
    source: str = ""
    text: str = ""
    items: tuple[Node, ...] = ()
    pairs: tuple[tuple[Node, Node], ...] = ()

    def problem(self, what: str, mend: str | None = None, *, rule: str = "", about: str = "") -> ContentError:
        """An error about this place that shows the line; `rule` and `about` are those of `ContentError`."""
        shown = f"{what}\n  {self.where.line:>4} | {self.source.strip()}" if self.source.strip() else what
        return ContentError(shown, where=self.where, mend=mend, rule=rule, about=about)

    def leaf(self, text: str) -> Node:
        """A text at this place."""
        return Node(kind="text", where=self.where, source=self.source, text=text)

    def get(self, key: str) -> Node | None:
        """The value of a key of a map, or None."""
        return next((value for name, value in self.pairs if name.text == key), None)

    def keys(self) -> tuple[str, ...]:
        """The keys of a map in their order."""
        return tuple(name.text for name, _ in self.pairs)

    def without(self, *keys: str) -> Node:
        """The same map without some keys."""
        return replace(self, pairs=tuple(pair for pair in self.pairs if pair[0].text not in keys))

    @property
    def plain(self) -> object:
        """The node as texts, lists and dicts, for fingerprints; None for nothing."""
        if self.kind == "list":
            return [item.plain for item in self.items]
        if self.kind == "map":
            return {name.text: value.plain for name, value in self.pairs}
        return self.text if self.kind == "text" else None


def as_written(step: Node) -> str:
    """The lines of a step as the author wrote them, without the dash and the indent before them.

    What stands elsewhere, as a cell of examples does, is left out: lines follow each other, but for comments between.
    """
    lines, waiting = {step.where.line: step.source}, [step]
    while waiting:
        node = waiting.pop()
        lines.setdefault(node.where.line, node.source)
        waiting += node.items
        for pair in node.pairs:
            waiting += pair
    if len(lines) == 1:
        return step.source.strip().removeprefix("- ")
    last, kept = step.where.line, []
    for line in sorted(line for line in lines if line >= step.where.line):
        if line - last > _BETWEEN:
            break
        last = line
        kept.append(lines[line].rstrip())
    if kept and kept[0].lstrip().startswith("- "):
        kept[0] = kept[0].replace("- ", "  ", 1)
    return dedent("\n".join(kept))


def shown_path(path: Path) -> str:
    """A path as people and records name it: relative to the present folder or to the shipped content that holds it."""
    full = Path(os.path.realpath(path))
    here = Path.cwd()
    if full.is_relative_to(here):
        return full.relative_to(here).as_posix()
    with suppress(HarnessFault):  # an installation without content still reads other people's stories
        shipped = content_folder("scenarios").parent
        if full.is_relative_to(shipped):
            return full.relative_to(shipped).as_posix()
    return str(path)


def read_documents(path: Path) -> tuple[Node, ...]:
    """Every document of a YAML file; raises `ContentError` for one that is missing, unreadable, empty or malformed."""
    file = shown_path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise ContentError(
            "is not text in UTF-8", where=Where(file, line), mend="save the file as UTF-8", rule="encoding"
        ) from error
    except OSError as error:
        raise ContentError(f"cannot be read: {error.strerror}", where=Where(file), rule="unreadable") from error
    return parse_documents(text, file)


def parse_documents(text: str, file: str) -> tuple[Node, ...]:
    """Every document of a YAML text; `file` is its name in errors."""
    reader = _Reader(file, text.splitlines())
    try:
        documents = tuple(reader.node(root, 0) for root in yaml.compose_all(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        raise _malformed(error, file, text) from error
    except yaml.YAMLError as error:
        raise ContentError(f"is not YAML: {error}", where=Where(file), rule="yaml") from error
    documents = tuple(node for node in documents if node.kind != "nothing")
    if not documents:
        raise ContentError(
            "the file is empty", where=Where(file), mend="write something into it, or delete it", rule="no-story"
        )
    return documents


def _malformed(error: yaml.MarkedYAMLError, file: str, text: str) -> ContentError:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 0
    lines = text.splitlines()
    source = lines[line - 1].rstrip() if 0 < line <= len(lines) else ""
    # Indentation is often the mistake, so it is shown as it is, with its tabs to be seen.
    shown = f"\n  {line:>4} | {source.replace(_TAB, '<tab>')}" if source else ""
    problem = str(error.problem or error.context)
    mend = next((told for words, told in _MENDS if words in problem), _MEND)
    if _TAB in source[: len(source) - len(source.lstrip())]:
        problem, mend = "a tab stands at the beginning of the line", "indent with spaces"
    return ContentError(f"is not well-formed YAML: {problem}{shown}", where=Where(file, line), mend=mend, rule="yaml")


class _Reader:
    def __init__(self, file: str, lines: list[str]) -> None:
        self.file = file
        self.lines = lines

    def node(self, raw: yaml.Node, depth: int) -> Node:
        line = raw.start_mark.line + 1
        where = Where(self.file, line)
        source = self.lines[line - 1] if line <= len(self.lines) else ""
        place = Node(kind="nothing", where=where, source=source)
        if depth > _MAX_DEPTH:
            raise place.problem(f"is nested more than {_MAX_DEPTH} levels deep", "an alias may contain itself")
        if isinstance(raw, yaml.ScalarNode):
            return self._scalar(raw, place)
        if isinstance(raw, yaml.SequenceNode):
            return replace(place, kind="list", items=tuple(self.node(item, depth + 1) for item in raw.value))
        if isinstance(raw, yaml.MappingNode):
            return replace(place, kind="map", pairs=tuple(self._pairs(raw, depth)))
        raise place.problem("is a kind of YAML that is not used here")

    def _scalar(self, raw: yaml.ScalarNode, place: Node) -> Node:
        if raw.tag == "tag:yaml.org,2002:null":
            return place
        if raw.tag not in _PLAIN_TAGS:
            raise place.problem(f"the tag {raw.tag} is not allowed", "write plain text")
        return replace(place, kind="text", text=raw.value)

    def _pairs(self, raw: yaml.MappingNode, depth: int) -> Iterator[tuple[Node, Node]]:
        seen: dict[str, int] = {}
        for raw_key, raw_value in raw.value:
            key = self.node(raw_key, depth + 1)
            if key.kind != "text":
                raise key.problem("a key must be a word")
            if key.text in seen:
                raise key.problem(f"{key.text!r} is written twice, first in line {seen[key.text]}", "keep one of them")
            seen[key.text] = key.where.line
            yield key, self.node(raw_value, depth + 1)
