"""The calls of a connector in words: `save invoice` or `quickbooks.saveInvoice`, as a story names them.

The words of a call are those of its operation's id, so every operation of every installed pack can be said.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from simharness.core.errors import UsageError
from simharness.stories.nearest import suggestion
from simharness.world.plans import operations_of
from simharness.world.registry import installed_packs

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_FILLING = frozenset({"a", "an", "the", "its", "of"})


@dataclass(frozen=True, slots=True)
class CallName:
    """One operation of one vendor."""

    vendor: str
    operation: str

    def __str__(self) -> str:
        return f"{self.vendor}.{self.operation}"

    @property
    def words(self) -> str:
        """The call as people say it."""
        return " ".join(word.lower() for word in _WORDS.findall(self.operation))


def all_calls() -> tuple[CallName, ...]:
    """Every operation of every installed pack."""
    return tuple(CallName(vendor, operation) for vendor in installed_packs() for operation in operations_of(vendor))


def call_named(text: str, vendors: Collection[str] | None = None) -> CallName:
    """The call of some words, or of `vendor.operation`, among all vendors or these.

    Raises `UsageError` with the nearest words for one that there is not, and for words that several vendors have.
    """
    known = [each for each in all_calls() if vendors is None or each.vendor in vendors]
    found = [each for each in known if text == str(each)] or [each for each in known if _plain(text) in _ways(each)]
    if len(found) == 1:
        return found[0]
    if found:
        names = " or ".join(str(each) for each in found)
        raise UsageError(f"several vendors have a call {text!r}", mend=f"write {names}")
    offered = (str(each) for each in known) if "." in text else (each.words for each in known)
    raise UsageError(f"the connector makes no call {text!r}", mend=suggestion(text, offered))


def _ways(call: CallName) -> Iterator[str]:
    """The words of a call as they are, and with the vendor before them."""
    yield call.words
    yield f"{call.vendor} {call.words}"


def _plain(text: str) -> str:
    """Lower case without what only makes a sentence of it; `saving the invoice` is `save invoice`."""
    first, *rest = [word for word in text.lower().split() if word not in _FILLING] or [""]
    return " ".join([*_base(first), *rest])


def _base(word: str) -> list[str]:
    """The verb that a form in -ing belongs to, among those that operations begin with."""
    if not word.endswith("ing"):
        return [word]
    stem = word.removesuffix("ing")
    verbs = {each.words.partition(" ")[0] for each in all_calls()}
    return [next((verb for verb in (stem, f"{stem}e", stem[:-1]) if verb in verbs), word)]
