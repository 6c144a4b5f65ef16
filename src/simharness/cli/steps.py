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
from simharness.stories.guide.search import matching, nearest
from simharness.stories.nearest import suggestion
from simharness.stories.sentences.phrasebook import PHRASEBOOK, Phrase

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
    text = _text(phrases, output, asked=bool(words))
    if out is None:
        sys.stdout.write(text)
        return 0
    _write(out, text)
    sys.stdout.write(f"{out}: {counted(len(phrases), 'sentence')}\n")
    return 0


def _asked(query: str) -> tuple[Phrase, ...]:
    found = matching(query)
    if found:
        return found
    near = nearest(query)
    if not near:
        raise UsageError(f"no sentence has the words {query!r}", mend="simharness steps lists every sentence")
    offered = "\n    ".join(phrase.sentence.pattern for phrase in near)
    raise UsageError(f"no sentence has all of the words {query!r}", mend=f"the nearest are:\n    {offered}")


def _text(phrases: Sequence[Phrase], output: str, *, asked: bool) -> str:
    if output == "markdown":
        return markdown(entries(phrases))
    if output == "html":
        return page(entries(phrases))
    if output == "json":
        return encode(entries(phrases)).decode() + "\n"
    if asked:
        return "\n".join(plain.described(entries(phrases)))
    known = counted(len(PHRASEBOOK.phrases), "sentence")
    last = f"{known}; simharness steps WORDS tells everything about those that have the words"
    return "\n".join((*plain.listing(phrases), last, ""))


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
