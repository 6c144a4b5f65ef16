"""Canonical records of a payment gateway. Amounts are gross and positive; fees are positive costs."""

from __future__ import annotations

from datetime import datetime

from simharness.core.money import Money
from simharness.domain.base import Record


class Charge(Record, frozen=True, kw_only=True):
    """Money taken from a customer. `references` are the metadata the charge carries, sorted by key.

    `status`: pending, succeeded, failed.
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


class BalanceLine(Record, frozen=True, kw_only=True):
    """One movement of the gateway's balance: net = amount − fee. `kind` is the gateway's own type."""

    id: str
    kind: str
    amount: Money
    fee: Money
    net: Money
    source: str
    created_at: datetime
    available_at: datetime


class GatewaySnapshot(Record, frozen=True, kw_only=True):
    """Everything canonical one gateway account holds, each tuple in order of creation."""

    vendor: str
    charges: tuple[Charge, ...] = ()
    balance_lines: tuple[BalanceLine, ...] = ()
    available: tuple[Money, ...] = ()
    pending: tuple[Money, ...] = ()
