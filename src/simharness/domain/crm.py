"""Canonical CRM records: companies, deals and deal lines, whatever the vendor calls them.

Ids are the vendor's own, as text. Money carries the deal's currency.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from simharness.core.money import Money
from simharness.domain.base import Record


class Certificate(Record, frozen=True, kw_only=True):
    """A tax exemption certificate: valid from/until inclusive, for the named jurisdictions only
    (rules: section 2.6).
    """

    number: str
    jurisdictions: tuple[str, ...]
    reason: str
    valid_from: date | None = None
    valid_until: date | None = None


class Company(Record, frozen=True, kw_only=True):
    """A customer as the CRM knows it. `merged_into` names the surviving company after a merge."""

    id: str
    name: str
    region: str = ""
    terms: str = ""
    currency: str = ""
    certificates: tuple[Certificate, ...] = ()
    email: str = ""
    merged_into: str = ""
    extra: tuple[tuple[str, str], ...] = ()


class DealLine(Record, frozen=True, kw_only=True):
    """One line of a deal at list price. At most one of `discount_percent` and `discount_amount` (whole line) is set.

    `billing` is its schedule: once (as ""), upfront (the whole term of a recurring line), monthly or milestone; a
    `milestone` is billed on the day it is reached.
    """

    id: str
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
    billing: str = ""
    milestone: str = ""
    reached_on: date | None = None


class Deal(Record, frozen=True, kw_only=True):
    """A deal with its lines in order. `stage` is open, won or lost; `won_at` is the instant it last became won.

    `amount` is the CRM's own deal amount field, which nobody forces to equal the lines. At most one of
    `deposit_percent` and `deposit_amount` is set: what is invoiced in advance, in the terms of the price; the rest is
    invoiced when the deal is `delivered_on`.
    """

    id: str
    name: str
    company_id: str
    currency: str
    stage: str
    lines: tuple[DealLine, ...] = ()
    amount: Money | None = None
    won_at: datetime | None = None
    close_date: date | None = None
    discount_percent: Decimal | None = None
    discount_amount: Money | None = None
    cost_centre: str = ""
    location: str = ""
    entity: str = ""
    billing_status: str = ""
    outstanding: Money | None = None
    deposit_percent: Decimal | None = None
    deposit_amount: Money | None = None
    delivered_on: date | None = None
    updated_at: datetime | None = None


class CrmSnapshot(Record, frozen=True, kw_only=True):
    """Everything canonical one CRM holds, each tuple in order of creation."""

    vendor: str
    companies: tuple[Company, ...] = ()
    deals: tuple[Deal, ...] = ()
