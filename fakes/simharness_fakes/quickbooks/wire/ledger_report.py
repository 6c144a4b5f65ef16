"""The GeneralLedger report: what a connector reads the journal from. Its columns are chosen by the caller."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from simharness_fakes.accounting.reports import GeneralLedger, LedgerAccount, LedgerRow
from simharness_fakes.quickbooks.state import Company
from simharness_fakes.quickbooks.wire.chart import classification
from simharness_fakes.quickbooks.wire.parts import Wire
from simharness_fakes.quickbooks.wire.report import account_cell, cell, column, money, report, section
from simharness_fakes.quickbooks.wire.times import instant

#: key → (title, type). Keys from the vendor's page of the report.
COLUMNS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "tx_date": ("Date", "Date"), "txn_type": ("Transaction Type", "String"), "doc_num": ("Num", "String"),
        "name": ("Name", "String"), "cust_name": ("Customer", "String"), "memo": ("Memo/Description", "String"),
        "account_name": ("Account", "String"), "account_num": ("Account #", "String"),
        "klass_name": ("Class", "String"), "dept_name": ("Location", "String"), "is_adj": ("Adj", "Boolean"),
        "create_by": ("Created By", "String"), "create_date": ("Create Date", "Date"),
        "last_mod_date": ("Last Modified", "Date"), "debt_amt": ("Debit", "Money"), "credit_amt": ("Credit", "Money"),
        "subt_nat_amount": ("Amount", "Money"), "rbal_nat_amount": ("Balance", "Money"),
    }
)  # fmt: skip
DEFAULT_COLUMNS = ("tx_date", "txn_type", "doc_num", "name", "memo", "subt_nat_amount", "rbal_nat_amount")

#: How transactions are called in reports.
_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "invoice": "Invoice", "credit_memo": "Credit Memo", "payment": "Payment", "journal": "Journal Entry",
        "sales_receipt": "Sales Receipt", "refund_receipt": "Refund", "deposit": "Deposit", "transfer": "Transfer",
        "bill": "Bill", "bill_payment": "Bill Payment (Check)", "vendor_credit": "Vendor Credit",
        "purchase": "Expense",
    }
)  # fmt: skip
_CREDIT_SIDES = ("Liability", "Equity", "Revenue")

Cell = Callable[[Company, LedgerAccount, LedgerRow], Wire]


def general_ledger(company: Company, found: GeneralLedger, columns: Sequence[str]) -> Wire:
    """A section for each account: its beginning balance, its postings by date, its total."""
    shown = [column(*COLUMNS[key], key) for key in columns]
    rows = [_account(company, account, columns) for account in found.accounts]
    return report(company, "GeneralLedger", (found.start, found.end), shown, rows)


def _account(company: Company, found: LedgerAccount, columns: Sequence[str]) -> Wire:
    blank = [cell("") for _ in columns]
    header = [account_cell(found.account), *blank[1:]]
    rows: list[Wire] = []
    if found.opening:
        rows.append({"ColData": _sums(found, columns, "Beginning Balance", found.opening), "type": "Data"})
    rows += [{"ColData": [_CELLS[key](company, found, row) for key in columns], "type": "Data"} for row in found.rows]
    total = sum((row.posting.amount for row in found.rows), Decimal(0))
    sums = _sums(found, columns, f"Total for {header[0]['value']}", None)
    for position, key in enumerate(columns):
        if key == "subt_nat_amount":
            sums[position] = money(_natural(found, total))
    return section("", header, rows, sums)


def _sums(found: LedgerAccount, columns: Sequence[str], title: str, balance: Decimal | None) -> list[Wire]:
    cells = [cell("") for _ in columns]
    for position, key in enumerate(columns):
        if key == "rbal_nat_amount" and balance is not None:
            cells[position] = money(_natural(found, balance))
    cells[0] = cell(title)
    return cells


def _natural(found: LedgerAccount, amount: Decimal) -> Decimal:
    """Debit-positive to the account's own direction: credits of liabilities, equity and income are positive."""
    return -amount if classification(found.account) in _CREDIT_SIDES else amount


def _name(company: Company, found: LedgerAccount, row: LedgerRow) -> Wire:
    """Whom a line is about: its customer, else the vendor of its document."""
    document = company.books.document(row.entry.id)
    vendor = company.books.vendors.find(row.posting.vendor or str(getattr(document, "vendor", "")))
    return cell(vendor.name, vendor.id) if vendor is not None else _customer(company, found, row)


def _customer(company: Company, found: LedgerAccount, row: LedgerRow) -> Wire:
    # A document's lines all show the document's customer, whichever account they are on.
    id = row.posting.customer
    if not id:
        document = company.books.document(row.entry.id)
        id = str(getattr(document, "customer", "") or "")
    record = company.books.customers.find(id) if id else None
    return cell(record.name, record.id) if record is not None else cell("")


def _type(company: Company, found: LedgerAccount, row: LedgerRow) -> Wire:
    return cell(_TYPES[row.entry.source], row.entry.id)


def _memo(company: Company, found: LedgerAccount, row: LedgerRow) -> Wire:
    return cell(row.posting.memo or row.entry.note)


def _class(company: Company, found: LedgerAccount, row: LedgerRow) -> Wire:
    record = company.books.classes.find(row.posting.cost_centre) if row.posting.cost_centre else None
    return cell(record.name, record.id) if record is not None else cell("")


def _department(company: Company, found: LedgerAccount, row: LedgerRow) -> Wire:
    record = company.books.departments.find(row.posting.location) if row.posting.location else None
    return cell(record.name, record.id) if record is not None else cell("")


def _number(company: Company, found: LedgerAccount, row: LedgerRow) -> Wire:
    document = company.books.document(row.entry.id)
    return cell(row.entry.number or str(getattr(document, "reference", "") or ""))


def _made(company: Company, found: LedgerAccount, row: LedgerRow) -> Wire:
    document = company.books.document(row.entry.id)
    return cell(instant(document.created_at) if document and document.created_at else "")


def _changed(company: Company, found: LedgerAccount, row: LedgerRow) -> Wire:
    document = company.books.document(row.entry.id)
    return cell(instant(document.updated_at) if document and document.updated_at else "")


def _maker(company: Company, found: LedgerAccount, row: LedgerRow) -> Wire:
    document = company.books.document(row.entry.id)
    return cell(document.created_by if document else "")


def _adjustment(company: Company, found: LedgerAccount, row: LedgerRow) -> Wire:
    document = company.books.document(row.entry.id)
    return cell("Yes" if getattr(document, "adjustment", False) else "No")


def _debit(company: Company, found: LedgerAccount, row: LedgerRow) -> Wire:
    return money(row.posting.amount) if row.posting.amount > 0 else cell("")


def _credit(company: Company, found: LedgerAccount, row: LedgerRow) -> Wire:
    return money(-row.posting.amount) if row.posting.amount < 0 else cell("")


_CELLS: Mapping[str, Cell] = MappingProxyType(
    {
        "tx_date": lambda company, found, row: cell(row.entry.date.isoformat()),
        "txn_type": _type,
        "doc_num": _number,
        "name": _name,
        "cust_name": _customer,
        "memo": _memo,
        "account_name": lambda company, found, row: account_cell(found.account),
        "account_num": lambda company, found, row: cell(found.account.number),
        "klass_name": _class,
        "dept_name": _department,
        "is_adj": _adjustment,
        "create_by": _maker,
        "create_date": _made,
        "last_mod_date": _changed,
        "debt_amt": _debit,
        "credit_amt": _credit,
        "subt_nat_amount": lambda company, found, row: money(_natural(found, row.posting.amount)),
        "rbal_nat_amount": lambda company, found, row: money(_natural(found, row.balance)),
    }
)
