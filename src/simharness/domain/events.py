"""What happened in a system because somebody acted: the answer of a fake's `operate`, in vendor-neutral words."""

from __future__ import annotations

from datetime import date

from simharness.core.money import Money
from simharness.domain.base import Tagged


class Furnished(Tagged, frozen=True, kw_only=True):
    """The system holds what the dictionary lists."""

    dictionary: str


class CompanySaved(Tagged, frozen=True, kw_only=True):
    """A company was created or changed."""

    company_id: str


class DealSaved(Tagged, frozen=True, kw_only=True):
    """A deal was created or changed; `line_ids` in line order."""

    deal_id: str
    line_ids: tuple[str, ...] = ()


class PaymentTaken(Tagged, frozen=True, kw_only=True):
    """The gateway holds the customer's money: `fee` is its cost."""

    charge_id: str
    amount: Money
    fee: Money


class PaymentRefunded(Tagged, frozen=True, kw_only=True):
    """Money of a charge is going back; `fee` is what the refund itself costs (a fee that is given back is negative)."""

    refund_id: str
    charge_id: str
    amount: Money
    fee: Money


class PaymentDisputed(Tagged, frozen=True, kw_only=True):
    """The gateway took the money of a dispute, or of a debit that came back, out of the balance."""

    dispute_id: str
    charge_id: str
    amount: Money
    fee: Money


class PaymentFailed(Tagged, frozen=True, kw_only=True):
    """A debit did not succeed: the money never came."""

    charge_id: str
    amount: Money


class DisputeClosed(Tagged, frozen=True, kw_only=True):
    """A dispute was decided; `amount` and `fee` are what came back (zero when it was lost)."""

    dispute_id: str
    won: bool
    amount: Money
    fee: Money


class PayoutSent(Tagged, frozen=True, kw_only=True):
    """The gateway sent money to the bank account (a negative amount: will collect it), due there on a local day.

    World settlement carries automatic payouts to the bank.
    """

    payout_id: str
    amount: Money
    reference: str
    arrival: date
    automatic: bool = False


class PayoutFailed(Tagged, frozen=True, kw_only=True):
    """A payout came back to the gateway's balance. `arrived`: the bank had booked it before, so books it back."""

    payout_id: str
    amount: Money
    reference: str
    arrived: bool = False


class PayoutsScheduled(Tagged, frozen=True, kw_only=True):
    """The gateway's payout schedule was set."""

    interval: str


class ChequeTaken(Tagged, frozen=True, kw_only=True):
    """A cheque is in the ledger as a payment."""

    payment_id: str


class PartySaved(Tagged, frozen=True, kw_only=True):
    """A ledger customer was changed."""

    party_id: str


class InvoiceEntered(Tagged, frozen=True, kw_only=True):
    """An invoice that somebody entered is in the ledger, with the number and the figures that the ledger gave it."""

    invoice_id: str
    number: str
    net: Money
    total: Money


class InvoiceVoided(Tagged, frozen=True, kw_only=True):
    """An invoice was voided."""

    invoice_id: str


class BankMoneyMoved(Tagged, frozen=True, kw_only=True):
    """A bank line appeared, was posted or dropped; `line_id` is the line that stands now ("" when dropped)."""

    line_id: str
    posted: bool


class PeriodClosed(Tagged, frozen=True, kw_only=True):
    """The closing date was set."""

    until: str


class ExchangeRateSet(Tagged, frozen=True, kw_only=True):
    """The ledger, or the gateway, knows what a currency is worth from a day on."""

    currency: str
    day: date


class EmployeeSaved(Tagged, frozen=True, kw_only=True):
    """An employee was hired or changed."""

    employee_id: str


class EarningTypeAdded(Tagged, frozen=True, kw_only=True):
    """The payroll keeps one more type of earning."""

    code: str


class PayrollCalculated(Tagged, frozen=True, kw_only=True):
    """A run was calculated; nobody approved it yet."""

    payroll_id: str


class PayrollProcessed(Tagged, frozen=True, kw_only=True):
    """A run was approved: the provider collects net pay and taxes from the bank account, one debit each, on a local
    day.

    The amounts of a reversal are negative: the provider gives the money back. Cheques are not part of it; they clear
    one by one. World settlement carries both debits to the bank account of the `entity`; `reference` is what its
    statement shows.
    """

    payroll_id: str
    net_debit: Money
    tax_debit: Money
    debit_on: date
    reference: str
    entity: str = ""


class PayrollCancelled(Tagged, frozen=True, kw_only=True):
    """A processed run was taken back before the provider collected anything."""

    payroll_id: str


class SignedIn(Tagged, frozen=True, kw_only=True):
    """Somebody signed in. `token` is what the identity provider signed about it, `code` is what it may be had for."""

    person: str
    code: str
    token: str


DomainEvent = (
    Furnished
    | SignedIn
    | CompanySaved
    | DealSaved
    | PaymentTaken
    | PaymentRefunded
    | PaymentDisputed
    | PaymentFailed
    | DisputeClosed
    | PayoutSent
    | PayoutFailed
    | PayoutsScheduled
    | ChequeTaken
    | PartySaved
    | InvoiceEntered
    | InvoiceVoided
    | BankMoneyMoved
    | PeriodClosed
    | ExchangeRateSet
    | EmployeeSaved
    | EarningTypeAdded
    | PayrollCalculated
    | PayrollProcessed
    | PayrollCancelled
)
