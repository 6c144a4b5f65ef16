"""What the controller tells this program about a period: its end, its closing, its lock, and its reopening.

Periods follow each other: a period is closed with all that lie before it, and opened again with all that lie after it.
The lock itself is the ledger's closing date, which the controller sets and moves back there; here it is known as well,
so that nothing depends on the order of the two. Each of these acts is a row of the integration log with who and why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

import msgspec

from simharness.reference.closing import adjustments
from simharness.reference.closing.ends import PeriodEnds
from simharness.reference.closing.period import Period
from simharness.reference.errors import ConfigurationError, Refused
from simharness.reference.ledger.periods import PERIOD_CLOSED, PERIOD_LOCKED, Periods
from simharness.reference.memory.evidence import Evidence
from simharness.reference.posting.intent import Intent
from simharness.reference.posting.outbox import Outbox
from simharness.reference.posting.tasks import Tasks
from simharness.reference.vendors.quickbooks import CLOSED

Act = Callable[[Mapping[str, str]], None]


class Controls:
    """The acts of a close. `retries` take a source up again that waits in the error queue."""

    def __init__(
        self,
        periods: Periods,
        ends: PeriodEnds,
        tasks: Tasks,
        outbox: Outbox,
        evidence: Evidence,
        retries: Sequence[Callable[[str], None]],
    ) -> None:
        self._periods, self._ends, self._tasks = periods, ends, tasks
        self._outbox, self._evidence, self._retries = outbox, evidence, retries

    def acts(self) -> Mapping[str, Act]:
        """By name: `period_end`, `close`, `lock` and `reopen` take a `period`, `reopen` a reason (`because`) as well;
        `adjust` is read in adjustments.py.
        """
        return MappingProxyType(
            {
                "period_end": lambda args: self._ends.ask(_period(args)),
                "close": lambda args: self._periods.close(_period(args).last),
                "lock": self._lock,
                "reopen": self._reopen,
                "adjust": lambda args: adjustments.take(self._tasks, args),
            }
        )

    def refusal(self, intent: Intent) -> Refused | None:
        """What this program says to a new record on a day that it holds closed, as the ledger does to a locked one."""
        if intent.action not in ("create", "apply", "void") or adjustments.is_adjustment(intent):
            return None
        # A void names the document only; its day is in what is remembered of it.
        said = intent.context if intent.action == "void" else intent.body
        day = msgspec.json.decode(said, type=_Dated).TxnDate
        if day is None or not self._periods.is_closed_here(day):
            return None
        return Refused("the close", 400, CLOSED, f"{day} is closed to all but approved adjustments")

    def _lock(self, args: Mapping[str, str]) -> None:
        until = _period(args).last
        self._periods.close(until)
        self._periods.lock(until)
        self._periods.begin()

    def _reopen(self, args: Mapping[str, str]) -> None:
        if not args.get("because", "").strip():
            raise ConfigurationError("a period is opened again for a reason only", mend="say it as `because`")
        self._periods.reopen(_period(args).first)
        waiting = [each.source for each in self._evidence.held() if each.code in (PERIOD_CLOSED, PERIOD_LOCKED)]
        waiting += [each.source for each in self._outbox.dead() if f"code {CLOSED}" in each.reason]
        for source in waiting:
            for retry in self._retries:
                retry(source)


class _Dated(msgspec.Struct, frozen=True):
    """The day of a record, where it has one."""

    TxnDate: date | None = None


def _period(args: Mapping[str, str]) -> Period:
    return Period.parse(args.get("period", "").strip())
