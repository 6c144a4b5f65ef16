"""Declared accounting policies: where accepted practice differs, fake, connector and check read the declaration.

Source of each choice: the finance rules, sections 1 to 3.
"""

from __future__ import annotations

import enum
from datetime import date

from simharness.domain.base import Record


class Rounding(enum.Enum):
    """How half a cent is rounded: away from zero, or to the even neighbour."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"


class TaxPolicy(enum.Enum):
    """Where tax is rounded: once a rate over the document, on every line, or once an authority of a combined rate."""

    PER_GROUP = "per_group"
    PER_LINE = "per_line"
    PER_COMPONENT = "per_component"


class InclusivePolicy(enum.Enum):
    """Which part of a tax-inclusive price is rounded; the other is the rest."""

    ROUND_NET = "round_net"
    ROUND_TAX = "round_tax"


class DiscountPresentation(enum.Enum):
    """Whether income is posted after discount, or gross with the discount on a contra account."""

    NET = "net"
    CONTRA = "contra"


class TaxCalculator(enum.Enum):
    """Who calculates tax: the connector sends it, or the ledger overrides whatever was sent (automated sales tax)."""

    CONNECTOR = "connector"
    LEDGER = "ledger"


class DealEditPolicy(enum.Enum):
    """What an edit of a won deal causes: a further document for the difference, credit and rebill, or refusal."""

    DELTA = "delta"
    CREDIT_AND_REBILL = "credit_and_rebill"
    REFUSE = "refuse"


class InvoicesBy(enum.Enum):
    """Who writes the invoices of won deals: the connector; a billing system, and the connector looks after them; or
    the connector beside a native CRM-ledger sync, whichever comes first.
    """

    CONNECTOR = "connector"
    BILLING_SYSTEM = "billing_system"
    NATIVE_SYNC_BESIDE = "native_sync_beside"


class DepositTax(enum.Enum):
    """When tax on a customer's deposit is due: when it is received (value added tax), or at the sale (US sales tax)."""

    ON_RECEIPT = "on_receipt"
    AT_SALE = "at_sale"


class Proration(enum.Enum):
    """What a change of a line with service days is billed as: its whole difference, or what falls on the days left."""

    NONE = "none"
    DAY = "day"


class CreditRate(enum.Enum):
    """At which rate a foreign sale is taken back: that of the original, or that of the day of the credit or refund."""

    ORIGINAL = "original"
    DAY = "day"


class LateItems(enum.Enum):
    """What becomes of a fact of a closed period: posted on the first open day under its own in the note, or refused
    until the period is opened again.
    """

    NEXT_OPEN = "next_open"
    REFUSE = "refuse"


class BooksPolicy(Record, frozen=True, kw_only=True):
    """The policies of one entity's books. `tax_model` is the ledger company's profile: `us` or `global`.

    `prices_include_tax`: list prices of deals are gross. `cut_over`: deals won before this local day never bill.
    `invoice_date`: the date of an invoice is the local day on which the deal was won (`won`) or its close date
    (`close_date`). `write_offs`: `direct` to bad-debt expense or against an `allowance`; with `write_off_tax_relief`
    the
    tax share of a write-off is claimed back from tax payable. `currencies`: those billed in beside the books' own.
    `deposit_tax`: what a deposit invoice bears; the final invoice nets what was taxed before at the rate it bore.
    `proration`: of changes under `delta`, for lines with service days only.
    `late_items`: what comes too late for a closed period is posted on the first open day, or refused and listed.
    """

    rounding: Rounding = Rounding.HALF_UP
    tax: TaxPolicy = TaxPolicy.PER_GROUP
    inclusive: InclusivePolicy = InclusivePolicy.ROUND_NET
    discounts: DiscountPresentation = DiscountPresentation.NET
    tax_calculator: TaxCalculator = TaxCalculator.CONNECTOR
    deal_edits: DealEditPolicy = DealEditPolicy.DELTA
    tax_model: str = "us"
    prices_include_tax: bool = False
    cut_over: date | None = None
    invoice_date: str = "won"
    payouts: str = "manual"
    write_offs: str = "direct"
    write_off_tax_relief: bool = False
    currencies: tuple[str, ...] = ()
    credit_rates: CreditRate = CreditRate.ORIGINAL
    deposit_tax: DepositTax = DepositTax.AT_SALE
    proration: Proration = Proration.NONE
    invoices_by: InvoicesBy = InvoicesBy.CONNECTOR
    invoice_within_days: int = 0
    late_items: LateItems = LateItems.NEXT_OPEN
