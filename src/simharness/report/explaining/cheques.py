"""A pay cheque line by line: from the gross to the net, each tax and deduction beside what it was taken from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from simharness.domain.expectation import NetPayIs, RegisterShows
from simharness.domain.payroll import PayCheque, PayComponent, Payroll
from simharness.domain.payroll_facts import PayrollRun
from simharness.report.explaining.explanation import Table
from simharness.report.explaining.subject import Subject
from simharness.report.words import money_text

#: So many lines of a cheque, and so many cheques of a run, are shown.
_LINES = 20
_CHEQUES = 3
_SIGNS: Mapping[str, str] = MappingProxyType(
    {"deduction": "less ", "garnishment": "less ", "employee_tax": "less ", "reimbursement": "plus "}
)
_ON_TOP = frozenset({"employer_tax", "employer_benefit"})


def cheque_tables(subject: Subject) -> Iterator[Table]:
    """The cheques that a statement about net pay or about the sums of a register is judged by."""
    said = subject.said
    if not isinstance(said, NetPayIs | RegisterShows):
        return
    employees = subject.pages.names.employees
    names = {id: name for name, id in employees.items()}
    whose = employees.get(said.employee, said.employee) if isinstance(said, NetPayIs) else ""
    for fact in subject.payrolls:
        run = _run(subject, fact)
        cheques = [each for each in run.cheques if whose in ("", each.employee)] if run is not None else []
        for cheque in cheques[:_CHEQUES]:
            yield _cheque(cheque, fact, names.get(cheque.employee, "somebody"), with_employer=not whose)


def _run(subject: Subject, fact: PayrollRun) -> Payroll | None:
    checkpoint = subject.case.scope.checkpoint
    payrolls = checkpoint.world.payrolls if checkpoint is not None else ()
    return next((run for payroll in payrolls for run in payroll.payrolls if run.id == fact.payroll_id), None)


def _cheque(cheque: PayCheque, fact: PayrollRun, name: str, *, with_employer: bool) -> Table:
    lines = [line for line in cheque.components if with_employer or line.kind not in _ON_TOP]
    own = [line for line in lines if line.kind not in _ON_TOP]
    rows = [_row(line, "") for line in own if line.kind == "earning"]
    rows.append(("gross", "", money_text(cheque.gross)))
    rows += [_row(line, "less ") for line in own if line.kind == "earning" and not line.cash]
    rows += [_row(line, _SIGNS.get(line.kind, "")) for line in own if line.kind != "earning"]
    rows.append(("net", "", money_text(cheque.net)))
    rows += [_row(line, "the employer pays ") for line in lines if line.kind in _ON_TOP]
    if len(rows) > _LINES:
        rows = [*rows[:_LINES], (f"and {len(rows) - _LINES} more", "", "")]
    title = f"the cheque of {name!r} in payroll {fact.payroll!r}{_method(cheque, fact)}"
    return Table(title=title, columns=("", "taken from", "amount"), rows=tuple(rows), right=(1, 2))


def _row(line: PayComponent, sign: str) -> tuple[str, str, str]:
    base = money_text(line.base) if line.base is not None else ""
    return f"{sign}{line.name or line.code.replace('_', ' ')}", base, money_text(line.amount)


def _method(cheque: PayCheque, fact: PayrollRun) -> str:
    """How income tax was taken from a bonus, and why not as the run is for (Publication 15, section 7).

    A run may be for the flat rate without the story saying so.
    """
    if not cheque.supplemental:
        return ""
    why = ""
    if (fact.supplemental, cheque.supplemental) == ("flat", "aggregate") and cheque.gross.amount > 0:
        why = ", since flat needs regular pay from which income tax was withheld this year or the last"
    return f"; income tax on supplemental pay: {cheque.supplemental}{why}"
