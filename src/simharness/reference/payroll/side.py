"""The people side put together: the feed of runs, the works of their tasks, and what is kept of pay cheques."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from simharness.reference.ledger.entries import Entries
from simharness.reference.mapping.model import Mapping
from simharness.reference.memory import store as tables
from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.store import Store
from simharness.reference.payroll.cheques import PayCheques
from simharness.reference.payroll.feed import PayrollFeed
from simharness.reference.payroll.missed import MissedRuns
from simharness.reference.payroll.run import Run
from simharness.reference.payroll.works import (
    REMITTANCE,
    RETRO,
    RETRO_UNDONE,
    RUN,
    RUN_UNDONE,
    Payrolls,
    Remittances,
    Retros,
    Undone,
    is_cancelled,
)
from simharness.reference.posting.tasks import DONE, Tasks, Work
from simharness.reference.vault.vault import Vault
from simharness.reference.vendors.gusto import Gusto


class PeopleSide:
    """The payroll of one company. Without a provider or a mapping of payroll it rests: `feed` is None."""

    def __init__(
        self,
        store: Store,
        gusto: Gusto | None,
        tasks: Tasks,
        entries: Entries,
        evidence: Evidence,
        vault: Vault,
        mapping: Mapping,
    ) -> None:
        rules = mapping.payroll
        self._store, self._tasks = store, tasks
        self.cheques = PayCheques(vault, rules.keep_cheques_days)
        self.feed = None
        if gusto is not None and rules.kept:
            missed = MissedRuns(gusto, evidence, mapping) if rules.tells_missed_runs else None
            self.feed = PayrollFeed(store, gusto, tasks, evidence, self.cheques, mapping, missed)
        works: dict[str, Work] = {
            RUN: Payrolls(entries, rules),
            RETRO: Retros(entries, rules),
            REMITTANCE: Remittances(entries, mapping.zone()),
            RUN_UNDONE: Undone(tasks, entries, rules),
            RETRO_UNDONE: Undone(tasks, entries, rules),
        }
        tasks.works.update(works)

    def awaits(self) -> bool:
        """Whether a run was found that is not read yet, so that lines of the bank may be about it."""
        return self.feed is not None and self.feed.awaits()

    def retry(self, source: str) -> None:
        """Read what is in quarantine anew in the next pass: one run by its source, or all for ""."""
        if self.feed is not None:
            self.feed.retry(source)

    def posted(self) -> list[Run]:
        """The runs that stand in the books, oldest first."""
        table = tables.task
        wanted = sa.select(table).where(table.c.kind == RUN, table.c.state == DONE)
        rows = self._store.rows(wanted.order_by(table.c.at_s, table.c.reference))
        standing = (row for row in rows if not is_cancelled(self._tasks, row["reference"]))
        return [msgspec.json.decode(row["facts"], type=Run) for row in standing]
