"""Finance's shared truth: accounts, products, taxes, terms, dimensions and the declared policies of one company.

A dictionary is content (`scenarios/dictionaries/NAME.yaml`). The world is furnished from it, the checks judge by it;
the
connector never sees it and works from its own mapping.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from simharness.domain.base import Record
from simharness.domain.payroll_terms import PayrollPolicy
from simharness.domain.policy import BooksPolicy


class AccountSpec(Record, frozen=True, kw_only=True):
    """An account of the chart. `kind` as in `books.Account`; `role` marks the one account of a purpose:
    bank, receivable, gateway_clearing, payouts_in_transit, undeposited, tax_payable, unapplied, deposits,
    discounts_given, settlement_discounts, write_offs, allowance, fees, bank_charges, unmatched, exchange_gain, equity;
    of payroll and close wages, employer_taxes, employer_benefits, reimbursements, payroll_clearing, pay_cheques,
    accrued_wages, accrued_expenses, prepaid, deferred_revenue, exchange_valuation, unrealised_exchange; and of a group
    due_from and due_to, one each a `counterpart`: the entity that owes, or is owed. `currency`: of a bank account that
    is kept in another than the books'.
    """

    number: str
    name: str
    kind: str
    role: str = ""
    currency: str = ""
    counterpart: str = ""


class RevenueType(Record, frozen=True, kw_only=True):
    """A kind of revenue and the income account (number) it belongs on.

    `recognise`: `day` or `month`; what is billed of a line with service days is then deferred, and becomes revenue as
    the service is given. "" is revenue when it is billed.
    """

    name: str
    account: str
    recognise: str = ""


class ProductSpec(Record, frozen=True, kw_only=True):
    """Something that is sold. `tax_category` is looked up in a region's tax table; `revenue_type`
    decides the account.
    """

    name: str
    sku: str
    tax_category: str
    revenue_type: str


class TaxComponent(Record, frozen=True, kw_only=True):
    """One authority's share of a tax code: percent valid from/until inclusive. Several with one authority are its
    history.
    """

    authority: str
    percent: Decimal
    valid_from: date | None = None
    valid_until: date | None = None


class TaxCode(Record, frozen=True, kw_only=True):
    """A tax code and its components. `kind`: standard, exempt, zero_rated, reverse_charge, export, out_of_scope.

    `account` is the number of the liability account; exempt codes have no components.
    """

    name: str
    account: str
    kind: str = "standard"
    components: tuple[TaxComponent, ...] = ()


class RegionTax(Record, frozen=True, kw_only=True):
    """In this region, products of `category` are taxed under `code` (a TaxCode name); "" means not taxable there.

    Valid from/until inclusive: where each rate has a code of its own, several with one category are its history.
    """

    category: str
    code: str
    valid_from: date | None = None
    valid_until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it is valid on a day."""
        return not (self.valid_from and day < self.valid_from) and not (self.valid_until and day > self.valid_until)


class Region(Record, frozen=True, kw_only=True):
    """A tax jurisdiction as customers carry it, for example US-CA-SF. A category that is not listed is not taxable.

    `exempt_products` are product names that this jurisdiction exempts whatever their category, with the reason.
    """

    code: str
    name: str
    taxes: tuple[RegionTax, ...] = ()
    exempt_products: tuple[tuple[str, str], ...] = ()


class Terms(Record, frozen=True, kw_only=True):
    """Payment terms: due so many days after the invoice date; the settlement discount is a percentage
    within its days.
    """

    name: str
    days: int
    discount_percent: Decimal = Decimal(0)
    discount_days: int = 0


class Dimension(Record, frozen=True, kw_only=True):
    """A value of a dimension: a cost centre, a department or a location, with code and name."""

    code: str
    name: str


class DiscountRule(Record, frozen=True, kw_only=True):
    """A discount in percent that finance grants by name: on lines of `products` of at least `from_quantity` pieces, or
    on the whole document where no product is named.
    """

    name: str
    percent: Decimal
    products: tuple[str, ...] = ()
    from_quantity: Decimal = Decimal(0)


class Ownership(Record, frozen=True, kw_only=True):
    """Who may write one field: system (crm, ledger, gateway, payroll, bi), dataset (invoice, customer, deal), field."""

    dataset: str
    field: str
    owner: str


class Dictionary(Record, frozen=True, kw_only=True):
    """One company's shared truth, in a named version."""

    name: str
    version: str
    entity: str
    currency: str
    time_zone: str
    policy: BooksPolicy
    accounts: tuple[AccountSpec, ...]
    revenue_types: tuple[RevenueType, ...]
    products: tuple[ProductSpec, ...]
    tax_codes: tuple[TaxCode, ...] = ()
    regions: tuple[Region, ...] = ()
    terms: tuple[Terms, ...] = ()
    cost_centres: tuple[Dimension, ...] = ()
    departments: tuple[Dimension, ...] = ()
    locations: tuple[Dimension, ...] = ()
    ownership: tuple[Ownership, ...] = ()
    discount_rules: tuple[DiscountRule, ...] = ()
    company_name: str = ""
    locale: str = "en_US"
    payroll: PayrollPolicy | None = None

    def account_by_role(self, role: str) -> AccountSpec | None:
        """The account marked with a role, or None."""
        return next((a for a in self.accounts if a.role == role), None)

    def account_between(self, role: str, counterpart: str) -> AccountSpec | None:
        """The account on which this entity is owed by (due_from), or owes (due_to), another one; or None."""
        return next((a for a in self.accounts if a.role == role and a.counterpart == counterpart), None)
