"""Who plays in a story: the names the story uses and the ids the vendors gave."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from simharness.core.money import Money
from simharness.domain.base import Record
from simharness.domain.crm import Certificate, DealLine


class Customer(Record, frozen=True, kw_only=True):
    """A customer: `name` is the story's, `current_name` the CRM's present one."""

    name: str
    company_id: str
    current_name: str
    region: str
    terms: str
    certificates: tuple[Certificate, ...] = ()


class Deal(Record, frozen=True, kw_only=True):
    """A deal as last written; `close_date` is what the CRM shows."""

    name: str
    deal_id: str
    customer: str
    lines: tuple[DealLine, ...]
    discount_percent: Decimal | None = None
    discount_amount: Money | None = None
    close_date: date | None = None


@dataclass(slots=True)
class Cast:
    """Everybody by the story's name; `payments` maps a payment's name to its charge."""

    customers: dict[str, Customer] = field(default_factory=dict)
    deals: dict[str, Deal] = field(default_factory=dict)
    payments: dict[str, str] = field(default_factory=dict)
