"""The nearest valid word, for errors that help."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_SHOWN = 8
#: How alike two words must be before one is offered for the other.
_LIKENESS_RATIO = 0.55
#: How alike they must be to differ by a slip of the hand only.
_SLIP_RATIO = 0.85


def nearest(word: str, valid: Iterable[str]) -> str | None:
    """The valid word most like `word` (case and separators do not count), or None when nothing is like it."""
    plain = {_plain(candidate): candidate for candidate in valid}
    close = difflib.get_close_matches(_plain(word), list(plain), n=1, cutoff=_LIKENESS_RATIO)
    if close:
        return plain[close[0]]
    starts = sorted(key for key in plain if key and (key.startswith(_plain(word)) or _plain(word).startswith(key)))
    return plain[starts[0]] if _plain(word) and starts else None


def suggestion(word: str, valid: Iterable[str]) -> str:
    """One sentence that leads from a wrong word to a right one: the nearest, or the first few there are."""
    words = list(valid)
    close = nearest(word, words)
    if close is not None:
        return f"did you mean {close!r}?"
    if not words:
        return "there is none to choose from"
    rest = f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else ""
    return f"the valid words are {', '.join(words[:_SHOWN])}{rest}"


def choice(word: str, valid: Iterable[str]) -> str:
    """One sentence that leads from a wrong name to a right one: the one that a slip of the hand made it of, else all
    there are. A name that merely begins alike is of something else.
    """
    words = list(valid)
    slips = difflib.get_close_matches(word.lower(), words, n=1, cutoff=_SLIP_RATIO)
    if slips or not words:
        return suggestion(word, slips)
    return f"there are {', '.join(words)}" if len(words) > 1 else f"there is {words[0]}"


def _plain(word: str) -> str:
    return word.lower().replace("_", " ").replace("-", " ").strip()
