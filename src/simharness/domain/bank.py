"""Canonical records of a bank. Amounts are signed from the account holder's side: money in is positive."""

from __future__ import annotations

import datetime as dt

from simharness.core.money import Money
from simharness.domain.base import Record


class BankAccount(Record, frozen=True, kw_only=True):
    """An account at a bank; `number` is what a statement shows of it. `balance` counts posted lines only."""

    id: str
    name: str
    currency: str
    number: str = ""
    balance: Money | None = None


class BankLine(Record, frozen=True, kw_only=True):
    """One movement on an account. `status`: pending or posted; `replaces` is the id of the pending line it posted.

    A pending line that was posted or dropped is no longer among the lines. `date` is the bank's local booking day.
    """

    id: str
    account: str
    amount: Money
    date: dt.date
    status: str
    description: str = ""
    reference: str = ""
    counterparty: str = ""
    replaces: str = ""
    created_at: dt.datetime | None = None


class BankSnapshot(Record, frozen=True, kw_only=True):
    """Everything canonical one bank holds, each tuple in order of creation."""

    vendor: str
    accounts: tuple[BankAccount, ...] = ()
    lines: tuple[BankLine, ...] = ()
