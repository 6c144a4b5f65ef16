"""The kinds of words parameters are made of, as annotations: which words are valid is looked up when a story is read.

`Existing("deal")` must be known from the dictionary or an earlier step; `New("deal")` makes a name known;
`OneOf(...)` is a closed list; `Exactly` says how fine an amount may be.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from simharness.core.money import Money
from simharness.stories import words
from simharness.stories.decode import Reader
from simharness.stories.words import Cell, Percent


@dataclass(frozen=True, slots=True)
class Existing:
    """A word that must exist as this kind of thing."""

    kind: str


@dataclass(frozen=True, slots=True)
class New:
    """A word that names a new thing of this kind."""

    kind: str


@dataclass(frozen=True, slots=True)
class Either:
    """A word that names a thing of this kind, which the step makes where there is none of that name yet."""

    kind: str


@dataclass(frozen=True, slots=True)
class Adds:
    """A word whose thing gets one more thing of a kind by the step: the deal that a payment is for."""

    kind: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """One word of a closed list. With `own` a team may have further ones, in small letters with underscores: which
    ones, is known when a story is read.
    """

    words: tuple[str, ...]
    what: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class FinerThanCent:
    """The amount may carry more decimals than its currency (a unit price)."""


STATUSES = ("draft", "open", "partly paid", "paid", "credited", "written off", "void", "overdue")
BILLING_STATUSES = (
    "deposit invoiced", "deposit paid", "deposit given back", "invoiced", "partly paid", "paid", "credited", "rejected",
)  # fmt: skip
RECURRENCES = ("one-off", "monthly", "yearly")
SCHEDULES = ("once", "upfront", "monthly", "milestone")
METHODS = ("card", "ach", "bank transfer", "cheque")
#: The payout that every story may speak of: the last one the gateway sent, also one that its schedule sent.
LAST = "last"
PAYOUTS = ("manual", "daily", "weekly", "monthly")
REFUND_REASONS = ("sale", "overpayment", "deposit", "duplicate")
RECONCILIATIONS = (
    "crm_to_invoices",
    "invoices_to_ledger",
    "gateway_to_ledger",
    "payouts_to_bank",
    "payroll_to_journals",
    "payroll_to_bank",
    "tax_to_liability",
    "ledger_to_bi",
)
#: The shipped metrics; a team's own are known from its folder when a story is read.
METRICS = (
    "net_revenue", "billings", "cash_collected", "ar_ageing", "dso", "collection_effectiveness", "discount_rate",
    "tax_liability", "mrr", "gateway_fee_rate", "deferred_revenue", "payroll_cost", "gross_to_net",
)  # fmt: skip

#: The curated tables that the contract of BI names.
BI_TABLES = (
    "dim_account", "dim_customer", "fct_document", "fct_document_line", "fct_document_tax", "fct_payment",
    "fct_open_item", "fct_application", "fct_recurring_line", "fct_payroll_component", "fct_journal_line",
)  # fmt: skip

#: What every payroll keeps; a company may keep earning types of its own beside them.
EARNING_CODES = (
    "bonus", "commission", "retro", "salary", "hourly", "overtime", "double_overtime", "pto", "non_cash",
    "reimbursement",
)  # fmt: skip
WITHHELD = ("flat", "aggregate")
PAY_METHODS = ("direct deposit", "cheque")
FILING_STATUSES = ("single", "joint", "head_of_household")
DEDUCTION_CODES = ("retirement_401k", "section_125", "hsa", "post_tax", "garnishment")
PAY_KINDS = (
    "earning", "deduction", "garnishment", "employee_tax", "employer_tax", "employer_benefit", "reimbursement", "net",
)  # fmt: skip
#: Where somebody could be identified: systems of the world, and what the connector keeps and tells.
WATCHED = ("ledger", "crm", "gateway", "bank", "bi", "log", "alerts", "error_queue", "files")

Product = Annotated[str, Existing("product")]
Region = Annotated[str, Existing("region")]
Jurisdiction = Annotated[str, Existing("jurisdiction")]
TermsName = Annotated[str, Existing("terms")]
#: What a claim says of a cell: a value, that there must be none (""), or that there must be one ("*").
CostCentreCell = Annotated[str | Cell, Existing("cost centre")]
ProductCell = Annotated[str | Cell, Existing("product")]
AccountCell = Annotated[str | Cell, Existing("account")]
CostCentre = Annotated[str, Existing("cost centre")]
Location = Annotated[str, Existing("location")]
RevenueTypeName = Annotated[str, Existing("revenue type")]
AccountName = Annotated[str, Existing("account")]
DiscountRuleName = Annotated[str, Existing("discount rule")]
TaxCodeName = Annotated[str, Existing("tax code")]
CustomerName = Annotated[str, Existing("customer")]
AnyCustomer = Annotated[str, Either("customer")]
DealName = Annotated[str, Existing("deal")]
PaidDeal = Annotated[str, Existing("deal"), Adds("payment")]
InvoiceNumber = Annotated[str, Existing("invoice")]
PaidInvoice = Annotated[str, Existing("invoice"), Adds("payment")]
NewInvoice = Annotated[str, New("invoice")]
PaymentName = Annotated[str, Existing("payment")]
NewCustomer = Annotated[str, New("customer")]
NewDeal = Annotated[str, New("deal")]
NewPayment = Annotated[str, New("payment")]
PayoutName = Annotated[str, Existing("payout")]
ChequeNumber = Annotated[str, Existing("cheque")]
BankLineName = Annotated[str, Existing("bank line")]
EntityName = Annotated[str, Existing("entity")]
Department = Annotated[str, Existing("department")]
PaySchedule = Annotated[str, Existing("pay schedule")]
EmployeeName = Annotated[str, Existing("employee")]
PayrollName = Annotated[str, Existing("payroll")]
NewEmployee = Annotated[str, New("employee")]
NewPayroll = Annotated[str, New("payroll")]
EarningCode = Annotated[str, Existing("earning type")]
NewEarningType = Annotated[str, New("earning type")]
NewPayout = Annotated[str, New("payout")]
NewCheque = Annotated[str, New("cheque")]
NewBankLine = Annotated[str, New("bank line")]
Status = Annotated[str, OneOf(STATUSES, "invoice status")]
BillingStatus = Annotated[str, OneOf(BILLING_STATUSES, "billing status")]
Recurrence = Annotated[str, OneOf(RECURRENCES, "recurrence")]
Schedule = Annotated[str, OneOf(SCHEDULES, "billing schedule")]
Method = Annotated[str, OneOf(METHODS, "way to pay")]
RefundReason = Annotated[str, OneOf(REFUND_REASONS, "reason of a refund")]
Watched = Annotated[str, OneOf(WATCHED, "system in which somebody could be identified")]
PayMethod = Annotated[str, OneOf(PAY_METHODS, "way to be paid")]
FilingStatus = Annotated[str, OneOf(FILING_STATUSES, "filing status")]
DeductionCode = Annotated[str, OneOf(DEDUCTION_CODES, "deduction")]
PayKind = Annotated[str, OneOf(PAY_KINDS, "kind of line of a pay cheque")]
Withheld = Annotated[str, OneOf(WITHHELD, "way to withhold income tax from supplemental pay")]
Reconciliation = Annotated[str, OneOf(RECONCILIATIONS, "reconciliation")]
BiVersion = Annotated[str, OneOf(("new", "same"), "version of BI")]
Metric = Annotated[str, OneOf(METRICS, "metric", own=True)]
Period = Annotated[str, Reader(words.period)]
Duration = Annotated[str, Reader(words.duration)]
Month = Annotated[str, Reader(words.month)]
CurrencyCode = Annotated[str, Existing("currency")]
UnitPrice = Annotated[Money, FinerThanCent()]
Discount = Percent | Money


def percent_of(discount: Discount | None) -> Decimal | None:
    """The percentage of a discount, or None if it is an amount or nothing."""
    return discount.value if isinstance(discount, Percent) else None


def amount_of(discount: Discount | None) -> Money | None:
    """The amount of a discount, or None if it is a percentage or nothing."""
    return discount if isinstance(discount, Money) else None
