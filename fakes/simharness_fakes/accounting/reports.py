"""Reports as data, read from the entries; how a vendor lays them out is the dialect's business. Accrual basis."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from simharness.domain.base import Record
from simharness_fakes.accounting.chart import Account
from simharness_fakes.accounting.documents import Entry, Posting
from simharness_fakes.accounting.state import State

ZERO = Decimal(0)

ASSETS = ("bank", "receivable", "undeposited", "current_asset", "fixed_asset")
LIABILITIES = ("payable", "credit_card", "current_liability", "long_term_liability")
#: The kinds of income and expense, and the sign that makes a debit-positive sum read naturally (income positive).
SECTIONS = ("income", "cost_of_sales", "expense", "other_income", "other_expense")
_SECTION_OF = MappingProxyType({"contra_income": "income"})
_CREDIT_SECTIONS = ("income", "other_income")


class Row(Record, frozen=True, kw_only=True):
    """An account and its amount."""

    account: Account
    amount: Decimal


class TrialBalance(Record, frozen=True, kw_only=True):
    """Accounts with a balance that is not zero, in chart order; signed, debit positive; they sum to zero."""

    as_at: date
    rows: tuple[Row, ...]

    @property
    def debits(self) -> Decimal:
        """The sum of the debit balances."""
        return sum((row.amount for row in self.rows if row.amount > 0), ZERO)

    @property
    def credits(self) -> Decimal:
        """The sum of the credit balances, positive."""
        return -sum((row.amount for row in self.rows if row.amount < 0), ZERO)


class Section(Record, frozen=True, kw_only=True):
    """Accounts of one kind with their sum, in the section's natural direction (contra income is negative income)."""

    name: str
    rows: tuple[Row, ...]
    total: Decimal


class ProfitAndLoss(Record, frozen=True, kw_only=True):
    """Sections income, cost_of_sales, expense, other_income, other_expense, always all five, in that order."""

    start: date
    end: date
    sections: tuple[Section, ...]
    gross_profit: Decimal
    net_operating_income: Decimal
    net_income: Decimal

    def section(self, name: str) -> Section:
        """One section by name."""
        return next(each for each in self.sections if each.name == name)


class BalanceSheet(Record, frozen=True, kw_only=True):
    """assets = liabilities + equity + retained_earnings + net_income; each positive in its natural direction.

    `net_income` is that of the fiscal year, `retained_earnings` that of the years before it.
    """

    as_at: date
    assets: Section
    liabilities: Section
    equity: Section
    retained_earnings: Decimal
    net_income: Decimal


class LedgerRow(Record, frozen=True, kw_only=True):
    """One posting with its entry and the account's balance after it."""

    entry: Entry
    posting: Posting
    balance: Decimal


class LedgerAccount(Record, frozen=True, kw_only=True):
    """An account's postings by date, then in order of creation; opening and closing are balances over all dates."""

    account: Account
    opening: Decimal
    rows: tuple[LedgerRow, ...]
    closing: Decimal


class GeneralLedger(Record, frozen=True, kw_only=True):
    """Accounts with an opening balance or a posting, in chart order."""

    start: date
    end: date
    accounts: tuple[LedgerAccount, ...]


def _accounts(state: State) -> Iterable[Account]:
    return state.masters["account"]


def trial_balance(state: State, as_at: date) -> TrialBalance:
    """See `Books.trial_balance`."""
    sums = state.ledger.movements(None, as_at)
    rows = (Row(account=account, amount=sums[account.id]) for account in _accounts(state) if sums.get(account.id))
    return TrialBalance(as_at=as_at, rows=tuple(rows))


def _section(state: State, name: str, kinds: tuple[str, ...], sums: dict[str, Decimal], sign: int) -> Section:
    rows = tuple(
        Row(account=account, amount=sign * sums[account.id])
        for account in _accounts(state)
        if account.kind in kinds and sums.get(account.id)
    )
    return Section(name=name, rows=rows, total=sum((row.amount for row in rows), ZERO))


def profit_and_loss(state: State, start: date, end: date) -> ProfitAndLoss:
    """See `Books.profit_and_loss`."""
    sums = state.ledger.movements(start, end)
    sections: list[Section] = []
    for name in SECTIONS:
        kinds = (name, *(kind for kind, section in _SECTION_OF.items() if section == name))
        sections.append(_section(state, name, kinds, sums, -1 if name in _CREDIT_SECTIONS else 1))
    income, cost, expense, other_income, other_expense = (section.total for section in sections)
    return ProfitAndLoss(
        start=start,
        end=end,
        sections=tuple(sections),
        gross_profit=income - cost,
        net_operating_income=income - cost - expense,
        net_income=income - cost - expense + other_income - other_expense,
    )


def balance_sheet(state: State, as_at: date) -> BalanceSheet:
    """See `Books.balance_sheet`."""
    sums = state.ledger.movements(None, as_at)
    month = state.settings.fiscal_year_month
    year_start = date(as_at.year if as_at.month >= month else as_at.year - 1, month, 1)
    this_year = profit_and_loss(state, year_start, as_at).net_income
    all_years = profit_and_loss(state, date.min, as_at).net_income
    return BalanceSheet(
        as_at=as_at,
        assets=_section(state, "assets", ASSETS, sums, 1),
        liabilities=_section(state, "liabilities", LIABILITIES, sums, -1),
        equity=_section(state, "equity", ("equity",), sums, -1),
        retained_earnings=all_years - this_year,
        net_income=this_year,
    )


def general_ledger(state: State, start: date, end: date, account: str) -> GeneralLedger:
    """See `Books.general_ledger`."""
    before = state.ledger.movements(None, date.fromordinal(start.toordinal() - 1)) if start > date.min else {}
    postings: dict[str, list[tuple[Entry, Posting]]] = {}
    for entry in sorted(state.ledger.entries, key=lambda each: each.date):
        if start <= entry.date <= end:
            for posting in entry.postings:
                postings.setdefault(posting.account, []).append((entry, posting))
    accounts: list[LedgerAccount] = []
    for each in _accounts(state):
        if account and each.id != account:
            continue
        balance = opening = before.get(each.id, ZERO)
        rows: list[LedgerRow] = []
        for entry, posting in postings.get(each.id, ()):
            balance += posting.amount
            rows.append(LedgerRow(entry=entry, posting=posting, balance=balance))
        if opening or rows:
            accounts.append(LedgerAccount(account=each, opening=opening, rows=tuple(rows), closing=balance))
    return GeneralLedger(start=start, end=end, accounts=tuple(accounts))
