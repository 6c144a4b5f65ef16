"""The general journal, read from the ledger's own GeneralLedger report: never derived from documents again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from simharness.reference.arithmetic.money import ZERO
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.quickbooks import QuickBooks

COLUMNS = ("tx_date", "txn_type", "name", "klass_name", "dept_name", "debt_amt", "credit_amt")
#: Before any book this connector meets.
_BEGINNING = date(2000, 1, 1)
#: How the tables call the ledger's transaction types; others keep their own name in small letters.
_SOURCES = MappingProxyType(
    {
        "Credit Memo": "credit_memo",
        "Journal Entry": "journal",
        "Refund": "refund_receipt",
        "Refund Receipt": "refund_receipt",
        "Sales Receipt": "sales_receipt",
        "Vendor Credit": "vendor_credit",
        "Bill Payment (Check)": "bill_payment",
        "Bill Payment (Credit Card)": "bill_payment",
    }
)


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of the journal; debit positive. `transaction_id` is the document that posted it."""

    transaction_id: str
    source: str
    day: str
    account_id: str
    amount: Decimal
    customer_id: str
    cost_centre: str
    location: str


def postings(quickbooks: QuickBooks, until: date, account_id: str = "") -> list[Posting]:
    """Every posting dated up to a day, in the report's order: by account, then by date; of one account, or of all."""
    params = [
        ("start_date", _BEGINNING.isoformat()),
        ("end_date", until.isoformat()),
        ("accounting_method", "Accrual"),
        ("columns", ",".join(COLUMNS)),
    ]
    if account_id:
        params.append(("account", account_id))
    report = quickbooks.report("GeneralLedger", params)
    keys = [_key(column) for column in report["Columns"]["Column"]]
    found: list[Posting] = []
    for section in report.get("Rows", {}).get("Row", []):
        found += _section(section, keys)
    return found


def _section(section: Json, keys: Sequence[str]) -> Iterator[Posting]:
    """The postings of an account, and of the accounts below it."""
    header = section.get("Header", {}).get("ColData", [{}])
    account_id = str(header[0].get("id", ""))
    for row in section.get("Rows", {}).get("Row", []):
        if "Rows" in row:
            yield from _section(row, keys)
            continue
        cells = dict(zip(keys, row.get("ColData", []), strict=False))
        kind = cells.get("txn_type", {})
        if not kind.get("id"):
            continue  # the beginning balance
        yield Posting(
            transaction_id=str(kind["id"]),
            source=_SOURCES.get(kind["value"], str(kind["value"]).casefold()),
            day=str(cells["tx_date"]["value"]),
            account_id=account_id,
            amount=_amount(cells["debt_amt"]) - _amount(cells["credit_amt"]),
            customer_id=str(cells["name"].get("id", "")),
            cost_centre=str(cells["klass_name"].get("value", "")),
            location=str(cells["dept_name"].get("value", "")),
        )


def _amount(cell: Json) -> Decimal:
    text = str(cell.get("value", "")).replace(",", "")
    return Decimal(text) if text else ZERO


def _key(column: Json) -> str:
    """A column's key; reports tell it in the column's metadata, or in its type."""
    for each in column.get("MetaData", []):
        if each.get("Name") == "ColKey":
            return str(each["Value"])
    return str(column.get("ColType", ""))
