"""The payroll of one state of the world beside what the ledger posted for it, run by run, joined by reference only."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from simharness.checks.effects import Effect
from simharness.checks.findings import source_object
from simharness.checks.listed import ids
from simharness.checks.oracle.model import Origin
from simharness.checks.payroll.accounts import PayrollAccounts
from simharness.checks.payroll.booked import Booked, Place, booked, processed_runs
from simharness.domain.books import Entry
from simharness.domain.evidence import LogRow
from simharness.domain.payroll import Payroll, PayrollSnapshot
from simharness.domain.payroll_facts import PayrollApproved, PayrollReversed
from simharness.domain.payroll_terms import PayrollPolicy

if TYPE_CHECKING:
    from simharness.checks.scope import Scope

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What the ledger posted for a run: its own entries, and those of retro pay in other months."""

    own: tuple[Effect, ...] = ()
    retro: tuple[Effect, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.own or self.retro)

    @property
    def counted(self) -> tuple[Effect, ...]:
        """The entries that make up the run: its first own one, and those of retro pay."""
        return (*self.own[:1], *self.retro)


class PayrollBooks:
    """Runs that belong into the books, what each must post, and what was posted that names it."""

    def __init__(self, scope: Scope, snapshot: PayrollSnapshot, policy: PayrollPolicy) -> None:
        self._scope = scope
        self.snapshot = snapshot
        self.policy = policy
        self.accounts = PayrollAccounts(policy)
        self.runs = processed_runs(snapshot.payrolls)

    @cached_property
    def booked(self) -> dict[str, Booked]:
        """What each run must post, by its id."""
        return {run.id: booked(run, self.policy, self.accounts) for run in self.runs}

    @cached_property
    def posted(self) -> dict[str, Posting]:
        """What was posted for each id that an entry names, known or not."""
        own: defaultdict[str, list[Effect]] = defaultdict(list)
        retro: defaultdict[str, list[Effect]] = defaultdict(list)
        for effect in self._scope.effects.naming("payroll", "payroll_retro"):
            apart = effect.noun == "payroll_retro" or bool(effect.state)
            (retro if apart else own)[effect.id].append(effect)
        return {id: Posting(own=tuple(own[id]), retro=tuple(retro[id])) for id in dict.fromkeys([*own, *retro])}

    @cached_property
    def remitted(self) -> dict[str, tuple[Effect, ...]]:
        """The entries by which the provider took over the taxes of a run, by the run's id."""
        found: defaultdict[str, list[Effect]] = defaultdict(list)
        for effect in self._scope.effects.naming("payroll_remittance"):
            found[effect.id].append(effect)
        return {id: tuple(effects) for id, effects in found.items()}

    @cached_property
    def approvals(self) -> dict[str, PayrollApproved | PayrollReversed]:
        """What was told of each run when it was approved, or took another one back."""
        told = (fact for fact in self._scope.facts if isinstance(fact, PayrollApproved | PayrollReversed))
        return {fact.payroll_id: fact for fact in told}

    def origin(self, run: str) -> Origin | None:
        """The step that approved a run."""
        fact = self.approvals.get(run)
        return Origin(step=fact.step, where=fact.where, on=fact.on) if fact is not None else None

    @cached_property
    def due(self) -> tuple[Payroll, ...]:
        """The runs that must be in the ledger: not those that are refused, nor one that pays nobody anything."""
        return tuple(
            run for run in self.runs
            if not self.is_refused(run) and (self.booked[run.id].postings or run.id in self.posted)
        )  # fmt: skip

    def is_refused(self, run: Payroll) -> bool:
        """Whether the connector lists a run as not posted, and neither posted it nor says that it did after all."""
        gone = run.id in self.posted or run.id in self._logged
        return not gone and self._scope.judged.listed.refused(run.id)

    @cached_property
    def _logged(self) -> frozenset[str]:
        """What the connector says it wrote, by every id that its source may mean."""
        rows = (row for row in self._scope.record.evidence if isinstance(row, LogRow) and row.outcome != "failed")
        return frozenset(id for row in rows for id in ids(row.source))

    def bears_right_day(self, should: dt.date, entry: Entry) -> bool:
        """Whether an entry is dated as it should be; where that day was closed, on the first that was open."""
        closings, day = self._scope.judged.closings, entry.date
        before = day - dt.timedelta(1)
        if day == should:
            return True
        return closings.may_bear(should, day, entry.created_at) and (
            before == should or not closings.may_bear(should, before, entry.created_at)
        )

    def object(self, run: str) -> str:
        """A run as reports name it."""
        fact = self.approvals.get(run)
        return source_object(self.snapshot.vendor, "payroll", run, fact.payroll if fact is not None else "")

    def words(self, run: Payroll) -> str:
        """A run in words: by the story's name where it has one."""
        fact = self.approvals.get(run.id)
        return f"payroll {fact.payroll!r}" if fact is not None else f"payroll {run.id}"

    def sums(self, entries: Iterable[Entry]) -> dict[Place, Decimal]:
        """What entries post by account number and cost centre, debit positive; an account that ends at nothing is
        left out, such as wages that were accrued for a run and are taken over by it.
        """
        sums: defaultdict[Place, Decimal] = defaultdict(Decimal)
        for entry in entries:
            for line in entry.lines:
                sums[self._scope.number_of(line.account) or line.account, line.cost_centre] += line.amount.amount
        return {place: amount for place, amount in sums.items() if amount}

    def expense(self, entries: Iterable[Entry], month: dt.date) -> dict[Place, Decimal]:
        """What entries of a month post on the accounts that bear what people cost."""
        mine = (entry for entry in entries if entry.date.replace(day=1) == month)
        return {place: amount for place, amount in self.sums(mine).items() if place[0] in self.accounts.expenses}

    def label(self, place: Place) -> str:
        """`6000 Salaries and wages for CC-10`."""
        number, centre = place
        return self._scope.number_label(number) + (f" for {centre}" if centre else "")


def payroll_books(scope: Scope) -> PayrollBooks | None:
    """The payroll of an entity in its books; None where it has none, or where nobody says how it is posted."""
    policy = scope.dictionary.payroll
    snapshot = scope.checkpoint.world.payroll(scope.dictionary.entity) if scope.checkpoint else None
    if policy is None or snapshot is None:
        return None
    return PayrollBooks(scope, snapshot, policy)
