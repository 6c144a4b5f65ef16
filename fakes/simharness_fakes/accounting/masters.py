"""Registers of masters: create, change, find by id, name or an indexed field. Names are unique, whatever their case."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any, TypeVar, cast

import msgspec

from simharness_fakes.accounting import chart
from simharness_fakes.accounting.chart import Stamp
from simharness_fakes.accounting.exchange import check_currency_code
from simharness_fakes.accounting.lookup import Reading
from simharness_fakes.accounting.refusals import (
    BadReference,
    BadValue,
    CurrencyMismatch,
    DuplicateName,
    DuplicateNumber,
    Missing,
)
from simharness_fakes.accounting.state import State, name_key

T = TypeVar("T", bound=chart.Kept)

ACCOUNT_KINDS = (
    "bank", "receivable", "undeposited", "current_asset", "fixed_asset", "payable", "credit_card", "current_liability",
    "long_term_liability", "equity", "income", "contra_income", "cost_of_sales", "expense", "other_income",
    "other_expense",
)  # fmt: skip
_FOREIGN_KINDS = ("bank", "receivable", "payable", "credit_card")
TAX_KINDS = ("standard", "exempt", "zero_rated", "reverse_charge", "export", "out_of_scope")


class Register(Reading[T]):
    """The masters of one kind. The input of a write is a whole record; what `Kept` declares is filled in here.

    `find_by` knows the fields of `state.MASTERS`.
    """

    def __init__(self, state: State, kind: str) -> None:
        self._state = state
        self._table = state.masters[kind]
        self.kind = kind

    def by_name(self, name: str) -> T | None:
        """The record of that name, whatever the case, active or not."""
        return self._table.first("name", name_key(name))

    def create(self, record: T, by: Stamp) -> T:
        """Keep a new record; refuses what `update` refuses."""
        self._check(record, None)
        # Customers and vendors are numbered in one list.
        series = "customer" if self.kind == "vendor" else self.kind
        kept = msgspec.structs.replace(record, **self._state.created(by, self.kind, series))
        self._table.put(kept)
        self._state.master_kept(self.kind)
        self._kept(kept, by)
        return kept

    def update(self, id: str, record: T, by: Stamp) -> T:
        """Replace a record as a whole; refuses a name another has, a reference to nothing, a value out of range."""
        old = self.get(id)
        self._check(record, old)
        kept = msgspec.structs.replace(record, **self._state.changed(by, self.kind, old))
        self._table.put(kept)
        self._state.master_kept(self.kind)
        self._kept(kept, by)
        return kept

    def _check(self, record: T, old: T | None) -> None:
        name = cast("Any", record).name
        if not name.strip():
            raise Missing(self.kind, "a name")
        other = self.by_name(name)
        if other is not None and (old is None or other.id != old.id):
            raise DuplicateName(self.kind, name, other.id)
        check = _CHECKS.get(self.kind)
        if check is not None:
            check(self._state, record, old)

    def _kept(self, record: T, by: Stamp) -> None:
        """What else follows from a record being kept: the first use of a currency puts it on the company's list."""
        code = getattr(record, "currency", "")
        currencies = self._state.masters["currency"]
        if code not in ("", self._state.settings.currency) and currencies.first("code", code) is None:
            made = chart.Currency(name=code, code=code, **self._state.created(by, "currency", "currency"))
            currencies.put(made)


class Accounts(Register[chart.Account]):
    """The chart of accounts."""

    def __init__(self, state: State) -> None:
        super().__init__(state, "account")

    def by_role(self, role: str) -> chart.Account | None:
        """The account marked with a role, or None."""
        return self._table.first("role", role)

    def by_number(self, number: str) -> chart.Account | None:
        """The account with a number, or None."""
        return self._table.first("number", number)

    def _kept(self, record: chart.Account, by: Stamp) -> None:
        super()._kept(record, by)
        ledger = self._state.ledger
        for kind, kept in (("receivable", ledger.receivables), ("payable", ledger.payables)):
            if record.kind == kind:
                kept.add(record.id)
            else:
                kept.discard(record.id)


def _exists(state: State, field: str, kind: str, id: str) -> None:
    if state.masters[kind].get(id) is None:
        raise BadReference(field, kind, id)


def _check_account(state: State, record: chart.Account, old: chart.Account | None) -> None:
    if record.kind not in ACCOUNT_KINDS:
        raise BadValue("kind", record.kind, f"it must be one of {', '.join(ACCOUNT_KINDS)}")
    if old is not None and record.kind != old.kind and state.ledger.has_posted(old.id):
        raise BadValue("kind", record.kind, f"account {old.id} has postings as {old.kind}")
    _check_foreign(state, record, old)
    own = old.id if old is not None else ""
    for field, value in (("number", record.number), ("role", record.role)):
        other = state.masters["account"].first(field, value) if value else None
        if other is not None and other.id != own:
            if field == "number":
                raise DuplicateNumber("account", value, other.id)
            raise BadValue("role", value, f"account {other.id} has this role")


def _check_foreign(state: State, record: chart.Account, old: chart.Account | None) -> None:
    """An account has the company's currency or, where it holds money or debts, for good another one."""
    base = state.settings.currency
    if old is not None and (record.currency or base) != (old.currency or base):
        raise BadValue("currency", record.currency, "the currency of an account cannot change")
    if (record.currency or base) != base:
        check_currency_code(record.currency)
        if not state.settings.multi_currency:
            raise CurrencyMismatch(record.currency, base)
        if record.kind not in _FOREIGN_KINDS:
            raise BadValue("currency", record.currency, f"accounts that are {record.kind} are kept in {base}")


def _check_item(state: State, record: chart.Item, old: chart.Item | None) -> None:
    if not record.income_account:
        raise Missing(f"item {record.name}", "an income account")
    _exists(state, "income_account", "account", record.income_account)
    state.check_no_control("income_account", record.income_account)
    if record.tax_code:
        _exists(state, "tax_code", "tax_code", record.tax_code)


def _check_customer(state: State, record: chart.Customer, old: chart.Customer | None) -> None:
    _check_party(state, record, old, "vendor")
    if record.tax_code:
        _exists(state, "tax_code", "tax_code", record.tax_code)


def _check_vendor(state: State, record: chart.Vendor, old: chart.Vendor | None) -> None:
    _check_party(state, record, old, "customer")


def _check_party(
    state: State, record: chart.Customer | chart.Vendor, old: chart.Customer | chart.Vendor | None, others: str
) -> None:
    """What holds for customers and vendors alike: one list of names, one currency for good."""
    other = state.masters[others].first("name", name_key(record.name))
    if other is not None:
        raise DuplicateName(others, record.name, other.id)
    base = state.settings.currency
    if old is not None and (record.currency or base) != (old.currency or base):
        raise CurrencyMismatch(record.currency or base, old.currency or base)
    if (record.currency or base) != base:
        check_currency_code(record.currency)
        if not state.settings.multi_currency:
            raise CurrencyMismatch(record.currency, base)
    if record.terms:
        _exists(state, "terms", "term", record.terms)


def _check_currency(state: State, record: chart.Currency, old: chart.Currency | None) -> None:
    check_currency_code(record.code)
    if not state.settings.multi_currency:
        raise BadValue("code", record.code, "these books are kept in one currency")
    if record.code == state.settings.currency:
        raise BadValue("code", record.code, "it is the currency of the books")
    other = state.masters["currency"].first("code", record.code)
    if other is not None and (old is None or other.id != old.id):
        raise DuplicateName("currency", record.code, other.id)
    if old is not None and record.code != old.code:
        raise BadValue("code", record.code, "the code of a currency cannot change")


def _check_term(state: State, record: chart.Term, old: chart.Term | None) -> None:
    if record.days < 0:
        raise BadValue("days", record.days, "payment is never due before the document's date")


def _check_tax_rate(state: State, record: chart.TaxRate, old: chart.TaxRate | None) -> None:
    _exists(state, "agency", "tax_agency", record.agency)
    _exists(state, "account", "account", record.account)
    if not record.periods:
        raise Missing(f"tax rate {record.name}", "a percentage")
    for period in record.periods:
        if period.percent < 0:
            raise BadValue("percent", period.percent, "a tax rate is never negative")


def _check_tax_code(state: State, record: chart.TaxCode, old: chart.TaxCode | None) -> None:
    if record.kind not in TAX_KINDS:
        raise BadValue("kind", record.kind, f"it must be one of {', '.join(TAX_KINDS)}")
    if record.rates and record.kind != "standard":
        raise BadValue("rates", ", ".join(record.rates), f"a code that is {record.kind} has no rates")
    if not record.rates and record.kind == "standard":
        raise Missing(f"tax code {record.name}", "at least one rate")
    for rate in record.rates:
        _exists(state, "rates", "tax_rate", rate)


def _check_tax_region(state: State, record: chart.TaxRegion, old: chart.TaxRegion | None) -> None:
    for rule in record.rules:
        if rule.code:
            _exists(state, "rules", "tax_code", rule.code)
    for item in record.exempt_items:
        _exists(state, "exempt_items", "item", item)


_CHECKS: MappingProxyType[str, Callable[[State, Any, Any], None]] = MappingProxyType(
    {
        "account": _check_account,
        "item": _check_item,
        "customer": _check_customer,
        "vendor": _check_vendor,
        "currency": _check_currency,
        "term": _check_term,
        "tax_rate": _check_tax_rate,
        "tax_code": _check_tax_code,
        "tax_region": _check_tax_region,
    }
)
