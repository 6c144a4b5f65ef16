"""V15: every cheque adds up, is what the terms that were told call for, and the year to date is what stands of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from simharness.checks.findings import Reporter, amount, not_applicable, source_object
from simharness.checks.payroll.accounts import borne_by
from simharness.checks.payroll.cheque import Cheque
from simharness.checks.payroll.history import expected_cheques
from simharness.checks.payroll.law import Laws, read_laws
from simharness.checks.payroll.posted import PayrollBooks
from simharness.checks.payroll.register import gross_of, net_pay, years_to_date
from simharness.checks.payroll.split import COSTS, by_centre
from simharness.checks.payroll.told import ToldPerson, told_people
from simharness.checks.scope import Scope
from simharness.core.errors import UsageError
from simharness.core.money import Money
from simharness.domain.finding import CheckResult
from simharness.domain.payroll import PayCheque, Payroll
from simharness.domain.payroll_facts import EmployeeHired, PayrollRun

_ZERO = Decimal(0)
#: What a cheque says under a name: amounts of components, what of them each cost centre bears, taxed wages.
Said = dict[str, Decimal]
#: Sums by kind and code.
_Sums = dict[tuple[str, str], Decimal]


def cheques_are_right(scope: Scope) -> CheckResult:
    """V15 for every cheque of the register, every run that was told and processed, and every year to date shown."""
    books = scope.payroll
    if books is None:
        return not_applicable("V15", "this company's dictionary or world has no payroll")
    judge = _Cheques(scope, Reporter("V15", scope.record.header), books)
    for run in books.snapshot.payrolls:
        for cheque in run.cheques if run.status in ("calculated", "processed") else ():
            judge.adds_up(run, cheque)
    judge.taken_back()
    judge.years()
    if any(isinstance(fact, PayrollRun) for fact in scope.facts):
        judge.as_told(read_laws())
    return judge.report.result("no payroll was calculated")


@dataclass(slots=True)
class _Cheques:
    """The register of one state of the world under judgement."""

    scope: Scope
    report: Reporter
    books: PayrollBooks

    def adds_up(self, run: Payroll, cheque: PayCheque) -> None:
        """Gross − deductions − garnishments − the employee's taxes − what is not in cash + reimbursements = net."""
        self.report.examined += 1
        for what, should, shown in (("gross", gross_of(cheque), cheque.gross), ("net", net_pay(cheque), cheque.net)):
            if should != shown:
                self._found(run, cheque.employee, what, f"does not add up to its {what}", should, shown)
        if cheque.splits and sum((split.share for split in cheque.splits), _ZERO) != 1:
            shares = sum((split.share for split in cheque.splits), _ZERO)
            self._found(run, cheque.employee, "splits", "is not borne whole by cost centres", 1, shares)

    def taken_back(self) -> None:
        """What takes a cheque back is its exact negative, line by line."""
        paid = {cheque.id: cheque for run in self.books.snapshot.payrolls for cheque in run.cheques}
        for run in self.books.runs:
            for cheque in run.cheques:
                before = paid.get(cheque.reverses) if cheque.reverses else None
                if before is not None:
                    should = {name: -value for name, value in of_register(before).items()}
                    self._compare(run, cheque.employee, should, of_register(cheque), "does not take back")

    def years(self) -> None:
        """The sums of each tax year that the payroll shows are those of the cheques that stand."""
        should = years_to_date(self.books.snapshot.payrolls)
        shown: defaultdict[tuple[str, int], dict[tuple[str, str], Decimal]] = defaultdict(dict)
        for each in self.books.snapshot.years_to_date:
            shown[each.employee, each.tax_year] |= {(kind, code): sum.amount for kind, code, sum in each.sums}
        for key in dict.fromkeys([*should, *shown]):
            self.report.examined += 1
            due, there = should.get(key, {}), shown.get(key, {})
            wrong = [code for code in sorted({*due, *there}) if due.get(code, _ZERO) != there.get(code, _ZERO)]
            if wrong:
                self._year(key, {code: due.get(code, _ZERO) for code in wrong}, {c: there.get(c, _ZERO) for c in wrong})

    def as_told(self, laws: Laws) -> None:
        """Every cheque is the one that the facts call for, and no other was paid."""
        runs = {run.id: run for run in self.books.runs if run.kind in ("regular", "off_cycle")}
        known = {fact.payroll_id for fact in self.scope.facts if isinstance(fact, PayrollRun)}
        paid_to: defaultdict[str, dict[str, PayCheque]] = defaultdict(dict)
        for run in runs.values():
            for cheque in run.cheques:
                paid_to[cheque.employee][run.id] = cheque
        for id, person in told_people(self.scope.facts, self.books.policy).items():
            paid = paid_to.get(id, {})
            try:
                expected = self._expected(laws, person)
            except UsageError as unknown:
                for run_id in paid:
                    self._found(runs[run_id], id, "law", f"cannot be: {unknown.what}", "no cheque", "one")
                continue
            for run_id in dict.fromkeys([*expected, *paid]):
                if run_id in runs and run_id in known:
                    self._told(runs[run_id], id, expected.get(run_id), paid.get(run_id))

    def _expected(self, laws: Laws, person: ToldPerson) -> Mapping[str, Cheque]:
        return expected_cheques(laws, person.person, person.steps)

    def _told(self, run: Payroll, employee: str, due: Cheque | None, paid: PayCheque | None) -> None:
        self.report.examined += 1
        if due is None or paid is None:
            should = amount(due.net, self.books.snapshot.currency) if due is not None else "no cheque"
            what = "is missing" if paid is None else "is not called for"
            self._found(run, employee, "cheque", what, should, paid.net if paid is not None else "no cheque")
            return
        self._compare(run, employee, of_calculation(due), of_register(paid), "is not what the terms call for")
        if due.method != paid.supplemental:
            what = "taxes supplemental pay in another way"
            self._found(run, employee, "method", what, due.method or "none", paid.supplemental or "none")

    def _compare(self, run: Payroll, employee: str, should: Said, shown: Said, what: str) -> None:
        for name in dict.fromkeys([*should, *shown]):
            due, there = should.get(name, _ZERO), shown.get(name, _ZERO)
            if due != there:
                currency = self.books.snapshot.currency
                self._found(run, employee, name, f"{what}: {name}", amount(due, currency), amount(there, currency))

    def _found(self, run: Payroll, employee: str, key: str, what: str, expected: object, actual: object) -> None:
        risk = None
        if isinstance(actual, Money):
            risk = actual - expected if isinstance(expected, Money) else actual
        elif isinstance(expected, Money):
            risk = expected
        vendor = self.books.snapshot.vendor
        self.report.found(
            f"{run.id}:{employee}:{key.replace(' ', '-')}",
            f"the cheque of {self._name(employee)} in {self.books.words(run)} {what}",
            expected=expected,
            actual=actual,
            objects=[self.books.object(run.id), source_object(vendor, "employee", employee)],
            at_risk=risk,
            origin=self.books.origin(run.id),
        )

    def _year(self, key: tuple[str, int], should: _Sums, shown: _Sums) -> None:
        employee, year = key
        currency = self.books.snapshot.currency
        self.report.found(
            f"{employee}:{year}",
            f"the year to date {year} of {self._name(employee)} is not the sum of the cheques that stand",
            expected=_listed(should, currency),
            actual=_listed(shown, currency),
            objects=[source_object(self.books.snapshot.vendor, "employee", employee)],
            at_risk=Money(max(abs(shown[code] - should[code]) for code in should), currency),
        )

    def _name(self, employee: str) -> str:
        return next((repr(name) for name, id in self._names if id == employee), f"employee {employee}")

    @property
    def _names(self) -> Iterator[tuple[str, str]]:
        hired = (fact for fact in self.scope.facts if isinstance(fact, EmployeeHired))
        return ((fact.employee, fact.employee_id) for fact in hired)


def _listed(sums: _Sums, currency: str) -> str:
    return ", ".join(f"{' '.join(key).strip()} {amount(value, currency)}" for key, value in sums.items())


def of_register(cheque: PayCheque) -> Said:
    """What a cheque of the register says, lines of one code together."""
    said: defaultdict[str, Decimal] = defaultdict(Decimal)
    said["gross"], said["net"] = cheque.gross.amount, cheque.net.amount
    for line in cheque.components:
        said[f"{line.kind} {line.code}"] += line.amount.amount
        if line.base is not None and line.kind.endswith("_tax"):
            said[f"{line.kind} {line.code} wages"] += line.base.amount
        if line.code == "retro" and line.service_from is not None:
            said[f"retro of {line.service_from:%Y-%m}"] += line.amount.amount
        if line.kind in COSTS:
            for centre, part in borne_by(cheque, line):
                said[f"{line.kind} {line.code} of {centre or 'no cost centre'}"] += part
    return {name: value for name, value in said.items() if value}


def of_calculation(cheque: Cheque) -> Said:
    """The same of the second calculation."""
    said: defaultdict[str, Decimal] = defaultdict(Decimal)
    said["gross"], said["net"] = cheque.gross, cheque.net
    for line in cheque.lines:
        said[f"{line.kind} {line.code}"] += line.amount
        if line.amount and line.kind.endswith("_tax"):
            said[f"{line.kind} {line.code} wages"] += line.base
        if line.code == "retro" and line.service is not None:
            said[f"retro of {line.service[0]:%Y-%m}"] += line.amount
        if line.kind in COSTS:
            for centre, part in by_centre(line.amount, cheque.centres):
                said[f"{line.kind} {line.code} of {centre or 'no cost centre'}"] += part
    return {name: value for name, value in said.items() if value}
