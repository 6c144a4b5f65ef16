"""A journal as Beancount reads it (https://beancount.github.io/docs/beancount_language_syntax.html)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from simharness.report.plaintext.escapes import visible
from simharness.report.plaintext.journal import Journal, Notes, Opened, Transaction, figure

#: Beancount lets an entry be off by half of its last decimal; nothing may be off here.
_EXACT = ('option "inferred_tolerance_default" "*:0"', 'option "tolerance_multiplier" "0"')


def render(journal: Journal) -> str:
    """The whole file. Balances are asserted on the day after the last entry, since Beancount does so in the morning."""
    return "\n".join(_lines(journal)) + "\n"


def _lines(journal: Journal) -> Iterator[str]:
    yield f'option "title" {_text(journal.title)}'
    for currency in sorted(journal.decimals):
        yield f'option "operating_currency" "{currency}"'
    yield from _EXACT
    yield ""
    for account in journal.accounts:
        yield f"{journal.first_day} open {account.name} {account.currency}"
        yield from _notes(account.notes, "  ")
    for transaction in journal.transactions:
        yield ""
        yield from _transaction(transaction)
    yield ""
    evening = journal.last_day + timedelta(days=1)
    for account in journal.accounts:
        for line in _assertions(account):
            yield f"{evening} balance {line}"


def _transaction(transaction: Transaction) -> Iterator[str]:
    payee = [_text(transaction.payee)] if transaction.payee else []
    links = [f"^{name}" for name in transaction.links]
    yield " ".join([f"{transaction.date} *", *payee, _text(transaction.narration), *links])
    yield from _notes((*transaction.notes, ("number", transaction.number)), "  ")
    for posting in transaction.postings:
        yield f"  {posting.account}  {figure(posting.amount)} {posting.amount.currency}"
        yield from _notes(posting.notes, "    ")


def _assertions(account: Opened) -> Iterator[str]:
    for balance in account.balances:
        yield f"{account.name}  {figure(balance)} ~ 0 {balance.currency}"


def _notes(notes: Notes, indent: str) -> Iterator[str]:
    for name, text in notes:
        if text:
            yield f"{indent}{name}: {_text(text)}"


def _text(text: str) -> str:
    escaped = visible(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
