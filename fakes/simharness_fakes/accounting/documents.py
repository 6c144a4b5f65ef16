"""Documents: what is given to the ledger (drafts) and what the ledger keeps of it.

Amounts are in the document's currency and positive in its natural direction. An update takes the complete new draft.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from simharness.domain.base import Record
from simharness_fakes.accounting.chart import Kept

ZERO = Decimal(0)


class ItemLine(Record, frozen=True, kw_only=True):
    """Something sold. Give quantity and price, or amount, or all three (then they must agree to the cent).

    amount = round(quantity × unit_price ÷ base_quantity) + Σ adjustments, each rounded by itself; adjustments are line
    charges (positive) and allowances (negative). A negative price or amount is allowed. `account` "" is the item's.
    `taxable` (US model) None is the item's flag. `tax_code` (global model) is a code's id. `id` keeps a line's id on
    update.
    """

    item: str = ""
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    amount: Decimal | None = None
    base_quantity: Decimal = Decimal(1)
    adjustments: tuple[Decimal, ...] = ()
    account: str = ""
    description: str = ""
    tax_code: str = ""
    taxable: bool | None = None
    cost_centre: str = ""
    id: str = ""
    carried: object = None


class DiscountLine(Record, frozen=True, kw_only=True):
    """A reduction: a percentage of the covered lines' amounts as listed, or an amount; exactly one of the two,
    positive lowers.

    It is spread over the lines it covers by largest remainder. `covers` are positions of lines in the draft, from 0;
    None is every item line. `off_net` (tax-inclusive documents): the amount comes off the net, after tax was taken out.
    `account` "" is the account with the role discounts_given.
    """

    percent: Decimal | None = None
    amount: Decimal | None = None
    covers: tuple[int, ...] | None = None
    off_net: bool = False
    account: str = ""
    description: str = ""
    cost_centre: str = ""
    id: str = ""
    carried: object = None


class SubtotalLine(Record, frozen=True, kw_only=True):
    """Shows the sum of the item lines above it; posts nothing."""

    description: str = ""
    id: str = ""
    carried: object = None


class DescriptionLine(Record, frozen=True, kw_only=True):
    """Text only; posts nothing."""

    description: str = ""
    id: str = ""
    carried: object = None


DraftLine = ItemLine | DiscountLine | SubtotalLine | DescriptionLine


class SaleDraft(Record, frozen=True, kw_only=True):
    """An invoice, credit memo, sales receipt or refund receipt as somebody enters it.

    `due` None follows the terms (the customer's when `terms` is ""). `currency` "" is the customer's. `tax_mode`:
    exclusive, inclusive or none. `tax_code`: US model, the document's code ("" is the customer's). `tax_date` None is
    the date; a credit memo gives its original's. `tax_override`: the caller's total tax (ignored where tax is
    automated). `region` "" is the customer's. `cost_centre` stands in for lines without one. `tax_after_discount`
    None is the company's setting. `account` (receipts only): where the money goes or comes from, "" is undeposited.
    """

    customer: str
    date: dt.date
    lines: tuple[DraftLine, ...]
    number: str = ""
    account: str = ""
    due: dt.date | None = None
    terms: str = ""
    currency: str = ""
    tax_mode: str = "exclusive"
    tax_code: str = ""
    tax_date: dt.date | None = None
    tax_override: Decimal | None = None
    tax_after_discount: bool | None = None
    region: str = ""
    cost_centre: str = ""
    location: str = ""
    reference: str = ""
    note: str = ""
    memo: str = ""
    carried: object = None


class Line(Record, frozen=True, kw_only=True):
    """A line as kept. `kind`: item, discount, subtotal, description. `amount` is as entered (gross in an inclusive
    document), `net` without tax; a discount's are positive. `discount` is the share of the document's discounts on an
    item line (as entered), `tax_code` the code that was used ("" if not taxed).
    """

    id: str
    kind: str
    amount: Decimal = ZERO
    net: Decimal = ZERO
    description: str = ""
    item: str = ""
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    percent: Decimal | None = None
    account: str = ""
    tax_code: str = ""
    taxable: bool = False
    cost_centre: str = ""
    discount: Decimal = ZERO
    carried: object = None


class TaxLine(Record, frozen=True, kw_only=True):
    """The tax of one rate on one document. `rate` and `account` are "" for codes of zero percent that have no rate."""

    code: str
    rate: str
    percent: Decimal
    base: Decimal
    tax: Decimal
    account: str


class Sale(Kept, frozen=True, kw_only=True):
    """A document that sells something, or its mirror image, as kept. total = net + tax; `open` is what is not yet
    settled or applied, of receipts nothing. `account` is where a receipt's money lies, `deposit` the deposit that moved
    it on.

    `tax_overridden`: the ledger's tax replaced another figure that was sent. `tax_given`: the caller's tax stands.
    `draft` is what was last entered, so that a dialect can merge a partial update. Void: every amount zero, `void`
    true.
    """

    kind: str
    number: str
    customer: str
    date: dt.date
    due: dt.date | None
    currency: str
    lines: tuple[Line, ...]
    taxes: tuple[TaxLine, ...]
    net: Decimal
    tax: Decimal
    total: Decimal
    open: Decimal
    draft: SaleDraft
    discount: Decimal = ZERO
    terms: str = ""
    tax_mode: str = "exclusive"
    tax_code: str = ""
    tax_overridden: bool = False
    tax_given: bool = False
    location: str = ""
    cost_centre: str = ""
    reference: str = ""
    note: str = ""
    memo: str = ""
    account: str = ""
    deposit: str = ""
    void: bool = False


class Apply(Record, frozen=True, kw_only=True):
    """Part of a payment: `amount` (positive) settles an invoice or debit, or uses up a credit memo or credit.

    The kind of the document decides which. `carried` as elsewhere.
    """

    document: str
    amount: Decimal
    carried: object = None


class PaymentDraft(Record, frozen=True, kw_only=True):
    """Money received. Σ invoices settled ≤ amount + Σ credits used; a payment of zero links credits to invoices.

    `deposit_account` "" is the account with the role undeposited.
    """

    customer: str
    date: dt.date
    amount: Decimal
    applications: tuple[Apply, ...] = ()
    deposit_account: str = ""
    currency: str = ""
    number: str = ""
    method: str = ""
    location: str = ""
    reference: str = ""
    note: str = ""
    carried: object = None


class Payment(Kept, frozen=True, kw_only=True):
    """A payment as kept. unapplied = amount + Σ credits used − Σ invoices settled, never below zero.

    `deposit` is the deposit that moved the money on.
    """

    customer: str
    date: dt.date
    amount: Decimal
    unapplied: Decimal
    applications: tuple[Apply, ...]
    deposit_account: str
    currency: str
    number: str = ""
    method: str = ""
    location: str = ""
    reference: str = ""
    note: str = ""
    deposit: str = ""
    void: bool = False

    @property
    def kind(self) -> str:
        """`payment`, as `Sale.kind` tells for the others."""
        return "payment"


class JournalLine(Record, frozen=True, kw_only=True):
    """A line of a journal entry: signed, debit positive. A line on a receivable account names its customer."""

    account: str
    amount: Decimal
    customer: str = ""
    cost_centre: str = ""
    location: str = ""
    description: str = ""
    id: str = ""
    carried: object = None


class JournalDraft(Record, frozen=True, kw_only=True):
    """A journal entry as somebody enters it; its lines must balance."""

    date: dt.date
    lines: tuple[JournalLine, ...]
    number: str = ""
    currency: str = ""
    reference: str = ""
    note: str = ""
    adjustment: bool = False
    carried: object = None


class OpenAmount(Record, frozen=True, kw_only=True):
    """What a journal entry put on a customer's account (signed, debit positive) and what of it is still open."""

    customer: str
    amount: Decimal
    open: Decimal


class Journal(Kept, frozen=True, kw_only=True):
    """A journal entry as kept; `receivables` are its effects on customers, which payments can settle or use."""

    date: dt.date
    lines: tuple[JournalLine, ...]
    currency: str
    number: str = ""
    receivables: tuple[OpenAmount, ...] = ()
    reference: str = ""
    note: str = ""
    adjustment: bool = False
    void: bool = False

    @property
    def kind(self) -> str:
        """`journal`, as `Sale.kind` tells for the others."""
        return "journal"


class Posting(Record, frozen=True, kw_only=True):
    """One line of the general ledger: signed, debit positive."""

    account: str
    amount: Decimal
    customer: str = ""
    cost_centre: str = ""
    location: str = ""
    memo: str = ""


class Entry(Record, frozen=True, kw_only=True):
    """What one document posts; its id is the document's id. Replaced when the document is updated."""

    id: str
    source: str
    date: dt.date
    number: str
    postings: tuple[Posting, ...]
    note: str = ""


class Change(Record, frozen=True, kw_only=True):
    """The last thing that happened to a record. `operation`: create, update, void, delete."""

    sequence: int
    at: dt.datetime
    kind: str
    id: str
    operation: str
    actor: str
