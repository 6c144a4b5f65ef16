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
    `rate`: base per unit of a foreign currency, None is the last one known on the date.
    """

    customer: str
    date: dt.date
    lines: tuple[DraftLine, ...]
    number: str = ""
    account: str = ""
    due: dt.date | None = None
    terms: str = ""
    currency: str = ""
    rate: Decimal | None = None
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
    settled or applied, of receipts nothing; `base` and `open_base` are both in the books' currency. `account` is where
    a receipt's money lies, `deposit` the deposit that moved it on.

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
    rate: Decimal | None = None
    base: Decimal = ZERO
    open_base: Decimal = ZERO
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

    @property
    def party(self) -> str:
        """Whose document it is."""
        return self.customer


class Apply(Record, frozen=True, kw_only=True):
    """Part of a payment: `amount` (positive) settles an invoice or debit, or uses up a credit memo or credit.

    The kind of the document decides which. `base` is what it takes of the document's worth in base; the ledger fills
    it in. `carried` as elsewhere.
    """

    document: str
    amount: Decimal
    base: Decimal = ZERO
    carried: object = None


class PaymentDraft(Record, frozen=True, kw_only=True):
    """Money received from a customer, or paid to a vendor (exactly one of the two).

    Σ debts settled ≤ amount + Σ credits used; a payment of zero links credits to debts. `deposit_account` is where the
    money was put, "" is the account with the role undeposited; of a payment to a vendor where it was taken from.
    """

    customer: str = ""
    vendor: str = ""
    date: dt.date
    amount: Decimal
    applications: tuple[Apply, ...] = ()
    deposit_account: str = ""
    currency: str = ""
    rate: Decimal | None = None
    number: str = ""
    method: str = ""
    location: str = ""
    reference: str = ""
    note: str = ""
    carried: object = None


class Payment(Kept, frozen=True, kw_only=True):
    """A payment as kept. unapplied = amount + Σ credits used − Σ debts settled, never below zero.

    `base`, `control` and `gain` are in the books' currency: what the money is worth at the payment's rate, what the
    payment takes off the receivable (puts on the payable), and the difference, a gain where positive. `deposit` is the
    deposit that moved the money on.
    """

    customer: str = ""
    vendor: str = ""
    date: dt.date
    amount: Decimal
    unapplied: Decimal
    applications: tuple[Apply, ...]
    deposit_account: str
    currency: str
    rate: Decimal | None = None
    base: Decimal = ZERO
    control: Decimal = ZERO
    gain: Decimal = ZERO
    number: str = ""
    method: str = ""
    location: str = ""
    reference: str = ""
    note: str = ""
    deposit: str = ""
    void: bool = False

    @property
    def kind(self) -> str:
        """`payment` or `bill_payment`, as `Sale.kind` tells for the others."""
        return "bill_payment" if self.vendor else "payment"

    @property
    def party(self) -> str:
        """The customer or the vendor."""
        return self.vendor or self.customer


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
    rate: Decimal | None = None
    reference: str = ""
    note: str = ""
    adjustment: bool = False
    carried: object = None


class OpenAmount(Record, frozen=True, kw_only=True):
    """What a journal entry put on a customer's account (signed, debit positive) and what of it is still open, in the
    journal's currency and in base.
    """

    customer: str
    amount: Decimal
    open: Decimal
    base: Decimal
    open_base: Decimal


class Journal(Kept, frozen=True, kw_only=True):
    """A journal entry as kept; `receivables` are its effects on customers, which payments can settle or use.

    `bases` are the lines' amounts in the books' currency, in their order.
    """

    date: dt.date
    lines: tuple[JournalLine, ...]
    currency: str
    rate: Decimal | None = None
    bases: tuple[Decimal, ...] = ()
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


class BillLine(Record, frozen=True, kw_only=True):
    """What was bought: an amount on an account. A negative amount is allowed."""

    account: str
    amount: Decimal
    item: str = ""
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    customer: str = ""
    cost_centre: str = ""
    description: str = ""
    id: str = ""
    carried: object = None


class BillDraft(Record, frozen=True, kw_only=True):
    """A bill, vendor credit or purchase as somebody enters it, without tax of its own.

    `due` None follows the terms (the vendor's when `terms` is ""). `account` (purchases only): what it was paid from;
    only a purchase may be without vendor.
    """

    vendor: str
    date: dt.date
    lines: tuple[BillLine, ...]
    number: str = ""
    due: dt.date | None = None
    terms: str = ""
    currency: str = ""
    rate: Decimal | None = None
    account: str = ""
    location: str = ""
    note: str = ""
    carried: object = None


class Bill(Kept, frozen=True, kw_only=True):
    """A bill (the company owes), a vendor credit (the mirror image) or a purchase (paid at once) as kept."""

    kind: str
    vendor: str
    date: dt.date
    due: dt.date | None
    lines: tuple[BillLine, ...]
    currency: str
    total: Decimal
    open: Decimal
    rate: Decimal | None = None
    base: Decimal = ZERO
    open_base: Decimal = ZERO
    number: str = ""
    terms: str = ""
    account: str = ""
    location: str = ""
    reference: str = ""
    note: str = ""
    void: bool = False

    @property
    def party(self) -> str:
        """Whose document it is."""
        return self.vendor


class Posting(Record, frozen=True, kw_only=True):
    """One line of the general ledger: signed, debit positive, in base; `foreign` is the same in the currency of the
    transaction where that is another.
    """

    account: str
    amount: Decimal
    foreign: Decimal | None = None
    customer: str = ""
    vendor: str = ""
    cost_centre: str = ""
    location: str = ""
    memo: str = ""


class Entry(Record, frozen=True, kw_only=True):
    """What one document posts; its id is the document's id. Replaced when the document is updated.

    `currency` is the transaction's where that is not the books' own.
    """

    id: str
    source: str
    date: dt.date
    number: str
    postings: tuple[Posting, ...]
    note: str = ""
    currency: str = ""


class Change(Record, frozen=True, kw_only=True):
    """The last thing that happened to a record. `operation`: create, update, void, delete."""

    sequence: int
    at: dt.datetime
    kind: str
    id: str
    operation: str
    actor: str
