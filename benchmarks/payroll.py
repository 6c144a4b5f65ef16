"""One run of a whole company: register, ledger report, the connector's journal and the checks; time an employee."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
import msgspec

from benchmarks.figures import Figure
from simharness.checks.invariants.payroll import register_is_journal
from simharness.checks.invariants.payroll_cheques import cheques_are_right
from simharness.checks.reconciliations.payroll_to_journals import payroll_to_journals
from simharness.checks.scope import Judged, Scope
from simharness.core.money import Money
from simharness.domain.books import Account, Entry, EntryLine, LedgerSnapshot
from simharness.domain.connector import ConnectorInfo, ReferenceRule
from simharness.domain.dictionary import Dictionary
from simharness.domain.events import EmployeeSaved, PayrollCalculated, PayrollProcessed
from simharness.domain.fact import ConnectorFinished, Fact
from simharness.domain.finding import CheckResult
from simharness.domain.payroll import PayrollSnapshot
from simharness.domain.payroll_facts import EmployeeHired, PayrollApproved, PayrollRun
from simharness.domain.people import ApprovePayroll, HireEmployee, RunPayroll
from simharness.domain.record import RunHeader, RunRecord
from simharness.domain.snapshot import Checkpoint, WorldSnapshot
from simharness.reference.ledger.entries import Side
from simharness.reference.mapping.loader import load
from simharness.reference.mapping.model import Mapping
from simharness.reference.payroll import journal, reading
from simharness.reference.vendors.http import Json
from simharness.stories import discovery
from simharness.stories.dictionaries import load_dictionary
from simharness.world.doors.transport import WorldTransport
from simharness.world.world import World

_FEW, _MANY = 100, 10_000
#: The small company is measured more often: its time is short, and a round of it hardly ever quiet.
_ROUNDS, _ROUNDS_OF_FEW = 2, 6
_FLAT = 1.2
_NOW = datetime(2026, 1, 5, 17, tzinfo=UTC)
_TODAY = date(2026, 1, 5)
_UNLIMITED = {"gusto": {"requests_per_minute": "1000000000"}}
_CENTRES = (("Sales", "CC-10"), ("Delivery", "CC-30"))
_REFERENCES = (ReferenceRule(noun="payroll", field="note", pattern=r"^gusto:payroll:(?P<id>[^\s:]+)$"),)
_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_CHECKS: tuple[Callable[[Scope], CheckResult], ...] = (register_is_journal, cheques_are_right, payroll_to_journals)


def measure() -> list[Figure]:
    """Seconds an employee with ten thousand, against those with a hundred, part by part and together."""
    few: dict[str, float] = {}
    many: dict[str, float] = {}
    # In turn, so that whatever else the machine does meets both.
    for _ in range(_ROUNDS):
        for _ in range(_ROUNDS_OF_FEW):
            _better(few, _FEW)
        _better(many, _MANY)
    total = sum(many.values())
    figures = [Figure(name=f"payroll of {_MANY:,} employees", value=total * _MANY, unit="s")]
    for part, took_s in many.items():
        note = f"{took_s * 1e6:.0f} µs / {few[part] * 1e6:.0f} µs an employee"
        figures.append(Figure(name=f"  {part}: {_MANY:,} ÷ {_FEW}", value=took_s / few[part], goal=_FLAT, note=note))
    note = f"{total * 1e6:.0f} µs / {sum(few.values()) * 1e6:.0f} µs an employee"
    name = f"all of it: {_MANY:,} ÷ {_FEW} employees"
    return [*figures, Figure(name=name, value=total / sum(few.values()), goal=_FLAT, note=note)]


def _better(best: dict[str, float], employees: int) -> None:
    """One more round of a size: the best time an employee of each part is kept."""
    for part, took_s in _Company(employees).run().items():
        best[part] = min(best.get(part, float("inf")), took_s / employees)


@dataclass
class _Company:
    """A company of so many employees, half of them split over two cost centres, in a world with a payroll alone."""

    employees: int
    facts: list[Fact] = field(default_factory=list)
    took_s: dict[str, float] = field(default_factory=dict)

    def run(self) -> dict[str, float]:
        """Run the first half of January through every part; seconds by part."""
        books = load_dictionary(discovery.shipped() / "dictionaries" / "us-people.yaml")
        stack = {"accounting": "quickbooks", "banking": "plaid", "payroll": "gusto"}
        world = World(now=_NOW, stack=stack, options=_UNLIMITED)
        world.furnish(books)
        self._hire(world)
        with self._watching("register calculated and processed"):
            run_id = self._paid(world)
        with self._watching("register as the checks see it"):
            snapshot = world.snapshot().payroll()
        assert snapshot is not None
        told, receipt, report = self._fetched(world, run_id)
        mapping = load(Path(str(files("simharness"))) / "reference" / "mappings" / "us-people")
        with self._watching("journal, composed by the connector"):
            run = reading.read(reading.told(told, receipt), report, mapping.payroll)
            sides = journal.of_run(run, mapping.payroll)
        story = _record(books, snapshot, self.facts, sides, journal.day_of(run, mapping.payroll), mapping)
        with self._watching("checks V14, V15 and R5"):
            judged = Judged(story)
            for check in _CHECKS:
                result = check(judged.settled)
                assert result.examined, result.reason
                assert not result.findings, result.findings[:3]
        return self.took_s

    @contextmanager
    def _watching(self, part: str) -> Iterator[None]:
        """Count what the processor spends on the block; what else runs on the machine is not this company's."""
        gc.collect()
        gc.disable()
        began = time.process_time()
        try:
            yield
        finally:
            self.took_s[part] = time.process_time() - began
            gc.enable()

    def _hire(self, world: World) -> None:
        for number in range(self.employees):
            pay, half = Money(Decimal(48_000 + 24 * (number % 997)), "USD"), number % 2
            splits = (("CC-10", Decimal("0.6")), ("CC-30", Decimal("0.4"))) if half else ()
            act = HireEmployee(
                name=f"E{number}", department=_CENTRES[half][0], state="TX", hired=_TODAY, salary=pay,
                schedule="Semimonthly", splits=splits,
            )  # fmt: skip
            (saved,) = (e for e in world.operate("payroll", act, "people") if isinstance(e, EmployeeSaved))
            self.facts.append(
                EmployeeHired(
                    **_mark(1), employee=act.name, employee_id=saved.employee_id, department=act.department, state="TX",
                    hired=_TODAY, basis="salary", pay=pay, schedule="Semimonthly", splits=splits,
                )
            )  # fmt: skip

    def _paid(self, world: World) -> str:
        made = world.operate("payroll", RunPayroll(schedule="Semimonthly"), "people")
        run_id = next(each.payroll_id for each in made if isinstance(each, PayrollCalculated))
        done = world.operate("payroll", ApprovePayroll(payroll_id=run_id), "people")
        event = next(each for each in done if isinstance(each, PayrollProcessed))
        self.facts += [
            PayrollRun(
                **_mark(2), payroll="First half", payroll_id=run_id, kind="regular", schedule="Semimonthly",
                service_from=date(2026, 1, 1), service_to=date(2026, 1, 15), debit_on=event.debit_on,
                cheque_on=date(2026, 1, 15),
            ),
            PayrollApproved(
                **_mark(3), payroll="First half", payroll_id=run_id, by="people", net_debit=event.net_debit,
                tax_debit=event.tax_debit, debit_on=event.debit_on, reference=event.reference,
            ),
        ]  # fmt: skip
        return run_id

    def _fetched(self, world: World, run_id: str) -> tuple[Any, Any, Any]:
        """What the connector reads of the run: the payroll, its receipt and its ledger report."""
        at = world.connections()
        base, company = at["gusto.base_url"], at["gusto.company_id"]
        headers = {"authorization": f"Bearer {at['gusto.access_token']}", "x-gusto-api-version": "2024-04-01"}
        with httpx.Client(transport=WorldTransport(world), headers=headers, timeout=600) as client:

            def get(path: str, **params: str) -> Any:
                return _read(client.get(f"{base}{path}", params=params))

            with self._watching("ledger report, as served"):
                told = get(f"/v1/companies/{company}/payrolls/{run_id}", include="benefits,deductions,taxes")
                receipt = get(f"/v1/payrolls/{run_id}/receipt")
                asked = client.post(
                    f"{base}/v1/payrolls/{run_id}/reports/general_ledger", json={"aggregation": "department"}
                )
                request = _read(asked)["request_uuid"]
                world.advance(timedelta(minutes=10))
                (url,) = get(f"/v1/reports/{request}")["report_urls"]
                report = _read(client.get(url))
        return told, receipt, report


def _read(answer: httpx.Response) -> Json:
    """An answer as the connector reads it."""
    found: Json = _DECODER.decode(answer.raise_for_status().content)
    return found


def _mark(step: int) -> dict[str, Any]:
    return {"step": step, "verb": "payroll", "at": _NOW, "on": _TODAY}


def _record(
    books: Dictionary, payroll: PayrollSnapshot, facts: list[Fact], sides: tuple[Side, ...], day: date, mapping: Mapping
) -> RunRecord:
    """The record of the run with its one journal."""
    lines = tuple(
        EntryLine(
            account=mapping.accounts[side.role].number, amount=Money(side.amount, "USD"), cost_centre=side.cost_centre
        )
        for side in sides
    )
    run_id = payroll.payrolls[0].id
    entry = Entry(id="1", date=day, source="journal", source_id="1", lines=lines, note=f"gusto:payroll:{run_id}")
    ledger = LedgerSnapshot(
        vendor="quickbooks", entity="main", currency="USD", time_zone=books.time_zone, entries=(entry,),
        accounts=tuple(Account(id=a.number, number=a.number, name=a.name, kind=a.kind) for a in books.accounts),
    )  # fmt: skip
    rest = ConnectorFinished(**_mark(4), passes=1)
    header = RunHeader(
        story="A company is paid", started_at=_NOW, today=_TODAY, stack=(("payroll", "gusto"),), dictionary=books,
        connector=ConnectorInfo(name="reference", references=_REFERENCES),
    )  # fmt: skip
    world = WorldSnapshot(at=_NOW, ledgers=(ledger,), payrolls=(payroll,))
    return RunRecord(
        header=header, facts=(*facts, rest), checkpoints=(Checkpoint(step=4, name="at rest", world=world),)
    )
