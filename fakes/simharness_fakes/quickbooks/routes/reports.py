"""The reports."""

from __future__ import annotations

from datetime import date

from simharness.fakekit.fake import Call
from simharness_fakes.quickbooks import errors
from simharness_fakes.quickbooks.fake import Quickbooks
from simharness_fakes.quickbooks.routes.serving import api
from simharness_fakes.quickbooks.state import Company
from simharness_fakes.quickbooks.wire import ledger_report, report
from simharness_fakes.quickbooks.wire.parts import Wire
from simharness_fakes.quickbooks.wire.times import read_day


def _day(call: Call, name: str, default: date) -> date:
    text = call.query.get(name)
    if not text:
        return default
    day = read_day(str(text))
    if day is None:
        raise errors.bad_value(name, text, "date")
    return day


def _period(company: Company, call: Call) -> tuple[date, date]:
    """The period asked for; without dates the calendar year until today."""
    end = _day(call, "end_date", company.today)
    start = _day(call, "start_date", date(end.year, 1, 1))
    if start > end:
        raise errors.bad_value("start_date", start, "date before end_date")
    return start, end


def _trial_balance(fake: Quickbooks, company: Company, call: Call) -> Wire:
    start, end = _period(company, call)
    return report.trial_balance(company, start, company.books.trial_balance(end))


def _profit_and_loss(fake: Quickbooks, company: Company, call: Call) -> Wire:
    start, end = _period(company, call)
    return report.profit_and_loss(company, company.books.profit_and_loss(start, end))


def _balance_sheet(fake: Quickbooks, company: Company, call: Call) -> Wire:
    start, end = _period(company, call)
    return report.balance_sheet(company, start, company.books.balance_sheet(end))


def _general_ledger(fake: Quickbooks, company: Company, call: Call) -> Wire:
    start, end = _period(company, call)
    columns = call.query.get("columns") or ledger_report.DEFAULT_COLUMNS
    account = str(call.query.get("account") or "")
    if account and company.books.accounts.find(account) is None:
        raise errors.bad_reference("account", account, "Account")
    return ledger_report.general_ledger(company, company.books.general_ledger(start, end, account), tuple(columns))


def _aged_receivables(fake: Quickbooks, company: Company, call: Call) -> Wire:
    return report.aged_receivables(company, company.books.aged_receivables(_day(call, "report_date", company.today)))


def _aged_payables(fake: Quickbooks, company: Company, call: Call) -> Wire:
    return report.aged_payables(company, company.books.aged_payables(_day(call, "report_date", company.today)))


trial_balance = api(_trial_balance)
profit_and_loss = api(_profit_and_loss)
balance_sheet = api(_balance_sheet)
general_ledger = api(_general_ledger)
aged_receivables = api(_aged_receivables)
aged_payables = api(_aged_payables)
