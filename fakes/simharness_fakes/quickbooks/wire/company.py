"""What QuickBooks tells of the company itself: CompanyInfo and Preferences."""

from __future__ import annotations

import calendar
from datetime import date

from simharness_fakes.accounting.chart import Settings
from simharness_fakes.quickbooks.state import Company
from simharness_fakes.quickbooks.wire.given import Given
from simharness_fakes.quickbooks.wire.parts import Wire, currency_ref
from simharness_fakes.quickbooks.wire.times import instant

#: Both entities have one record, whose id is 1 in every company.
ONLY = "1"


def _head(company: Company, settings: Settings) -> Wire:
    updated = settings.updated_at or company.founded
    return {
        "domain": "QBO",
        "sparse": False,
        "Id": ONLY,
        "SyncToken": str(settings.version),
        "MetaData": {"CreateTime": instant(company.founded), "LastUpdatedTime": instant(updated)},
    }


def company_info(company: Company, settings: Settings) -> Wire:
    """CompanyInfo."""
    wire = _head(company, settings)
    name = settings.company or "Company"
    wire.update(
        CompanyName=name,
        LegalName=name,
        Country=settings.country,
        CompanyStartDate=company.founded.date().isoformat(),
        FiscalYearStartMonth=calendar.month_name[settings.fiscal_year_month],
        SupportedLanguages="en",
        NameValue=[{"Name": "DefaultTimeZone", "Value": settings.time_zone}],
    )
    return wire


def preferences(company: Company, settings: Settings) -> Wire:
    """Preferences: the parts that say how these books behave. `BookCloseDate` is there once books were closed."""
    books, wire = company.books, _head(company, settings)
    month = calendar.month_name[settings.fiscal_year_month]
    accounting: Wire = {
        "FirstMonthOfFiscalYear": month,
        "UseAccountNumbers": True,
        "TaxYearMonth": "January",
        "ClassTrackingPerTxn": False,
        "ClassTrackingPerTxnLine": True,
        "TrackDepartments": True,
        "DepartmentTerminology": "Location",
        "CustomerTerminology": "Customers",
    }
    if settings.closed_until is not None:
        accounting["BookCloseDate"] = settings.closed_until.isoformat()
    discounts = books.accounts.by_role("discounts_given")
    wire.update(
        AccountingInfoPrefs=accounting,
        SalesFormsPrefs={
            "CustomTxnNumbers": not settings.automatic_numbers,
            "AllowDiscount": True,
            "AutoApplyCredit": False,
            "AutoApplyPayments": False,
        },
        TaxPrefs={"UsingSalesTax": True, "PartnerTaxEnabled": company.automated},
        CurrencyPrefs={"MultiCurrencyEnabled": False, "HomeCurrency": currency_ref(settings.currency)},
        ReportPrefs={"ReportBasis": "Accrual", "CalcAgingReportFromTxnDate": False},
    )
    if discounts is not None:
        wire["SalesFormsPrefs"]["DefaultDiscountAccount"] = discounts.id
    return wire


def read_close_date(given: Given, old: date | None) -> date | None:
    """The closing date that a body of Preferences asks for; the old one where it says nothing of it (SDKs send "")."""
    section = given.body.get("AccountingInfoPrefs")
    if section is None:
        return old
    prefs = Given(section, path="AccountingInfoPrefs.")
    return prefs.day("BookCloseDate") or old
