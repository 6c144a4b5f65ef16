"""The general ledger: balanced entries and the running sums read from them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from operator import attrgetter

from simharness.fakekit.tables import Table
from simharness_fakes.accounting.documents import Entry
from simharness_fakes.accounting.refusals import Unbalanced

ZERO = Decimal(0)


class Ledger:
    """Entries by document, and the sums by account and day, which are kept as entries come and go."""

    __slots__ = ("_balances", "_by_day", "_customers", "_foreign", "_vendors", "entries", "payables", "receivables")

    def __init__(self) -> None:
        self.receivables: set[str] = set()  # the accounts on which a customer's balance is kept
        self.payables: set[str] = set()  # the accounts on which a vendor's balance is kept
        self.entries: Table[Entry] = Table(attrgetter("id"))
        self._balances: dict[str, Decimal] = {}
        self._by_day: dict[tuple[str, date], Decimal] = {}
        self._customers: dict[str, tuple[Decimal, Decimal]] = {}  # in base, and in the customer's own currency
        self._vendors: dict[str, tuple[Decimal, Decimal]] = {}
        self._foreign: dict[str, Decimal] = {}

    def post(self, document_id: str, entry: Entry | None) -> None:
        """Make `entry` what a document posts, in place of what it posted before; refuses `Unbalanced`."""
        if entry is not None and (difference := sum([p.amount for p in entry.postings], ZERO)):
            raise Unbalanced(difference)
        old = self.entries.get(document_id)
        if old is not None:
            self._sum(old, -1)
        if entry is None or not entry.postings:
            self.entries.remove(document_id)
            return
        self.entries.put(entry)
        self._sum(entry, 1)

    def balance(self, account: str) -> Decimal:
        """The balance of an account over all dates, debit positive."""
        return self._balances.get(account, ZERO)

    def has_posted(self, account: str) -> bool:
        """Whether anything was ever posted on an account."""
        return account in self._balances

    def foreign_balance(self, account: str) -> Decimal:
        """The balance of an account over all dates in its own currency, where all that is posted there has that."""
        return self._foreign.get(account, ZERO)

    def customer_balance(self, customer: str) -> tuple[Decimal, Decimal]:
        """What a customer owes over all dates: in base, and in his own currency."""
        return self._customers.get(customer, (ZERO, ZERO))

    def vendor_balance(self, vendor: str) -> tuple[Decimal, Decimal]:
        """What is owed to a vendor over all dates: in base, and in his own currency."""
        base, own = self._vendors.get(vendor, (ZERO, ZERO))
        return -base, -own

    def movements(self, start: date | None, end: date) -> dict[str, Decimal]:
        """The sum of postings by account between two days, both inclusive; None starts at the beginning."""
        sums: dict[str, Decimal] = {}
        for (account, day), amount in self._by_day.items():
            if day <= end and (start is None or day >= start):
                sums[account] = sums.get(account, ZERO) + amount
        return sums

    def fork(self) -> Ledger:
        """An independent copy."""
        twin = Ledger()
        twin.receivables, twin.payables = set(self.receivables), set(self.payables)
        twin.entries = self.entries.fork()
        twin._balances = dict(self._balances)
        twin._by_day = dict(self._by_day)
        twin._customers, twin._vendors = dict(self._customers), dict(self._vendors)
        twin._foreign = dict(self._foreign)
        return twin

    def _sum(self, entry: Entry, sign: int) -> None:
        balances, by_day, day = self._balances, self._by_day, entry.date
        for posting in entry.postings:
            amount = posting.amount if sign > 0 else -posting.amount
            account = posting.account
            balances[account] = balances.get(account, ZERO) + amount
            by_day[account, day] = by_day.get((account, day), ZERO) + amount
            own = amount
            if posting.foreign is not None:
                own = posting.foreign if sign > 0 else -posting.foreign
                self._foreign[account] = self._foreign.get(account, ZERO) + own
            if posting.customer and account in self.receivables:
                _add(self._customers, posting.customer, amount, own)
            elif posting.vendor and account in self.payables:
                _add(self._vendors, posting.vendor, amount, own)


def _add(sums: dict[str, tuple[Decimal, Decimal]], party: str, amount: Decimal, own: Decimal) -> None:
    base, foreign = sums.get(party, (ZERO, ZERO))
    sums[party] = (base + amount, foreign + own)
