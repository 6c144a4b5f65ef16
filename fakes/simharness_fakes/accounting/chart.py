"""What a company has before its first document: accounts, items, customers, dimensions, terms, settings.

Every record here is at once the input of `create`/`update` and what is kept; the fields of `Kept` are filled by the
ledger and ignored in an input. References are ids.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from simharness.domain.base import Record
from simharness.domain.policy import InclusivePolicy, Rounding, TaxPolicy


class Stamp(Record, frozen=True, kw_only=True):
    """Who writes, and when: the credential's actor and the world's instant (aware, UTC). Every write takes one."""

    actor: str
    at: datetime


class Kept(Record, frozen=True, kw_only=True):
    """What the ledger keeps of every record: its id, its version (0 when created, one more a change) and its stamps.

    `carried` is for the dialect: whatever else it must give back later. The ledger never looks inside; it must be
    immutable.
    """

    id: str = ""
    version: int = 0
    created_at: datetime | None = None
    created_by: str = ""
    updated_at: datetime | None = None
    updated_by: str = ""
    carried: object = None


class Account(Kept, frozen=True, kw_only=True):
    """An account. `kind` and `role` are those of the dictionary's `AccountSpec`; name is unique.

    A role marks the one account of a purpose (receivable, undeposited, discounts_given, tax_payable, equity, …).
    `currency` "" is the company's; only banks, receivables, payables and credit cards have another.
    """

    name: str
    kind: str
    number: str = ""
    role: str = ""
    currency: str = ""
    active: bool = True


class Item(Kept, frozen=True, kw_only=True):
    """A product or service. `income_account` is where its sale posts; `taxable` is the default of a line (US model)."""

    name: str
    income_account: str
    sku: str = ""
    description: str = ""
    unit_price: Decimal | None = None
    taxable: bool = True
    tax_category: str = ""
    tax_code: str = ""
    active: bool = True


class Customer(Kept, frozen=True, kw_only=True):
    """A customer. The name is unique among customers, whatever its case. `currency` "" means the company's, and never
    changes.

    `tax_code` is the default of documents, `region` the jurisdiction automated sales tax looks at, `terms` a term's id.
    """

    name: str
    currency: str = ""
    taxable: bool = True
    exemption_reason: str = ""
    exemption_number: str = ""
    tax_code: str = ""
    region: str = ""
    terms: str = ""
    reference: str = ""
    note: str = ""
    email: str = ""
    phone: str = ""
    active: bool = True


class Vendor(Kept, frozen=True, kw_only=True):
    """Somebody the company buys from. The name is unique among vendors and customers. `currency` as a customer's."""

    name: str
    currency: str = ""
    terms: str = ""
    reference: str = ""
    note: str = ""
    email: str = ""
    phone: str = ""
    active: bool = True


class ExchangeRate(Kept, frozen=True, kw_only=True):
    """Base per unit of a currency from a day on, until a later one holds."""

    currency: str
    day: date
    rate: Decimal

    @property
    def name(self) -> str:
        """The currency and the day."""
        return self.id


class Currency(Kept, frozen=True, kw_only=True):
    """A foreign currency the company trades in. The name is unique."""

    name: str
    code: str
    active: bool = True


class Attachment(Kept, frozen=True, kw_only=True):
    """A note or the name of a file. `links`: kind and id of each record it is attached to, in the dialect's words, and
    whether it goes out with that.
    """

    file_name: str = ""
    note: str = ""
    links: tuple[tuple[str, str, bool], ...] = ()


class Class(Kept, frozen=True, kw_only=True):
    """A cost centre, carried by lines. `code` is finance's own code of it, where the dictionary gave one."""

    name: str
    code: str = ""
    active: bool = True


class Department(Kept, frozen=True, kw_only=True):
    """A location, carried by documents. `code` is finance's own code of it, where the dictionary gave one."""

    name: str
    code: str = ""
    active: bool = True


class Term(Kept, frozen=True, kw_only=True):
    """Payment terms: due `days` after the document's date; the settlement discount is information, it does not post."""

    name: str
    days: int = 0
    discount_percent: Decimal = Decimal(0)
    discount_days: int = 0
    active: bool = True


class PaymentMethod(Kept, frozen=True, kw_only=True):
    """A way to pay: cash, cheque, card."""

    name: str
    kind: str = ""
    active: bool = True


class TaxAgency(Kept, frozen=True, kw_only=True):
    """An authority to which tax is owed."""

    name: str
    active: bool = True


class RatePeriod(Record, frozen=True, kw_only=True):
    """A percentage and the days on which it holds, both inclusive; None is without limit."""

    percent: Decimal
    valid_from: date | None = None
    valid_until: date | None = None


class TaxRate(Kept, frozen=True, kw_only=True):
    """One authority's percentage over time; what it collects is owed on `account`."""

    name: str
    agency: str
    account: str
    periods: tuple[RatePeriod, ...]
    description: str = ""
    active: bool = True


class TaxCode(Kept, frozen=True, kw_only=True):
    """A tax code: the rates it combines, in order. `kind`: standard, exempt, zero_rated, reverse_charge, export,
    out_of_scope.

    Only standard codes have rates. Out-of-scope lines appear in no tax group; the other kinds in one of zero percent.
    """

    name: str
    kind: str = "standard"
    rates: tuple[str, ...] = ()
    description: str = ""
    active: bool = True


class RegionRule(Record, frozen=True, kw_only=True):
    """In a region, items of a tax category fall under a tax code (id) from/until a day; "" is not taxable."""

    category: str
    code: str
    valid_from: date | None = None
    valid_until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it is valid on a day."""
        return (self.valid_from or date.min) <= day <= (self.valid_until or date.max)


class TaxRegion(Kept, frozen=True, kw_only=True):
    """A jurisdiction for automated sales tax, named by its code (US-CA-SF). Categories that are not listed are not
    taxable.
    """

    name: str
    title: str = ""
    rules: tuple[RegionRule, ...] = ()
    exempt_items: tuple[str, ...] = ()
    active: bool = True


class Settings(Kept, frozen=True, kw_only=True):
    """The company's settings.

    `tax_model`: `us` (one tax code a document, lines taxable or not) or `global` (a code a line). `automated_tax`:
    the ledger calculates by region and ignores the tax that was sent. `tax_after_discount`: the discount lowers the
    taxable base. `unique_numbers`: a document number already taken is refused. `automatic_numbers`: a document
    without number gets the next. `fiscal_year_month`: the month (1 to 12) in which the fiscal year begins.
    `settling_changes_version`: a payment that settles a document also makes a new version of that document.
    `multi_currency`: customers, vendors, banks and documents may have other currencies than the company's.
    `auto_apply_credits`: an invoice or credit memo is settled with the customer's oldest open counterparts at once;
    `auto_apply_payments`: so is what a payment leaves unapplied with his oldest open invoices.
    """

    company: str = ""
    entity: str = ""
    currency: str = "USD"
    time_zone: str = "America/Los_Angeles"
    country: str = "US"
    tax_model: str = "us"
    automated_tax: bool = False
    rounding: Rounding = Rounding.HALF_UP
    tax_policy: TaxPolicy = TaxPolicy.PER_GROUP
    inclusive_policy: InclusivePolicy = InclusivePolicy.ROUND_NET
    tax_after_discount: bool = True
    closed_until: date | None = None
    unique_numbers: bool = True
    automatic_numbers: bool = True
    first_number: int = 1001
    fiscal_year_month: int = 1
    settling_changes_version: bool = True
    multi_currency: bool = False
    auto_apply_credits: bool = False
    auto_apply_payments: bool = False
