"""Mistakes told to people who write sentences: nothing of the keys and lists that the same story has in YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from simharness.core.errors import ContentError
from simharness.stories.dictionaries import UnusableDictionary

_QUOTED = re.compile(r"""('[^'\n]*'|"[^"\n]*")""")
_KEY = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
#: A key and its value, as YAML writes them: `say recurring: monthly`.
_PAIR = re.compile(r"\b((?:say|write|and|give) [a-z][a-z ]*): ([a-z]+)\b")
#: How the head of a story is said that cannot be left out.
_HEAD: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "dictionary": ("the scenario does not say whose books it is about", 'Given the dictionary "us-saas" is loaded'),
        "today": ("the scenario does not say which day it is", "Given today is 2026-01-05"),
    }
)


def in_sentences(problem: ContentError) -> ContentError:
    """The same mistake in the words of a feature."""
    if isinstance(problem, UnusableDictionary):
        return problem
    what, _, source = problem.what.partition("\n")
    mend = problem.mend
    if problem.rule == "missing":
        what, mend = _missing(problem.about)
    elif problem.rule == "no-then" and not problem.about:
        what, mend = "the scenario claims nothing", "end it with what must be true: Then …"
    elif problem.rule == "idle-connector":
        what, mend = "the connector never gets to work", "add a step: When the connector finishes its work"
    elif problem.rule == "same-name":
        what = what.replace("two stories", "two scenarios")
    elif problem.about == "refused":
        mend = 'say `, which is refused because "…"` of what somebody does under When'
    else:
        if problem.about and not source.partition("|")[2].strip().startswith("|"):
            what = what.removeprefix(f"{problem.about}: ")  # A sentence names no field; a column of a table does.
        what, mend = _plain(what), _plain(mend) if mend else mend
    shown = f"{what}\n{source}" if source else what
    return ContentError(shown, where=problem.where, mend=mend, rule=problem.rule, about=problem.about)


def _missing(key: str) -> tuple[str, str]:
    if key in _HEAD:
        what, sentence = _HEAD[key]
        return what, f"add to the Background: {sentence}"
    words = key.replace("_", " ")
    return f"{words!r} is not said", f"write a column {words!r} in the table, or end the sentence in `, {words} …`"


def _plain(text: str) -> str:
    """A message whose keys are words; a name between quotes stays as it was written, unless it is a key itself."""
    parts = _QUOTED.split(text)
    for index, part in enumerate(parts):
        bare = part[1:-1] if index % 2 else part
        if index % 2 == 0 or _KEY.fullmatch(bare):
            parts[index] = _KEY.sub(lambda found: found[0].replace("_", " "), part)
    said = _PAIR.sub(r"\1 \2", "".join(parts))
    for old, new in ((" of the story", " of the scenario"), ("leave the key out", "leave it out")):
        said = said.replace(old, new)
    return said
