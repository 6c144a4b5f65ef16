"""Accounts and the lines on them, as a bank keeps them. Amounts are signed: money in is positive."""

from __future__ import annotations

import datetime as dt

from simharness.core.money import Money
from simharness.domain.bank import BankAccount, BankLine
from simharness.domain.base import Record

PENDING, POSTED = "pending", "posted"


class Account(Record, frozen=True, kw_only=True):
    """An account in one currency. `booked` is the sum of its posted lines, `announced` that of its pending ones."""

    id: str
    name: str
    number: str
    booked: Money
    announced: Money

    @property
    def currency(self) -> str:
        """The currency of the account."""
        return self.booked.currency

    def canonical(self) -> BankAccount:
        """The account in the harness's words."""
        return BankAccount(id=self.id, name=self.name, currency=self.currency, number=self.number, balance=self.booked)


class Line(Record, frozen=True, kw_only=True):
    """One movement. `date` is the bank's local booking day, of a pending line the day it was announced.

    `replaces` is the pending line that this one posted and `announced_on` its day. `recognised` says whether those who
    read the line know its counterparty yet; the bank does from the start.
    """

    id: str
    account: str
    amount: Money
    date: dt.date
    status: str
    created_at: dt.datetime
    description: str = ""
    reference: str = ""
    counterparty: str = ""
    replaces: str = ""
    announced_on: dt.date | None = None
    recognised: bool = True

    def canonical(self) -> BankLine:
        """The line in the harness's words."""
        return BankLine(
            id=self.id,
            account=self.account,
            amount=self.amount,
            date=self.date,
            status=self.status,
            description=self.description,
            reference=self.reference,
            counterparty=self.counterparty,
            replaces=self.replaces,
            created_at=self.created_at,
        )
