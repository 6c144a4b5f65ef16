"""Foreign currencies and their rates."""

from __future__ import annotations

from simharness_fakes.accounting import chart
from simharness_fakes.quickbooks import errors
from simharness_fakes.quickbooks.state import Company
from simharness_fakes.quickbooks.wire.given import Given
from simharness_fakes.quickbooks.wire.parts import Wire, currency_name, head
from simharness_fakes.quickbooks.wire.times import instant


def currency(company: Company, record: chart.Currency) -> Wire:
    """A CompanyCurrency."""
    wire = head(record)
    wire.update(Code=record.code, Name=record.name, Active=record.active)
    return wire


def read_currency(company: Company, given: Given, old: chart.Currency | None) -> chart.Currency:
    """A CompanyCurrency from a body; without name it has the usual one."""
    before = old or chart.Currency(name="", code="")
    code = given.needed("Code", before.code)
    return chart.Currency(
        name=given.text("Name", before.name) or currency_name(code),
        code=code,
        active=given.flag("Active", before.active, default=True),
    )


def exchange_rate(company: Company, record: chart.ExchangeRate) -> Wire:
    """An ExchangeRate: what a unit of the source currency is worth in the target, the home currency."""
    updated = record.updated_at or company.founded
    return {
        "domain": "QBO",
        "sparse": False,
        "SyncToken": str(record.version),
        "MetaData": {"LastUpdatedTime": instant(updated)},
        "SourceCurrencyCode": record.currency,
        "TargetCurrencyCode": company.books.settings.currency,
        "Rate": record.rate,
        "AsOfDate": record.day.isoformat(),
    }


def save_exchange_rate(company: Company, given: Given, actor: str) -> chart.ExchangeRate:
    """Set a rate as at a day (today where none is given)."""
    source, base = given.needed("SourceCurrencyCode"), company.books.settings.currency
    if given.text("TargetCurrencyCode") not in ("", base):
        raise errors.business(f"Rates are given in {base}, the home currency.", "TargetCurrencyCode")
    rate = given.number("Rate")
    if rate is None:
        raise errors.missing("Rate")
    return company.books.rates.set(source, given.day("AsOfDate") or company.today, rate, company.by(actor))
