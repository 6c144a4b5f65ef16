"""What a story says must be true of whole books, of breaks between two systems, and of how something was posted."""

from __future__ import annotations

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
