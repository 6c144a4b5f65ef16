"""The ledgers of a record as one journal, before it takes the form of one program or another.

Amounts are those of the ledger's own currency, exactly as posted: an entry that does not balance is not mended here,
and Beancount and hledger refuse it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from simharness.core.errors import HarnessFault
from simharness.core.money import Money, exponent
from simharness.domain.books import Account, Entry, EntryLine, LedgerSnapshot
from simharness.domain.record import RunRecord
from simharness.report.plaintext.names import Names, account_component, entity_component, link

#: Name and text of what is said about something beside its figures, in the order in which it is written.
Notes = tuple[tuple[str, str], ...]

#: The five types of account that plain-text accounting knows, by the kind of account of our ledgers.
ROOTS = MappingProxyType(
    {
        "bank": "Assets",
        "receivable": "Assets",
        "undeposited": "Assets",
        "current_asset": "Assets",
        "fixed_asset": "Assets",
        "payable": "Liabilities",
        "credit_card": "Liabilities",
        "current_liability": "Liabilities",
        "long_term_liability": "Liabilities",
        "equity": "Equity",
        "income": "Income",
        "contra_income": "Income",
        "other_income": "Income",
        "cost_of_sales": "Expenses",
        "expense": "Expenses",
        "other_expense": "Expenses",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An account under its plain-text name, and what is in it after the last entry (debit positive).

    `balances` begins with the ledger's own currency; another one is there only if something was posted in it.
    """

    name: str
    root: str
    currency: str
    notes: Notes
    balances: tuple[Money, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """A signed amount (debit positive) on an account."""

    account: str
    amount: Money
    notes: Notes


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """One entry. `links` begins with the document that posted it; the documents that it settles follow."""

    date: date
    number: str
    payee: str
    narration: str
    links: tuple[str, ...]
    notes: Notes
    postings: tuple[Posting, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """All ledgers of one story: accounts by order of creation, transactions by day and then by order of creation.

    `decimals` says how many decimals the amounts of a currency have, in the finest of them.
    """

    title: str
    first_day: date
    last_day: date
    decimals: Mapping[str, int]
    accounts: tuple[Opened, ...]
    transactions: tuple[Transaction, ...]


def journal(record: RunRecord) -> Journal | None:
    """The books at the last checkpoint of a record; None if there are none."""
    ledgers = record.final.world.ledgers if record.final else ()
    if not ledgers:
        return None
    names, entities = Names(), Names()
    accounts: list[Opened] = []
    transactions: list[Transaction] = []
    for ledger in ledgers:
        # One ledger needs no name; several may have accounts of the same number.
        entity = entities.take(entity_component(ledger.entity)) if len(ledgers) > 1 else ""
        book = _Book(ledger, names, entity=entity)
        accounts += book.opened()
        transactions += book.transactions()
    transactions.sort(key=lambda transaction: transaction.date)
    days = [record.header.today, *(transaction.date for transaction in transactions)]
    return Journal(
        title=record.header.story,
        first_day=min(days),
        last_day=max(days),
        decimals=_decimals(ledgers),
        accounts=tuple(accounts),
        transactions=tuple(transactions),
    )


def figure(money: Money, places: int = 0) -> str:
    """An amount without its currency: all its decimals, at least those of the currency, neither commas nor powers."""
    amount = money.amount or abs(money.amount)
    return f"{amount:.{max(places, _places(money))}f}"


class _Book:
    """One ledger while it is being turned into accounts and transactions."""

    def __init__(self, ledger: LedgerSnapshot, names: Names, *, entity: str) -> None:
        self._ledger = ledger
        self._entity = entity
        self._accounts = (*ledger.accounts, *_missing(ledger))
        self._names = {account.id: names.take(self._name(account)) for account in self._accounts}
        self._parties = {party.id: party.name for party in (*ledger.parties, *ledger.vendors)}
        self._kinds = {document.id: document.kind for document in ledger.documents}
        self._payments = {payment.id: payment for payment in ledger.payments}

    def opened(self) -> Iterator[Opened]:
        """Every account with its balance."""
        sums: dict[str, dict[str, Decimal]] = {
            account.id: {self._ledger.currency: Decimal(0)} for account in self._accounts
        }
        for line in (line for entry in self._ledger.entries for line in entry.lines):
            of_account = sums[line.account]
            currency = line.amount.currency
            of_account[currency] = of_account.get(currency, Decimal(0)) + line.amount.amount
        for account in self._accounts:
            yield Opened(
                name=self._names[account.id],
                root=ROOTS[account.kind],
                currency=self._ledger.currency,
                notes=self._account_notes(account),
                balances=tuple(Money(amount, currency) for currency, amount in sums[account.id].items()),
            )

    def transactions(self) -> Iterator[Transaction]:
        """Every entry in the order of creation."""
        for entry in self._ledger.entries:
            party = next((line.party for line in entry.lines if line.party), "")
            what = " ".join(part for part in (entry.source.replace("_", " "), entry.number) if part)
            yield Transaction(
                date=entry.date,
                number=entry.number,
                payee=self._parties.get(party, party),
                narration=": ".join(part for part in (what, entry.note) if part),
                links=self._links(entry),
                notes=_said(
                    ("entity", self._entity and self._ledger.entity),
                    ("entry", entry.id),
                    ("source", entry.source),
                    ("source-id", entry.source_id),
                    ("created-by", entry.created_by),
                ),
                postings=tuple(self._posting(entry, line) for line in entry.lines),
            )

    def _name(self, account: Account) -> str:
        if account.kind not in ROOTS:
            raise HarnessFault(f"account {account.number} {account.name!r} is of a kind nobody knows: {account.kind!r}")
        return ":".join(part for part in (ROOTS[account.kind], self._entity, account_component(account)) if part)

    def _account_notes(self, account: Account) -> Notes:
        return _said(
            ("number", account.number),
            ("name", account.name),
            ("kind", account.kind),
            ("account-id", account.id),
            ("entity", self._entity and self._ledger.entity),
            ("active", "" if account.active else "no"),
        )

    def _posting(self, entry: Entry, line: EntryLine) -> Posting:
        # The one place that picks the amount: the transaction amount of a foreign document would go beside it.
        if not line.amount.amount.is_finite():
            raise HarnessFault(f"entry {entry.id} of {entry.date} posts {line.amount}, which no books can hold")
        return Posting(
            account=self._names[line.account],
            amount=line.amount,
            notes=_said(
                ("party", self._parties.get(line.party, "")),
                ("party-id", line.party),
                ("cost-centre", line.cost_centre),
                ("location", line.location),
                ("memo", line.memo),
            ),
        )

    def _links(self, entry: Entry) -> tuple[str, ...]:
        own = link(f"{self._entity} {entry.source}", entry.source_id or entry.id)
        paid = entry.source in ("payment", "bill_payment")
        payment = self._payments.get(entry.source_id) if paid else None
        settled = [
            link(f"{self._entity} {self._kinds.get(application.document, 'document')}", application.document)
            for application in (payment.applications if payment else ())
        ]
        return tuple(dict.fromkeys([own, *settled]))


def _missing(ledger: LedgerSnapshot) -> list[Account]:
    """Accounts that entries name and the chart does not have: their postings must be seen, not lost."""
    known = {account.id for account in ledger.accounts}
    named = dict.fromkeys(line.account for entry in ledger.entries for line in entry.lines)
    return [
        Account(id=account, number="", name=f"not in the chart {account}", kind="equity")
        for account in named
        if account not in known
    ]


def _said(*notes: tuple[str, str]) -> Notes:
    return tuple((name, text) for name, text in notes if text)


def _places(money: Money) -> int:
    return max(exponent(money.currency), -int(money.amount.as_tuple().exponent))


def _decimals(ledgers: tuple[LedgerSnapshot, ...]) -> Mapping[str, int]:
    found = {ledger.currency: exponent(ledger.currency) for ledger in ledgers}
    for line in (line for ledger in ledgers for entry in ledger.entries for line in entry.lines):
        currency = line.amount.currency
        found[currency] = max(found.get(currency, 0), _places(line.amount))
    return MappingProxyType(found)
