"""Canonical records of a payment gateway. Amounts are gross and positive; fees are positive costs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from simharness.core.money import Money
from simharness.domain.base import Record


class Charge(Record, frozen=True, kw_only=True):
    """Money taken from a customer. `references` are the metadata the charge carries, sorted by key.

    `status`: pending, succeeded, failed. A charge that was only authorised is pending until it is captured.
    """

    id: str
    amount: Money
    created_at: datetime
    status: str = "succeeded"
    customer: str = ""
    method: str = ""
    description: str = ""
    references: tuple[tuple[str, str], ...] = ()
    refunded: Money | None = None


class Refund(Record, frozen=True, kw_only=True):
    """Money given back of a charge. `status`: pending, succeeded, failed, canceled; `reason` is the gateway's own."""

    id: str
    charge: str
    amount: Money
    created_at: datetime
    status: str = "succeeded"
    reason: str = ""
    references: tuple[tuple[str, str], ...] = ()


class Dispute(Record, frozen=True, kw_only=True):
    """A charge the customer contests at the bank. `status`: needs_response, under_review, won, lost.

    `fee` is what the gateway keeps for it; `is_return`: a debit that came back from the bank and cannot be contested.
    """

    id: str
    charge: str
    amount: Money
    fee: Money
    created_at: datetime
    status: str = "needs_response"
    reason: str = ""
    is_return: bool = False


class Payout(Record, frozen=True, kw_only=True):
    """Money on its way to (negative: from) the bank account. `status`: pending, in_transit, paid, failed, canceled.

    `reference` is what the bank statement shows of it; `arrival` the bank's local day. `lines` are the ids of the
    balance lines it is made of; a manual payout has none.
    """

    id: str
    amount: Money
    created_at: datetime
    arrival: date
    status: str = "pending"
    automatic: bool = False
    reference: str = ""
    failure: str = ""
    lines: tuple[str, ...] = ()


class BalanceLine(Record, frozen=True, kw_only=True):
    """One movement of the gateway's balance: net = amount − fee. `kind` is the gateway's own type.

    `rate` is what a unit of its source's currency was worth in that of the balance, None where they are the same.
    """

    id: str
    kind: str
    amount: Money
    fee: Money
    net: Money
    source: str
    created_at: datetime
    available_at: datetime
    rate: Decimal | None = None


class GatewaySnapshot(Record, frozen=True, kw_only=True):
    """Everything canonical one gateway account holds, each tuple in order of creation."""

    vendor: str
    charges: tuple[Charge, ...] = ()
    balance_lines: tuple[BalanceLine, ...] = ()
    available: tuple[Money, ...] = ()
    pending: tuple[Money, ...] = ()
    reserved: tuple[Money, ...] = ()
    refunds: tuple[Refund, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    payouts: tuple[Payout, ...] = ()
