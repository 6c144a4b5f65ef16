"""Laws of the balance over random histories: payments, refunds, disputes, returns, payouts, failures and time.

Beside the account a plain ledger keeps what each charge still holds and what the account is worth; it knows nothing of
movements. At every step both must agree, and the account must refuse exactly what the ledger says cannot be.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from simharness.core.money import Money
from simharness.domain.acts import (
    Act,
    ActRefused,
    CloseDispute,
    DisputePayment,
    FailPayout,
    PayOut,
    RefundPayment,
    ReturnPayment,
    SchedulePayouts,
)
from simharness_fakes.stripe.wire.amounts import unit
from tests.fakes.stripe.account import Account
from tests.fakes.stripe.till import act, gateway, pay

CURRENCIES = st.sampled_from(["USD", "USD", "EUR", "JPY", "KWD"])
STEPS = st.integers(100, 100_000)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "refund_fee_returned": st.just("yes"),
        "dispute_fee_returned": st.just("yes"),
        "reversal_availability": st.just("at_once"),
        "debit_negative_balances": st.just("no"),
        "ach_booked": st.just("submission"),
        "reserve_percent": st.just("5"),
        "reserve_days": st.just("10"),
    },
)


class Histories(RuleBasedStateMachine):
    """One account and the plain ledger beside it."""

    @initialize(options=OPTIONS)
    def open(self, options: dict[str, str]) -> None:
        self.account = Account(options=options)
        self.booked_early = "ach_booked" in options
        self.worth: dict[str, Decimal] = defaultdict(Decimal)
        self.left: dict[str, Money] = {}
        self.whole: dict[str, Money] = {}
        self.debits: dict[str, str] = {}
        self.disputes: dict[str, tuple[str, Money]] = {}
        self.failed: set[str] = set()

    # -- what happens --------------------------------------------------------------------------------------------------

    @rule(steps=STEPS, currency=CURRENCIES)
    def card(self, steps: int, currency: str) -> None:
        amount = Money(unit(currency) * steps, currency)
        charge = pay(self.account, str(amount.amount), currency=currency)
        line = self._line(charge)
        self.left[charge] = self.whole[charge] = amount
        self.worth[currency] += amount.amount - line.fee.amount

    @rule(steps=STEPS)
    def debit(self, steps: int) -> None:
        amount = Money(unit("USD") * steps, "USD")
        charge = pay(self.account, str(amount.amount), method="ach")
        self.debits[charge] = "processing"
        if self.booked_early:
            self.worth["USD"] += amount.amount - self._line(charge).fee.amount

    @precondition(lambda self: self.left)
    @rule(data=st.data())
    def refund(self, data: st.DataObject) -> None:
        charge, part = self._some_of(data)
        contested = any(charge == of for of, _ in self.disputes.values())
        possible = not contested and part <= self.left[charge]
        event = self._tried(RefundPayment(charge_id=charge, amount=part), possible=possible)
        if event is not None:
            self.left[charge] -= part
            self.worth[part.currency] -= part.amount + event.fee.amount

    @precondition(lambda self: self.left)
    @rule(data=st.data())
    def dispute(self, data: st.DataObject) -> None:
        charge, part = self._some_of(data)
        contested = any(charge == of for of, _ in self.disputes.values())
        possible = not contested and part <= self.left[charge]
        event = self._tried(DisputePayment(charge_id=charge, amount=part), possible=possible)
        if event is not None:
            self.disputes[event.dispute_id] = (charge, part)
            self.left[charge] -= part
            self.worth[part.currency] -= part.amount + event.fee.amount

    @precondition(lambda self: self.disputes)
    @rule(data=st.data(), won=st.booleans())
    def close(self, data: st.DataObject, won: bool) -> None:
        dispute = data.draw(st.sampled_from(sorted(self.disputes)))
        charge, part = self.disputes[dispute]
        is_open = next(d.status for d in gateway(self.account).disputes if d.id == dispute) == "needs_response"
        event = self._tried(CloseDispute(dispute_id=dispute, won=won), possible=is_open)
        if event is not None and won:
            del self.disputes[dispute]
            self.left[charge] += part
            self.worth[part.currency] += part.amount + event.fee.amount

    @precondition(lambda self: self.debits)
    @rule(data=st.data())
    def bounce(self, data: st.DataObject) -> None:
        charge = data.draw(st.sampled_from(sorted(self.debits)))
        possible = self.debits[charge] == "succeeded" and self.left[charge] == self.whole[charge]
        event = self._tried(ReturnPayment(charge_id=charge), possible=possible)
        if event is not None:
            self.debits[charge] = "returned"
            self.worth["USD"] -= event.amount.amount + event.fee.amount
            self.left[charge] -= event.amount

    @rule(currency=CURRENCIES, share=st.integers(-10, 150))
    def pay_out(self, currency: str, share: int) -> None:
        available = self._available(currency)
        steps = int(available.amount * share / 100 / unit(currency))
        amount = Money(unit(currency) * steps, currency)
        event = self._tried(PayOut(amount=amount), possible=0 < amount.amount <= available.amount)
        if event is not None:
            assert self._available(currency) == available - amount

    @precondition(lambda self: gateway(self.account).payouts)
    @rule(data=st.data())
    def fail(self, data: st.DataObject) -> None:
        payout = data.draw(st.sampled_from(gateway(self.account).payouts))
        before = self._available(payout.amount.currency)
        possible = payout.id not in self.failed
        event = self._tried(FailPayout(payout_id=payout.id), possible=possible)
        if event is not None:
            self.failed.add(payout.id)
            assert self._available(payout.amount.currency) == before + payout.amount

    @rule(interval=st.sampled_from(["manual", "daily", "weekly", "monthly"]))
    def schedule(self, interval: str) -> None:
        act(self.account, SchedulePayouts(interval=interval))

    @rule(hours=st.integers(1, 24 * 12))
    def wait(self, hours: int) -> None:
        self.account.clock.advance(timedelta(hours=hours))
        for charge in gateway(self.account).charges:
            if self.debits.get(charge.id) == "processing" and charge.status == "succeeded":
                self.debits[charge.id] = "succeeded"
                self.left[charge.id] = self.whole[charge.id] = charge.amount
                if not self.booked_early:
                    self.worth["USD"] += charge.amount.amount - self._line(charge.id).fee.amount

    # -- what must hold ------------------------------------------------------------------------------------------------

    @invariant()
    def the_balance_is_the_sum_of_its_lines(self) -> None:
        seen = gateway(self.account)
        lines: dict[str, Decimal] = defaultdict(Decimal)
        for line in seen.balance_lines:
            assert line.net == line.amount - line.fee
            lines[line.net.currency] += line.net.amount
        held: dict[str, Decimal] = defaultdict(Decimal)
        for part in (*seen.available, *seen.pending, *seen.reserved):
            held[part.currency] += part.amount
        assert held == lines

    @invariant()
    def what_the_account_is_worth_was_paid_out_or_is_there(self) -> None:
        seen = gateway(self.account)
        there: dict[str, Decimal] = defaultdict(Decimal)
        for part in (*seen.available, *seen.pending, *seen.reserved):
            there[part.currency] += part.amount
        for payout in seen.payouts:
            if payout.status not in ("failed", "canceled"):
                there[payout.amount.currency] += payout.amount.amount
        assert {c: amount for c, amount in there.items() if amount} == {c: a for c, a in self.worth.items() if a}

    @invariant()
    def an_automatic_payout_is_its_lines_and_no_line_is_paid_twice(self) -> None:
        seen = gateway(self.account)
        nets = {line.id: line.net for line in seen.balance_lines}
        carried: list[str] = []
        for payout in seen.payouts:
            if payout.automatic:
                assert sum((nets[line].amount for line in payout.lines), Decimal(0)) == payout.amount.amount
                assert {nets[line].currency for line in payout.lines} == {payout.amount.currency}
                carried += payout.lines
            else:
                assert payout.lines == ()
        assert len(set(carried)) == len(carried)

    @invariant()
    def nothing_goes_back_that_was_not_taken(self) -> None:
        seen = gateway(self.account)
        for charge in seen.charges:
            zero = Decimal(0)
            back = sum((r.amount.amount for r in seen.refunds if r.charge == charge.id), zero)
            assert (charge.refunded or Money.zero(charge.amount.currency)).amount == back
            lost = sum((d.amount.amount for d in seen.disputes if d.charge == charge.id and d.status != "won"), zero)
            assert back + lost <= charge.amount.amount
            if charge.id in self.left:
                assert charge.amount.amount - back - lost == self.left[charge.id].amount

    # -- inside --------------------------------------------------------------------------------------------------------

    def _some_of(self, data: st.DataObject) -> tuple[str, Money]:
        charge = data.draw(st.sampled_from(sorted(self.left)))
        least, left = unit(self.left[charge].currency), self.left[charge]
        steps = data.draw(st.integers(1, int(left.amount / least) + 1))
        return charge, Money(least * steps, left.currency)

    def _tried(self, what: Act, *, possible: bool) -> Any:
        if possible:
            return act(self.account, what)
        before = gateway(self.account)
        with pytest.raises(ActRefused):
            act(self.account, what)
        assert gateway(self.account) == before
        return None

    def _available(self, currency: str) -> Money:
        found = (m for m in gateway(self.account).available if m.currency == currency)
        return next(found, Money.zero(currency))

    def _line(self, source: str) -> Any:
        return next(line for line in gateway(self.account).balance_lines if line.source == source)


Histories.TestCase.settings = settings(max_examples=100, stateful_step_count=30, deadline=None, derandomize=True)
TestHistories = Histories.TestCase
