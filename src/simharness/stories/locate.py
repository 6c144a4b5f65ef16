"""Finding what a connector made by its declared references, so that a story can pay or edit it.

Only acts use this; whether what was found is right is the business of `checks`, which join for themselves.
"""

from __future__ import annotations

import re

from simharness.domain.books import Document, LedgerSnapshot, Party
from simharness.domain.connector import ConnectorInfo

#: The parts of a reference's pattern: what holds the id, and what need not be there.
_ID = re.compile(r"\(\?P<id>[^()]*\)")
_OPTIONAL = re.compile(r"\(\?:[^()]*\)\?")


def invoices_of(ledger: LedgerSnapshot, info: ConnectorInfo, deal_id: str) -> tuple[Document, ...]:
    """The invoices that refer to a deal and are not void, in order of creation; those of a deposit are among them."""
    return tuple(
        document
        for document in ledger.documents
        if document.kind == "invoice"
        and document.status != "void"
        and deal_id in _sources(document, info, "invoice", "deposit")
    )


def party_of(ledger: LedgerSnapshot, info: ConnectorInfo, company_id: str) -> Party | None:
    """The ledger's customer that refers to a company, or None."""
    return next((party for party in ledger.parties if company_id in _sources(party, info, "customer")), None)


def _sources(record: Document | Party, info: ConnectorInfo, *nouns: str) -> set[str]:
    found = set()
    for rule in info.references:
        if rule.noun in nouns:
            match = re.search(rule.pattern, str(getattr(record, rule.field, "")))
            if match is not None:
                found.add(match["id"])
    return found


def note_of(info: ConnectorInfo, noun: str, id: str) -> str:
    """The note by which the connector knows a source record, as its declared reference reads it back; "" for a rule
    that says too little to write one. What stood in the ledger before the story bears it, as a migration leaves it.
    """
    for rule in info.references:
        if rule.noun != noun or rule.field != "note":
            continue
        text = _OPTIONAL.sub("", _ID.sub(id.replace("\\", ""), rule.pattern)).strip("^$").replace("\\", "")
        found = re.search(rule.pattern, text)
        if found is not None and found["id"] == id:
            return text
    return ""
