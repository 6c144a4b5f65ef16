"""What an account in a foreign currency held at the end of a day: in its own currency, and as the books carry it.

The ledger's reports are in the currency of the books, and its accounts show only what they hold now. So the postings of
the account say what it is carried at and which transactions moved it, and these say by how much.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from simharness.reference.arithmetic.money import ZERO
from simharness.reference.errors import Rejected
from simharness.reference.ledger.journal import Posting, postings
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.quickbooks import QuickBooks

#: The records behind the ledger's transactions that move an account by their whole amount.
_WHOLE = MappingProxyType(
    {
        "invoice": "Invoice",
        "credit_memo": "CreditMemo",
        "payment": "Payment",
        "sales_receipt": "SalesReceipt",
        "refund_receipt": "RefundReceipt",
        "deposit": "Deposit",
        "expense": "Purchase",
    }
)
_JOURNAL, _TRANSFER = "journal", "transfer"
_ENTITIES = MappingProxyType({**_WHOLE, _JOURNAL: "JournalEntry", _TRANSFER: "Transfer"})


@dataclass(frozen=True, slots=True)
class Held:
    """An amount in a foreign currency, and what it is carried at in that of the books; debit positive."""

    amount: Decimal
    carried: Decimal


def held(quickbooks: QuickBooks, account_id: str, day: date) -> Held:
    """What an account held at the end of a day. Raises `Rejected` for a transaction that this program cannot read."""
    moved: defaultdict[tuple[str, str], list[Posting]] = defaultdict(list)
    for posting in postings(quickbooks, day, account_id):
        if posting.account_id == account_id:
            moved[posting.source, posting.transaction_id].append(posting)
    records = _records(quickbooks, {source for source, _ in moved}, day)
    amount = carried = ZERO
    for (source, id), lines in moved.items():
        base = sum((line.amount for line in lines), ZERO)
        record = records.get((source, id))
        if record is None:
            raise Rejected("unreadable_transaction", f"{source} {id} moves a foreign account, and cannot be read")
        amount += _amount(source, record, account_id, base)
        carried += base
    return Held(amount, carried)


def _records(quickbooks: QuickBooks, sources: Iterable[str], day: date) -> dict[tuple[str, str], Json]:
    return {
        (source, str(row["Id"])): row
        for source in sources
        if source in _ENTITIES
        for row in quickbooks.query(_ENTITIES[source], f"TxnDate <= '{day.isoformat()}'")
    }


def _amount(source: str, record: Json, account_id: str, base: Decimal) -> Decimal:
    """What a transaction moved the account by in its own currency: the way that its worth went."""
    if source == _JOURNAL:
        details = [(line["JournalEntryLineDetail"], Decimal(line["Amount"])) for line in record["Line"]]
        mine = [(detail, amount) for detail, amount in details if detail["AccountRef"]["value"] == account_id]
        return sum((amount if each["PostingType"] == "Debit" else -amount for each, amount in mine), ZERO)
    whole = Decimal(record["Amount"] if source == _TRANSFER else record["TotalAmt"])
    return whole if base > 0 else -whole
