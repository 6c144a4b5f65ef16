"""Ledgers in words that hold in every run: accounts by number, customers by name, what names a source by that source.

Ids, document numbers and what counts attempts are different from run to run; the declared rules for references tell
what is the source in a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from simharness.checks.convergence.said import listed
from simharness.domain.books import Document, LedgerSnapshot, Payment
from simharness.domain.connector import ConnectorInfo

#: States of a source that come about later than the source itself: what they bring is another event's.
LATER = frozenset({"won", "failed", "recovered", "reversal"})
#: Nouns whose id is the deal's, so that documents of one version belong together.
_OF_DEALS = frozenset({"invoice", "credit_memo", "deposit"})


class Words:
    """Ids and numbers of ledgers in words: a document by its kind and source, everything else by name.

    A number in the `state` of a reference, which counts or names something in the ledger beside the source, is `#`.
    """

    def __init__(self, ledgers: Iterable[LedgerSnapshot], info: ConnectorInfo) -> None:
        self.info = info
        self._rules = [(rule.noun, re.compile(rule.pattern)) for rule in info.references]
        self._stating = [rule for _, rule in self._rules if "state" in rule.groupindex]
        self.accounts: dict[str, str] = {}
        self.parties: dict[str, str] = {}
        self.documents: dict[str, str] = {}
        numbers: dict[str, str] = {}
        for ledger in ledgers:
            self.accounts |= {each.id: each.number or each.name for each in ledger.accounts}
            self.parties |= {each.id: each.name for each in (*ledger.vendors, *ledger.parties)}
            for each in ledger.documents:
                self.documents[each.id] = f"{each.kind} {self._document(each)}"
                numbers[each.number or each.id] = self.documents[each.id]
            self.documents |= {
                each.entry: f"journal {self._stated(each.note) or each.date}" for each in ledger.open_items
            }
            self.documents |= {each.id: f"payment {self._payment(each)}" for each in ledger.payments}
        longest_first = sorted(numbers, key=len, reverse=True)
        self._numbers = numbers
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)") if numbers else None

    def _document(self, document: Document) -> str:
        party = self.parties.get(document.party, "")
        return self._stated(document.note) or f"of {party} {document.date} {document.total}"

    def _payment(self, payment: Payment) -> str:
        return self._stated(payment.note) or f"{payment.date} {payment.reference}".rstrip()

    def of(self, text: str) -> str:
        """A text with document numbers in words, and without the numbers in the state of a reference."""
        text = self._stated(text)
        return self._pattern.sub(lambda found: f"<{self._numbers[found[0]]}>", text) if self._pattern else text

    def _stated(self, text: str) -> str:
        for rule in self._stating:
            found = rule.search(text)
            if found is not None and found["state"]:
                begin, end = found.span("state")
                parts = ("#" if part.isdigit() else part for part in found["state"].split(":"))
                return f"{text[:begin]}{':'.join(parts)}{text[end:]}"
        return text

    def source(self, *texts: str) -> tuple[str, tuple[str, ...]]:
        """The group that the first text with a reference belongs to, and the ids under which evidence may name it."""
        for text in filter(None, texts):
            for noun, rule in self._rules:
                found = rule.search(text)
                if found is not None and "id" in rule.groupindex:
                    parts = {name: value or "" for name, value in found.groupdict().items()}
                    version = parts.get("version", "") or parts.get("due", "")
                    state = parts.get("state", "").partition(":")[0]
                    later = state if state in LATER or state[:4].isdigit() else ""
                    kind = "deal" if noun in _OF_DEALS else noun
                    return ":".join((kind, parts["id"], version, later)).rstrip(":"), (parts["id"], _unnumbered(found))
        return "", ()

    def party(self, id: str) -> str:
        """The customer or vendor with an id, by name."""
        return self.parties.get(id, "")

    def account(self, id: str) -> str:
        """The account with an id, by number."""
        return self.accounts.get(id, "")

    def what(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Records by kind and name, as they are told themselves, in a canonical order; unknown ids left out."""
        found = (self.documents.get(id, "").partition(" ") for id in ids)
        return tuple(sorted({f"{kind} {self.of(name)}" for kind, _, name in found if kind}))

    def named(self, ids: Iterable[tuple[str, object]]) -> list[str]:
        """Records by what they are, each with what is said of it, in a canonical order."""
        return sorted(listed(self.of(self.documents.get(id, "")), told) for id, told in ids)


def _unnumbered(found: re.Match[str]) -> str:
    """A reference without the numbers in its state: they name something in the ledger, which is another in each run."""
    state = found["state"] if "state" in found.re.groupindex else None
    if not state:
        return found[0]
    begin, end = (place - found.start() for place in found.span("state"))
    kept = ":".join(part for part in state.split(":") if not part.isdigit())
    return f"{found[0][:begin]}{kept}{found[0][end:]}".rstrip(":")
