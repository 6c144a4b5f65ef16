"""Which systems must agree, what is different between them, and who looks at that."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from simharness.core.money import Money
from simharness.domain.acts import ActRefused
from simharness.domain.base import Record
from simharness.domain.claims import Difference, DifferenceAssigned, ShowsDifferences
from simharness.domain.close_facts import ReconciliationsRun
from simharness.domain.expectation import Reconciles
from simharness.domain.fact import NightlyPollRan
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.verb import Action, Claim, Sentence, Verb
from simharness.stories.words import Cell

#: The ways in which two sides can differ.
REASONS = ("missing left", "missing right", "amount", "date", "duplicate")


class RunReconciliations(Action, frozen=True, kw_only=True):
    """The daily run for a day that has come: every feed is read anew, and the connector works until it is at rest."""

    reconciliations_run_for: date


class ReconcilesClaim(Claim, frozen=True, kw_only=True):
    """These reconciliations show no breaks; two empty sides pass only with `nothing_expected`."""

    reconciles: tuple[t.Reconciliation, ...]
    nothing_expected: bool = False


class DifferenceClaim(Record, frozen=True, kw_only=True):
    """A break: what it is about, as the story or the systems call it, and what stands on each side: an amount, a day,
    or "" for nothing.
    """

    reference: str
    left: Money | date | Cell | None = None
    right: Money | date | Cell | None = None
    reason: Annotated[str | Cell, t.OneOf(REASONS, "reason of a difference")] | None = None


class DifferencesClaim(Claim, frozen=True, kw_only=True):
    """A reconciliation shows exactly these breaks."""

    differences_of: t.Reconciliation
    shows: tuple[DifferenceClaim, ...]


class AssignedClaim(Claim, frozen=True, kw_only=True):
    """A break of that reference is there, and somebody in particular was told to look at it."""

    difference: str
    assigned_to: str


def _run(stage: Stage, p: RunReconciliations) -> None:
    if p.reconciliations_run_for > stage.today:
        raise ActRefused(f"{p.reconciliations_run_for} has not come yet: today is {stage.today}")
    stage.nightly_poll()
    stage.record(NightlyPollRan(**stage.mark))
    stage.connector_finishes()
    stage.record(ReconciliationsRun(**stage.mark, day=p.reconciliations_run_for))


def _reconciles(stage: Stage, p: ReconcilesClaim) -> None:
    stage.expect(Reconciles(**stage.claim, names=p.reconciles, nothing_expected=p.nothing_expected))


def _differences(stage: Stage, p: DifferencesClaim) -> None:
    told = tuple(
        Difference(reference=each.reference, left=_said(each.left), right=_said(each.right), reason=_said(each.reason))
        for each in p.shows
    )
    stage.expect(ShowsDifferences(**stage.claim, reconciliation=p.differences_of, differences=told))


def _said(value: Money | date | str | Cell | None) -> str | None:
    """A side in words, as breaks tell it."""
    return value.value if isinstance(value, Cell) else None if value is None else str(value)


def _assigned(stage: Stage, p: AssignedClaim) -> None:
    stage.expect(DifferenceAssigned(**stage.claim, difference=p.difference, owner=p.assigned_to))


def _wrong_differences(p: DifferencesClaim) -> str | None:
    if any(each.reason is Cell.EMPTY for each in p.shows):
        return f"a difference has a reason: write one of {', '.join(REASONS)}, or * for any"
    twice = next((each for each in p.shows if each.left is Cell.EMPTY and each.right is Cell.EMPTY), None)
    return f"{twice.reference!r} has nothing on both sides: that is no difference" if twice else None


VERBS = (
    Verb(
        name="reconcile.run",
        phases=("when",),
        heads=("reconciliations_run_for",),
        params=RunReconciliations,
        sentences=(Sentence(pattern="the reconciliations run for {date}", binds=("reconciliations_run_for",)),),
        fact="ReconciliationsRun",
        does=_run,
        asks_system=False,
        works=True,
    ),
    Verb(
        name="reconcile.reconciles",
        phases=("then",),
        heads=("reconciles",),
        params=ReconcilesClaim,
        sentences=(Sentence(pattern="{reconciliation} reconciles", binds=("reconciles",)),),
        fact="Reconciles",
        does=_reconciles,
        bi=lambda p: "ledger_to_bi" in p.reconciles,
    ),
    Verb(
        name="reconcile.differences_of",
        phases=("then",),
        heads=("differences_of",),
        params=DifferencesClaim,
        sentences=(
            Sentence(pattern="{reconciliation} shows these differences:", binds=("differences_of",), table="shows"),
        ),
        fact="ShowsDifferences",
        does=_differences,
        wrong=_wrong_differences,
        bi=lambda p: p.differences_of == "ledger_to_bi",
    ),
    Verb(
        name="reconcile.assigned",
        phases=("then",),
        heads=("difference",),
        params=AssignedClaim,
        sentences=(
            Sentence(pattern="difference {string} is assigned to {string}", binds=("difference", "assigned_to")),
        ),
        fact="DifferenceAssigned",
        does=_assigned,
    ),
)
