"""What somebody does in a system, in vendor-neutral words: the argument of a fake's `operate`.

Ids are the vendor's own ids, as `snapshot` shows them. The answer of `operate` is a tuple of `events`. An act that the
system would refuse raises `ActRefused` with the vendor's reason.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from simharness.core.errors import HarnessError
from simharness.core.money import Money
from simharness.domain.base import Record, Tagged
from simharness.domain.crm import Certificate
from simharness.domain.dictionary import Dictionary
from simharness.domain.people import (
    AddEarningType,
    ApprovePayroll,
    CancelPayroll,
    ChangePay,
    EndEmployment,
    EnterHours,
    HireEmployee,
    OffCyclePayroll,
    ReversePayroll,
    RunPayroll,
    SetDeductions,
    SetWithholding,
    TransferEmployee,
)


class ActRefused(HarnessError):
    """The system refused what somebody tried to do; the message carries the vendor's reason."""


class Furnish(Tagged, frozen=True, kw_only=True):
    """Furnish the system from the dictionary: chart, items, taxes, terms and dimensions; products, properties, stages.

    Idempotent for the same dictionary.
    """

    dictionary: Dictionary


class CreateCompany(Tagged, frozen=True, kw_only=True):
    """A sales person enters a customer."""

    name: str
    region: str = ""
    terms: str = ""
    currency: str = ""
    email: str = ""
    certificates: tuple[Certificate, ...] = ()


class ChangeCompany(Tagged, frozen=True, kw_only=True):
    """A sales person changes a customer; None leaves a field as it is."""

    company_id: str
    name: str | None = None
    region: str | None = None
    terms: str | None = None
    certificates: tuple[Certificate, ...] | None = None


class MergeCompanies(Tagged, frozen=True, kw_only=True):
    """A sales person merges a customer into another, which survives and takes over what it lacks itself, and the deals.

    The answer's `CompanySaved` names the survivor as it is called from now on: a CRM may give it a new id.
    """

    company_id: str
    into_id: str


class LineSpec(Record, frozen=True, kw_only=True):
    """A deal line as somebody enters it; `product` is the dictionary's product name.

    `custom`: typed by hand instead of chosen from the CRM's products, so that its name may be anything.
    """

    product: str
    quantity: Decimal
    unit_price: Money
    discount_percent: Decimal | None = None
    discount_amount: Money | None = None
    revenue_type: str = ""
    recurring: str = ""
    service_from: date | None = None
    service_to: date | None = None
    cost_centre: str = ""
    custom: bool = False
    billing: str = ""
    milestone: str = ""


class CreateDeal(Tagged, frozen=True, kw_only=True):
    """A sales person enters an open deal with its lines; a deposit is agreed in percent or in money, not in both."""

    name: str
    company_id: str
    currency: str
    lines: tuple[LineSpec, ...]
    amount: Money | None = None
    discount_percent: Decimal | None = None
    discount_amount: Money | None = None
    cost_centre: str = ""
    location: str = ""
    entity: str = ""
    deposit_percent: Decimal | None = None
    deposit_amount: Money | None = None


class WinDeal(Tagged, frozen=True, kw_only=True):
    """A sales person moves the deal to the won stage now; winning a won deal again is an update without a stage
    change.
    """

    deal_id: str
    close_date: date | None = None


class ReopenDeal(Tagged, frozen=True, kw_only=True):
    """A sales person moves a won deal back to an open stage."""

    deal_id: str


class ChangeDeal(Tagged, frozen=True, kw_only=True):
    """A sales person replaces the lines of a deal (kept line ids by position), its document discount or whose it is."""

    deal_id: str
    lines: tuple[LineSpec, ...] | None = None
    discount_percent: Decimal | None = None
    discount_amount: Money | None = None
    entity: str | None = None


class DeliverDeal(Tagged, frozen=True, kw_only=True):
    """Somebody notes on the deal on which day everything was delivered."""

    deal_id: str
    day: date


class ReachMilestone(Tagged, frozen=True, kw_only=True):
    """Somebody notes on a line of a deal on which day its milestone was reached."""

    deal_id: str
    line_id: str
    day: date


class TakePayment(Tagged, frozen=True, kw_only=True):
    """A customer pays through the gateway. `method`: card, ach. `references` become the charge's metadata.

    `customer_reference` is the CRM's company id, kept on the gateway's customer record (metadata `crm_company_id`).
    """

    amount: Money
    customer_name: str
    customer_reference: str = ""
    method: str = "card"
    description: str = ""
    references: tuple[tuple[str, str], ...] = ()


class RefundPayment(Tagged, frozen=True, kw_only=True):
    """Somebody refunds a charge in the gateway: all that is left of it, or `amount`. `references` become metadata.

    Metadata by convention: `reason` (sale, overpayment, deposit, duplicate) and, for a sale, `lines`: the net credited
    a line of the invoice as `POSITION=AMOUNT`, from 1, comma separated. Without lines all lines share in proportion.
    """

    charge_id: str
    amount: Money | None = None
    references: tuple[tuple[str, str], ...] = ()


class DisputePayment(Tagged, frozen=True, kw_only=True):
    """The customer contests a charge at his bank; None disputes all of it."""

    charge_id: str
    amount: Money | None = None
    reason: str = "fraudulent"


class CloseDispute(Tagged, frozen=True, kw_only=True):
    """The bank decides a dispute: won gives the money back, lost does not."""

    dispute_id: str
    won: bool


class ReturnPayment(Tagged, frozen=True, kw_only=True):
    """A bank debit that had succeeded comes back from the customer's bank; `code` is the bank's reason."""

    charge_id: str
    code: str = "insufficient_funds"


class FailPayment(Tagged, frozen=True, kw_only=True):
    """A bank debit that is still on its way does not succeed; `code` is the bank's reason."""

    charge_id: str
    code: str = "insufficient_funds"


class PayOut(Tagged, frozen=True, kw_only=True):
    """Somebody sends money from the gateway to the bank account by hand; it is not linked to what it is made of."""

    amount: Money


class FailPayout(Tagged, frozen=True, kw_only=True):
    """The bank sends a payout back: its amount returns to the gateway's balance."""

    payout_id: str
    code: str = "account_closed"


class SchedulePayouts(Tagged, frozen=True, kw_only=True):
    """From now on the gateway pays out by itself: manual, daily, weekly or monthly."""

    interval: str


class TakeCheque(Tagged, frozen=True, kw_only=True):
    """A bookkeeper enters a customer's cheque in the ledger: to undeposited funds, applied to invoices by id.

    `entity` "" is the one that knows the customer, the first where several do.
    """

    party_id: str
    amount: Money
    number: str
    applications: tuple[tuple[str, Money], ...] = ()
    entity: str = ""


class EditParty(Tagged, frozen=True, kw_only=True):
    """A bookkeeper changes a customer directly in the ledger; None leaves a field as it is. `entity` as of a cheque."""

    party_id: str
    phone: str | None = None
    email: str | None = None
    entity: str = ""


class EnterParty(Tagged, frozen=True, kw_only=True):
    """Somebody, or another program than the connector, enters a customer in the ledger; `terms` are the terms' name.

    `entity` "" is the first.
    """

    name: str
    currency: str = ""
    terms: str = ""
    email: str = ""
    note: str = ""
    entity: str = ""


class InvoiceLine(Record, frozen=True, kw_only=True):
    """A line of an invoice as somebody enters it: `product` is the dictionary's name, `amount` is before tax.

    `tax_code` is a tax code's name, "" where the line bears no tax, None where the ledger goes by the product.
    """

    product: str
    amount: Money
    quantity: Decimal | None = None
    unit_price: Money | None = None
    description: str = ""
    tax_code: str | None = None
    cost_centre: str = ""


class EnterInvoice(Tagged, frozen=True, kw_only=True):
    """Somebody, or another program than the connector, writes an invoice into the ledger; None dates it today.

    Names are the dictionary's; the ledger calculates the tax of the lines' codes. `number` "" is the ledger's next.
    `entity` as of a cheque.
    """

    party_id: str
    lines: tuple[InvoiceLine, ...]
    day: date | None = None
    currency: str = ""
    number: str = ""
    terms: str = ""
    location: str = ""
    note: str = ""
    memo: str = ""
    entity: str = ""


class VoidInvoice(Tagged, frozen=True, kw_only=True):
    """A bookkeeper voids an invoice: it stays with its number, and is worth nothing."""

    invoice_id: str
    entity: str = ""


class ClosePeriod(Tagged, frozen=True, kw_only=True):
    """The controller sets the closing date of the books: nothing dated on or before it may be posted.

    `entity` "" is the first.
    """

    until: date
    entity: str = ""


class SetExchangeRate(Tagged, frozen=True, kw_only=True):
    """The controller says what a unit of a foreign currency is worth in the ledger's own, from a day on (None: today).

    `entity` "" is the first. To a gateway: the rate at which it changes the currency into its balance's, from now on.
    """

    currency: str
    rate: Decimal
    day: date | None = None
    entity: str = ""


class MoveBankMoney(Tagged, frozen=True, kw_only=True):
    """Money moves on a bank account: `amount` is signed, money in positive. `account` "" is the first of its currency.

    `pending` lines are announced and posted later by `PostBankLine`, often under another id.
    """

    amount: Money
    reference: str = ""
    description: str = ""
    counterparty: str = ""
    account: str = ""
    pending: bool = False


class PostBankLine(Tagged, frozen=True, kw_only=True):
    """The bank posts a pending line under a new id, or drops it; None leaves amount and description as announced."""

    line_id: str
    amount: Money | None = None
    description: str | None = None
    drop: bool = False


class Subscribe(Tagged, frozen=True, kw_only=True):
    """Whoever administers the connected app enters where it is told of news; without a `url` it is told no more.

    `events` are the vendor's own names of what it wants to hear of; () is everything the vendor tells.
    """

    url: str = ""
    events: tuple[str, ...] = ()


class SignIn(Tagged, frozen=True, kw_only=True):
    """Somebody signs in at the identity provider, in some roles, with a password and perhaps a second factor."""

    person: str
    roles: tuple[str, ...] = ()
    second_factor: bool = False


class TellAgain(Tagged, frozen=True, kw_only=True):
    """The vendor delivers once more what it delivered before, under the same event ids: it tells at least once."""


Act = (
    Furnish
    | Subscribe
    | TellAgain
    | SignIn
    | CreateCompany
    | ChangeCompany
    | MergeCompanies
    | CreateDeal
    | WinDeal
    | ReopenDeal
    | ChangeDeal
    | DeliverDeal
    | ReachMilestone
    | TakePayment
    | RefundPayment
    | DisputePayment
    | CloseDispute
    | ReturnPayment
    | FailPayment
    | PayOut
    | FailPayout
    | SchedulePayouts
    | TakeCheque
    | EditParty
    | EnterParty
    | EnterInvoice
    | VoidInvoice
    | ClosePeriod
    | SetExchangeRate
    | MoveBankMoney
    | PostBankLine
    | HireEmployee
    | ChangePay
    | TransferEmployee
    | EndEmployment
    | SetWithholding
    | SetDeductions
    | EnterHours
    | AddEarningType
    | RunPayroll
    | OffCyclePayroll
    | ApprovePayroll
    | CancelPayroll
    | ReversePayroll
)
