"""Tax codes, rates and agencies, and the service that makes codes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from simharness.fakekit.bodies import Json
from simharness_fakes.accounting import chart
from simharness_fakes.accounting.books import Books
from simharness_fakes.quickbooks.errors import bad_reference, missing
from simharness_fakes.quickbooks.state import NON, TAX, Company
from simharness_fakes.quickbooks.wire.given import Given
from simharness_fakes.quickbooks.wire.parts import Wire, head, put, ref


def tax_codes(company: Company) -> Iterator[chart.TaxCode]:
    """Every tax code QuickBooks lists: in a US company the two codes of lines come first."""
    if company.us:
        yield from (line_code(company, TAX), line_code(company, NON))
    yield from company.books.tax_codes.all()


def find_tax_code(company: Company, id: str) -> chart.TaxCode | None:
    """A tax code, the codes of lines of a US company included."""
    if company.us and id in (TAX, NON):
        return line_code(company, id)
    return company.books.tax_codes.find(id)


def line_code(company: Company, id: str) -> chart.TaxCode:
    """TAX or NON, which every US company has."""
    code = company.line_codes.get(id)
    if code is None:
        kind, description = ("standard", "Taxable") if id == TAX else ("exempt", "Non-Taxable")
        code = company.line_codes[id] = chart.TaxCode(
            id=id,
            name=id,
            kind=kind,
            description=description,
            created_at=company.founded,
            updated_at=company.founded,
        )
    return code


def tax_code(company: Company, record: chart.TaxCode) -> Wire:
    """A TaxCode as QuickBooks writes it."""
    wire = head(record)
    wire.update(
        Name=record.name,
        Description=record.description or record.name,
        Active=record.active,
        Hidden=False,
        Taxable=record.kind == "standard",
        TaxGroup=record.id not in (TAX, NON),
    )
    rates = company.books.tax_rates
    if wire["TaxGroup"]:
        details = [
            {"TaxRateRef": ref(rates, rate), "TaxTypeApplicable": "TaxOnAmount", "TaxOrder": 0} for rate in record.rates
        ]
        wire["SalesTaxRateList"] = {"TaxRateDetail": details}
        wire["PurchaseTaxRateList"] = {"TaxRateDetail": []}
    return wire


def percent_on(record: chart.TaxRate, day: date) -> Decimal:
    """The percentage on a day: of the period that holds, else of the nearest before, else of the first."""
    found: Decimal | None = None
    for period in sorted(record.periods, key=lambda each: each.valid_from or date.min):
        if found is None or (period.valid_from or date.min) <= day:
            found = period.percent
    return found if found is not None else Decimal(0)


def tax_rate(company: Company, record: chart.TaxRate) -> Wire:
    """A TaxRate as QuickBooks writes it, with its history."""
    wire = head(record)
    wire.update(
        Name=record.name,
        Description=record.description or record.name,
        Active=record.active,
        RateValue=percent_on(record, company.today),
        AgencyRef=ref(company.books.tax_agencies, record.agency),
        SpecialTaxType="NONE",
        DisplayType="ReadOnly",
        EffectiveTaxRate=[_effective(period) for period in record.periods],
    )
    return wire


def _effective(period: chart.RatePeriod) -> Wire:
    shown: Wire = {"RateValue": period.percent}
    if period.valid_from:
        shown["EffectiveDate"] = period.valid_from.isoformat()
    if period.valid_until:
        shown["EndDate"] = period.valid_until.isoformat()
    return shown


def tax_agency(company: Company, record: chart.TaxAgency) -> Wire:
    """A TaxAgency as QuickBooks writes it."""
    wire = head(record)
    wire.update(DisplayName=record.name, TaxTrackedOnSales=True, TaxTrackedOnPurchases=False)
    return wire


def read_tax_agency(company: Company, given: Given, old: chart.TaxAgency | None) -> chart.TaxAgency:
    """A TaxAgency from a body."""
    return chart.TaxAgency(name=given.needed("DisplayName", old.name if old else ""))


def make_tax_code(company: Company, body: dict[str, Json], actor: str) -> Wire:
    """What `taxservice/taxcode` does: new rates under existing agencies and a code of them. All or nothing."""
    books, by = company.books, company.by(actor)
    name = Given(body).needed("TaxCode")
    details = body.get("TaxRateDetails") or []
    if not details:
        raise missing("TaxRateDetails")
    planned = [_planned_rate(company, Given(detail, path="TaxRateDetails.")) for detail in details]
    # The code is tried with the rates it will have before any of them is kept, so that a refusal leaves nothing behind.
    trial = books.fork()
    trial.tax_codes.create(chart.TaxCode(name=name, rates=tuple(_keep_rates(trial, planned, by))), by)
    rates = _keep_rates(books, planned, by)
    code = books.tax_codes.create(chart.TaxCode(name=name, rates=tuple(rates)), by)
    return {
        "TaxCode": code.name,
        "TaxCodeId": code.id,
        "TaxRateDetails": [_made(books.tax_rates.get(rate)) for rate in rates],
    }


def _keep_rates(books: Books, planned: list[chart.TaxRate], by: chart.Stamp) -> list[str]:
    return [rate.id or books.tax_rates.create(rate, by).id for rate in planned]


def _planned_rate(company: Company, given: Given) -> chart.TaxRate:
    books = company.books
    existing = given.text("TaxRateId")
    if existing:
        found = books.tax_rates.find(existing)
        if found is None:
            raise bad_reference("TaxRateId", existing, "TaxRate")
        return found
    percent, agency = given.number("RateValue"), given.needed("TaxAgencyId")
    if percent is None:
        raise missing("TaxRateDetails.RateValue")
    if books.tax_agencies.find(agency) is None:
        raise bad_reference("TaxAgencyId", agency, "TaxAgency")
    account = books.accounts.by_role("tax_payable")
    return chart.TaxRate(
        name=given.needed("TaxRateName"),
        agency=agency,
        account=account.id if account is not None else "",
        periods=(chart.RatePeriod(percent=percent),),
    )


def _made(rate: chart.TaxRate) -> Wire:
    made: Wire = {"TaxRateName": rate.name, "TaxRateId": rate.id, "RateValue": rate.periods[-1].percent}
    put(made, "TaxAgencyId", rate.agency)
    made["TaxApplicableOn"] = "Sales"
    return made
