"""A journal as hledger reads it (https://hledger.org/hledger.html#journal)."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from simharness.report.plaintext.escapes import visible
from simharness.report.plaintext.journal import Journal, Notes, Transaction, figure

#: The letters by which hledger knows the types of accounts; revenue is its word for income.
_TYPES = MappingProxyType({"Assets": "A", "Liabilities": "L", "Equity": "E", "Income": "R", "Expenses": "X"})
#: What has a meaning of its own in a description, in the code in front of it, and in the value of a tag.
_IN_DESCRIPTION, _IN_CODE, _IN_TAG = ";|", ";()", ",;[]"


def render(journal: Journal) -> str:
    """The whole file. Balances are asserted by a last transaction that moves nothing; `==` leaves no tolerance and
    no other currency.
    """
    return "\n".join(_lines(journal)) + "\n"


def _lines(journal: Journal) -> Iterator[str]:
    yield f"; {visible(journal.title)}"
    yield "decimal-mark ."
    # hledger balances an entry to the decimals stated here, so the finest amount decides.
    for currency, places in sorted(journal.decimals.items()):
        yield f"commodity 1000.{'0' * places} {currency}"
    yield ""
    for account in journal.accounts:
        yield f"account {account.name}  ; type:{_TYPES[account.root]}"
        yield from _notes(account.notes, "  ")
    for transaction in journal.transactions:
        yield ""
        yield from _transaction(transaction)
    yield ""
    yield f"{journal.last_day} * (balances) What every account holds in the end"
    for account in journal.accounts:
        for balance in account.balances:
            places = journal.decimals[balance.currency]
            holds = f"{figure(balance, places)} {balance.currency}"
            yield f"    {account.name}  {figure(balance * 0, places)} {balance.currency} == {holds}"


def _transaction(transaction: Transaction) -> Iterator[str]:
    # There is always a code: without one, a payee in parentheses would be taken for it.
    code = visible(transaction.number or transaction.links[0], _IN_CODE)
    texts = [visible(text, _IN_DESCRIPTION) for text in (transaction.payee, transaction.narration) if text]
    yield f"{transaction.date} * ({code}) {' | '.join(texts)}".rstrip()
    documents = tuple(("document", name) for name in transaction.links)
    yield from _notes((*transaction.notes, *documents), "    ")
    for posting in transaction.postings:
        yield f"    {posting.account}  {figure(posting.amount)} {posting.amount.currency}"
        yield from _notes(posting.notes, "      ")


def _notes(notes: Notes, indent: str) -> Iterator[str]:
    """A tag a line: what follows the colon is its value."""
    for name, text in notes:
        yield f"{indent}; {name}:{visible(text, _IN_TAG)}"
