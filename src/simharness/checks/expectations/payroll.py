"""Expectations on pay: what somebody gets, what a run comes to, how it was posted, the year so far, and who sees it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from simharness.checks.effects import Effect
from simharness.checks.expectations.case import Case
from simharness.checks.expectations.postings import Side, compare_postings
from simharness.checks.findings import source_object
from simharness.checks.payroll.accounts import borne_by
from simharness.checks.payroll.booked import booked
from simharness.checks.payroll.posted import payroll_books
from simharness.checks.payroll.register import net_pay
from simharness.checks.payroll.split import COSTS
from simharness.core.money import Money
from simharness.domain.books import Entry
from simharness.domain.claims import JournalEqualsRegister
from simharness.domain.expectation import (
    NetPayIs,
    NobodyIdentified,
    PayrollJournalIs,
    RegisterLine,
    RegisterShows,
    YearToDateShows,
)
from simharness.domain.payroll import PayCheque, PayComponent, Payroll, PayrollSnapshot
from simharness.domain.payroll_facts import PayrollCancelled, PayrollRun

#: What is owed to the employee or taken from them; `employer CODE` names what the employer pays on top.
_OWN = ("earning", "reimbursement", "deduction", "garnishment", "employee_tax")
_ON_TOP = ("employer_tax", "employer_benefit")
_EMPLOYER = "employer "
#: What a journal is summed by, where it is not its cost centres.
BY_ACCOUNT = "account"
#: What a reference ends with, where it takes back what was posted for a run before it was cancelled.
_TAKEN_BACK = "cancelled"


def net_pay_is(case: Case, said: NetPayIs) -> None:
    """What the cheque of an employee pays, as its lines say; nothing where there is no cheque."""
    run = _run(case, said.payroll)
    if run is None:
        return
    employee = case.names.employees.get(said.employee, said.employee)
    paid = [net_pay(cheque) for cheque in run.cheques if cheque.employee == employee]
    found = sum(paid, Money.zero(said.amount.currency))
    message = f"{said.employee!r} gets another net pay in {said.payroll!r}"
    case.differs("net", message, said.amount, found, _objects(case, run))


def register_shows(case: Case, said: RegisterShows) -> None:
    """The stated totals of a run."""
    run = _run(case, said.payroll)
    if run is None:
        return
    for line in said.lines:
        currency = line.amount.currency if line.amount is not None else case.zero().currency
        found = Money(sum(_amounts(run, line), Decimal(0)), currency)
        name = " ".join(filter(None, (line.kind, line.code, line.cost_centre)))
        message = f"the register of {said.payroll!r} shows another {name}"
        if line.amount is not None:
            case.differs(name, message, line.amount, found, _objects(case, run))
        elif not found:
            case.wrong(name, f"the register of {said.payroll!r} shows no {name}", f"any {name}", found)


def year_to_date_shows(case: Case, said: YearToDateShows) -> None:
    """The stated sums of a tax year as the payroll itself counts them; nothing where it counts none."""
    payroll = _payroll(case)
    if payroll is None:
        case.wrong("absent", "there is no payroll to look at", said.employee, "no payroll")
        return
    employee = case.names.employees.get(said.employee, said.employee)
    counted = [
        row
        for year in payroll.years_to_date
        if (year.employee, year.tax_year) == (employee, said.year)
        for row in year.sums
    ]
    for name, should in (*said.sums, *((name, None) for name in said.some)):
        kinds = _ON_TOP if name.startswith(_EMPLOYER) else _OWN
        code = name.removeprefix(_EMPLOYER)
        meant = [
            amount for kind, each, amount in counted if (kind == name and not each) or (kind in kinds and each == code)
        ]
        found = sum(meant, case.zero() if should is None else Money.zero(should.currency))
        if should is not None:
            case.differs(name, f"{said.employee!r} has another {name} in the year {said.year}", should, found)
        elif not found:
            case.wrong(name, f"{said.employee!r} has no {name} in the year {said.year}", f"any {name}", found)


def payroll_journal_is(case: Case, said: PayrollJournalIs) -> None:
    """The postings of the one entry that names the run, or the retro pay of a month of it, by account and cost centre.

    A table for people sums what an entry may post in several lines; debits and credits are told apart.
    """
    run = _run(case, said.payroll)
    if run is None:
        return
    noun = "payroll_retro" if said.retro else "payroll"
    named = case.scope.effects.of.get((noun, run.id), ())
    if said.retro:
        named = [effect for effect in named if effect.state.startswith(said.retro)]
    entries = _standing(named)
    posted: defaultdict[Side, Decimal] = defaultdict(Decimal)
    for line in (line for entry in entries for line in entry.lines if line.amount):
        posted[line.account, line.amount.amount > 0, line.cost_centre] += line.amount.amount
    objects = [f"{case.vendor}:journal:{entry.id}" for entry in entries] or _objects(case, run)
    if len(entries) > 1:
        message = f"{said.payroll!r} has several journals"
        case.wrong("several", message, "one journal", f"{len(entries)} journals", objects=objects)
    other = f"the journal of {said.payroll!r} is another one" if entries else f"{said.payroll!r} has no journal"
    compare_postings(case, said.lines, posted, other, objects)
    for entry in entries:
        if said.dated is not None and entry.date != said.dated:
            message = f"the journal of {said.payroll!r} has another day"
            case.wrong("dated", message, said.dated, entry.date, objects=objects)


def journal_equals_register(case: Case, said: JournalEqualsRegister) -> None:
    """What the entries of a run post, retro pay of other months among them, is what its cheques come to.

    By account all of it counts, by cost centre what is a cost. Several entries of one run count together, so that a
    journal that was posted twice is twice the register.
    """
    run = _run(case, said.payroll)
    books = payroll_books(case.scope)
    if run is None or books is None:
        return
    named = case.scope.effects.of
    own, retro = named.get(("payroll", run.id), ()), named.get(("payroll_retro", run.id), ())
    entries = [*_standing(own), *_standing(retro)]
    objects = [f"{case.vendor}:journal:{entry.id}" for entry in entries] or _objects(case, run)
    if not entries:
        case.wrong("absent", f"{said.payroll!r} has no journal", "a journal", "none", objects=objects)
        return
    should, found = defaultdict[str, Decimal](Decimal), defaultdict[str, Decimal](Decimal)
    for sums, postings in (
        (should, booked(run, books.policy, books.accounts).postings), (found, books.sums(entries))
    ):  # fmt: skip
        for (number, centre), value in postings.items():
            if said.by == BY_ACCOUNT:
                sums[case.scope.number_label(number)] += value
            elif number in books.accounts.expenses:
                sums[centre or "no cost centre"] += value
    currency = case.zero().currency
    for key in dict.fromkeys([*should, *found]):
        message = f"the journal of {said.payroll!r} is not its register for {key}"
        case.differs(key, message, Money(should[key], currency), Money(found[key], currency), objects)


def nobody_identified(case: Case, said: NobodyIdentified) -> None:
    """What was looked for was seen in none of the systems, and something of each was looked at."""
    watches = [watch for watch in case.judged.record.watches if watch.canaries]
    if not watches:
        case.wrong("absent", "nobody is in this world who could be identified", "somebody to look for", "nobody")
        return
    for system in said.systems:
        sinks = _SINKS.get(system, (system,))
        if not any(count for watch in watches for sink, count in watch.sinks if sink in sinks):
            case.wrong(f"{system}:unread", f"nothing of {system} was looked at", "something to look at", "nothing")
        seen = [each for watch in watches for each in watch.sightings if each.sink in sinks]
        if seen:
            fields = ", ".join(dict.fromkeys(each.field.replace("_", " ") for each in seen))
            people = [*dict.fromkeys(f"person:{each.subject}" for each in seen)][:_SHOWN]
            where = f"{fields} at {seen[0].place}" + (f" and {len(seen) - 1} more" if len(seen) > 1 else "")
            case.wrong(system, f"somebody can be identified in {system}", "nobody", where, objects=people)


#: The sinks of what a story calls by one word.
_SINKS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"alerts": ("alert", "operations"), "error_queue": ("reject", "dead_letter")}
)
#: So many people are named at most.
_SHOWN = 10


def _standing(named: Iterable[Effect]) -> list[Entry]:
    """What is left of the entries that name a run once those are gone that were taken back with it."""
    entries: list[Entry] = []
    for effect in named:
        if not effect.state.endswith(_TAKEN_BACK):
            entries.append(effect.entry)
        elif entries:
            entries.pop()
    return entries


def _payroll(case: Case) -> PayrollSnapshot | None:
    return case.scope.checkpoint.world.payroll() if case.scope.checkpoint else None


def _run(case: Case, name: str) -> Payroll | None:
    """A run of the story by its name, or by the month in which its service ends; a finding, and None, for no such run.

    Of the runs of a month those that were cancelled do not count, and one of a schedule goes before those beside it.
    """
    payroll = _payroll(case)
    ids = [case.names.payrolls[name]] if name in case.names.payrolls else _ids_of_month(case, name)
    if len(ids) > 1:
        called = {fact.payroll_id: fact.payroll for fact in case.scope.facts if isinstance(fact, PayrollRun)}
        runs = ", ".join(repr(called[id]) for id in ids)
        case.wrong("several", f"{name} has several payrolls: name the one that is meant", "one payroll", runs)
        return None
    run = next((each for each in payroll.payrolls if [each.id] == ids), None) if payroll else None
    if run is None:
        case.wrong("absent", f"payroll has no run {name!r}", name, "no such run")
    return run


def _ids_of_month(case: Case, month: str) -> list[str]:
    runs: dict[str, PayrollRun] = {}
    for fact in case.scope.facts:
        if isinstance(fact, PayrollRun) and f"{fact.service_to:%Y-%m}" == month:
            runs[fact.payroll_id] = fact
        elif isinstance(fact, PayrollCancelled):
            # What is run again afterwards may bear the same id.
            runs.pop(fact.payroll_id, None)
    regular = [id for id, fact in runs.items() if fact.kind == "regular"]
    return regular or list(runs)


def _objects(case: Case, run: Payroll) -> list[str]:
    payroll = _payroll(case)
    return [source_object(payroll.vendor, "payroll", run.id, "")] if payroll else []


def _amounts(run: Payroll, wanted: RegisterLine) -> Iterator[Decimal]:
    for cheque in run.cheques:
        if wanted.kind == "net":
            yield net_pay(cheque).amount
            continue
        for line in cheque.components:
            if line.kind == wanted.kind and wanted.code in ("", line.code):
                yield from _share(cheque, line, wanted.cost_centre)


def _share(cheque: PayCheque, line: PayComponent, centre: str | None) -> Iterator[Decimal]:
    """What of a line is a cost centre's; all of it where none is asked for. Only what the company bears is split."""
    if centre is None:
        yield line.amount.amount
    elif line.kind in COSTS:
        yield from (part for code, part in borne_by(cheque, line) if code == centre)
