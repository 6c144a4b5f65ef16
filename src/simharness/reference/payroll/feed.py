"""The feed of processed payrolls: each run is fetched whole, compared with itself, and taken in as one task.

A run whose ledger report is not made yet is taken up again in the next pass. One that misfits is in quarantine by
itself; it is looked at again in every pass, and read anew once what is told of it, the mapping or the day is another.
"""

from __future__ import annotations

import hashlib
from calendar import timegm
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

import msgspec
import sqlalchemy as sa

from simharness.reference.errors import NotYet, Refused, Rejected, Unavailable
from simharness.reference.mapping.model import Mapping
from simharness.reference.mapping.payroll import CHEQUE
from simharness.reference.memory import store as tables
from simharness.reference.memory.evidence import Evidence
from simharness.reference.memory.store import Store
from simharness.reference.payroll import journal
from simharness.reference.payroll.cheques import PayCheques
from simharness.reference.payroll.missed import MissedRuns
from simharness.reference.payroll.reading import Told, cheques, read, told
from simharness.reference.payroll.run import REVERSAL, Run
from simharness.reference.payroll.works import REFERENCE, RUN, RUN_UNDONE, Part, run_of, standing, undoing
from simharness.reference.posting.tasks import Task, Tasks
from simharness.reference.vendors.gusto import Gusto
from simharness.reference.vendors.http import Json

MARK = "watermark.payrolls_day"
_STATE = "payroll.waiting"
#: A run may be about days that are long past (a correction, a reversal), so every look reaches so far back.
_OVERLAP = timedelta(days=270)
#: Service of a run that is paid in advance lies so far ahead at most; the provider takes no question beyond.
_AHEAD = timedelta(days=90)
#: Days that one question spans at most. Source: Gusto's reference of the list of payrolls.
_SPAN = timedelta(days=365)
_DIGITS = 16
_GONE = 404


class _Waiting(msgspec.Struct):
    """What is not done: runs by id with the request of their report ("" where none was made), of those in quarantine a
    digest of what was told of them, and of all of them how many pay cheques are kept.
    """

    runs: dict[str, str] = {}
    tried: dict[str, str] = {}
    cheques: dict[str, int] = {}


class PayrollFeed:
    """Reads the provider's runs into tasks."""

    def __init__(
        self,
        store: Store,
        gusto: Gusto,
        tasks: Tasks,
        evidence: Evidence,
        pay_cheques: PayCheques,
        mapping: Mapping,
        missed: MissedRuns | None = None,
    ) -> None:
        self._store, self._gusto, self._tasks, self._evidence = store, gusto, tasks, evidence
        self._cheques, self._mapping, self._missed = pay_cheques, mapping, missed

    def follow(self, named: Iterable[str], *, polls: bool) -> int:
        """Take in what is new: of the feed where this pass polls, and of the runs that webhooks `named`. Gives how much
        is news, runs included whose report is awaited. Raises what a vendor answered of a run, after the others.
        """
        today, told = self._today(), list(named)
        calculated = dict(self._listed(today)) if polls else {}
        listed = list(calculated)
        again = [each for each, at in calculated.items() if self._stands_as_another(each, at)]
        doubtful = {*told, *again, *(self._unlisted(listed) if polls else ())}
        cancelled = [task for each in sorted(doubtful) if (task := self._cancelled(each)) is not None]
        with self._store.transaction():
            self._tasks.take(cancelled)
            self._await(each for each in (*told, *listed) if not standing(self._tasks, each)[1])
            if polls:
                self._store.set_setting(MARK, today.isoformat())
        held = self._tasks.edge.waiting(REFERENCE)
        news, failure = len(cancelled), None
        if polls and self._missed is not None:
            news += self._missed.watch()
        for run_id in dict.fromkeys([*self._waiting().runs, *held]):
            try:
                news += self._look(run_id, held=run_id in held)
            except (Unavailable, Refused) as error:
                failure = failure or error
        if failure is not None:
            raise failure
        return news

    def awaits(self) -> bool:
        """Whether a run was found that is not read yet."""
        return bool(self._waiting().runs)

    def rewind(self) -> None:
        """List the feed from its beginning next time."""
        self._store.set_setting(MARK, "")

    def retry(self, source: str) -> None:
        """Read anew what is in quarantine: one run by its source, or all for ""."""
        kept = self._waiting()
        ids = [each for each in kept.tried if source in ("", f"{REFERENCE}{each}")]
        for each in ids:
            del kept.tried[each]
        self._keep(kept)

    def _listed(self, today: date) -> Iterator[tuple[str, str]]:
        """The ids of processed runs since the last look, less the overlap, and when each was calculated; at first since
        the cut-over.
        """
        mark = self._store.get_setting(MARK)
        begin = self._mapping.company.policies.cut_over or today - _OVERLAP
        first = max(begin, date.fromisoformat(mark) - _OVERLAP) if mark else begin
        while first <= today + _AHEAD:
            last = min(first + _SPAN, today + _AHEAD)
            ours = (each for each in self._gusto.processed(first, last) if self._is_ours(each))
            yield from ((str(each["payroll_uuid"]), str(each.get("calculated_at") or "")) for each in ours)
            first = last + timedelta(days=1)

    def _is_ours(self, listed: Json) -> bool:
        """Whether a run belongs into these books: what was to be booked before the cut-over is in the old system's."""
        cut_over, by_cheque = self._mapping.company.policies.cut_over, self._mapping.payroll.journal_date == CHEQUE
        day = listed.get("check_date") if by_cheque else (listed.get("pay_period") or {}).get("end_date")
        return cut_over is None or not isinstance(day, str) or day >= cut_over.isoformat()

    def _unlisted(self, listed: Iterable[str]) -> list[str]:
        """Runs that are in the books, could be cancelled since the last look, and are no longer among the processed."""
        mark = self._store.get_setting(MARK)
        since = timegm(date.fromisoformat(mark).timetuple()) if mark else 0
        table = tables.task
        rows = self._store.rows(sa.select(table.c.facts).where(table.c.kind == RUN, table.c.at_s >= since))
        runs = [msgspec.json.decode(row["facts"], type=Run) for row in rows]
        return [run.id for run in runs if run.kind != REVERSAL and run.id not in listed]

    def _stands_as_another(self, run_id: str, calculated: str) -> bool:
        """As `_is_another`, of a run by its id. What is known from the ledger only is read first, and says no more."""
        reference, stands = standing(self._tasks, run_id)
        return stands and self._is_another(reference, calculated)

    def _is_another(self, reference: str, calculated: str) -> bool:
        """Whether what stands in the books of a run is not what is processed now: it was taken back and calculated
        again before anybody looked.
        """
        task = self._tasks.task(reference)
        before = run_of(task).calculated if task is not None else ""
        return bool(before and calculated) and before != calculated

    def _cancelled(self, run_id: str) -> Task | None:
        """What takes a run back that stands in the books and is not processed any more, or not as it stands there; None
        for every other.
        """
        reference, stands = standing(self._tasks, run_id)
        if not stands:
            return None
        try:
            payroll = self._gusto.payroll(run_id)
            again = self._is_another(reference, str(payroll.get("calculated_at") or ""))
            if payroll.get("processed") is True and not again:
                return None
        except Refused as refused:
            if refused.status != _GONE:
                raise
        task = self._tasks.task(reference)
        return undoing(task, Part(run=run_of(task), of=reference), RUN_UNDONE) if task is not None else None

    def _look(self, run_id: str, *, held: bool) -> int:
        """One run; gives 1 where it was decided about or its report is awaited."""
        source = f"{REFERENCE}{run_id}"
        try:
            payroll, receipt = self._gusto.payroll(run_id), self._gusto.receipt(run_id)
        except Refused as refused:
            if refused.status != _GONE:
                raise
            payroll, receipt = {}, {}  # it was taken back before anybody looked
        if payroll.get("processed") is not True or payroll.get("external") is True:
            with self._store.transaction():
                self._forget(run_id)
                self._evidence.recovered(source)
            return 0
        digest = self._digest(payroll, receipt)
        if held and self._waiting().tried.get(run_id) == digest:
            return 0
        said: Told | None = None
        try:
            said = told(payroll, receipt)
            self._remember_cheques(said)
            self._take(said, self._report(run_id))
        except NotYet:
            return 1
        except Rejected as rejected:
            with self._store.transaction():
                kept = self._waiting()
                kept.runs.pop(run_id, None)
                kept.tried[run_id] = digest
                self._keep(kept)
                amount = said.gross if said is not None else None
                self._evidence.reject(source, rejected.code, rejected.reason, amount, unreadable=True)
        return 1

    def _take(self, said: Told, report: Json) -> None:
        run = read(said, report, self._mapping.payroll)
        with self._store.transaction():
            self._forget(run.id)
            cut_over = self._mapping.company.policies.cut_over
            if cut_over is None or journal.day_of(run, self._mapping.payroll) >= cut_over:
                self._tasks.take([_task(run, standing(self._tasks, run.id)[0])])
            self._evidence.recovered(f"{REFERENCE}{run.id}")

    def _remember_cheques(self, said: Told) -> None:
        """The cheques are on their way, whatever becomes of the run: once is enough."""
        kept = self._waiting()
        if said.id not in kept.cheques:
            found = cheques(said, self._gusto.pay_stubs)
            with self._store.transaction():
                self._cheques.keep(found, said.cheque_on)
                kept.cheques[said.id] = len(found)
                self._keep(kept)

    def _report(self, run_id: str) -> Json:
        """The ledger report of a run, asked for where it was not yet. Raises `NotYet` until it is made."""
        kept = self._waiting()
        request = kept.runs.get(run_id, "")
        if not request:
            kept.runs[run_id] = request = self._gusto.ask_for_report(run_id)
            self._keep(kept)
        state = self._gusto.report(request)
        status, urls = str(state.get("status")), state.get("report_urls") or ()
        if status == "succeeded" and urls:
            return self._gusto.document(str(urls[0]))
        if status == "failed":
            kept.runs[run_id] = ""
            self._keep(kept)
            raise Unavailable("gusto", f"it could not make the general ledger report of payroll {run_id}")
        raise NotYet(f"the general ledger report of payroll {run_id} is {status}")

    def _digest(self, payroll: Json, receipt: Json) -> str:
        """Another one where what is told of a run, the mapping or the day is another."""
        parts = (payroll, receipt, self._mapping.digest, self._today().isoformat())
        return hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()[:_DIGITS]

    def _await(self, ids: Iterable[str]) -> None:
        """Runs that are to be read. One in quarantine is looked at anew in each pass, but nothing waits for it."""
        kept = self._waiting()
        for each in ids:
            if each not in kept.tried:
                kept.runs.setdefault(each, "")
        self._keep(kept)

    def _forget(self, run_id: str) -> None:
        kept = self._waiting()
        kept.runs.pop(run_id, None)
        kept.tried.pop(run_id, None)
        kept.cheques.pop(run_id, None)
        self._keep(kept)

    def _waiting(self) -> _Waiting:
        return msgspec.json.decode(self._store.get_setting(_STATE, "{}"), type=_Waiting)

    def _keep(self, waiting: _Waiting) -> None:
        self._store.set_setting(_STATE, msgspec.json.encode(waiting, order="sorted").decode())

    def _today(self) -> date:
        return datetime.now(self._mapping.zone()).date()


def _task(run: Run, reference: str) -> Task:
    return Task(
        reference=reference,
        kind=RUN,
        at_s=timegm(run.cheque_on.timetuple()),
        facts=msgspec.json.encode(run).decode(),
        amount=abs(run.gross),
        label=run.trace,
    )
