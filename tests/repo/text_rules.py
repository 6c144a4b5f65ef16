"""The rules of tidy text: what no file may say, whatever language it is written in."""

from __future__ import annotations

import re
from collections.abc import Iterator

# The words are put together here, or this file would break its own rules.
_NOTE = re.compile("|".join((r"\bTO" + r"DO\b", r"\bFIX" + r"ME\b")))
_MACHINE_PATH = re.compile(r"(?<![\w./*}\-])/(?:" + "work|root|home|Users" + r")/\w")
_REGISTRY = re.compile(r"(?:\w+\.)*(?:" + "pypi|pythonhosted|npmjs|crates|rubygems" + r")\.(?:org|com|io)\b")
_IGNORE = re.compile(r"#\s*(?:noqa|type:\s*ignore|ruff:\s*noqa|mypy:|pyright:)", re.IGNORECASE)
_REASONED = re.compile(
    r"#\s*(?:noqa:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|type:\s*ignore\[[\w, -]+\])\s*(?:#|-|–|:)?\s*(?P<reason>.*)"
)
_ENOUGH_WORDS = 2


def notes_to_oneself(text: str) -> Iterator[tuple[int, str]]:
    """No note that something is still to do."""
    for number, line in enumerate(text.splitlines(), 1):
        if found := _NOTE.search(line):
            yield number, f"{found[0]}: do it now, or write the gap down where users look for known gaps"


def machine_names(text: str) -> Iterator[tuple[int, str]]:
    """No path of somebody's machine and no host of a package index: both differ elsewhere."""
    for number, line in enumerate(text.splitlines(), 1):
        if found := _MACHINE_PATH.search(line):
            yield number, f"{found[0]}… is a path of one machine: name it from the root of the repository"
        if found := _REGISTRY.search(line):
            yield number, f"{found[0]} is a package index: which one is used is the business of the environment"


def silent_ignores(text: str) -> Iterator[tuple[int, str]]:
    """Each ignore of ruff or mypy names its code and says on its line why; whole files are never ignored."""
    for number, line in enumerate(text.splitlines(), 1):
        for found in _IGNORE.finditer(line):
            good = _REASONED.match(line, found.start())
            if good is None or len(re.findall(r"\w{2,}", good["reason"])) < _ENOUGH_WORDS:
                yield (
                    number,
                    "an ignore names its code and its reason, as in `# noqa: S311 - simulation, not cryptography`",
                )
