"""What happened in a system because somebody acted: the answer of a fake's `operate`, in vendor-neutral words."""

from __future__ import annotations

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


class PartySaved(Tagged, frozen=True, kw_only=True):
    """A ledger customer was changed."""

    party_id: str


class BankMoneyMoved(Tagged, frozen=True, kw_only=True):
    """A bank line appeared, was posted or dropped; `line_id` is the line that stands now ("" when dropped)."""

    line_id: str
    posted: bool


class PeriodClosed(Tagged, frozen=True, kw_only=True):
    """The closing date was set."""

    until: str


DomainEvent = Furnished | CompanySaved | DealSaved | PaymentTaken | PartySaved | BankMoneyMoved | PeriodClosed
