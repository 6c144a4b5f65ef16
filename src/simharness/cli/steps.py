"""`simharness steps`: the dictionary of sentences, on the terminal, as files for people, and as glue for editors."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from simharness.core.errors import UsageError
from simharness.domain.base import encode
from simharness.report.steps import plain
from simharness.report.steps.glue import glue
from simharness.report.steps.markdown import markdown
from simharness.report.steps.page import page
from simharness.report.words import counted
from simharness.stories.guide.entries import entries, in_order
from simharness.stories.guide.search import matching, mentioning, nearest
from simharness.stories.nearest import suggestion
from simharness.stories.sentences.phrasebook import PHRASEBOOK, Phrase

#: How many meanings are explained at once: more would not be read on a terminal, and are listed instead.
_EXPLAINED = 6
FORMATS = ("text", "markdown", "json", "html", "glue")


def list_steps(words: Sequence[str], output: str, out: Path | None) -> int:
    """Print the sentences that have all of the words, or write them to `out`; the exit code is 0.

    Raises `UsageError` with the nearest sentences when there is none, and for a format that there is not.
    """
    if output not in FORMATS:
        raise UsageError(f"there is no format {output!r}", mend=suggestion(output, FORMATS))
    phrases = in_order(_asked(" ".join(words)))
    if output == "glue":
        return _glue(phrases, out)
    text = _told(phrases, " ".join(words)) if words and output == "text" else _text(phrases, output)
    if out is None:
        sys.stdout.write(text)
        return 0
    _write(out, text)
    sys.stdout.write(f"{out}: {counted(len(phrases), 'sentence')}\n")
    return 0


def _asked(query: str) -> tuple[Phrase, ...]:
    found = matching(query) or mentioning(query)
    if found:
        return found
    near = nearest(query)
    if not near:
        raise UsageError(f"no sentence has the words {query!r}", mend="simharness steps lists every sentence")
    offered = "\n    ".join(phrase.sentence.pattern for phrase in near)
    raise UsageError(f"no sentence has all of the words {query!r}", mend=f"the nearest are:\n    {offered}")


def _text(phrases: Sequence[Phrase], output: str) -> str:
    if output == "markdown":
        return markdown(entries(phrases))
    if output == "html":
        return page(entries(phrases))
    if output == "json":
        return encode(entries(phrases)).decode() + "\n"
    known = counted(len(PHRASEBOOK.phrases), "sentence")
    last = f"{known}; simharness steps WORDS tells everything about those that have the words"
    return "\n".join((*plain.listing(phrases), last, ""))


def _told(phrases: Sequence[Phrase], query: str) -> str:
    """Everything about sentences, or the sentences alone where it would be too much; then those that mention words."""
    meanings = {phrase.verb.name if phrase.verb else phrase.sentence.pattern for phrase in phrases}
    said = {phrase.sentence.pattern for phrase in phrases}
    further = [each for each in in_order(mentioning(query)) if each.sentence.pattern not in said]
    lines = list(plain.described(entries(phrases)) if len(meanings) <= _EXPLAINED else plain.listing(phrases))
    if len(meanings) > _EXPLAINED:
        lines.append(f"{counted(len(phrases), 'sentence')}; more words, or a whole sentence, tell everything about it")
    if further and len(meanings) <= _EXPLAINED:
        lines += ["These speak of it too, in their explanation, in a detail or in a list of words:", ""]
        lines += plain.listing(further)
    return "\n".join(lines if not lines[-1] else (*lines, ""))


def _glue(phrases: Sequence[Phrase], out: Path | None) -> int:
    if out is None:
        raise UsageError("glue is several files", mend="say in which folder they go: --out .simharness-steps")
    for name, text in glue(phrases, out.as_posix()).items():
        _write(out / name, text)
        sys.stdout.write(f"{out / name}\n")
    return 0


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}", mend="name another place with --out") from error
