"""The mapping as the program uses it: what finance decided about this company, in types.

One struct a file of the folder; the published JSON Schemas in `mapping_schema/` say the same to an editor.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec

from simharness.reference.arithmetic.money import Cents
from simharness.reference.arithmetic.tax import Rate, TaxPolicy, Treatment
from simharness.reference.mapping.payroll import PayrollRules


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of what is read from the files."""


class Invoicing(Part, frozen=True, kw_only=True):
    """Who writes invoices (`connector`, `billing_system`, `native_sync_beside`), and how other programs name the deal
    and the company in the notes of theirs, as `HubSpot deal {id}`; "" where none is known.

    `within_days`: how long after it was won a deal may be without the billing system's invoice. `second`: what becomes
    of an invoice for what is billed already, `alert` or `void_theirs`.
    """

    by: str = "connector"
    deal: str = ""
    company: str = ""
    within_days: int = 0
    second: str = "alert"

    @property
    def by_billing_system(self) -> bool:
        """Whether this program writes no invoices at all."""
        return self.by == "billing_system"


class Policies(Part, frozen=True, kw_only=True):
    """Declared policies: rounding, where tax is rounded, how discounts show, what an edit of a won deal causes, where a
    write-off goes, and which of an operator's instructions need an approver. `currencies`: those customers are billed
    in beside the company's own. `credit_rates`: whether what takes a foreign sale back bears the rate of the
    `original` or of the `day`. `deposit_tax`: whether a deposit is taxed when it is invoiced, or with the sale.
    `proration`: whether a change of a line with days of service is billed for the days that are left (`day`).
    `late_items`: what comes too late for a closed period is posted on the `next_open` day, or `refuse`d.
    `needs_second_factor`: an operator's acts that only a person of a role may tell, who proved a second factor in the
    last `second_factor_minutes`.
    """

    tax_model: str
    tax_calculator: str
    rounding: str = "half_up"
    tax: str = "per_group"
    prices_include_tax: bool = False
    inclusive: str = "round_net"
    discounts: str = "net"
    deal_edits: str = "delta"
    invoice_date: str = "won"
    cut_over: date | None = None
    equal_deals: str = "quarantine"
    write_offs: str = "direct"
    write_off_tax_relief: bool = False
    needs_approval: tuple[str, ...] = ("write_off",)
    currencies: tuple[str, ...] = ()
    invoices: Invoicing = Invoicing()
    credit_rates: str = "original"
    needs_second_factor: dict[str, str] = {}
    second_factor_minutes: int = 15
    deposit_tax: str = "at_sale"
    proration: str = "none"
    late_items: str = "next_open"

    @property
    def contra(self) -> bool:
        """Whether income is presented at list price, with discounts on an account of their own."""
        return self.discounts == "contra"

    @property
    def ledger_calculates(self) -> bool:
        """Whether the ledger replaces the tax that it is sent by its own."""
        return self.tax_calculator == "ledger"


class Company(Part, frozen=True, kw_only=True):
    """company.yaml: whose books these are, under their name in this folder. `entities` are the deals' billing
    entities that belong to them.
    """

    company: str
    version: str
    name: str
    time_zone: str
    currency: str
    policies: Policies
    country: str = ""
    entities: tuple[str, ...] = ("",)


class Account(Part, frozen=True, kw_only=True):
    """A ledger account, found by its number, or by its name where the ledger keeps no numbers."""

    number: str = ""
    name: str


#: The account on which revenue waits until its service is given.
DEFERRED = "deferred_revenue"


class Revenue(Part, frozen=True, kw_only=True):
    """revenue.yaml: the account of a kind of revenue. `recognise`: what is billed of a line with days of service is
    deferred, and becomes revenue of the account by the `day` or by the `month`; "" is revenue when it is billed.
    """

    account: str
    recognise: str = ""


class Product(Part, frozen=True, kw_only=True):
    """products.yaml: what is sold, the ledger item it becomes, its kind of revenue and its tax category."""

    item: str
    revenue_type: str
    tax_category: str


class RatePeriod(Part, frozen=True, kw_only=True):
    """A percentage of one of the ledger's tax rates, valid from/until inclusive."""

    rate: str
    percent: Decimal
    valid_from: date | None = None
    valid_until: date | None = None


class TaxCode(Part, frozen=True, kw_only=True):
    """A tax code of the ledger: the rates it combines over time; none means zero."""

    rates: tuple[RatePeriod, ...] = ()
    reason: str = ""


class CodePeriod(Part, frozen=True, kw_only=True):
    """A tax code that a category falls under from/until a day inclusive, where each rate has a code of its own."""

    code: str
    valid_from: date | None = None
    valid_until: date | None = None


class Place(Part, frozen=True, kw_only=True):
    """Where a customer of a region takes delivery, as the ledger needs to know it when the ledger calculates tax."""

    country: str = ""
    state: str = ""
    city: str = ""


class Region(Part, frozen=True, kw_only=True):
    """A tax jurisdiction: the tax code a category falls under (absent: not taxable), and products exempt by law,
    with the reason.
    """

    categories: dict[str, str | tuple[CodePeriod, ...]] = {}
    exempt_products: dict[str, str] = {}
    ship_to: Place = Place()

    def codes_of(self, category: str) -> tuple[CodePeriod, ...]:
        """The codes of a category over time."""
        said = self.categories.get(category, ())
        return (CodePeriod(code=said),) if isinstance(said, str) else said

    def code_of(self, category: str, day: date) -> str:
        """The code of a category on a day, "" where it is not taxable."""
        return next((each.code for each in self.codes_of(category) if _holds(each, day)), "")


class Taxes(Part, frozen=True, kw_only=True):
    """taxes.yaml. `untaxed_code` and `exempt_code` go on lines of the global model that bear no tax."""

    codes: dict[str, TaxCode]
    regions: dict[str, Region]
    untaxed_code: str = ""
    exempt_code: str = ""
    without_region: str = "refuse"


class Terms(Part, frozen=True, kw_only=True):
    """terms.yaml: the CRM's terms, the ledger's name of them, the days until due, and what a customer may keep who pays
    within the days of the settlement discount.
    """

    term: str
    days: int
    discount_percent: Decimal = Decimal(0)
    discount_days: int = 0


class Discounts(Part, frozen=True, kw_only=True):
    """discounts.yaml: which discounts are honoured, and how the text of a contra line begins."""

    line: bool = True
    document: bool = True
    contra_description: str = "Discount"


class BankRules(Part, frozen=True, kw_only=True):
    """bank.yaml: how lines of the bank statement are told. The words begin the bank's text of such a line.

    `payout_days`: how far from its arrival a payout may be booked. `wire_fee_up_to`: what may be missing of a wire as
    the banks' own fee; more than that is for a person to look at. `exchange_within`: by how many percent
    the rate that a bank really gave may differ from the ledger's of that day. `account`: the name of the one account
    whose lines belong into these books, where the login shows others as well. `intercompany` names payer and payee in
    a line between two entities.
    """

    payout_days: int = 7
    wire_fee_up_to: Decimal = Decimal(50)
    exchange_within: Decimal = Decimal(5)
    cheques: str = "CHEQUES"
    returned_cheque: str = "RETURNED CHEQUE"
    fee: str = "FEE"
    account: str = ""
    intercompany: str = "INTERCOMPANY"


class Dataset(Part, frozen=True, kw_only=True):
    """ownership.yaml: who owns a dataset's fields, and which way they flow."""

    direction: str
    fields: dict[str, str]


class CompanyFields(Part, frozen=True, kw_only=True):
    """HubSpot's property names of what a company tells. `business_key`: a number that one company alone has, if any.
    `merged`: where the CRM keeps the ids of those that were merged into it.
    """

    name: str
    region: str
    terms: str
    currency: str
    email: str
    certificate: str
    jurisdictions: str
    exempt_reason: str
    exempt_from: str
    exempt_until: str
    business_key: str = ""
    merged: str = "hs_merged_object_ids"


class DealFields(Part, frozen=True, kw_only=True):
    """HubSpot's property names of what a deal tells, and of what is written back. `business_key`: the order's own
    number, if the CRM has one. `deposit_percent`, `deposit_amount` and `delivered_on`: what is invoiced in advance, and
    when the rest is due, where deals have deposits.
    """

    name: str
    stage: str
    pipeline: str
    currency: str
    close_date: str
    won_at: str
    discount_percent: str
    discount_amount: str
    cost_centre: str
    location: str
    entity: str
    billing_status: str
    outstanding: str
    invoice_number: str
    business_key: str = ""
    deposit_percent: str = ""
    deposit_amount: str = ""
    delivered_on: str = ""


class LineFields(Part, frozen=True, kw_only=True):
    """HubSpot's property names of what a line item tells. `schedule` says when it is billed (once, upfront, monthly,
    milestone), `reached_on` the day of its milestone.
    """

    product: str
    quantity: str
    price: str
    discount_per_unit: str
    discount_percent: str
    discount_amount: str
    revenue_type: str
    cost_centre: str
    position: str
    frequency: str = "recurringbillingfrequency"
    service_from: str = "service_from"
    service_to: str = "service_to"
    schedule: str = "billing_schedule"
    reached_on: str = "milestone_reached_on"


class ChargeFields(Part, frozen=True, kw_only=True):
    """Keys of Stripe metadata: the invoice a charge pays, the CRM company of a Stripe customer, the entity of a group
    that is paid, and on a refund why it was made and how much of each invoice line it gives back.
    """

    invoice_number: str
    company: str
    refund_reason: str = "reason"
    refund_lines: str = "lines"
    entity: str = "entity"


class Fields(Part, frozen=True, kw_only=True):
    """fields.yaml: the vendors' field names of the business meanings. `won_stages` are the stages in which a deal is
    won.
    """

    company: CompanyFields
    deal: DealFields
    line: LineFields
    charge: ChargeFields
    won_stages: tuple[str, ...]


class Dimensions(Part, frozen=True, kw_only=True):
    """dimensions.yaml: the CRM's cost centres and locations, by code, and the ledger's class and department of each."""

    cost_centres: dict[str, str] = {}
    locations: dict[str, str] = {}


class Certificate(Part, frozen=True, kw_only=True):
    """A customer's exemption certificate: valid from/until inclusive, in the named jurisdictions only."""

    number: str
    jurisdictions: tuple[str, ...]
    reason: str
    valid_from: date | None = None
    valid_until: date | None = None

    def covers(self, region: str, day: date) -> bool:
        """Whether it exempts in the region (itself, or the part before a hyphen: US-CA covers US-CA-SF) on the day."""
        if (self.valid_from and day < self.valid_from) or (self.valid_until and day > self.valid_until):
            return False
        return any(region == area or region.startswith(f"{area}-") for area in self.jurisdictions if area)


class Mapping(Part, frozen=True, kw_only=True):
    """The whole folder. `digest` names its content; `folder` is for messages."""

    folder: str
    digest: str
    company: Company
    accounts: dict[str, Account]
    revenue: dict[str, str | Revenue]
    products: dict[str, Product]
    taxes: Taxes
    terms: dict[str, Terms]
    discounts: Discounts
    ownership: dict[str, Dataset]
    fields: Fields
    dimensions: Dimensions
    bank: BankRules
    payroll: PayrollRules = PayrollRules()

    def revenue_of(self, kind: str) -> Revenue | None:
        """A kind of revenue, however shortly the file says it; None for one that it does not know."""
        said = self.revenue.get(kind)
        return Revenue(account=said) if isinstance(said, str) else said

    def keeps(self, currency: str) -> bool:
        """Whether customers are billed in a currency."""
        return currency in (self.company.currency, *self.company.policies.currencies)

    def cents(self, currency: str = "") -> Cents:
        """Arithmetic in a currency ("" is the company's) and the company's rounding."""
        return Cents(currency or self.company.currency, self.company.policies.rounding)

    def tax_policy(self, currency: str = "") -> TaxPolicy:
        """The tax arithmetic of these books, in a currency ("" is the company's)."""
        policies = self.company.policies
        return TaxPolicy(self.cents(currency), policies.tax, policies.prices_include_tax, policies.inclusive)

    def zone(self) -> ZoneInfo:
        """The company's time zone: days are local to it."""
        return ZoneInfo(self.company.time_zone)

    def owned(self, dataset: str, owner: str) -> frozenset[str]:
        """The fields of a dataset that a system owns, so that the connector may copy them from it."""
        fields = self.ownership[dataset].fields if dataset in self.ownership else {}
        return frozenset(name for name, system in fields.items() if system == owner)

    def treatment(self, product: str, region: str, certificate: Certificate | None, day: date) -> Treatment:
        """How a product is taxed in a region on a day.

        Raises KeyError for a product or region the mapping does not know.
        """
        area = self.taxes.regions[region]
        code = area.code_of(self.products[product].tax_category, day)
        if reason := area.exempt_products.get(product, ""):
            return Treatment(self.taxes.exempt_code, (), reason)
        if not code:
            return Treatment(self.taxes.untaxed_code)
        if certificate is not None and certificate.covers(region, day):
            return Treatment(self.taxes.exempt_code, (), f"{certificate.reason} (certificate {certificate.number})")
        tax_code = self.taxes.codes[code]
        rates = tuple(Rate(period.rate, period.percent) for period in tax_code.rates if _holds(period, day))
        return Treatment(code, rates, tax_code.reason)


def _holds(period: CodePeriod | RatePeriod, day: date) -> bool:
    """Whether something valid from/until inclusive is so on a day."""
    return not (period.valid_from and day < period.valid_from) and not (period.valid_until and day > period.valid_until)
