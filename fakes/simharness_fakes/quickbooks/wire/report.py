"""Reports in Intuit's form: a header, columns, and rows of `ColData`; every value is a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from simharness.fakekit.bodies import Json
from simharness_fakes.accounting.ageing import Aged
from simharness_fakes.accounting.chart import Account
from simharness_fakes.accounting.reports import (
    BalanceSheet,
    ProfitAndLoss,
    Row,
    Section,
    TrialBalance,
)
from simharness_fakes.quickbooks.state import Company
from simharness_fakes.quickbooks.wire.parts import Wire
from simharness_fakes.quickbooks.wire.times import instant

ZERO = Decimal(0)
_EMPTY: Mapping[str, Json] = MappingProxyType({"value": ""})

#: (section of the engine, title, group, what follows it: title and group of a sum, with the figure's name)
_PROFIT = (
    ("income", "Income", "Income", None),
    ("cost_of_sales", "Cost of Goods Sold", "COGS", ("Gross Profit", "GrossProfit", "gross_profit")),
    ("expense", "Expenses", "Expenses", ("Net Operating Income", "NetOperatingIncome", "net_operating_income")),
    ("other_income", "Other Income", "OtherIncome", None),
    ("other_expense", "Other Expenses", "OtherExpenses", ("Net Income", "NetIncome", "net_income")),
)
_ASSET_GROUPS = (
    ("Bank Accounts", "BankAccounts", ("bank",)),
    ("Accounts Receivable", "AR", ("receivable",)),
    ("Other Current Assets", "OtherCurrentAssets", ("undeposited", "current_asset")),
    ("Fixed Assets", "FixedAssets", ("fixed_asset",)),
)


def cell(value: str, id: str = "") -> Wire:
    """One cell, with the id of what it names."""
    return {"value": value, "id": id} if id else {"value": value}


def money(amount: Decimal) -> Wire:
    """A cell with an amount."""
    return {"value": f"{amount:f}" if amount else "0.00"}


def column(title: str, kind: str, key: str) -> Wire:
    """A column; its key tells programs which it is."""
    return {"ColTitle": title, "ColType": kind, "MetaData": [{"Name": "ColKey", "Value": key}]}


def report(
    company: Company,
    name: str,
    period: tuple[date | None, date],
    columns: Sequence[Wire],
    rows: Sequence[Wire],
) -> Wire:
    """A whole report over a period, or as at its end."""
    header: Wire = {
        "Time": instant(company.clock.now),
        "ReportName": name,
        "ReportBasis": "Accrual",
        "EndPeriod": period[1].isoformat(),
        "SummarizeColumnsBy": "Total",
        "Currency": company.books.settings.currency,
        "Option": [
            {"Name": "AccountingStandard", "Value": "GAAP"},
            {"Name": "NoReportData", "Value": "false" if rows else "true"},
        ],
    }
    if period[0] is not None:
        header["StartPeriod"] = period[0].isoformat()
    return {"Header": header, "Columns": {"Column": list(columns)}, "Rows": {"Row": list(rows)} if rows else {}}


def data(*cells: Wire) -> Wire:
    """A row of figures."""
    return {"ColData": list(cells), "type": "Data"}


def summary(group: str, *cells: Wire) -> Wire:
    """A row that sums up what stands above it."""
    return {"Summary": {"ColData": list(cells)}, "type": "Section", "group": group}


def section(group: str, header: Sequence[Wire], rows: Sequence[Wire], total: Sequence[Wire]) -> Wire:
    """Rows under a title with their sum."""
    found: Wire = {"Header": {"ColData": list(header)}, "type": "Section"}
    if rows:
        found["Rows"] = {"Row": list(rows)}
    found["Summary"] = {"ColData": list(total)}
    if group:
        found["group"] = group
    return found


def account_cell(account: Account) -> Wire:
    """The cell that names an account, with its number where it has one."""
    return cell(f"{account.number} {account.name}" if account.number else account.name, account.id)


_TWO = (column("", "Account", "account"), column("Total", "Money", "total"))


def trial_balance(company: Company, start: date | None, found: TrialBalance) -> Wire:
    """TrialBalance: debit or credit balance of each account, and their sums."""
    columns = (column("", "Account", "account"), column("Debit", "Money", "debit"), column("Credit", "Money", "credit"))
    rows = [
        data(
            account_cell(row.account),
            money(row.amount) if row.amount > 0 else dict(_EMPTY),
            money(-row.amount) if row.amount < 0 else dict(_EMPTY),
        )
        for row in found.rows
    ]
    if rows:
        rows.append(summary("GrandTotal", cell("TOTAL"), money(found.debits), money(found.credits)))
    return report(company, "TrialBalance", (start, found.as_at), columns, rows)


def _accounts(rows: Sequence[Row]) -> list[Wire]:
    return [data(account_cell(row.account), money(row.amount)) for row in rows]


def _titled(title: str, group: str, rows: Sequence[Wire], total: Decimal) -> Wire:
    return section(group, (cell(title), dict(_EMPTY)), rows, (cell(f"Total {title}"), money(total)))


def profit_and_loss(company: Company, found: ProfitAndLoss) -> Wire:
    """ProfitAndLoss: sections, and the sums that follow them."""
    figures = {
        "gross_profit": found.gross_profit,
        "net_operating_income": found.net_operating_income,
        "net_income": found.net_income,
    }
    rows: list[Wire] = []
    for name, title, group, sums in _PROFIT:
        part: Section = found.section(name)
        if part.rows:
            rows.append(_titled(title, group, _accounts(part.rows), part.total))
        if sums is not None:
            rows.append(summary(sums[1], cell(sums[0]), money(figures[sums[2]])))
    if not any(part.rows for part in found.sections):
        rows = []
    return report(company, "ProfitAndLoss", (found.start, found.end), _TWO, rows)


def balance_sheet(company: Company, start: date | None, found: BalanceSheet) -> Wire:
    """BalanceSheet: assets by kind; liabilities and equity with the income not yet carried forward."""
    groups: list[Wire] = []
    for title, group, kinds in _ASSET_GROUPS:
        rows = [row for row in found.assets.rows if row.account.kind in kinds]
        if rows:
            groups.append(_titled(title, group, _accounts(rows), sum((row.amount for row in rows), ZERO)))
    equity = _accounts(found.equity.rows)
    if found.retained_earnings:
        equity.append(data(cell("Retained Earnings"), money(found.retained_earnings)))
    equity.append(data(cell("Net Income"), money(found.net_income)))
    own = found.equity.total + found.retained_earnings + found.net_income
    owed: list[Wire] = []
    if found.liabilities.rows:
        owed.append(_titled("Liabilities", "Liabilities", _accounts(found.liabilities.rows), found.liabilities.total))
    owed.append(_titled("Equity", "Equity", equity, own))
    rows_ = [
        section(
            "TotalAssets", (cell("ASSETS"), dict(_EMPTY)), groups, (cell("TOTAL ASSETS"), money(found.assets.total))
        ),
        section(
            "TotalLiabilitiesAndEquity", (cell("LIABILITIES AND EQUITY"), dict(_EMPTY)), owed,
            (cell("TOTAL LIABILITIES AND EQUITY"), money(found.liabilities.total + own)),
        ),
    ]  # fmt: skip
    empty = not (groups or found.liabilities.rows or found.equity.rows)
    return report(company, "BalanceSheet", (start, found.as_at), _TWO, [] if empty else rows_)


def aged_receivables(company: Company, found: Aged) -> Wire:
    """AgedReceivables: a row a customer; credits and unapplied money lower the bucket of their age."""
    return _aged(company, found, "AgedReceivables", ("Customer", "cust_name", company.books.customers))


def aged_payables(company: Company, found: Aged) -> Wire:
    """AgedPayables: a row a vendor."""
    return _aged(company, found, "AgedPayables", ("Vendor", "vend_name", company.books.vendors))


def _aged(company: Company, found: Aged, name: str, parties: tuple[str, str, Any]) -> Wire:
    bounds: tuple[tuple[str, int | None, int | None], ...] = (
        ("Current", None, 0), ("1 - 30", 0, 30), ("31 - 60", 30, 60), ("61 - 90", 60, 90), ("91 and over", 90, None),
    )  # fmt: skip
    kind, key, register = parties
    columns = [column("", kind, key)]
    columns += [column(title, "Money", str(position)) for position, (title, _, _) in enumerate(bounds)]
    columns.append(column("Total", "Money", "total"))
    rows: list[Wire] = []
    for party, items in found.by_party().items():
        own = Aged(as_at=found.as_at, items=items)
        record = register.get(party)
        buckets = [money(own.total(above, up_to)) for _, above, up_to in bounds]
        rows.append({"ColData": [cell(record.name, record.id), *buckets, money(own.total())]})
    if rows:
        sums = [money(found.total(above, up_to)) for _, above, up_to in bounds]
        rows.append(summary("GrandTotal", cell("TOTAL"), *sums, money(found.total())))
    return report(company, name, (None, found.as_at), columns, rows)
