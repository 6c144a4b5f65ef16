"""How free text is written so that it stays one text on one line, and can be read back as it was."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

#: Marks that turn the direction of the text after them, and with it the figures a reader sees (Unicode TR 9).
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Control characters, halves of surrogate pairs, line and paragraph separators.
_HOSTILE = frozenset({"Cc", "Cs", "Zl", "Zp"})
_LOOKS_ESCAPED = re.compile(r"%(?=[0-9A-Fa-f]{2})")


def visible(text: str, reserved: str = "") -> str:
    """The text with everything that could end, hide or turn a line as `%` and hexadecimal UTF-8, as in addresses.

    So are the reserved characters, blanks at both ends, and a `%` that would read as such an escape. The escape is used
    because hledger has none of its own. Law: `urllib.parse.unquote(visible(text)) == text`.
    """
    guarded = _LOOKS_ESCAPED.sub("%25", text)
    left, right = len(guarded) - len(guarded.lstrip()), len(guarded.rstrip())
    return "".join(
        character if left <= place < right and not _is_hostile(character, reserved) else _escaped(character)
        for place, character in enumerate(guarded)
    )


def _is_hostile(character: str, reserved: str) -> bool:
    return character in reserved or character in _TURNING or unicodedata.category(character) in _HOSTILE


def _escaped(character: str) -> str:
    return quote(character, safe="", errors="surrogatepass")
