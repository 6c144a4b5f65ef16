"""Whoever follows the protocol of transactions/sync ends with exactly the bank's lines, whatever happens meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from simharness.core.content import content_folder
from simharness.core.money import Money
from simharness.domain.bank import BankLine
from simharness.stories.dictionaries import load_dictionary
from tests.fakes.plaid.sandbox import Follower, Sandbox

_DICTIONARY = load_dictionary(content_folder("scenarios") / "dictionaries" / "us-saas.yaml")
_CENTS = st.integers(-99_999, 99_999).filter(bool)


def told(line: BankLine) -> dict[str, Any]:
    """What a transaction must say of a line."""
    return {
        "account_id": line.account,
        "amount": -line.amount.amount,
        "date": line.date.isoformat(),
        "iso_currency_code": line.amount.currency,
        "pending": line.status == "pending",
        "pending_transaction_id": line.replaces or None,
        "merchant_name": line.counterparty or None,
    }


class Feed(RuleBasedStateMachine):
    """A bank and two clients: one reads page by page while lines come and go, one begins from nothing in the end."""

    @initialize(count=st.integers(1, 3), interval=st.sampled_from(["0", "3600"]), enrich=st.sampled_from(["0", "1800"]))
    def begin(self, count: int, interval: str, enrich: str) -> None:
        options = {"second_currency": "EUR", "update_interval_s": interval, "enrich_after_s": enrich}
        self.sandbox = Sandbox(_DICTIONARY, options=options)
        self.sandbox.receiver = None
        self.reader = Follower(self.sandbox, self.sandbox.token, count=count)

    @rule(cents=_CENTS, pending=st.booleans(), second=st.booleans(), name=st.sampled_from(["", "Globex"]))
    def money_moves(self, cents: int, pending: bool, second: bool, name: str) -> None:
        account = self.sandbox.bank.accounts[int(second)]
        amount = str(Money.from_minor(cents, account.currency))
        self.sandbox.move(amount, account=account.id, pending=pending, counterparty=name)

    def waiting(self) -> list[BankLine]:
        return [line for line in self.sandbox.bank.lines if line.status == "pending"]

    @precondition(lambda self: self.waiting())
    @rule(data=st.data(), cents=st.none() | _CENTS)
    def a_pending_line_is_posted(self, data: st.DataObject, cents: int | None) -> None:
        line = data.draw(st.sampled_from(self.waiting()))
        amount = None if cents is None else Money.from_minor(cents, line.amount.currency)
        self.sandbox.post(line.id, amount=amount)

    @precondition(lambda self: self.waiting())
    @rule(data=st.data())
    def a_pending_line_is_dropped(self, data: st.DataObject) -> None:
        self.sandbox.post(data.draw(st.sampled_from(self.waiting())).id, drop=True)

    @rule()
    def the_reader_asks_for_a_page(self) -> None:
        self.reader.step()

    @rule(minutes=st.integers(1, 120))
    def time_passes(self, minutes: int) -> None:
        self.sandbox.clock.advance(timedelta(minutes=minutes))

    @rule()
    def plaid_is_asked_to_look(self) -> None:
        self.sandbox.about("/transactions/refresh")

    @invariant()
    def balances_are_the_sum_of_lines(self) -> None:
        if not hasattr(self, "sandbox"):
            return
        bank = self.sandbox.bank
        for account in bank.accounts:
            booked = [line for line in bank.lines if line.account == account.id and line.status == "posted"]
            assert account.balance == sum((line.amount for line in booked), Money.zero(account.currency))

    def teardown(self) -> None:
        if not hasattr(self, "sandbox"):
            return
        self.sandbox.clock.advance(timedelta(hours=2))
        self.sandbox.about("/transactions/refresh")
        wanted = {line.id: told(line) for line in self.sandbox.bank.lines}
        self.reader.finish()
        self.reader.finish()
        newcomer = Follower(self.sandbox, self.sandbox.token, count=self.reader.count)
        newcomer.finish()
        for client in (self.reader, newcomer):
            known = {name: {key: found[key] for key in wanted[name]} for name, found in client.known.items()}
            assert known == wanted


TestFeed = Feed.TestCase
TestFeed.settings = settings(max_examples=60, stateful_step_count=30, deadline=None, derandomize=True, database=None)
