"""Step definitions for editors: what VS Code's Cucumber extension reads to know our sentences. Nobody runs them.

Sentences stay Cucumber expressions, so that the editor can offer them with their places; a second file holds each of
them once more with whatever any sentence may end in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from importlib.resources import files
from string import Template

from simharness.stories.guide.entries import keywords
from simharness.stories.sentences.kinds import BY_NAME, KINDS
from simharness.stories.sentences.phrasebook import Phrase

SENTENCES, ENDINGS = "simharness_sentences.ts", "simharness_endings.ts"
_SETTINGS = "settings.json"
_ENDING = "{ending}"
_DATE, _VALUE = BY_NAME["date"].form, "|".join(BY_NAME[name].form for name in ("money", "percent", "date"))
#: What any sentence may end in, as far as an editor has to know it; whether a step takes it is told by `check`.
_ENDING_FORM = (
    rf' on (?:{_DATE})| at \d{{1,2}}:\d{{2}}| as "[^"]*"| in the books of "[^"]*"'
    rf'|, which is refused because "[^"]*"|, [a-z][a-z ]* (?:"[^"]*"|{_VALUE}|[\w-]+)'
)
#: What may stand behind an ending.
_LINES = " and these lines:"
_SLASH = re.compile(r"(?<!\\)/")


def glue(phrases: Iterable[Phrase], folder: str) -> dict[str, str]:
    """The texts of the files by name. `folder` is where they will lie, as the editor's settings name it."""
    known = tuple(phrases)
    types = [_type(kind.name, kind.form) for kind in KINDS]
    return {
        SENTENCES: _file("glue.ts", [*types, *(_defined(phrase, phrase.sentence.pattern) for phrase in known)]),
        ENDINGS: _file("glue.ts", [_type("ending", f"(?:{_ENDING_FORM})+"), *_with_endings(known)]),
        _SETTINGS: _filled(_SETTINGS, sources=json.dumps(f"{folder}/*.ts", ensure_ascii=False)),
    }


def _file(name: str, lines: Iterable[str]) -> str:
    return _filled(name, definitions="\n".join(lines))


def _filled(name: str, **words: str) -> str:
    return Template(files(__package__).joinpath(name).read_text(encoding="utf-8")).substitute(words)


def _type(name: str, form: str) -> str:
    # A slash ends a regular expression of TypeScript; everything else reads alike in both languages.
    regexp = _SLASH.sub(r"\/", form)
    return f"defineParameterType({{ name: {json.dumps(name)}, regexp: /{regexp}/ }})"


def _with_endings(phrases: Iterable[Phrase]) -> Iterator[str]:
    for phrase in phrases:
        if phrase.verb is not None:
            yield _defined(phrase, _with_ending(phrase.sentence.pattern))
            if phrase.sentence.pattern.endswith(_LINES):
                yield _defined(phrase, phrase.sentence.pattern.removesuffix(_LINES) + _ENDING + _LINES)


def _with_ending(pattern: str) -> str:
    return f"{pattern[:-1]}{_ENDING}:" if pattern.endswith(":") else pattern + _ENDING


def _defined(phrase: Phrase, said: str) -> str:
    return f"{keywords(phrase)[0]}({json.dumps(said, ensure_ascii=False)}, () => {{}})"
