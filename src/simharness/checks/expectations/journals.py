"""Expectations on every journal of the books: that it balances, and that its lines say whose they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from simharness.checks.effects import entry_object
from simharness.checks.expectations.case import Case
from simharness.core.money import Money
from simharness.domain.books import Entry, EntryLine
from simharness.domain.claims import JournalsBalance, LinesName

_EARNED_OR_SPENT = frozenset({"income", "contra_income", "other_income", "cost_of_sales", "expense", "other_expense"})
#: By dimension the field of a posting that bears it, and the kinds of accounts whose postings have to.
_DIMENSIONS: Mapping[str, tuple[str, frozenset[str]]] = MappingProxyType(
    {
        "cost centre": ("cost_centre", _EARNED_OR_SPENT),
        "location": ("location", _EARNED_OR_SPENT),
        "customer": ("party", frozenset({"receivable"})),
    }
)


def journals_balance(case: Case, said: JournalsBalance) -> None:
    """Of each entry the debits are the credits, in the currency of the books; there is an entry to look at."""
    entries = case.ledger.entries if case.ledger is not None else ()
    if not entries:
        case.wrong("absent", "the ledger holds no journal to look at", "journals", "none")
    for entry in entries:
        debits = sum((line.amount.amount for line in entry.lines if line.amount.amount > 0), Decimal(0))
        credits_ = -sum((line.amount.amount for line in entry.lines if line.amount.amount < 0), Decimal(0))
        if debits != credits_:
            currency = case.zero().currency
            case.wrong(
                entry.id,
                f"{_named(entry)} does not balance",
                f"debits {Money(debits, currency)}",
                f"credits {Money(credits_, currency)}",
                objects=[entry_object(case.vendor, entry)],
                at_risk=Money(debits - credits_, currency),
            )


def lines_name(case: Case, said: LinesName) -> None:
    """Every posting on the accounts that a dimension is about bears it; there is such a posting."""
    field, kinds = _DIMENSIONS[said.dimension]
    postings = list(_postings(case, kinds))
    if not postings:
        message = f"the ledger holds no posting that has to name a {said.dimension}"
        case.wrong("absent", message, f"postings that name a {said.dimension}", "none")
    for number, (entry, line) in enumerate(postings):
        if not getattr(line, field):
            label = case.scope.account_label(line.account)
            case.wrong(
                f"{entry.id}:{number}",
                f"{_named(entry)} names no {said.dimension} on {label}",
                f"a {said.dimension}",
                f"{label} {line.amount} without one",
                objects=[entry_object(case.vendor, entry)],
                at_risk=line.amount,
            )


def _postings(case: Case, kinds: frozenset[str]) -> Iterator[tuple[Entry, EntryLine]]:
    for entry in case.ledger.entries if case.ledger is not None else ():
        for line in entry.lines:
            account = case.scope.accounts.get(line.account)
            if line.amount and account is not None and account.kind in kinds:
                yield entry, line


def _named(entry: Entry) -> str:
    return f"the journal of {entry.source.replace('_', ' ')} {entry.number or entry.source_id or entry.id}"
