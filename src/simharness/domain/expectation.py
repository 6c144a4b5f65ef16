"""What a story says must be true: each `then` as data, judged later by `checks` on the checkpoint of its step.

None means "not stated". `step` names the checkpoint, `where` the file and line.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from simharness.core.money import Money
from simharness.domain.base import Record
from simharness.domain.claims import (
    BiIsFresh,
    BreakdownIs,
    DifferenceAssigned,
    JournalEqualsRegister,
    JournalsBalance,
    LinesName,
    LogNames,
    OneKey,
    ShowsDifferences,
    StatementShows,
    TableUnpublished,
    TracesTo,
    WasAttempted,
)
from simharness.domain.expectation_base import ExpectationBase

#: How people count what one deal has several of.
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


def ordinal(nth: int) -> str:
    """How people say that something is the nth (from 1) of several."""
    return ORDINALS[nth - 1] if nth <= len(ORDINALS) else f"{nth}th"


class InvoiceRef(Record, frozen=True, kw_only=True):
    """An invoice named through the story: the nth (from 1) invoice of a deal, or a document number."""

    deal: str = ""
    ordinal: int = 1
    number: str = ""
    kind: str = "invoice"

    def __str__(self) -> str:
        if self.number:
            return f"{self.kind.replace('_', ' ')} {self.number}"
        nth = "" if self.ordinal == 1 else f"{ordinal(self.ordinal)} "
        return f"the {nth}{self.kind.replace('_', ' ')} of {self.deal!r}"


class ExpectedLine(Record, frozen=True, kw_only=True):
    """A line an invoice must have; account is number or name. "" says that there is none, `*` that there is one."""

    product: str | None = None
    net: Money | None = None
    account: str | None = None
    tax_code: str | None = None
    cost_centre: str | None = None


class InvoiceIs(ExpectationBase, frozen=True, kw_only=True):
    """An invoice's figures and state. `status`: draft, open, partly paid, paid, credited, written off,
    void, overdue.
    """

    invoice: InvoiceRef
    net: Money | None = None
    tax: Money | None = None
    total: Money | None = None
    open: Money | None = None
    status: str | None = None
    due: date | None = None
    dated: date | None = None
    lines: tuple[ExpectedLine, ...] | None = None
    tax_under: tuple[tuple[str, Money], ...] = ()


class InvoiceCount(ExpectationBase, frozen=True, kw_only=True):
    """How many invoices (not credit memos) a deal has."""

    deal: str
    count: int


class BalancesAre(ExpectationBase, frozen=True, kw_only=True):
    """Account balances, debit positive, keyed by `number name`, number or name. With `exact` every other account is
    zero. `as_of`: of the postings dated on or before that day only, a trial balance. The accounts of `some` must have
    a balance, whichever; those that are `unchecked` may have one.
    """

    balances: tuple[tuple[str, Money], ...]
    exact: bool = True
    as_of: date | None = None
    some: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()


class AccountMoves(ExpectationBase, frozen=True, kw_only=True):
    """The movement of one account since the story's first `when`, debit positive."""

    account: str
    amount: Money


class PostingLine(Record, frozen=True, kw_only=True):
    """A line of an exact set of postings: signed amount, debit positive. None is any amount of a `side`, debit or
    credit. None for a dimension means not stated, "" that there is none, `*` that there is one.
    """

    account: str
    amount: Money | None = None
    side: str = ""
    cost_centre: str | None = None


class AccountHolds(ExpectationBase, frozen=True, kw_only=True):
    """The balance of one account, debit positive; with `as_of` of the postings dated on or before that day only."""

    account: str
    amount: Money
    as_of: date | None = None


class LedgerPosts(ExpectationBase, frozen=True, kw_only=True):
    """The exact set of postings the last `when` block caused, order-free; an empty tuple means the ledger posts
    nothing.
    """

    lines: tuple[PostingLine, ...]


class DealShows(ExpectationBase, frozen=True, kw_only=True):
    """What the CRM shows on a deal."""

    deal: str
    billing_status: str | None = None
    outstanding: Money | None = None


class CustomerOwes(ExpectationBase, frozen=True, kw_only=True):
    """A customer's balance in the receivables subledger, unapplied money deducted."""

    customer: str
    amount: Money


class TaxPayableIs(ExpectationBase, frozen=True, kw_only=True):
    """Tax payable that a period's documents caused under one tax code; a positive amount is owed to the authority."""

    code: str
    period: str
    amount: Money


class PaymentIs(ExpectationBase, frozen=True, kw_only=True):
    """How a payment was applied: to which invoice, and how much of it is unapplied."""

    payment: str
    settles: InvoiceRef | None = None
    applied: Money | None = None
    unapplied: Money | None = None


class MetricIs(ExpectationBase, frozen=True, kw_only=True):
    """A BI metric for a period (`2026-01`) or as at a day (`2026-01-31`). `unit` is a currency, `days` or `ratio`.

    `consolidated`: the sum over all entities, whose reporting currency is the unit.
    """

    metric: str
    period: str
    value: Decimal
    unit: str
    by: str = ""
    key: str = ""
    consolidated: bool = False


class MetricEqualsLedger(ExpectationBase, frozen=True, kw_only=True):
    """A BI metric equals its recomputation from the ledger."""

    metric: str
    period: str


class Reconciles(ExpectationBase, frozen=True, kw_only=True):
    """Reconciliations without breaks; `nothing_expected` allows two empty sides."""

    names: tuple[str, ...]
    nothing_expected: bool = False


class IsRejected(ExpectationBase, frozen=True, kw_only=True):
    """The connector's evidence lists a story object as rejected; `because` must occur in code or reason."""

    subject: str
    because: str = ""


class NetPayIs(ExpectationBase, frozen=True, kw_only=True):
    """What an employee of the story gets in money in a payroll of the story."""

    employee: str
    payroll: str
    amount: Money


class RegisterLine(Record, frozen=True, kw_only=True):
    """What all cheques of a run come to under a kind of line; `kind` net is net pay. None and "" mean all of them, and
    no amount means any but zero.
    """

    kind: str
    amount: Money | None = None
    code: str = ""
    cost_centre: str | None = None


class RegisterShows(ExpectationBase, frozen=True, kw_only=True):
    """Totals of a payroll's register, each by its kind, narrowed by code or cost centre where that is stated."""

    payroll: str
    lines: tuple[RegisterLine, ...]


class PayrollJournalIs(ExpectationBase, frozen=True, kw_only=True):
    """The exact postings of the entry that names a payroll as its source, order-free, and its day where it is stated.

    `retro`: the entry of the retro pay of that month (`2026-01`) instead of the run's own.
    """

    payroll: str
    lines: tuple[PostingLine, ...]
    dated: date | None = None
    retro: str = ""


class YearToDateShows(ExpectationBase, frozen=True, kw_only=True):
    """What the payroll counts for an employee in a tax year, of the cheques that nobody took back, by code.

    `gross`, `net`, a code of what the employee earns or what is taken, or `employer CODE` of what is paid on top. Those
    of `some` come to something, whatever it is.
    """

    employee: str
    year: int
    sums: tuple[tuple[str, Money], ...]
    some: tuple[str, ...] = ()


class CloseComplete(ExpectationBase, frozen=True, kw_only=True):
    """The close of a period (`2026-01`) is complete: everything on the checklist is there, each missing item named."""

    period: str


class PostingLands(ExpectationBase, frozen=True, kw_only=True):
    """What happened on a day, or was told to be posted on it, is in the books in a period; None: it is refused and
    listed, and nowhere in the books.
    """

    dated: date
    period: str | None = None


class BiVersionIs(ExpectationBase, frozen=True, kw_only=True):
    """BI shows another version than when it was last looked at (`is_new`), or the same one."""

    is_new: bool


class NobodyIdentified(ExpectationBase, frozen=True, kw_only=True):
    """No personal data of anybody were ever seen in these systems: a system of the world, or what the connector keeps
    and tells (log, alerts, error_queue, files).
    """

    systems: tuple[str, ...]


class WritersAre(ExpectationBase, frozen=True, kw_only=True):
    """Only these actors wrote to the ledger."""

    writers: tuple[str, ...]


class AlertIs(ExpectationBase, frozen=True, kw_only=True):
    """The alert system holds an alert that names `about` (a thing of the story, or words) and, if stated, the amount.

    `cleared` says whether the matter was recovered; None leaves it open.
    """

    about: str
    owner: str = ""
    amount: Money | None = None
    cleared: bool | None = None


class OpenAlerts(ExpectationBase, frozen=True, kw_only=True):
    """How many alerts are open in the alert system."""

    count: int


class ErrorQueueHolds(ExpectationBase, frozen=True, kw_only=True):
    """By the connector's evidence a thing of the story waits for an operator; `because` must occur in the reason."""

    subject: str
    because: str = ""


class ErrorQueueEmpty(ExpectationBase, frozen=True, kw_only=True):
    """By the connector's evidence nothing waits for an operator."""


class PostingRefused(ExpectationBase, frozen=True, kw_only=True):
    """The last posting that a program tried with a key of its own was refused, with `because` in the ledger's words."""

    because: str


class LogTells(ExpectationBase, frozen=True, kw_only=True):
    """By the connector's log something was done to a thing so many times: `action` is the log's word, `subject` begins
    the row's source or target.
    """

    action: str
    subject: str
    times: int = 1


class ClearingEqualsGateway(ExpectationBase, frozen=True, kw_only=True):
    """Gateway clearing is what the gateway's balance is: pending, available and reserved together."""


class ClearingEmpty(ExpectationBase, frozen=True, kw_only=True):
    """Gateway clearing, payouts in transit and undeposited funds stand at zero, by postings dated up to a day."""

    on: date


Expectation = (
    InvoiceIs
    | InvoiceCount
    | BalancesAre
    | AccountMoves
    | AccountHolds
    | LedgerPosts
    | DealShows
    | CustomerOwes
    | TaxPayableIs
    | PaymentIs
    | MetricIs
    | MetricEqualsLedger
    | Reconciles
    | IsRejected
    | NetPayIs
    | RegisterShows
    | PayrollJournalIs
    | YearToDateShows
    | NobodyIdentified
    | WritersAre
    | CloseComplete
    | PostingLands
    | BiVersionIs
    | AlertIs
    | OpenAlerts
    | ErrorQueueHolds
    | ErrorQueueEmpty
    | PostingRefused
    | LogTells
    | ClearingEqualsGateway
    | ClearingEmpty
    | JournalsBalance
    | LinesName
    | JournalEqualsRegister
    | WasAttempted
    | OneKey
    | LogNames
    | TracesTo
    | ShowsDifferences
    | DifferenceAssigned
    | BreakdownIs
    | TableUnpublished
    | BiIsFresh
    | StatementShows
)
