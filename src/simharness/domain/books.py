"""Canonical records of a ledger: accounts, customers, documents, entries.

Ids are the vendor's own, as text. Journal amounts are signed: debit positive, credit negative. Document amounts are
positive in the document's natural direction (an invoice of 10 and a credit memo of 10 both say 10).
`account` fields hold the account's id; `Account` gives number and name.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from simharness.core.money import Money
from simharness.domain.base import Record


class Account(Record, frozen=True, kw_only=True):
    """An account of the chart. `kind`: bank, receivable, undeposited, current_asset, fixed_asset, payable, credit_card,
    current_liability, long_term_liability, equity, income, contra_income, cost_of_sales, expense, other_income,
    other_expense.
    """

    id: str
    number: str
    name: str
    kind: str
    currency: str = ""
    active: bool = True


class Party(Record, frozen=True, kw_only=True):
    """A customer or a vendor of the ledger. `note` and `reference` are free fields in which a
    connector may keep the source id.
    """

    id: str
    name: str
    currency: str = ""
    taxable: bool = True
    exemption_reason: str = ""
    exemption_number: str = ""
    reference: str = ""
    note: str = ""
    email: str = ""
    phone: str = ""
    terms: str = ""
    active: bool = True
    balance: Money | None = None
    version: str = ""
    created_by: str = ""
    updated_by: str = ""


class DocumentLine(Record, frozen=True, kw_only=True):
    """One line as the ledger keeps it. `kind`: item, discount, subtotal, description. `amount` is without tax.

    A discount line's amount is positive when it lowers the total. `tax_code` is the vendor's code on the line (US:
    TAX or NON).
    """

    id: str
    kind: str
    amount: Money
    description: str = ""
    item: str = ""
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    account: str = ""
    tax_code: str = ""
    cost_centre: str = ""
    taxable: bool = True


class TaxGroup(Record, frozen=True, kw_only=True):
    """Tax of one rate (or one component of a combined rate) on one document: base, percentage and tax as posted."""

    code: str
    rate: str
    percent: Decimal
    base: Money
    tax: Money
    account: str = ""


class Document(Record, frozen=True, kw_only=True):
    """A document with lines. `kind`: invoice, credit_memo, sales_receipt, refund_receipt, bill, vendor_credit.

    `party` is a customer, of a bill or vendor credit a vendor. `account` is where a receipt's money went to or came
    from. `rate` is base per unit of a foreign currency, None where the document is in the base currency.

    `net` is the total without tax, `total` with tax, `open` what is still to be settled or applied. `status`:
    open, partly_paid, paid, void (overdue depends on a date and is not a status here). `reference` and `note` are the
    fields in which a connector keeps its external reference; `memo` is what the customer reads.
    """

    id: str
    kind: str
    number: str
    party: str
    date: dt.date
    due: dt.date | None
    currency: str
    lines: tuple[DocumentLine, ...]
    taxes: tuple[TaxGroup, ...]
    net: Money
    tax: Money
    total: Money
    open: Money
    status: str
    terms: str = ""
    tax_code: str = ""
    cost_centre: str = ""
    location: str = ""
    reference: str = ""
    note: str = ""
    memo: str = ""
    entity: str = ""
    tax_included: bool = False
    tax_overridden: bool = False
    account: str = ""
    rate: Decimal | None = None
    version: str = ""
    created_at: dt.datetime | None = None
    created_by: str = ""
    updated_by: str = ""


class Application(Record, frozen=True, kw_only=True):
    """The part of a payment or credit that settles one document."""

    document: str
    amount: Money


class Payment(Record, frozen=True, kw_only=True):
    """Money received from a customer or, as `kind` vendor, paid to a vendor.

    `unapplied` = amount less applications; `account` is where it was deposited or taken from. `deposited`: a deposit
    moved it on from there.
    """

    id: str
    party: str
    date: dt.date
    amount: Money
    unapplied: Money
    applications: tuple[Application, ...]
    account: str
    kind: str = "customer"
    number: str = ""
    deposited: bool = False
    rate: Decimal | None = None
    reference: str = ""
    note: str = ""
    status: str = "open"
    entity: str = ""
    version: str = ""
    created_at: dt.datetime | None = None
    created_by: str = ""
    updated_by: str = ""


class DepositLine(Record, frozen=True, kw_only=True):
    """A line of a deposit: a payment moved on from undeposited funds, or money straight from an account."""

    amount: Money
    payment: str = ""
    account: str = ""
    party: str = ""
    memo: str = ""


class Deposit(Record, frozen=True, kw_only=True):
    """Money put on a bank account: `total` is the sum of its lines, negative ones (fees) included."""

    id: str
    date: dt.date
    account: str
    total: Money
    lines: tuple[DepositLine, ...]
    note: str = ""
    status: str = "open"
    entity: str = ""
    created_at: dt.datetime | None = None
    created_by: str = ""


class Transfer(Record, frozen=True, kw_only=True):
    """Money moved between two accounts of the company."""

    id: str
    date: dt.date
    source: str
    target: str
    amount: Money
    note: str = ""
    status: str = "open"
    entity: str = ""
    created_at: dt.datetime | None = None
    created_by: str = ""


class OpenItem(Record, frozen=True, kw_only=True):
    """What a journal entry put on a customer's receivable: debit positive; `open` is what is not settled or used of it.

    `entry` is the journal's id, `rate` as of a document.
    """

    entry: str
    party: str
    date: dt.date
    amount: Money
    open: Money
    note: str = ""
    rate: Decimal | None = None


class EntryLine(Record, frozen=True, kw_only=True):
    """One posting: signed amount in base (debit positive) on an account, with its dimensions.

    `foreign` is the same in the currency of the transaction, where that is not the base.
    """

    account: str
    amount: Money
    foreign: Money | None = None
    party: str = ""
    cost_centre: str = ""
    location: str = ""
    memo: str = ""


class Entry(Record, frozen=True, kw_only=True):
    """One balanced set of postings. `source` is the kind of document that posted it, `source_id` its id."""

    id: str
    date: dt.date
    source: str
    source_id: str
    lines: tuple[EntryLine, ...]
    number: str = ""
    note: str = ""
    entity: str = ""
    created_at: dt.datetime | None = None
    created_by: str = ""


class LedgerSnapshot(Record, frozen=True, kw_only=True):
    """Everything canonical one ledger holds, each tuple in order of creation. Deleted documents are absent."""

    vendor: str
    entity: str
    currency: str
    time_zone: str
    accounts: tuple[Account, ...] = ()
    parties: tuple[Party, ...] = ()
    documents: tuple[Document, ...] = ()
    vendors: tuple[Party, ...] = ()
    payments: tuple[Payment, ...] = ()
    deposits: tuple[Deposit, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    open_items: tuple[OpenItem, ...] = ()
    entries: tuple[Entry, ...] = ()
    closed_until: dt.date | None = None
