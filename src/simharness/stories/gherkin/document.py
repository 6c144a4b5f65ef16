"""A feature file as a tree of its parts: the text made plain, then what the parser of Gherkin makes of it.

What is no Gherkin is told in plain words with its line; nobody needs to know the names that the parser has for lines.
"""

from __future__ import annotations

import codecs
import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from gherkin.errors import (
    CompositeParserException,
    NoSuchLanguageException,
    ParserError,
    UnexpectedEOFException,
    UnexpectedTokenException,
)
from gherkin.parser import Parser, ParserContext
from gherkin.token import Token

from simharness.core.errors import ContentError, Where
from simharness.stories.positions import Node

#: Spaces that look like spaces: they come with what is copied from a web page or a word processor.
_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2007": " ", "\t": " "})
_BOM = "\ufeff"
_FORMS: Mapping[bytes, str] = MappingProxyType(
    {codecs.BOM_UTF32_LE: "UTF-32", codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}
)
_KEYWORDS = (
    "Feature:", "Rule:", "Background:", "Scenario:", "Scenario Outline:", "Examples:", "Given ", "When ", "Then ",
    "And ", "But ",
)  # fmt: skip
_DOC_STRING = re.compile(r'^\s*("""|```)', re.MULTILINE)
_SAVE_AS_UTF8 = "save the file as UTF-8; in most editors that is an option of Save as"
_LIKENESS_RATIO = 0.6
_HEADLESS = "headless"


@dataclass(frozen=True, slots=True)
class Document:
    """What a feature file holds: `feature` is the parser's tree, None for a file without one."""

    file: str
    lines: tuple[str, ...]
    feature: Any

    def node(self, line: int, text: str = "", source: str | None = None) -> Node:
        """A text at a line, which is shown as it stands in the file unless said how else."""
        shown = self.lines[line - 1] if source is None and 0 < line <= len(self.lines) else source or ""
        return Node(kind="text", where=Where(self.file, line), source=shown, text=text)


def read_text(path: Path, file: str) -> str:
    """The text of a feature file; raises `ContentError` for one that cannot be read or is not UTF-8."""
    try:
        content = path.read_bytes()
    except OSError as error:
        mend = "look at whether it is there, and who may read it"
        what = f"cannot be read: {error.strerror}"
        raise ContentError(what, where=Where(file), mend=mend, rule="unreadable") from error
    for mark, name in _FORMS.items():
        if content.startswith(mark):
            raise ContentError(
                f"is text in {name}, not in UTF-8", where=Where(file, 1), mend=_SAVE_AS_UTF8, rule="encoding"
            )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        what = "is not text in UTF-8: the line holds a letter of an older encoding, such as Latin-1 or Windows-1252"
        raise ContentError(what, where=Where(file, line), mend=_SAVE_AS_UTF8, rule="encoding") from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise ContentError("is not plain text", where=Where(file, line), mend=_SAVE_AS_UTF8, rule="encoding")
    return text.removeprefix(_BOM).replace("\r\n", "\n").replace("\r", "\n").translate(_BLANKS)


def parsed(text: str, file: str) -> tuple[Document, tuple[ContentError, ...]]:
    """The tree of a text, or everything that is no Gherkin in it."""
    lines = tuple(text.split("\n"))
    parser = _Parser()
    # Going on after an error costs a third of the time of parsing, and hardly any file has one.
    parser.stop_at_first_error = True
    try:
        tree: Any = parser.parse(text)
    except ParserError:
        return Document(file, lines, None), tuple(_all_broken(Document(file, lines, None), text))
    document = Document(file, lines, tree.get("feature"))
    broken = tuple(_open_rows(document))
    return (Document(file, lines, None) if broken else document), broken


def _open_rows(document: Document) -> Iterator[ContentError]:
    """Rows of tables that do not end in a bar: Gherkin would lose their last cell in silence."""
    for kind, tree, _ in walked(document.feature) if document.feature else ():
        tables = [step["dataTable"]["rows"] for step in tree["steps"] if "dataTable" in step]
        if kind == "scenario":
            examples = [each for each in tree["examples"] if "tableHeader" in each]
            tables += [[each["tableHeader"], *each.get("tableBody", ())] for each in examples]
        for row in (row for rows in tables for row in rows):
            place = document.node(row["location"]["line"])
            written = place.source.rstrip()
            if not row["cells"] or not written.endswith("|") or written.endswith("\\|"):
                what = "the row does not end in |, and what stands behind its last one would be lost"
                yield place.problem(what, "end the row in |", rule="gherkin")


class _Parser(Parser):
    """The parser of Gherkin, which finds the method of a state by its name instead of making a table for each line."""

    def match_token(self, state: int, token: Token, context: ParserContext) -> int:
        matched: int = getattr(self, f"match_token_at_{state}")(token, context)
        return matched


def _all_broken(document: Document, text: str) -> list[ContentError]:
    """Everything that is no Gherkin in a text."""
    try:
        _Parser().parse(text)
    except CompositeParserException as error:
        told = [_broken(each, document, text) for each in error.errors]
        # Where a file does not begin with its feature, nothing that follows is understood.
        return told[:1] if told[0].about == _HEADLESS else told
    except ParserError as error:
        return [_broken(error, document, text)]
    return []


def _broken(error: ParserError, document: Document, text: str) -> ContentError:
    location: Mapping[str, int] = getattr(error, "location", None) or {}
    line = min(location.get("line", 0), len(document.lines))
    place = document.node(line)
    if isinstance(error, NoSuchLanguageException):
        word = str(error).rpartition(": ")[2]
        mend = "write the code of a language Gherkin knows, such as # language: en, de, fr, es, it or nl"
        return place.problem(f"Gherkin knows no language {word!r}", mend, rule="gherkin")
    if isinstance(error, UnexpectedEOFException):
        opened = [text.count("\n", 0, found.start(1)) + 1 for found in _DOC_STRING.finditer(text)]
        if len(opened) % 2:
            what, mend = "a text is opened here and never closed", 'close the text with a line of """'
            return document.node(opened[-1]).problem(what, mend, rule="gherkin")
        what, mend = "the file ends where something must follow", "write a scenario below the last tags, or delete them"
        return place.problem(what, mend, rule="gherkin")
    if isinstance(error, UnexpectedTokenException):
        if all(each.strip().startswith(("#", "@")) for each in document.lines[: line - 1] if each.strip()):
            what, mend = "the file does not begin with its feature", "begin with Feature: and what the file is about"
            return place.problem(what, mend, rule="gherkin", about=_HEADLESS)
        if f"{place.source.strip()} " in _KEYWORDS:
            what, mend = "the step says nothing", "say it in a sentence, or take the line away"
            return place.problem(what, mend, rule="checks-nothing")
        return place.problem(*_out_of_place(place.source.strip()), rule="gherkin")
    if "cell count" in str(error):
        what = "the row has another number of cells than the rows above it"
        return place.problem(what, "give every row of the table as many cells as it has headers", rule="gherkin")
    said = str(error).partition(": ")[2] or str(error)
    return place.problem(f"this is no Gherkin: {said}", "look at the line and at the one above it", rule="gherkin")


def _out_of_place(line: str) -> tuple[str, str]:
    """What is wrong with a line that may not stand where it does, and how it may have been meant."""
    if line.startswith("|"):
        return "a table row stands below nothing that takes a table", "put the table below its step or its Examples:"
    if line.startswith(('"""', "```")):
        return "a text stands below nothing that takes one", "put the text below its step"
    if line.startswith("@"):
        return "tags stand where none may", "put them on a line of their own above Feature:, Scenario: or Examples:"
    named = next((each.strip() for each in _KEYWORDS if line.startswith(each)), "")
    if named == "Feature:":
        return "there is a second feature in the file", "keep one Feature: in a file; use Rule: for its parts"
    if named == "Background:":
        return "the background stands below a scenario", "put Background: above the first scenario, and only once"
    if named == "Examples:":
        return "examples stand below something that is no Scenario Outline", "put them below the steps of the outline"
    if named:
        what = f"{named.rstrip(':')!r} cannot stand here"
        return what, "put steps below a Scenario: and scenarios below the Feature: or a Rule:"
    return f"the line begins with no word of Gherkin: {line.split(' ', maxsplit=1)[0]!r}", _nearest_keyword(line)


def _nearest_keyword(line: str) -> str:
    colon = next((each for each in reversed(_KEYWORDS) if each.endswith(":") and line.startswith(each[:-1])), None)
    if colon is not None:
        return f"write a colon behind the word: {colon}"
    first = line.split(" ", maxsplit=1)[0].rstrip(":").lower()
    known = {each.strip(": ").lower(): each.strip() for each in _KEYWORDS}
    close = difflib.get_close_matches(first, list(known), n=1, cutoff=_LIKENESS_RATIO)
    steps = "a step begins with Given, When, Then or And, a row of a table with |, and a remark with #"
    return f"did you mean {known[close[0]]!r}? {steps}" if close else steps


def walked(feature: Any) -> Iterator[tuple[str, Any, tuple[Any, ...]]]:
    """Backgrounds and scenarios of a feature in the order of the file: which it is, its tree, and what it stands in."""
    for child in feature["children"]:
        rule = child.get("rule")
        parts, around = (rule["children"], (feature, rule)) if rule else ([child], (feature,))
        for part in parts:
            for kind in ("background", "scenario"):
                if kind in part:
                    yield kind, part[kind], around
