"""Foreign money at the end of a period: what customers owe and have unapplied, and what is on a bank account, at the
rate of that day, reversed on the next. Deposits and deferred revenue are no money, and stay as they are.

QuickBooks' own home currency adjustment cannot be made through its API, and what it says of receivables is in reports
only, not in the general ledger. So what money is worth more or less is a journal in the currency of the books, on a
valuation account beside the accounts. These stay at the rates of their documents, from which the ledger works
out what is gained or lost when they are settled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import timedelta

from simharness.reference.arithmetic.money import money_text
from simharness.reference.closing.period import Period
from simharness.reference.closing.reversals import KIND as REVERSAL
from simharness.reference.closing.reversals import Entry, Line, reversal_of, seconds
from simharness.reference.errors import NotYet, Rejected
from simharness.reference.ledger.catalogue import Catalogue
from simharness.reference.ledger.entries import Entries
from simharness.reference.ledger.foreign import Held, held
from simharness.reference.mapping.model import Mapping
from simharness.reference.posting.tasks import DONE, Nothing, Plan, Task, Tasks
from simharness.reference.vendors.quickbooks import QuickBooks

KIND = "revaluation"
#: Where what it is worth more or less stands, and where it is shown.
VALUATION, RESULT = "exchange_valuation", "unrealised_exchange"


class Revaluations:
    """Makes and does `revaluation` tasks, one a currency, which is also their label."""

    def __init__(
        self, tasks: Tasks, quickbooks: QuickBooks, catalogue: Catalogue, entries: Entries, mapping: Mapping
    ) -> None:
        self._tasks, self._quickbooks, self._catalogue = tasks, quickbooks, catalogue
        self._entries, self._mapping = entries, mapping

    def tasks(self, period: Period) -> list[Task]:
        """One for each currency that customers are billed in; one that was refused is decided again."""
        found = [
            Task(
                reference=f"close:revaluation:{period}:{currency}",
                kind=KIND,
                at_s=seconds(period.last),
                label=currency,
            )
            for currency in self._mapping.company.policies.currencies
        ]
        for task in found:
            self._tasks.retry(task.reference)
        return found

    def plan(self, task: Task) -> Plan | Nothing:
        """What the money of the currency is worth more, or less, than the books carry it at.

        Raises `NotYet` while an earlier one is not reversed, and `Rejected` where nobody stated the rate of the day.
        """
        currency, day = task.label, Period.parse(task.reference.split(":")[2]).last
        if any(self._tasks.state(each.reference) != DONE for each in self._tasks.found(REVERSAL, currency)):
            raise NotYet
        balances = list(self._balances(task, currency))
        if not any(each.amount for each in balances):
            return Nothing()
        rate = self._quickbooks.exchange_rate(currency, day, of_that_day=True)
        if rate is None:
            raise Rejected("no_closing_rate", f"nobody stated what {currency} is worth on {day}")
        for role in (VALUATION, RESULT):
            if not self._entries.has(role):
                raise Rejected("no_account", f"the mapping names no account {role}")
        cents = self._mapping.cents()
        more = sum((cents.round(each.amount * rate) - each.carried for each in balances), cents.round(rate * 0))
        if not more:
            return Nothing()
        told = " and ".join(money_text(each.amount, currency) for each in balances)
        lines = (Line(amount=more, role=VALUATION), Line(amount=-more, role=RESULT))
        return Entry(day=day, lines=lines, words=f"{told} at {rate}").plan(self._entries)

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterable[Task]:
        """It is reversed on the next day; nothing follows where nothing was posted."""
        if not ledger_id:
            return []
        day = Period.parse(task.reference.split(":")[2]).last
        return [reversal_of(task, memo, day + timedelta(days=1))]

    def _balances(self, task: Task, currency: str) -> Iterator[Held]:
        """Of what customers owe in the currency, and of the bank account in it, as far as there are such."""
        day = Period.parse(task.reference.split(":")[2]).last
        accounts: list[str] = []
        with suppress(Rejected):  # the ledger opens it with the first document
            accounts.append(self._catalogue.receivable(currency))
        if self._entries.has(f"bank_{currency}"):
            accounts.append(self._entries.account("bank", currency))
        for account in accounts:
            yield held(self._quickbooks, account, day)
