"""Money moved without a customer's document: deposits to a bank account, transfers between accounts.

Drafts are what somebody enters, the others what the ledger keeps of it.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from simharness.domain.base import Record
from simharness_fakes.accounting.chart import Kept


class DepositLine(Record, frozen=True, kw_only=True):
    """A line of a deposit: a whole payment or sales receipt moved on from undeposited funds (`document`), or money
    straight from an account; a negative amount lowers the deposit (a fee kept back).

    `customer` says who the money of a direct line is from. `base` is what the line is worth in the books' currency; the
    ledger fills it in.
    """

    amount: Decimal
    base: Decimal = Decimal(0)
    document: str = ""
    account: str = ""
    customer: str = ""
    cost_centre: str = ""
    description: str = ""
    id: str = ""
    carried: object = None


class DepositDraft(Record, frozen=True, kw_only=True):
    """Money put on an account. `account` is the bank account it arrives on."""

    account: str
    date: dt.date
    lines: tuple[DepositLine, ...]
    currency: str = ""
    rate: Decimal | None = None
    number: str = ""
    location: str = ""
    reference: str = ""
    note: str = ""
    carried: object = None


class Deposit(Kept, frozen=True, kw_only=True):
    """A deposit as kept: `total` is the sum of its lines, `base` its worth in base at the deposit's rate, `gain` that
    less what its lines are worth (a payment counts by its own rate).
    """

    account: str
    date: dt.date
    lines: tuple[DepositLine, ...]
    total: Decimal
    currency: str
    rate: Decimal | None = None
    base: Decimal = Decimal(0)
    gain: Decimal = Decimal(0)
    number: str = ""
    location: str = ""
    reference: str = ""
    note: str = ""

    @property
    def kind(self) -> str:
        """`deposit`, as `Sale.kind` tells for the others."""
        return "deposit"


class TransferDraft(Record, frozen=True, kw_only=True):
    """Money moved from one account of the company to another."""

    source: str
    target: str
    date: dt.date
    amount: Decimal
    currency: str = ""
    rate: Decimal | None = None
    note: str = ""
    carried: object = None


class Transfer(Kept, frozen=True, kw_only=True):
    """A transfer as kept."""

    source: str
    target: str
    date: dt.date
    amount: Decimal
    currency: str
    rate: Decimal | None = None
    base: Decimal = Decimal(0)
    note: str = ""

    @property
    def kind(self) -> str:
        """`transfer`, as `Sale.kind` tells for the others."""
        return "transfer"
