"""What settled what, and what journal entries put on receivables: from the ledger's payments and journal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from simharness.reference.arithmetic.money import ZERO
from simharness.reference.bi.rows import Ledger, Row
from simharness.reference.vendors.http import Json

_KINDS = MappingProxyType({"Invoice": "invoice", "CreditMemo": "credit_memo", "JournalEntry": "journal"})


@dataclass(frozen=True, slots=True)
class Item:
    """What one journal entry put on one customer's receivable, debit positive, in its own currency at its rate."""

    entry: str
    customer: str
    day: str
    amount: Decimal
    currency: str
    rate: Decimal = Decimal(1)

    @property
    def id(self) -> str:
        """Its id in the tables."""
        return f"{self.entry}:{self.customer}"


@dataclass(frozen=True, slots=True)
class Link:
    """A part of a source that settles a document, from a day on."""

    source_kind: str
    source: str
    kind: str
    document: str
    day: str
    amount: Decimal


def items(ledger: Ledger) -> dict[tuple[str, str], Item]:
    """Open items by journal entry and customer."""
    receivable = {str(each["Id"]) for each in ledger.accounts if each["AccountType"] == "Accounts Receivable"}
    sums: dict[tuple[str, str], Item] = {}
    for each in ledger.postings:
        if each.source == "journal" and each.account_id in receivable:
            key = (each.transaction_id, each.customer_id)
            before = sums[key].amount if key in sums else ZERO
            sums[key] = Item(each.transaction_id, each.customer_id, each.day, before + each.amount, ledger.currency)
    # The journal tells worth in base only; what was put there in a foreign currency the entry itself tells.
    for journal in ledger.journals:
        sums |= {(item.entry, item.customer): item for item in _abroad(ledger, journal, receivable)}
    return {key: item for key, item in sums.items() if item.amount}


def _abroad(ledger: Ledger, journal: Json, receivable: Collection[str]) -> Iterator[Item]:
    currency = str(journal.get("CurrencyRef", {}).get("value") or ledger.currency)
    if currency == ledger.currency:
        return
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in journal["Line"]:
        detail = line.get("JournalEntryLineDetail", {})
        if str(detail.get("AccountRef", {}).get("value")) in receivable:
            customer = str(detail.get("Entity", {}).get("EntityRef", {}).get("value", ""))
            sums[customer] += Decimal(line["Amount"]) if detail["PostingType"] == "Debit" else -Decimal(line["Amount"])
    for customer, amount in sums.items():
        rate = Decimal(journal["ExchangeRate"])
        yield Item(str(journal["Id"]), customer, str(journal["TxnDate"]), amount, currency, rate)


def links(ledger: Ledger) -> list[Link]:
    """What settled what. Within a payment its credits settle its debits first, in order; the money the rest."""
    found: list[Link] = []
    known = items(ledger)
    days = {(kind, str(each["Id"])): str(each["TxnDate"]) for kind, each in ledger.documents()}
    days |= {("journal", item.id): item.day for item in known.values()}
    for each in ledger.payments:
        debits: list[tuple[str, str, Decimal]] = []
        credits: list[tuple[str, str, Decimal]] = []
        for line in each.get("Line", []):
            link, amount = line["LinkedTxn"][0], Decimal(line["Amount"])
            kind, document = _KINDS.get(str(link["TxnType"]), ""), str(link["TxnId"])
            item = known.get((document, str(each["CustomerRef"]["value"])))
            if kind == "journal" and item is not None:
                (debits if item.amount > 0 else credits).append((kind, item.id, amount))
            elif kind == "credit_memo":
                credits.append((kind, document, amount))
            elif kind == "invoice":
                debits.append((kind, document, amount))
        own = ("payment", str(each["Id"]), sum((amount for _, _, amount in debits), ZERO))
        for kind, document, amount in debits:
            for source_kind, source, part in _taken(amount, credits, own):
                day = max(str(each["TxnDate"]), days[(kind, document)], days.get((source_kind, source), ""))
                found.append(Link(source_kind, source, kind, document, day, part))
    return found


def _taken(
    amount: Decimal, credits: list[tuple[str, str, Decimal]], own: tuple[str, str, Decimal]
) -> Iterator[tuple[str, str, Decimal]]:
    """Parts that make up an amount, taken off the credits in order and then off the money itself."""
    while amount and credits:
        kind, source, left = credits.pop(0)
        part = min(amount, left)
        yield kind, source, part
        amount -= part
        if left > part:
            credits.insert(0, (kind, source, left - part))
    if amount:
        yield own[0], own[1], amount


def open_items(ledger: Ledger) -> Iterator[Row]:
    """fct_open_item."""
    used: defaultdict[str, Decimal] = defaultdict(Decimal)
    for link in links(ledger):
        if link.kind == "journal":
            used[link.document] += link.amount
        if link.source_kind == "journal":
            used[link.source] -= link.amount
    for item in items(ledger).values():
        left = item.amount - used[item.id]
        yield item.id, item.entry, item.customer, item.day, item.currency, item.amount, left, item.rate


def applications(ledger: Ledger) -> Iterator[Row]:
    """fct_application: what one source settles of one document on one day, in one row."""
    sums: dict[tuple[str, str, str, str, str], Decimal] = {}
    for link in links(ledger):
        key = (link.source_kind, link.source, link.kind, link.document, link.day)
        sums[key] = sums.get(key, ZERO) + link.amount
    return ((*key, amount) for key, amount in sums.items())
