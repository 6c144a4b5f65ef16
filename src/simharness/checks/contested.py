"""Invoices of other programs that the connector refuses to take for a deal's own: books that a person has to mend.

Such a deal is left out where books are held against deals: the invoice is wrong, nobody but its writer may mend it, and
the connector has said so. It is contested only while it really differs from what the deal calls for, and while the
refusal stands; a connector that refuses a right invoice has no excuse.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal

from simharness.checks.oracle.model import ExpectedDocument
from simharness.checks.references import LinkedDocument, Links
from simharness.domain.evidence import Evidence, LogRow, Reject

_INVOICE = "invoice"


def refused_deals(evidence: Iterable[Evidence]) -> frozenset[str]:
    """The ids of source records whose last word in the evidence is a refusal."""
    open_: dict[str, None] = {}
    for row in evidence:
        key = row.source.split(":")[2] if row.source.count(":") >= 2 else ""
        if isinstance(row, Reject):
            open_[key] = None
        elif isinstance(row, LogRow) and row.outcome in {"posted", "found"}:
            open_.pop(key, None)
    return frozenset(open_)


def contested_deals(
    expected: Iterable[ExpectedDocument],
    links: Links,
    refused: frozenset[str],
    by_connector: Callable[[str], bool],
) -> frozenset[str]:
    """The ids of deals whose one invoice is somebody else's, differs from what they call for, and is refused."""
    wanted: dict[str, list[ExpectedDocument]] = {}
    for document in expected:
        wanted.setdefault(document.deal_id, []).append(document)
    owners = {party.id: company for company, parties in links.parties_of.items() for party in parties}
    found = set()
    for deal_id in refused & links.documents_of.keys():
        linked = links.documents_of[deal_id]
        foreign = len(linked) == 1 and linked[0].document.kind == _INVOICE
        if foreign and not by_connector(linked[0].document.created_by):
            calls_for = [document for document in wanted.get(deal_id, ()) if document.kind == _INVOICE]
            if not calls_for or _differs(calls_for[0], linked[0], owners):
                found.add(deal_id)
    return frozenset(found)


def _differs(expected: ExpectedDocument, linked: LinkedDocument, owners: dict[str, str]) -> bool:
    document = linked.document
    if (document.currency, document.total.amount) != (expected.currency, expected.total):
        return True
    if owners.get(document.party, expected.company_id) != expected.company_id:
        return True
    sold: Counter[Decimal] = Counter(line.amount.amount for line in document.lines if line.kind == "item")
    return sold != Counter(line.net for line in expected.lines)
