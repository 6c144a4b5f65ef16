"""Names that plain-text accounting accepts, made of the names people gave.

A name keeps what it can: the account number first, then the letters of the name. What gets lost stands in the metadata.
"""

from __future__ import annotations

import re
import unicodedata

from simharness.domain.books import Account

#: Long enough for the name of any story; file systems take 255 bytes, the suffix and a number among them.
_STEM_LENGTH = 100


class Names:
    """Gives every taker a name of its own: the second taker of `x` gets `x-2`.

    Earlier names never change because of later ones. Names that differ in case only count as equal, since some file
    systems hold them to be so.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, wish: str) -> str:
        """The wish, or the wish with the first number that makes it unique."""
        name, number = wish, 1
        while name.casefold() in self._taken:
            number += 1
            name = f"{wish}-{number}"
        self._taken.add(name.casefold())
        return name


def account_component(account: Account) -> str:
    """The last part of an account's name: `1100-Accounts-receivable`. Not unique by itself.

    Beancount wants a capital or a digit in front (its `account.py`); an account without a number begins with
    `Unnumbered`.
    """
    number = _words(account.number)
    head = _capital(number, "No") if number else "Unnumbered"
    return "-".join(part for part in (head, _words(account.name)) if part)


def entity_component(entity: str) -> str:
    """The part of an account's name that tells the entities of a group apart: `Us`."""
    words = _words(entity)
    return _capital(words[:1].upper() + words[1:], "Entity")


def link(kind: str, record_id: str) -> str:
    """What ties an entry to a document, `invoice-17`: equal for equal documents and never for others.

    Beancount allows ASCII letters, digits and `-_/.` in a link. Whatever else an id holds is written as its code point
    between underscores.
    """
    safe = re.sub(r"[^A-Za-z0-9.-]", lambda found: f"_{ord(found[0]):x}_", record_id)
    return f"{_words(kind) or 'document'}-{safe}"


def file_stem(story: str) -> str:
    """The name of a story as a file name of small ASCII letters, digits and hyphens."""
    ascii_only = unicodedata.normalize("NFKD", story).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only)[:_STEM_LENGTH].strip("-") or "story"


def _words(text: str) -> str:
    """The words of a text joined by hyphens.

    Letters of scripts that run from right to left are left out: an editor would show the amount beside them on the
    wrong side.
    """
    kept = [character if _plain(character) else " " for character in unicodedata.normalize("NFC", text)]
    return "-".join("".join(kept).split())


def _plain(character: str) -> bool:
    if character.isascii():
        return character.isalnum()
    return unicodedata.category(character).startswith("L") and unicodedata.bidirectional(character) == "L"


def _capital(words: str, prefix: str) -> str:
    return words if re.match("[A-Z0-9]", words) else "-".join(part for part in (prefix, words) if part)
