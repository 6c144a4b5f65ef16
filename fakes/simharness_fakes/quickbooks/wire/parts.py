"""Parts that many entities share: the head of a record, references, addresses and the jurisdiction an address is in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from simharness.fakekit.bodies import Json
from simharness_fakes.accounting.chart import Kept, TaxRegion
from simharness_fakes.quickbooks.state import Company
from simharness_fakes.quickbooks.wire.given import Given
from simharness_fakes.quickbooks.wire.times import instant

Wire = dict[str, Json]

_CURRENCIES: Mapping[str, str] = {
    "USD": "United States Dollar", "EUR": "Euro", "GBP": "British Pound Sterling", "CAD": "Canadian Dollar",
    "JPY": "Japanese Yen", "CHF": "Swiss Franc", "AUD": "Australian Dollar", "KWD": "Kuwaiti Dinar",
}  # fmt: skip


def head(record: Kept) -> Wire:
    """What every record begins with."""
    created = _moment(record.created_at)
    updated = created if record.updated_at == record.created_at else _moment(record.updated_at)
    return {
        "domain": "QBO",
        "sparse": False,
        "Id": record.id,
        "SyncToken": str(record.version),
        "MetaData": {"CreateTime": created, "LastUpdatedTime": updated},
    }


def _moment(moment: datetime | None) -> str:
    return instant(moment) if moment is not None else ""


def ref(register: Any, id: str) -> Wire:
    """A reference with the name of what it names."""
    record = register.find(id)
    return {"value": id, "name": record.name} if record is not None else {"value": id}


def currency_name(currency: str) -> str:
    """What a currency is called; its code where that is all we know."""
    return _CURRENCIES.get(currency, currency)


def currency_ref(currency: str) -> Wire:
    """A reference to a currency, whose id is its code."""
    return {"value": currency, "name": currency_name(currency)}


def home(company: Company, rate: Decimal | None, **amounts: Decimal) -> Wire:
    """What a document of a company with several currencies also shows: its rate, and amounts in the home currency."""
    if not company.books.settings.multi_currency:
        return {}
    return {"ExchangeRate": Decimal(1) if rate is None else rate, **amounts}


def rate_given(given: Given, old: Decimal | None) -> Decimal | None:
    """The rate a body gives, None where the last known one is to be used; SDKs send 0 for none."""
    return given.number("ExchangeRate", old) or None


def carried(record: Any) -> Mapping[str, Json]:
    """What the books keep for the dialect of a record."""
    found = record.carried
    return found if isinstance(found, dict) else {}


def put(wire: Wire, name: str, value: Json) -> None:
    """Set a field that is shown only where it has a value."""
    if value not in ("", None):
        wire[name] = value


def region_of(company: Company, *addresses: Json) -> str:
    """The tax jurisdiction of the first address that lies in one, by its code; "" where there is none.

    An address lies in the jurisdiction whose code joins its country, state and city (or whose title begins with the
    city), else in the one of its state, else in the one of its country.
    """
    regions = company.books.tax_regions
    if not len(regions):
        return ""
    for address in addresses:
        if isinstance(address, Mapping):
            found = _region(list(regions.all()), address, company.books.settings.country)
            if found:
                return found
    return ""


def _region(regions: list[TaxRegion], address: Mapping[str, Json], home: str) -> str:
    country, state, city = (
        str(address.get(part) or "").strip().casefold() for part in ("Country", "CountrySubDivisionCode", "City")
    )
    if not (country or state or city):
        return ""
    country = _COUNTRIES.get(country, country) or home.casefold()
    stem = "-".join(part for part in (country, state) if part)
    names = {region.name.casefold(): region.name for region in regions}
    for wanted in (f"{stem}-{city}" if city else "", state, stem, country):
        if wanted and wanted in names:
            if wanted in (stem, country) and city and (named := _by_city(regions, stem, city)):
                return named
            return names[wanted]
    return _by_city(regions, stem, city) if city else ""


def _by_city(regions: list[TaxRegion], stem: str, city: str) -> str:
    for region in regions:
        if region.name.casefold().startswith(f"{stem}-") and region.title.partition(",")[0].strip().casefold() == city:
            return region.name
    return ""


_COUNTRIES: Mapping[str, str] = {
    "usa": "us",
    "united states": "us",
    "u.s.a.": "us",
    "germany": "de",
    "deutschland": "de",
}
