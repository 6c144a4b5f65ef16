"""Customers, terms, classes, departments and payment methods: the name lists."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from simharness_fakes.accounting import chart
from simharness_fakes.quickbooks.errors import Error, Refused, business, missing
from simharness_fakes.quickbooks.state import Company
from simharness_fakes.quickbooks.wire.given import Given, kept
from simharness_fakes.quickbooks.wire.parts import Wire, carried, currency_ref, head, put, ref, region_of

#: Kept and given back, without effect on the books.
CUSTOMER_KEEPS = frozenset(
    {
        "Title", "GivenName", "MiddleName", "FamilyName", "Suffix", "CompanyName", "PrintOnCheckName", "BillAddr",
        "ShipAddr", "AlternatePhone", "Mobile", "Fax", "WebAddr", "PreferredDeliveryMethod", "PaymentMethodRef",
    }
)  # fmt: skip

#: TaxExemptionReasonId. Source: the vendor's page of the Customer entity.
EXEMPTION_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "1": "Federal government", "2": "State government", "3": "Local government", "4": "Tribal government",
        "5": "Charitable organization", "6": "Religious organization", "7": "Educational organization",
        "8": "Hospital", "9": "Resale", "10": "Direct pay permit", "11": "Multiple points of use",
        "12": "Direct mail", "13": "Agricultural production", "14": "Industrial production / manufacturing",
        "15": "Foreign diplomat",
    }
)  # fmt: skip
_REASON_IDS: Mapping[str, str] = MappingProxyType({text: id for id, text in EXEMPTION_REASONS.items()})
_NAME_PARTS = ("Title", "GivenName", "MiddleName", "FamilyName", "Suffix")


def customer(company: Company, record: chart.Customer) -> Wire:
    """A Customer as QuickBooks writes it."""
    books, wire = company.books, head(record)
    wire.update(
        FullyQualifiedName=record.name,
        DisplayName=record.name,
        PrintOnCheckName=record.name,
        Active=record.active,
        Taxable=record.taxable,
        Job=False,
        BillWithParent=False,
        IsProject=False,
        PreferredDeliveryMethod="Print",
    )
    balance = books.owed_by(record.id)
    wire["Balance"] = wire["BalanceWithJobs"] = balance
    wire["CurrencyRef"] = currency_ref(record.currency or books.settings.currency)
    wire.update(carried(record))
    put(wire, "Notes", record.note)
    if record.email:
        wire["PrimaryEmailAddr"] = {"Address": record.email}
    if record.phone:
        wire["PrimaryPhone"] = {"FreeFormNumber": record.phone}
    if record.terms:
        wire["SalesTermRef"] = ref(books.terms, record.terms)
    if record.tax_code:
        wire["DefaultTaxCodeRef"] = ref(books.tax_codes, record.tax_code)
    put(wire, "TaxExemptionReasonId", _REASON_IDS.get(record.exemption_reason, ""))
    put(wire, "ResaleNum", record.exemption_number)
    return wire


def read_customer(company: Company, given: Given, old: chart.Customer | None) -> chart.Customer:
    """A Customer from a body; a customer's currency is fixed when it is created."""
    before = old or chart.Customer(name="")
    name = display_name(given, before.name)
    currency = given.ref("CurrencyRef") or before.currency
    base = company.books.settings.currency
    if old is not None and (currency or base) != (old.currency or base):
        raise business("The currency of a customer cannot be changed", "CurrencyRef")
    keeps = kept(given, CUSTOMER_KEEPS, before.carried) or {}
    reason = given.text("TaxExemptionReasonId", _REASON_IDS.get(before.exemption_reason, ""))
    return chart.Customer(
        name=name,
        currency=currency,
        taxable=given.flag("Taxable", before.taxable, not reason),
        exemption_reason=EXEMPTION_REASONS.get(reason, ""),
        exemption_number=given.text("ResaleNum", before.exemption_number),
        tax_code=given.ref("DefaultTaxCodeRef", before.tax_code),
        region=region_of(company, keeps.get("ShipAddr"), keeps.get("BillAddr")),
        terms=given.ref("SalesTermRef", before.terms),
        reference=before.reference,
        note=given.text("Notes", before.note),
        email=given.inner("PrimaryEmailAddr", "Address", before.email),
        phone=given.inner("PrimaryPhone", "FreeFormNumber", before.phone),
        active=given.flag("Active", before.active, default=True),
        carried=keeps or None,
    )


def display_name(given: Given, old: str) -> str:
    """The name of a customer or vendor: as given, else made of the parts of a person's name."""
    name = given.text("DisplayName", old) or _composed(given)
    if not name.strip():
        raise Refused(
            Error(
                code="6080", message="No Name Provided", element="DisplayName",
                detail="Title, GivenName, MiddleName, FamilyName, DisplayName, Suffix - one of these must be non-empty",
            )
        )  # fmt: skip
    if any(mark in name for mark in ":\t\n"):
        raise business("DisplayName cannot contain a colon, a tab or a new line", "DisplayName")
    return name.strip()


def _composed(given: Given) -> str:
    return " ".join(part for name in _NAME_PARTS if (part := given.text(name).strip()))


def term(company: Company, record: chart.Term) -> Wire:
    """A Term as QuickBooks writes it; only terms that count days are modelled."""
    wire = head(record)
    wire.update(Name=record.name, Active=record.active, Type="STANDARD", DueDays=record.days)
    if record.discount_percent:
        wire.update(DiscountPercent=record.discount_percent, DiscountDays=record.discount_days)
    return wire


def read_term(company: Company, given: Given, old: chart.Term | None) -> chart.Term:
    """A Term from a body."""
    before = old or chart.Term(name="")
    days = given.number("DueDays", Decimal(before.days) if old else None)
    if days is None:
        raise missing("DueDays")
    percent = given.number("DiscountPercent", before.discount_percent) or Decimal(0)
    discount_days = given.number("DiscountDays", Decimal(before.discount_days)) or Decimal(0)
    return chart.Term(
        name=given.needed("Name", before.name),
        days=int(days),
        discount_percent=percent,
        discount_days=int(discount_days),
        active=given.flag("Active", before.active, default=True),
    )


def class_(company: Company, record: chart.Class) -> Wire:
    """A Class as QuickBooks writes it."""
    wire = head(record)
    wire.update(Name=record.name, SubClass=False, FullyQualifiedName=record.name, Active=record.active)
    return wire


def read_class(company: Company, given: Given, old: chart.Class | None) -> chart.Class:
    """A Class from a body."""
    before = old or chart.Class(name="")
    return chart.Class(
        name=given.needed("Name", before.name),
        code=before.code,
        active=given.flag("Active", before.active, default=True),
    )


def department(company: Company, record: chart.Department) -> Wire:
    """A Department as QuickBooks writes it."""
    wire = head(record)
    wire.update(Name=record.name, SubDepartment=False, FullyQualifiedName=record.name, Active=record.active)
    return wire


def read_department(company: Company, given: Given, old: chart.Department | None) -> chart.Department:
    """A Department from a body."""
    before = old or chart.Department(name="")
    return chart.Department(
        name=given.needed("Name", before.name),
        code=before.code,
        active=given.flag("Active", before.active, default=True),
    )


def payment_method(company: Company, record: chart.PaymentMethod) -> Wire:
    """A PaymentMethod as QuickBooks writes it."""
    wire = head(record)
    wire.update(Name=record.name, Active=record.active, Type=record.kind or "NON_CREDIT_CARD")
    return wire


def read_payment_method(company: Company, given: Given, old: chart.PaymentMethod | None) -> chart.PaymentMethod:
    """A PaymentMethod from a body."""
    before = old or chart.PaymentMethod(name="")
    return chart.PaymentMethod(
        name=given.needed("Name", before.name),
        kind=given.text("Type", before.kind),
        active=given.flag("Active", before.active, default=True),
    )
