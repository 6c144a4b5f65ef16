"""What QuickBooks tells of the company itself: CompanyInfo and Preferences."""

from __future__ import annotations

import calendar

import msgspec

from simharness_fakes.accounting.chart import Account, Settings
from simharness_fakes.quickbooks.errors import business
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
            "AutoApplyCredit": settings.auto_apply_credits,
            "AutoApplyPayments": settings.auto_apply_payments,
        },
        TaxPrefs={"UsingSalesTax": True, "PartnerTaxEnabled": company.automated},
        CurrencyPrefs={
            "MultiCurrencyEnabled": settings.multi_currency,
            "HomeCurrency": currency_ref(settings.currency),
        },
        ReportPrefs={"ReportBasis": "Accrual", "CalcAgingReportFromTxnDate": False},
    )
    if discounts is not None:
        wire["SalesFormsPrefs"]["DefaultDiscountAccount"] = discounts.id
    return wire


#: Preferences that change how the books behave: section, field, the engine's setting, whether it says the opposite.
_FLAGS = (
    ("SalesFormsPrefs", "CustomTxnNumbers", "automatic_numbers", True),
    ("SalesFormsPrefs", "AutoApplyCredit", "auto_apply_credits", False),
    ("SalesFormsPrefs", "AutoApplyPayments", "auto_apply_payments", False),
    ("CurrencyPrefs", "MultiCurrencyEnabled", "multi_currency", False),
)


#: The account the vendor adds to the chart with several currencies (background knowledge, not re-checked).
EXCHANGE_GAIN = Account(name="Exchange Gain or Loss", kind="other_expense", role="exchange_gain")
#: Everything that preferences can change.
SETTINGS = ("closed_until", *(setting for _, _, setting, _ in _FLAGS))


def read_preferences(given: Given, old: Settings) -> Settings:
    """The settings that a body of Preferences asks for; what it says nothing of stays (SDKs send "")."""
    changed: dict[str, object] = {}
    accounting = Given(given.body.get("AccountingInfoPrefs") or {}, path="AccountingInfoPrefs.")
    changed["closed_until"] = accounting.day("BookCloseDate") or old.closed_until
    for section, field, setting, opposite in _FLAGS:
        prefs = Given(given.body.get(section) or {}, path=f"{section}.")
        if prefs.has(field):
            value = prefs.flag(field, old=False, default=False)
            changed[setting] = value is not opposite
    home = Given(given.body.get("CurrencyPrefs") or {}).ref("HomeCurrency")
    if home not in ("", old.currency):
        raise business("The home currency of a company cannot be changed", "CurrencyPrefs.HomeCurrency")
    return msgspec.structs.replace(old, **changed)
