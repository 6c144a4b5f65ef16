"""The only bridge between source facts and ledger records: the connector's declared reference rules.

Nothing is ever joined by amount, date or name; a record without its reference is a record without source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from simharness.domain.books import Document, LedgerSnapshot, Party, Payment
from simharness.domain.connector import ReferenceRule

_FIELDS: Mapping[str, tuple[str, ...]] = {
    "invoice": ("number", "reference", "note", "memo"),
    "credit_memo": ("number", "reference", "note", "memo"),
    "deposit": ("number", "reference", "note", "memo"),
    "exemption": ("number", "reference", "note", "memo"),
    "customer": ("reference", "note"),
    "payment": ("reference", "note"),
}

#: What says of which source a posting is, read in an entry and in the record that posted it.
SOURCES = (
    "payment", "fee", "refund", "dispute", "payout", "bank_line", "credit", "write_off", "payroll", "payroll_retro",
    "payroll_remittance", "adjustment", "accrual", "prepaid", "recognition", "revaluation",
)  # fmt: skip

#: Fields that hold free text on the wire as well.
_FREE = frozenset({"note", "memo", "reference"})

#: Characters with which a pattern stops being plain text.
_META = re.compile(r"[\\.^$*+?{}\[\]|()]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What a record says about its source. `version` is 0 and `lines` empty where the rule does not tell them.

    `state` is what follows the id of a source that has several effects: `won` of a dispute, `failed` of a payout.
    `due` names what fell due by itself (`due-2026-02-28`, `milestone-12`); its version is the number in that name.
    """

    id: str
    version: int = 0
    lines: tuple[str, ...] = ()
    reason: str = ""
    certificate: str = ""
    state: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedDocument:
    """A ledger document with the deal it says it came from; `is_deposit`: it asks for a deposit and sells nothing."""

    document: Document
    reference: Reference
    is_deposit: bool = False

    @property
    def version(self) -> int:
        return self.reference.version


class References:
    """The declared rules, compiled; `read` finds the first that fits a record."""

    def __init__(self, rules: Iterable[ReferenceRule]) -> None:
        self._rules: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
        self._of_sources: dict[str, list[tuple[str, str, re.Pattern[str], tuple[str, ...]]]] = {}
        for rule in rules:
            pattern = re.compile(rule.pattern)
            self._rules.setdefault(rule.noun, []).append((rule.field, pattern))
            if rule.noun in SOURCES and "id" in pattern.groupindex:
                state = tuple(name for name in ("version", "state") if name in pattern.groupindex)
                self._of_sources.setdefault(rule.field, []).append(
                    (rule.noun, _beginning(rule.pattern), pattern, state)
                )

    def declares(self, noun: str) -> bool:
        """Whether the connector says where it keeps the source of such records."""
        return noun in self._rules

    def read(self, noun: str, record: Document | Party | Payment) -> Reference | None:
        """The reference a record carries, or None."""
        for field, pattern in self._rules.get(noun, ()):
            if field not in _FIELDS.get(noun, ()):
                continue
            found = pattern.search(str(getattr(record, field)))
            if found is not None:
                return _reference(found)
        return None

    @property
    def source_fields(self) -> tuple[str, ...]:
        """The fields in which postings name their sources."""
        return tuple(self._of_sources)

    def sources(self, field: str, text: str) -> list[tuple[str, str, str]]:
        """The sources that a text in a field of a posting names: noun, id, and what tells its effects apart."""
        named = []
        for noun, beginning, pattern, state in self._of_sources.get(field, ()):
            if text.startswith(beginning):
                found = pattern.search(text)
                if found is not None:
                    named.append((noun, found["id"] or "", ":".join(filter(None, (found[name] for name in state)))))
        return named

    def named_in(self, noun: str, text: str) -> Iterator[tuple[str, str]]:
        """What a text names as source under a noun: whole, with whatever tells further effects apart, and its id."""
        for field, pattern in self._rules.get(noun, ()):
            found = pattern.search(text) if field in _FREE else None
            if found is not None:
                yield found[0], _reference(found).id


def _beginning(pattern: str) -> str:
    """The plain text with which everything begins that an anchored pattern finds; "" where that is not plain."""
    if not pattern.startswith("^") or "|" in pattern:
        return ""
    end = _META.search(pattern, 1)
    if end is None:
        return pattern[1:]
    plain = pattern[1 : end.start()]
    return plain[:-1] if pattern[end.start()] in "*?{" else plain


def _reference(found: re.Match[str]) -> Reference:
    groups = {name: value or "" for name, value in found.groupdict().items()}
    due = groups.get("due", "")
    version = groups.get("version", "") or "".join(each for each in due if each.isdigit())
    lines = groups.get("lines", "")
    return Reference(
        id=groups.get("id", ""),
        version=int(version) if version.isdigit() else 0,
        lines=tuple(part.strip() for part in lines.split(",") if part.strip()),
        reason=groups.get("reason", "").strip(),
        certificate=groups.get("certificate", "").strip(),
        state=groups.get("state", ""),
        due=due,
    )


class Links:
    """The records of one ledger by the source they name, in the ledger's order; void ones are left out."""

    def __init__(self, ledger: LedgerSnapshot, references: References) -> None:
        self.documents_of: dict[str, list[LinkedDocument]] = {}
        self.payments_of: dict[str, list[Payment]] = {}
        self.parties_of: dict[str, list[Party]] = {}
        self.by_id: dict[str, LinkedDocument] = {}
        for document in ledger.documents:
            reference = references.read(document.kind, document)
            deposit = references.read("deposit", document) if reference is None and document.kind == "invoice" else None
            reference = reference or deposit
            if reference is not None and document.status != "void":
                linked = LinkedDocument(document=document, reference=reference, is_deposit=deposit is not None)
                self.documents_of.setdefault(reference.id, []).append(linked)
                self.by_id[document.id] = linked
        for payment in ledger.payments:
            reference = references.read("payment", payment)
            if reference is not None and payment.status != "void":
                self.payments_of.setdefault(reference.id, []).append(payment)
        for party in ledger.parties:
            reference = references.read("customer", party)
            if reference is not None:
                self.parties_of.setdefault(reference.id, []).append(party)

    def of_deal(self, deal_id: str, kind: str) -> list[LinkedDocument]:
        """A deal's documents of one kind in order of version, then of creation; that of a deposit comes first.

        Where some fall due by themselves, all are in order of creation.
        """
        mine = [linked for linked in self.documents_of.get(deal_id, ()) if linked.document.kind == kind]
        if any(linked.reference.due for linked in mine):
            return mine
        return sorted(mine, key=lambda linked: (not linked.is_deposit, linked.version))
