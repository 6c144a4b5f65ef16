"""A story written as YAML, in the form in which people write theirs: what `yaml_story` reads back says the same.

A step is one line where it fits, else a block. Only what differs from a verb's own defaults is said. What a story's
author wrote for readers only (`about`, comments, examples tables) is not part of a story and does not come back.
"""

from __future__ import annotations

import enum
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, time
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from types import MappingProxyType

import msgspec

from simharness.core.money import Money
from simharness.domain.base import Record
from simharness.stories.decode import shape_for
from simharness.stories.overlay import Overlay
from simharness.stories.positions import Node
from simharness.stories.shape import Hint, Shape
from simharness.stories.story import Step, Story
from simharness.stories.vocabulary.verb import PHASES, Action, Claim
from simharness.stories.words import Figure, Pay, Percent

#: A step that would be longer is written as a block.
_WIDTH = 120
_INDENT = "  "
#: Texts that YAML takes for themselves wherever they stand: a word, then words, figures and harmless signs.
_PLAIN = re.compile(r"[^\W_][\w.()/%+$€£'-]*(?: [\w.()/%+$€£'-]+)*|\d{1,2}:\d{2}|-\d[\d.]*%?")
#: What YAML takes for nothing at all.
_NOTHING = frozenset(("null", "Null", "NULL"))

#: The value of a pair that a claim does not check.
_UNCHECKED = "~"

#: A value ready to be laid out: a text as YAML, a list or a map of such.
_Laid = str | list["_Laid"] | dict[str, "_Laid"]


def write_story(story: Story, *, comments: Iterable[str] = (), folder: Path | None = None) -> str:
    """The text of a YAML file that holds the story alone, below `comments`, each a line of its own.

    `folder` is where the file will lie: the story's own metrics are named from there. The dictionaries are named, not
    written.
    """
    lines = [f"# {comment}".rstrip() for comment in comments]
    lines += [f"{key}: {_flow(value)}" for key, value in _head(story, folder).items()]
    blocks = [list(steps) for _, steps in groupby(story.steps, key=lambda step: step.block)]
    phases = [block[0].phase for block in blocks]
    if phases == [phase for phase in PHASES if phase in phases]:
        for block in blocks:
            lines += ["", f"{block[0].phase}:", *_steps(block, 1)]
    else:
        lines += ["", "steps:"]
        for block in blocks:
            lines += [f"{_INDENT}- {block[0].phase}:", *_steps(block, 3)]
    return "\n".join(lines) + "\n"


def write_step(step: Step) -> str:
    """One step of a story, as it stands below a keyword: a list item of one line or several."""
    return "\n".join(_item(_said(step), 0)) + "\n"


def write_pairs(node: Node) -> str:
    """A map that was read, key by key as it was written, without looking at what it means."""
    return "\n".join(f"{_scalar(key.text)}: {_flow(_laid(value))}" for key, value in node.pairs) + "\n"


def _laid(node: Node) -> _Laid:
    if node.kind == "map":
        return {_scalar(key.text): _laid(value) for key, value in node.pairs}
    if node.kind == "list":
        return [_laid(item) for item in node.items]
    return _scalar(node.text) if node.kind == "text" else _UNCHECKED


def _head(story: Story, folder: Path | None) -> dict[str, _Laid]:
    said: dict[str, _Laid] = {"story": _scalar(story.name)}
    if story.tags:
        said["tags"] = [_scalar(tag) for tag in story.tags]
    said["dictionary"] = _scalar(story.dictionary.name)
    if story.further:
        said["entities"] = [_scalar(each.name) for each in story.further]
    said["today"] = story.today.isoformat()
    if story.payouts != "manual":
        said["payouts"] = _scalar(story.payouts)
    if story.stack:
        said["stack"] = {_scalar(family): _scalar(vendor) for family, vendor in story.stack.items()}
    if story.entity not in ("", story.dictionary.entity):
        said["entity"] = _scalar(story.entity)
    if story.listens:
        said["listens"] = _scalar(story.listens)
    if story.metrics is not None:
        near = story.metrics if folder is None else Path(os.path.relpath(story.metrics.resolve(), folder.resolve()))
        said["metrics"] = _scalar(near.as_posix())
    return {**said, **_record(story.overlay, shape_for(Overlay))}


def _steps(steps: Iterable[Step], depth: int) -> Iterator[str]:
    for step in steps:
        yield from _item(_said(step), depth)


def _said(step: Step) -> _Laid:
    """A step as it is laid out; the key that tells the verb stands first."""
    verb, values = step.verb, _record(step.params, step.verb.shape)
    if verb.is_bare:
        return {verb.heads[0]: "", **values} if values else verb.heads[0]
    head = next(key for key in verb.heads if key in values)
    # When it happens stands behind what happens.
    last = {key: values.pop(key) for key in (*Action.__struct_fields__, *Claim.__struct_fields__) if key in values}
    return {head: (last if head in last else values).pop(head), **values, **last}


def _record(record: msgspec.Struct, shape: Shape) -> dict[str, _Laid]:
    """What a record says beyond its defaults. A value equal to the default that was written out stays written out."""
    defaults = {field.name: field.default for field in msgspec.structs.fields(shape.kind)}
    said: dict[str, _Laid] = {}
    for field in shape.by_key.values():
        value = getattr(record, field.name)
        if field.required or not (value is defaults[field.name] or value in (None, ())):
            said[field.key] = _value(value, field.hint)
    return said


def _value(value: object, hint: Hint) -> _Laid:
    if isinstance(value, tuple):
        return _tuple(value, hint)
    if value is None:
        return _UNCHECKED
    if hint.shape is not None and isinstance(value, Record):
        return dict(_record(value, hint.shape))
    return _scalar(_text(value))


def _tuple(value: tuple[object, ...], hint: Hint) -> _Laid:
    if not hint.repeats:
        return [_value(item, part) for item, part in zip(value, hint.parts, strict=True)]
    (inner,) = hint.parts
    items = [_value(item, inner) for item in value]
    if len(inner.parts) == len(("key", "value")):
        pairs = {str(key): laid for key, laid in (item for item in items if isinstance(item, list))}
        if len(pairs) == len(items):  # a key that occurs twice is no map
            return pairs
    return items


def _money(value: Money) -> str:
    """Without the thousands' commas, which end a value between braces, and with every decimal that there is."""
    return f"{value.currency} {value.amount:f}"


def _figure(value: Figure) -> str:
    if value.unit in ("days", "ratio"):
        return f"{value.value:f} {value.unit}"
    return f"{value.unit} {value.value:f}"


_TEXTS: Mapping[type, Callable[..., str]] = MappingProxyType(
    {
        Money: _money,
        Decimal: lambda value: f"{value:f}",
        Percent: lambda value: f"{value.value:f}%",
        Figure: _figure,
        Pay: lambda value: f"{_money(value.amount)} {'an' if value.per == 'hour' else 'a'} {value.per}",
        bool: lambda value: "true" if value else "false",
        int: str,
        date: date.isoformat,
        time: lambda value: f"{value:%H:%M}",
        str: str,
    }
)


def _text(value: object) -> str:
    return str(value.value) if isinstance(value, enum.Enum) else _TEXTS[type(value)](value)


def _scalar(text: str) -> str:
    """A text as YAML, quoted where it would be taken for something else."""
    if _PLAIN.fullmatch(text) and text not in _NOTHING:
        return text
    # JSON's strings are YAML's double-quoted ones, but for the characters that YAML does not print.
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in quoted)


def _flow(value: _Laid) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(each)}" if each != "" else key for key, each in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    return value


def _item(value: _Laid, depth: int) -> Iterator[str]:
    """An item of a list: one line where it fits, and a map of several keys that does not fit as a block."""
    lead = f"{_INDENT * depth}- "
    line = lead + _flow(value)
    if len(line) <= _WIDTH or not isinstance(value, dict) or "" in value.values():
        yield line
        return
    for key, each in value.items():
        yield from _pair(lead, key, each, depth + 1)
        lead = _INDENT * (depth + 1)


def _pair(lead: str, key: str, value: _Laid, depth: int) -> Iterator[str]:
    line = f"{lead}{key}: {_flow(value)}"
    if len(line) <= _WIDTH or isinstance(value, str):
        yield line
    elif isinstance(value, list):
        yield f"{lead}{key}:"
        for item in value:
            yield from _item(item, depth + 1)
    else:
        yield f"{lead}{key}:"
        for name, each in value.items():
            yield from _pair(_INDENT * (depth + 1), name, each, depth + 1)
