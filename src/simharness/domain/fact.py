"""Facts: what really happened in a story, as the story's author meant it and the source systems confirmed it.

Facts are the only input of the oracle beside dictionary and policies. Each carries the step that caused it, the
instant,
and `on`, the local day in the entity's time zone. Names are the story's; ids are the vendors'.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from simharness.core.money import Money
from simharness.domain.access_facts import AccessFact
from simharness.domain.close_facts import CloseFact
from simharness.domain.crm import Certificate, DealLine
from simharness.domain.fact_base import FactBase
from simharness.domain.fault_facts import FaultFact
from simharness.domain.payroll_facts import PayrollFact


class CustomerEntered(FactBase, frozen=True, kw_only=True):
    """A customer exists in the CRM."""

    customer: str
    company_id: str
    region: str = ""
    terms: str = ""
    currency: str = ""
    certificates: tuple[Certificate, ...] = ()


class CustomerChanged(FactBase, frozen=True, kw_only=True):
    """A customer was changed; fields hold the complete new state, `customer` stays the story's first name for it."""

    customer: str
    company_id: str
    name: str
    region: str = ""
    terms: str = ""
    certificates: tuple[Certificate, ...] = ()


class CustomersMerged(FactBase, frozen=True, kw_only=True):
    """A customer was merged into another in the CRM: `company_id` is gone, `into_id` stands for it from now on.

    What the survivor took over is a `CustomerChanged` of its own.
    """

    customer: str
    company_id: str
    into: str
    into_id: str


class DealEntered(FactBase, frozen=True, kw_only=True):
    """An open deal exists; lines with the CRM's ids, in order. A deposit is in percent or in money, if there is any."""

    deal: str
    deal_id: str
    customer: str
    company_id: str
    currency: str
    lines: tuple[DealLine, ...]
    discount_percent: Decimal | None = None
    discount_amount: Money | None = None
    cost_centre: str = ""
    location: str = ""
    entity: str = ""
    deposit_percent: Decimal | None = None
    deposit_amount: Money | None = None


class DealWon(FactBase, frozen=True, kw_only=True):
    """The deal became won; `close_date` as the CRM shows it. Winning a won deal again is a further fact."""

    deal: str
    deal_id: str
    close_date: date | None = None


class DealReopened(FactBase, frozen=True, kw_only=True):
    """A won deal went back to an open stage."""

    deal: str
    deal_id: str


class DealChanged(FactBase, frozen=True, kw_only=True):
    """The deal's lines, document discount or (where it is stated) entity were replaced; complete new state."""

    deal: str
    deal_id: str
    lines: tuple[DealLine, ...]
    discount_percent: Decimal | None = None
    discount_amount: Money | None = None
    entity: str | None = None


class InvoiceEntered(FactBase, frozen=True, kw_only=True):
    """Another program than the connector wrote an invoice of a deal into the ledger, under its own name `by`.

    `net` and `total` are what it billed, right or wrong; `dated` is the day that it gave the invoice.
    """

    by: str
    deal: str
    deal_id: str
    customer: str
    company_id: str
    invoice_id: str
    invoice_number: str
    dated: date
    net: Money
    total: Money


class InvoiceVoided(FactBase, frozen=True, kw_only=True):
    """A bookkeeper voided the invoice of a deal that `by` had written."""

    by: str
    deal: str
    deal_id: str
    invoice_id: str
    invoice_number: str


class DealDelivered(FactBase, frozen=True, kw_only=True):
    """Everything the deal sells was delivered on a day; one without deposit was billed when it was won."""

    deal: str
    deal_id: str
    delivered_on: date


class MilestoneReached(FactBase, frozen=True, kw_only=True):
    """What a line of a deal is billed for was reached on a day."""

    deal: str
    deal_id: str
    line_id: str
    milestone: str
    reached_on: date


class TaxRateChanged(FactBase, frozen=True, kw_only=True):
    """A tax code comes to another rate from a day on; the dictionary of the record has it already."""

    code: str
    percent: Decimal
    since: date


class CustomerPaid(FactBase, frozen=True, kw_only=True):
    """A customer paid through the gateway. `deal` and `invoice_number` are empty for a payment without reference.

    `amount` is gross, `fee` what the gateway kept; `invoice_ordinal` counts the deal's invoices from 1. `entity` is the
    one that is paid, where a group's gateway takes the money.
    """

    payment: str
    customer: str
    company_id: str
    charge_id: str
    amount: Money
    fee: Money
    method: str
    deal: str = ""
    invoice_ordinal: int = 1
    invoice_number: str = ""
    entity: str = ""


class PaymentRefunded(FactBase, frozen=True, kw_only=True):
    """Money of a charge went back. `reason`: sale, overpayment, deposit, duplicate; `fee` is what the refund cost.

    `lines`: for a sale, the net credited a line of the invoice (position from 1, amount); empty: all in proportion.
    """

    refund: str
    payment: str
    customer: str
    company_id: str
    charge_id: str
    refund_id: str
    amount: Money
    fee: Money
    reason: str
    lines: tuple[tuple[int, Money], ...] = ()
    deal: str = ""
    invoice_number: str = ""


class PaymentDisputed(FactBase, frozen=True, kw_only=True):
    """The customer contested a charge, or (`is_return`) the bank sent a debit back: the gateway took the money out."""

    payment: str
    customer: str
    company_id: str
    charge_id: str
    dispute_id: str
    amount: Money
    fee: Money
    invoice_number: str = ""
    is_return: bool = False


class PaymentFailed(FactBase, frozen=True, kw_only=True):
    """A bank debit that was on its way did not succeed, for the bank's reason `because`: no money ever came."""

    payment: str
    customer: str
    company_id: str
    charge_id: str
    amount: Money
    because: str
    invoice_number: str = ""


class DisputeClosed(FactBase, frozen=True, kw_only=True):
    """A dispute was decided; `amount` and `fee` are what came back (zero when it was lost)."""

    payment: str
    charge_id: str
    dispute_id: str
    won: bool
    amount: Money
    fee: Money


class GatewayPaidOut(FactBase, frozen=True, kw_only=True):
    """The gateway sent a payout by hand. Automatic payouts are not facts: they stand in the gateway's snapshot."""

    payout: str
    payout_id: str
    amount: Money
    reference: str
    arrival: date


class PayoutReturned(FactBase, frozen=True, kw_only=True):
    """A payout failed and came back to the gateway's balance."""

    payout: str
    payout_id: str
    amount: Money


class BankMoved(FactBase, frozen=True, kw_only=True):
    """A line appeared on the bank account: money in positive. `purpose` is what the story's author meant by it.

    `purpose`: payout (`subject` is its id), intercompany (`subject` is the other entity, `entity` the one whose
    account it is), wire (`customer` pays `advice`), cheques (`advice` names cheque
    numbers), returned_cheque (`subject` is the number), remittance (the company pays the payee `subject` what payroll
    took for it), pay_cheque (`subject` is the pay cheque's id), fee, or "" for money that nothing explains.
    `advice`: what the sender says it is for, as (invoice or cheque number, amount). `name` is the story's.
    """

    line_id: str
    amount: Money
    name: str = ""
    reference: str = ""
    counterparty: str = ""
    pending: bool = False
    purpose: str = ""
    subject: str = ""
    customer: str = ""
    company_id: str = ""
    advice: tuple[tuple[str, Money], ...] = ()
    fee: Money | None = None
    discount: Money | None = None
    entity: str = ""


class BankLinePosted(FactBase, frozen=True, kw_only=True):
    """A pending bank line was posted under another id, or dropped (`line_id` is then "")."""

    pending_id: str
    line_id: str
    amount: Money
    name: str = ""


class ChequeTaken(FactBase, frozen=True, kw_only=True):
    """A bookkeeper entered a customer's cheque: it waits in undeposited funds for the bank."""

    cheque: str
    customer: str
    company_id: str
    payment_id: str
    amount: Money
    invoice_number: str = ""
    entity: str = ""


class CreditApproved(FactBase, frozen=True, kw_only=True):
    """Somebody told the connector to credit an invoice: so much net a line (position from 1), tax of its own on top.

    `invoice_ordinal` counts the deal's invoices from 1, a deposit invoice is the first.
    Without `lines` the gross `amount` is shared by all lines in proportion. `approver` is "" when nobody approved.
    `billed` is the customer whose invoice it is, where the credit was told for another one; such a credit is refused.
    """

    customer: str
    company_id: str
    deal: str
    invoice_number: str
    amount: Money
    reason: str
    approver: str = ""
    lines: tuple[tuple[int, Money], ...] = ()
    invoice_ordinal: int = 1
    billed: str = ""


class WriteOffApproved(FactBase, frozen=True, kw_only=True):
    """Somebody told the connector to write off part of an invoice (gross). `approver` is "" when nobody approved."""

    customer: str
    company_id: str
    deal: str
    invoice_number: str
    amount: Money
    reason: str
    approver: str = ""


class ErrorQueueReplayed(FactBase, frozen=True, kw_only=True):
    """An operator told the connector to take everything up again that waits in its error queue."""

    operator: str


class BooksClosed(FactBase, frozen=True, kw_only=True):
    """The controller closed the books of an entity ("": the first) up to and including a day."""

    until: date
    entity: str = ""


class ExchangeRateStated(FactBase, frozen=True, kw_only=True):
    """The controller said what a unit of a currency is worth in that of the books from a day on.

    `as_of` is that day where it lay before the one on which it was said.
    """

    currency: str
    rate: Decimal
    entity: str = ""
    as_of: date | None = None


class GatewayRateStated(FactBase, frozen=True, kw_only=True):
    """From now on the gateway changes a unit of a currency into so much of that of its balance."""

    currency: str
    rate: Decimal


class PartyEdited(FactBase, frozen=True, kw_only=True):
    """A bookkeeper set fields of the ledger's record of a customer: (canonical field, value)."""

    customer: str
    party_id: str
    fields: tuple[tuple[str, str], ...]
    entity: str = ""


class StepImpossible(FactBase, frozen=True, kw_only=True):
    """A step could not happen because the connector's work it builds on is missing (pay an invoice that does not
    exist).
    """

    what: str
    amount: Money | None = None


class SystemRefused(FactBase, frozen=True, kw_only=True):
    """A system refused an act, with nothing changed, as the story says it does. `what` is its reason in its own words,
    `because` what the story says must occur in them.
    """

    what: str
    because: str


class RefusalMissing(FactBase, frozen=True, kw_only=True):
    """A system did what the story says it refuses; what it did is a fact of its own."""

    because: str


class ConnectorFinished(FactBase, frozen=True, kw_only=True):
    """The connector came to rest. `passes` counts its runs, before each of which there had been so many exchanges as
    `began` lists; `at_rest` is false when the stated cap stopped it, and `hindered` says that nobody could rest, since
    a fault keeps a system from it until somebody sees to that.

    `failure` is what it raised out of its entry point: in production it would have died there.
    """

    passes: int
    began: tuple[int, ...] = ()
    at_rest: bool = True
    hindered: bool = False
    failure: str = ""


class ConnectorRestarted(FactBase, frozen=True, kw_only=True):
    """The connector was stopped and started again."""


class NightlyPollRan(FactBase, frozen=True, kw_only=True):
    """The connector was told to read every feed for what nobody told it; one that polls anyway does so in each pass."""


class WebhooksStopped(FactBase, frozen=True, kw_only=True):
    """From now on a system (CRM, ledger, gateway, bank) tells its news to nobody.

    `loses`: the connector listens to that system, so what happens meanwhile is unknown to it until it polls.
    """

    system: str
    loses: bool = False


class WebhooksResumed(FactBase, frozen=True, kw_only=True):
    """A system tells its news again; what happened meanwhile was told to nobody."""

    system: str


class WebhooksRepeated(FactBase, frozen=True, kw_only=True):
    """A system delivered every event once more that it had delivered."""

    system: str


Fact = (
    CustomerEntered
    | CustomerChanged
    | CustomersMerged
    | DealEntered
    | DealWon
    | DealReopened
    | DealChanged
    | DealDelivered
    | MilestoneReached
    | TaxRateChanged
    | InvoiceEntered
    | InvoiceVoided
    | CustomerPaid
    | PaymentRefunded
    | PaymentFailed
    | PaymentDisputed
    | DisputeClosed
    | GatewayPaidOut
    | PayoutReturned
    | BankMoved
    | BankLinePosted
    | ChequeTaken
    | CreditApproved
    | WriteOffApproved
    | ErrorQueueReplayed
    | BooksClosed
    | ExchangeRateStated
    | GatewayRateStated
    | PartyEdited
    | StepImpossible
    | SystemRefused
    | RefusalMissing
    | ConnectorFinished
    | ConnectorRestarted
    | NightlyPollRan
    | WebhooksStopped
    | WebhooksResumed
    | WebhooksRepeated
    | PayrollFact
    | CloseFact
    | AccessFact
    | FaultFact
)
