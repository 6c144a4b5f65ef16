"""Every check by its stable id, with its statement, in the order in which reports list them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simharness.checks.invariants.balance import entries_balance, subledger_is_control
from simharness.checks.invariants.totals import totals_follow_policy
from simharness.checks.reconciliations.crm_to_invoices import crm_to_invoices
from simharness.checks.scope import Judged
from simharness.domain.finding import CheckResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: id, title for a line of a report, the statement it holds (rules: sections 6 and 7), and its judge."""

    id: str
    title: str
    statement: str
    judge: Callable[[Judged], CheckResult]


CHECKS: tuple[Check, ...] = (
    Check(
        id="V1",
        title="Entries balance",
        statement="Every entry balances in base per entity; per currency only where all its lines share one currency.",
        judge=lambda judged: entries_balance(judged.final),
    ),
    Check(
        id="V6",
        title="Totals follow policy",
        statement="Invoice totals follow the declared rounding and tax policy to the cent.",
        judge=lambda judged: totals_follow_policy(judged.settled),
    ),
    Check(
        id="V9",
        title="Subledger equals control account",
        statement="Open items of the customers, unapplied cash and credit shown, equal the receivable account.",
        judge=lambda judged: subledger_is_control(judged.final),
    ),
    Check(
        id="R1",
        title="CRM to invoices",
        statement="What the deals call for equals the documents that name them, and the CRM shows what is open.",
        judge=lambda judged: crm_to_invoices(judged.settled),
    ),
)


def check_by_id(check_id: str) -> Check | None:
    """The check with an id, or None."""
    return next((check for check in CHECKS if check.id == check_id), None)
