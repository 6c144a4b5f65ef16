"""Dictionaries read from YAML: one file a company, small variants by `extends`, every reference inside it resolved.

A variant repeats nothing: its `policy` and its `payroll` are laid over those of the dictionary it extends, other keys
replace theirs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

from simharness.core.content import content_folder
from simharness.core.errors import ContentError, HarnessFault, UsageError, Where
from simharness.domain.dictionary import Dictionary
from simharness.stories.consistency import inconsistencies
from simharness.stories.decode import decode_struct
from simharness.stories.nearest import choice
from simharness.stories.positions import Node, read_documents, shown_path

_FOLDER = "dictionaries"
_ENDINGS = (".yaml", ".yml")
#: Keys of which a variant says only what differs.
_LAID_OVER = ("policy", "payroll")


def folder_for(story: Path) -> Path | None:
    """The nearest `dictionaries` folder beside or above a story file, else the shipped one, else None."""
    for parent in Path(os.path.realpath(story)).parents:
        if (parent / _FOLDER).is_dir():
            return parent / _FOLDER
    try:
        shipped = content_folder("scenarios") / _FOLDER
    except HarnessFault:
        return None
    return shipped if shipped.is_dir() else None


def names_in(folder: Path) -> list[str]:
    """The names of the dictionaries in a folder, sorted."""
    return sorted(path.stem for path in folder.glob("*.yaml"))


def preface(path: Path) -> tuple[str, str]:
    """Which dictionary a file extends, or "", and what the remark at its head says of it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    remark = list(takewhile(lambda line: line.startswith("#"), lines))
    parent = read_documents(path)[0].get("extends")
    return parent.text if parent is not None else "", " ".join(line.lstrip("# ") for line in remark)


def named(name: str, near: Path) -> Dictionary:
    """A dictionary by its file, or by its name from the nearest `dictionaries` folder of a folder, the shipped ones in
    the end. Raises `UsageError` for one that there is not.
    """
    path = near / name
    if path.suffix in _ENDINGS:
        if not path.is_file():
            raise UsageError(f"there is no dictionary file {name}", mend="look at the spelling of the path")
        return load_dictionary(path)
    folder = folder_for(near / "story.yaml") or content_folder("scenarios") / _FOLDER
    path = folder / f"{name}.yaml"
    if not path.is_file():
        raise UsageError(f"there is no dictionary {name!r} in {folder}", mend=choice(name, names_in(folder)))
    return load_dictionary(path)


def load_dictionary(path: Path) -> Dictionary:
    """Read one dictionary file with everything it extends; raises the first `ContentError`."""
    node = _merged(path, ())
    dictionary = decode_struct(node, Dictionary)
    if dictionary.name != path.stem:
        place = node.get("name") or node
        raise place.problem(f"the dictionary calls itself {dictionary.name!r} in a file named {path.name}",
                            "give both the same name")  # fmt: skip
    for problem in inconsistencies(dictionary, node):
        raise problem
    return dictionary


def problems_of(path: Path) -> list[ContentError]:
    """Everything wrong with one dictionary file; a form that cannot be read hides what it would refer to."""
    try:
        node = _merged(path, ())
        dictionary = decode_struct(node, Dictionary)
    except ContentError as error:
        return [error]
    found = list(inconsistencies(dictionary, node))
    if not found:
        try:
            load_dictionary(path)
        except ContentError as error:
            found.append(error)
    return found


def _merged(path: Path, below: tuple[str, ...]) -> Node:
    documents = read_documents(path)
    node = documents[0]
    if node.kind != "map" or len(documents) > 1:
        raise node.problem("a dictionary file holds one map of keys")
    parent = node.get("extends")
    if parent is None:
        return node
    if parent.text in (*below, path.stem):
        raise parent.problem(f"{parent.text!r} extends itself")
    other = path.with_name(f"{parent.text}.yaml")
    if parent.kind != "text" or not other.is_file():
        raise parent.problem(f"there is no dictionary {parent.text!r} to extend",
                             choice(parent.text, names_in(path.parent)))  # fmt: skip
    return _lay_over(_merged(other, (*below, path.stem)), node.without("extends"))


def _lay_over(base: Node, variant: Node) -> Node:
    pairs = dict(zip(base.keys(), base.pairs, strict=True))
    for key, value in variant.pairs:
        old = pairs.get(key.text)
        both_maps = key.text in _LAID_OVER and old is not None and old[1].kind == value.kind == "map"
        pairs[key.text] = (key, _lay_over(old[1], value) if both_maps and old is not None else value)
    return replace(base, where=variant.where, source=variant.source, pairs=tuple(pairs.values()))


class UnusableDictionary(ContentError):
    """A story names a dictionary in which something is wrong: `cause` is the first problem of it."""

    def __init__(self, name: str, cause: ContentError, where: Where) -> None:
        self.cause = cause
        super().__init__(
            f"the dictionary {name!r} cannot be used: {cause.what}", where=where, mend=cause.mend, rule="dictionary"
        )


class Shelf:
    """The dictionaries of one folder, each read once."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._loaded: dict[str, Dictionary | ContentError] = {}

    def every(self) -> Iterator[Dictionary]:
        """All dictionaries of the folder that can be used, by name."""
        nowhere = Node(kind="nothing", where=Where(""), source="")
        for name in names_in(self._folder) if self._folder is not None else ():
            with suppress(ContentError):  # What is wrong with it is told where it is used.
                yield self.take(name, nowhere)

    def take(self, name: str, place: Node) -> Dictionary:
        """The dictionary of a name; an unknown name is refused at `place` with those that there are."""
        if self._folder is None or not (self._folder / f"{name}.yaml").is_file():
            known = names_in(self._folder) if self._folder is not None else []
            raise place.problem(f"there is no dictionary {name!r}", choice(name, known), rule="unknown-word")
        if name not in self._loaded:
            try:
                self._loaded[name] = load_dictionary(self._folder / f"{name}.yaml")
            except ContentError as error:
                self._loaded[name] = error
        found = self._loaded[name]
        if isinstance(found, ContentError):
            raise UnusableDictionary(name, found, found.where or Where(shown_path(self._folder)))
        return found
