"""What a story says must be true of whole books, of what differs between systems, of BI, and of what was sent."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from simharness.core.money import Money
from simharness.domain.base import Record
from simharness.domain.expectation_base import ExpectationBase


class JournalsBalance(ExpectationBase, frozen=True, kw_only=True):
    """Debits and credits of every entry in the ledger are equal."""


class LinesName(ExpectationBase, frozen=True, kw_only=True):
    """Every posting that has to name a dimension names one: `cost centre` and `location` on income and expenses,
    `customer` on receivables.
    """

    dimension: str


class JournalEqualsRegister(ExpectationBase, frozen=True, kw_only=True):
    """The journal of a payroll posts what its register comes to, summed `by` account, cost centre or kind of line."""

    payroll: str
    by: str


class WasAttempted(ExpectationBase, frozen=True, kw_only=True):
    """So many creating requests of the connector named a thing of the story as their source."""

    subject: str
    times: int


class OneKey(ExpectationBase, frozen=True, kw_only=True):
    """Every attempt at one creation for a thing of the story bore the same idempotency key."""

    subject: str


class LogNames(ExpectationBase, frozen=True, kw_only=True):
    """The connector's log says of a thing of the story who sent what and when, and the ledger saw the same."""

    subject: str


class TracesTo(ExpectationBase, frozen=True, kw_only=True):
    """By references alone a way leads from a thing of the story to another, to a document, an account or a system."""

    subject: str
    target: str


class Difference(Record, frozen=True, kw_only=True):
    """A break of a reconciliation: what the story or the systems call it, the figures of both sides, and its kind.

    None is not checked, "" says that there is nothing on that side, `*` that there is something. `reason`: missing
    left, missing right, amount, date, duplicate.
    """

    reference: str
    left: str | None = None
    right: str | None = None
    reason: str | None = None


class ShowsDifferences(ExpectationBase, frozen=True, kw_only=True):
    """The exact breaks of a reconciliation, in any order."""

    reconciliation: str
    differences: tuple[Difference, ...]


class DifferenceAssigned(ExpectationBase, frozen=True, kw_only=True):
    """Some reconciliation has a break of that reference, and an open alert about it names who has to look at it."""

    difference: str
    owner: str


class BreakdownRow(Record, frozen=True, kw_only=True):
    """One group of a metric; no value is any, and no unit is any value but none."""

    key: str
    value: Decimal | None = None
    unit: str = ""


class BreakdownIs(ExpectationBase, frozen=True, kw_only=True):
    """The exact groups of a metric for a period by something, with their values; `unchecked` groups may be there."""

    metric: str
    period: str
    by: str
    rows: tuple[BreakdownRow, ...]
    unchecked: tuple[str, ...] = ()


class TableUnpublished(ExpectationBase, frozen=True, kw_only=True):
    """BI shows a table as it was when it was last looked at, or not at all: what was made since was not published."""

    table: str


class BiIsFresh(ExpectationBase, frozen=True, kw_only=True):
    """The oldest change of the ledger that BI does not show yet is at most so old."""

    within_s: int


class StatementLine(Record, frozen=True, kw_only=True):
    """A line of a bank statement, money in positive. None is not checked, "" is nothing, `*` is something."""

    date: dt.date | None = None
    amount: Money | None = None
    reference: str | None = None
    counterparty: str | None = None


class StatementShows(ExpectationBase, frozen=True, kw_only=True):
    """The exact posted lines of a bank statement that are dated in a month, in any order."""

    period: str
    lines: tuple[StatementLine, ...]
