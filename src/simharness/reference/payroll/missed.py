"""Runs that should be processed by now and are not: somebody may be paid nothing, so a person is told, once a run.

Why a run could not be made, the provider tells whoever may run payrolls; this connector may only read them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from simharness.reference.mapping.model import Mapping
from simharness.reference.memory.evidence import Evidence
from simharness.reference.vendors.gusto import Gusto

#: Begins the source of a run that was missed. There is nothing of it to be posted, so it is no source of the books.
REFERENCE = "gusto:missed:"
#: A period that ended longer ago is history.
_SINCE = timedelta(days=31)


class MissedRuns:
    """Watches the runs whose deadline is past."""

    def __init__(self, gusto: Gusto, evidence: Evidence, mapping: Mapping) -> None:
        self._gusto, self._evidence, self._mapping = gusto, evidence, mapping

    def watch(self) -> int:
        """Hold what was missed in quarantine, and let go what was processed, skipped or is history by now; gives how
        much of it is news.
        """
        found = self._found()
        held = {each.source for each in self._evidence.held(REFERENCE)}
        for source in sorted(held - found.keys()):
            self._evidence.recovered(source)
        for source, reason in found.items():
            self._evidence.reject(source, "payroll_missed", reason, unreadable=True)
        return len(found.keys() ^ held)

    def _found(self) -> dict[str, str]:
        now = datetime.now(self._mapping.zone())
        cut_over = self._mapping.company.policies.cut_over
        first = max(now.date() - _SINCE, cut_over) if cut_over else now.date() - _SINCE
        return {
            f"{REFERENCE}{each['payroll_uuid']}": (
                f"the payroll of {each['pay_period']['start_date']} to {each['pay_period']['end_date']}, to be paid on "
                f"{each['check_date']}, was not processed by its deadline; payroll says what blocks it"
            )
            for each in self._gusto.unprocessed(first, now.date())
            if datetime.fromisoformat(str(each["payroll_deadline"])) < now
        }
