"""One bank: accounts, lines, balances, and a feed of every change of a line.

A pending line counts in `announced` only. Posting takes it away and books another line under an id of its own, which
names the one it replaces: pending and posted are one movement. Dropping takes it away and books nothing.
"""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from simharness.core.clock import Clock, day_in
from simharness.core.money import Money
from simharness.domain.bank import BankSnapshot
from simharness.fakekit.tables import Table
from simharness_fakes.banking.feed import Feed, Kind
from simharness_fakes.banking.lines import PENDING, POSTED, Account, Line
from simharness_fakes.banking.refusals import BadAmount, FutureDay, NoAccount, NoLine, NotPending, WrongCurrency


class Bank:
    """Accounts and lines in order of creation; `zone` is the IANA zone of the bank's days."""

    def __init__(self, clock: Clock, zone: str = "UTC") -> None:
        self._clock = clock
        self.zone = zone
        self.accounts: Table[Account] = Table(lambda account: account.id)
        self.lines: Table[Line] = Table(lambda line: line.id)
        self.feed = Feed()

    @property
    def today(self) -> date:
        """The bank's local day."""
        return day_in(self._clock.now, self.zone)

    def open(self, account_id: str, name: str, number: str, currency: str) -> Account:
        """Open an account with nothing on it."""
        nothing = Money.zero(currency)
        return self.accounts.put(Account(id=account_id, name=name, number=number, booked=nothing, announced=nothing))

    def account(self, account_id: str) -> Account:
        """The account with this id, or the first one for an empty id; raises `NoAccount`."""
        found = self.accounts.get(account_id) if account_id else next(iter(self.accounts), None)
        if found is None:
            raise NoAccount(account_id, tuple(account.id for account in self.accounts))
        return found

    def line(self, line_id: str) -> Line:
        """The line with this id; raises `NoLine`."""
        found = self.lines.get(line_id)
        if found is None:
            raise NoLine(line_id)
        return found

    def check(self, account: Account, amount: Money, day: date) -> None:
        """Raise the refusal that `move` would, and change nothing."""
        if amount.currency != account.currency:
            raise WrongCurrency(amount.currency, account.currency)
        if not amount or not amount.is_exact():
            raise BadAmount(amount)
        if day > self.today:
            raise FutureDay(day, self.today)

    def move(self, line: Line) -> Line:
        """Book or announce a line; raises a `Refusal` and then changes nothing."""
        self.check(self.account(line.account), line.amount, line.date)
        self._put(line, 1)
        self.feed.tell(Kind.ADDED, line)
        return line

    def post(self, line_id: str, new_id: str, amount: Money | None = None, description: str | None = None) -> Line:
        """Post a pending line today under a new id; None keeps what was announced. Returns the posted line."""
        pending = self._pending(line_id)
        posted = replace(
            pending,
            id=new_id,
            amount=pending.amount if amount is None else amount,
            description=pending.description if description is None else description,
            date=self.today,
            status=POSTED,
            created_at=self._clock.now,
            replaces=pending.id,
            announced_on=pending.date,
        )
        self.check(self.account(posted.account), posted.amount, posted.date)
        self._take(pending)
        return self.move(posted)

    def drop(self, line_id: str) -> Line:
        """Take a pending line away without booking it; returns what it was."""
        pending = self._pending(line_id)
        self._take(pending)
        return pending

    def recognise(self, line_id: str) -> Line | None:
        """Let the counterparty of a line be known from now on; None if there is nothing new to know."""
        line = self.lines.get(line_id)
        if line is None or line.recognised:
            return None
        known = self.lines.put(replace(line, recognised=True))
        self.feed.tell(Kind.MODIFIED, known)
        return known

    def accounts_at(self, place: int) -> tuple[Account, ...]:
        """The accounts with the balances they had at a place of the feed."""
        if place == self.feed.end:
            return tuple(self.accounts)
        found = {
            a.id: replace(a, booked=Money.zero(a.currency), announced=Money.zero(a.currency)) for a in self.accounts
        }
        for line in self.feed.lines_at(place):
            found[line.account] = _moved(found[line.account], line, 1)
        return tuple(found.values())

    def lines_at(self, place: int) -> tuple[Line, ...]:
        """The lines there were at a place of the feed."""
        return tuple(self.lines) if place == self.feed.end else self.feed.lines_at(place)

    def snapshot(self, vendor: str) -> BankSnapshot:
        """Everything in the harness's words."""
        return BankSnapshot(
            vendor=vendor,
            accounts=tuple(account.canonical() for account in self.accounts),
            lines=tuple(line.canonical() for line in self.lines),
        )

    def fork(self, clock: Clock) -> Bank:
        """An independent copy on another clock."""
        twin = Bank(clock, self.zone)
        twin.accounts, twin.lines, twin.feed = self.accounts.fork(), self.lines.fork(), self.feed.fork()
        return twin

    def _pending(self, line_id: str) -> Line:
        line = self.line(line_id)
        if line.status != PENDING:
            raise NotPending(line_id)
        return line

    def _put(self, line: Line, sign: int) -> None:
        self.accounts.put(_moved(self.account(line.account), line, sign))
        if sign > 0:
            self.lines.put(line)
        else:
            self.lines.remove(line.id)

    def _take(self, pending: Line) -> None:
        self._put(pending, -1)
        self.feed.tell(Kind.REMOVED, pending)


def _moved(account: Account, line: Line, sign: int) -> Account:
    amount = line.amount * sign
    if line.status == PENDING:
        return replace(account, announced=account.announced + amount)
    return replace(account, booked=account.booked + amount)
