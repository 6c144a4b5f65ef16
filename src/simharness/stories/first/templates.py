"""The templates of first features: a folder an area, a file for each thing that can happen there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from string import Template

_FOLDER = "templates"
_SUFFIX = ".feature"
_NAME = re.compile(r"^\s*Scenario: (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """A template. `about` is the name of its scenario; `employs`: it is about an employee and needs a payroll."""

    area: str
    what: str
    text: str

    @property
    def about(self) -> str:
        found = _NAME.search(self.text)
        return found[1] if found is not None else self.what

    @property
    def employs(self) -> bool:
        return "$department" in self.text

    def filled(self, words: dict[str, str]) -> str:
        """The text of a feature; raises `KeyError` for a word that is missing."""
        return Template(self.text).substitute(words)


def firsts() -> tuple[First, ...]:
    """Every template, by area and by what happens."""
    root = files(__package__).joinpath(_FOLDER)
    found = [
        First(area=folder.name, what=file.name.removesuffix(_SUFFIX), text=file.read_text(encoding="utf-8"))
        for folder in root.iterdir()
        if folder.is_dir()
        for file in folder.iterdir()
        if file.name.endswith(_SUFFIX)
    ]
    return tuple(sorted(found, key=lambda each: (each.area, each.what)))
