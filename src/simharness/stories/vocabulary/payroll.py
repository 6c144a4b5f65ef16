"""How people are paid: runs, approvals and what takes them back, and the money that leaves for plans and by cheque."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from simharness.core.money import Money
from simharness.domain import events
from simharness.domain.acts import Act, ActRefused, MoveBankMoney
from simharness.domain.fact import BankMoved
from simharness.domain.payroll import PayCheque, Payroll
from simharness.domain.payroll_facts import (
    EmployeeHired,
    PayrollApproved,
    PayrollCancelled,
    PayrollReversed,
    PayrollRun,
)
from simharness.domain.people import ApprovePayroll, CancelPayroll, OffCyclePayroll, ReversePayroll, RunPayroll
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.gateway import BANK
from simharness.stories.vocabulary.people import PEOPLE
from simharness.stories.vocabulary.verb import Action, Sentence, Verb

#: How the bank's statement names what the company pays on: to a plan or insurer, and a pay cheque by its number.
REMITTANCE, PAY_CHEQUE = "REMITTANCE", "PAY CHEQUE"
#: A pay cheque's number is so much of the beginning of its id.
_NUMBER_DIGITS = 8


class RunRegular(Action, frozen=True, kw_only=True):
    """The regular run of a schedule is calculated: that of a pay day, or the next that has no run.

    The schedule may be left out where everybody is paid by one. `entity`: whose, in a story of several; unless said
    that of the first that pays people.
    """

    payroll_run: t.NewPayroll
    schedule: t.PaySchedule | None = None
    cheque_on: date | None = None
    entity: t.EntityName | None = None


class RunOffCycle(Action, frozen=True, kw_only=True):
    """A run beside the schedule is calculated, which pays one employee one amount.

    `because`: bonus, correction, dismissal or other words; `code`: what it is, as bonus, commission or retro. Days of
    service are said where it corrects some that were paid before. `supplemental`: income tax on a bonus, a commission
    or retro pay is `flat` (22 %) unless `aggregate` is said (by the tables, on top of the last regular pay of the
    year). Flat needs income tax withheld from regular wages this year or last: without a regular run before it, both
    come to the same, by the tables. Above 1,000,000 in a year it is 37 % in either case.
    """

    off_cycle: t.NewPayroll
    pays: Money
    to: t.EmployeeName
    cheque_on: date
    code: t.EarningCode = "bonus"
    supplemental: t.Withheld = "flat"
    because: str = "bonus"
    service_from: date | None = None
    service_to: date | None = None


#: Who is paid has one more payroll, whether or not it is named: that of its month.
PaidBeside = Annotated[t.EmployeeName, t.Adds("payroll")]


class OffCyclePays(Action, frozen=True, kw_only=True):
    """The same in short words: a run beside the schedule that need not have a name. Days of service are said where it
    corrects some that were paid before. `supplemental`: income tax is `flat`, 22 %, or `aggregate`, by the tables;
    without income tax withheld from regular wages before, it is by the tables in either case.
    """

    off_cycle_pays: Money
    to: PaidBeside
    cheque_on: date
    because: str = "bonus"
    code: t.EarningCode = "bonus"
    supplemental: t.Withheld = "flat"
    service_from: date | None = None
    service_to: date | None = None
    name: t.NewPayroll | None = msgspec.field(name="as", default=None)


class Approve(Action, frozen=True, kw_only=True):
    """Somebody approves a calculated run: it is processed, and the provider will collect the money."""

    payroll_approved: t.PayrollName
    by: str = PEOPLE


class Cancel(Action, frozen=True, kw_only=True):
    """An approved run is taken back before the provider collected; it may be run again, under another name here."""

    payroll_cancelled: t.PayrollName


class Reverse(Action, frozen=True, kw_only=True):
    """A processed run is taken back by another run, which need not have a name: all of it, or the cheques of some
    employees.
    """

    payroll_reversed: t.PayrollName
    name: t.NewPayroll | None = msgspec.field(name="as", default=None)
    employees: tuple[t.EmployeeName, ...] = ()
    because: str = ""


class Remit(Action, frozen=True, kw_only=True):
    """The company pays a plan, an insurer or a creditor what was taken for it; the statement names the payee."""

    company_remits: Money
    payee: str
    entity: t.EntityName | None = None


class Cash(Action, frozen=True, kw_only=True):
    """An employee cashes the pay cheque of a payroll; the statement names its number."""

    pay_cheque_cashed: t.EmployeeName
    payroll: t.PayrollName


def _run(stage: Stage, p: RunRegular) -> None:
    schedule = p.schedule or only_schedule(stage)
    act = RunPayroll(cheque_on=p.cheque_on, schedule=schedule, entity=p.entity or "")
    run = calculated(stage, p.payroll_run, act)
    stage.record(run_told(stage, p.payroll_run, run, schedule))


def only_schedule(stage: Stage) -> str:
    """The schedule by which everybody of the story is paid; "" where nobody said one: the payroll system decides."""
    told = {fact.schedule for fact in stage.facts if isinstance(fact, EmployeeHired)}
    if len(told) > 1:
        names = ", ".join(sorted(each or "none said" for each in told))
        raise ActRefused(f"people are paid by several schedules ({names}): say which one is run")
    return next(iter(told), "")


def _off_cycle(stage: Stage, p: RunOffCycle) -> None:
    employee_id = stage.cast.employees[p.to]
    act = OffCyclePayroll(
        employee_id=employee_id,
        amount=p.pays,
        cheque_on=p.cheque_on,
        code=p.code,
        supplemental=p.supplemental,
        reason=p.because,
        service_from=p.service_from,
        service_to=p.service_to,
    )
    fact = run_told(stage, p.off_cycle, calculated(stage, p.off_cycle, act), "")
    stage.record(
        msgspec.structs.replace(
            fact,
            employee=p.to,
            employee_id=employee_id,
            code=p.code,
            amount=p.pays,
            supplemental=p.supplemental,
            reason=p.because,
            corrects=(p.service_from, p.service_to) if p.service_from and p.service_to else None,
        )
    )


def _off_cycle_pays(stage: Stage, p: OffCyclePays) -> None:
    _off_cycle(
        stage,
        RunOffCycle(
            off_cycle=p.name or f"{p.because} of {p.to} on {p.cheque_on}",
            pays=p.off_cycle_pays,
            to=p.to,
            cheque_on=p.cheque_on,
            because=p.because,
            code=p.code,
            supplemental=p.supplemental,
            service_from=p.service_from,
            service_to=p.service_to,
        ),
    )


def calculated(stage: Stage, name: str, act: Act) -> Payroll:
    """Have a run calculated, and call it by its name."""
    made = stage.only(stage.operate("payroll", act, PEOPLE), events.PayrollCalculated)
    stage.cast.payrolls[name] = made.payroll_id
    return payroll_of(stage, made.payroll_id)


def run_told(stage: Stage, name: str, run: Payroll, schedule: str) -> PayrollRun:
    """The fact that a run was calculated."""
    return PayrollRun(
        **stage.mark,
        payroll=name,
        payroll_id=run.id,
        kind=run.kind,
        service_from=run.service_from,
        service_to=run.service_to,
        debit_on=run.debit_on,
        cheque_on=run.cheque_on,
        schedule=schedule,
        entity=_entity_of(stage, run.id),
    )


def approve(stage: Stage, p: Approve) -> None:
    """Have a run approved, and record what will be collected for it."""
    payroll_id = id_of(stage, p.payroll_approved)
    if payroll_id is None:
        return
    done = stage.operate("payroll", ApprovePayroll(payroll_id=payroll_id), p.by)
    for each in done:
        # A system that takes a second approval for no news says that nothing was processed.
        if isinstance(each, events.PayrollProcessed):
            stage.record(
                PayrollApproved(
                    **stage.mark,
                    payroll=p.payroll_approved,
                    payroll_id=each.payroll_id,
                    by=p.by,
                    net_debit=each.net_debit,
                    tax_debit=each.tax_debit,
                    debit_on=each.debit_on,
                    reference=each.reference,
                )
            )


def cancel(stage: Stage, p: Cancel) -> None:
    """Have a run taken back; `ActRefused` once the provider collected."""
    payroll_id = id_of(stage, p.payroll_cancelled)
    if payroll_id is None:
        return
    stage.operate("payroll", CancelPayroll(payroll_id=payroll_id), PEOPLE)
    stage.record(PayrollCancelled(**stage.mark, payroll=p.payroll_cancelled, payroll_id=payroll_id))


def _reverse(stage: Stage, p: Reverse) -> None:
    reversed_id = id_of(stage, p.payroll_reversed)
    if reversed_id is None:
        return
    ids = tuple(stage.cast.employees[each] for each in p.employees)
    act = ReversePayroll(payroll_id=reversed_id, employee_ids=ids, reason=p.because)
    done = stage.only(stage.operate("payroll", act, PEOPLE), events.PayrollProcessed)
    name = p.name or f"{p.payroll_reversed}, reversed"
    stage.cast.payrolls[name] = done.payroll_id
    stage.record(
        PayrollReversed(
            **stage.mark,
            payroll=name,
            payroll_id=done.payroll_id,
            reverses=reversed_id,
            reason=p.because,
            net_debit=done.net_debit,
            tax_debit=done.tax_debit,
            debit_on=done.debit_on,
            reference=done.reference,
            employee_ids=ids,
        )
    )


def _remit(stage: Stage, p: Remit) -> None:
    _leave(stage, p.company_remits, f"{REMITTANCE} {p.payee}", p.payee, "remittance", p.payee, p.entity or "")


def _cash(stage: Stage, p: Cash) -> None:
    payroll_id = id_of(stage, p.payroll)
    if payroll_id is None:
        return
    employee_id = stage.cast.employees[p.pay_cheque_cashed]
    cheque = next((each for each in payroll_of(stage, payroll_id).cheques if each.employee == employee_id), None)
    if cheque is None or cheque.method != "check":
        stage.impossible(f"{p.pay_cheque_cashed!r} has no pay cheque of {p.payroll!r} to cash")
        return
    # The statement does not say who cashed it.
    entity = _entity_of(stage, payroll_id)
    _leave(stage, cheque.net, f"{PAY_CHEQUE} {number_of(cheque)}", "", "pay_cheque", cheque.id, entity)


def number_of(cheque: PayCheque) -> str:
    """The number that is printed on a pay cheque."""
    return cheque.id.replace("-", "")[:_NUMBER_DIGITS].upper()


def _leave(stage: Stage, amount: Money, text: str, payee: str, purpose: str, subject: str, entity: str) -> None:
    """Let money leave the bank account of an entity, and record what it was for."""
    account = stage.bank_account(entity)
    act = MoveBankMoney(amount=-amount, reference=text, description=text, counterparty=payee, account=account)
    moved = stage.only(stage.operate("banking", act, BANK), events.BankMoneyMoved)
    stage.record(
        BankMoved(
            **stage.mark,
            line_id=moved.line_id,
            amount=act.amount,
            reference=text,
            counterparty=payee,
            purpose=purpose,
            subject=subject,
            entity=entity,
        )
    )


def id_of(stage: Stage, name: str) -> str | None:
    """The payroll system's id of a run of the story by its name, or by the month in which its service ends.

    None, with a fact that says so, for a run that was refused, and for a month of several. Of the runs of a month those
    that were cancelled do not count, and one of a schedule goes before those beside it.
    """
    found = stage.cast.payrolls.get(name)
    if found is not None:
        return found
    words = {id: word for word, id in stage.cast.payrolls.items()}
    runs = [
        run
        for each in stage.world.snapshot().payrolls
        for run in each.payrolls
        if run.id in words and f"{run.service_to:%Y-%m}" == name
        and run.status != "cancelled" and run.kind != "reversal"
    ]  # fmt: skip
    runs = [run for run in runs if run.kind == "regular"] or runs
    if len(runs) > 1:
        told = ", ".join(repr(words[run.id]) for run in runs)
        stage.impossible(f"{name} has several payrolls: {told}; name the one that is meant")
    elif not runs:
        stage.impossible(f"there is no payroll {name!r}: it was never calculated")
    return runs[0].id if len(runs) == 1 else None


def payroll_of(stage: Stage, payroll_id: str) -> Payroll:
    """A run as the payroll system has it."""
    payrolls = stage.world.snapshot().payrolls
    return next(run for each in payrolls for run in each.payrolls if run.id == payroll_id)


def _entity_of(stage: Stage, payroll_id: str) -> str:
    """Whose run it is, in a story of several entities; "" in one of a single one."""
    payrolls = stage.world.snapshot().payrolls if stage.is_group else ()
    return next((each.entity for each in payrolls for run in each.payrolls if run.id == payroll_id), "")


def _wrong_pays(p: OffCyclePays) -> str | None:
    return _wrong_beside(p, p.off_cycle_pays)


def _wrong_off_cycle(p: RunOffCycle) -> str | None:
    return _wrong_beside(p, p.pays)


def _wrong_beside(p: RunOffCycle | OffCyclePays, pays: Money) -> str | None:
    if (p.service_from is None) != (p.service_to is None):
        return "days of service are said from and to: give both"
    if p.service_from and p.service_to and p.service_to < p.service_from:
        return f"the service ends on {p.service_to}, before it begins on {p.service_from}"
    return f"{pays} is no pay: it must be more than zero" if pays.amount <= 0 else None


def _wrong_remittance(p: Remit) -> str | None:
    return f"{p.company_remits} is paid to nobody: it must be more than zero" if p.company_remits.amount <= 0 else None


VERBS = (
    Verb(
        name="payroll.run",
        phases=("given", "when"),
        heads=("payroll_run",),
        params=RunRegular,
        sentences=(
            Sentence(pattern="payroll {string} is run", binds=("payroll_run",)),
            Sentence(pattern="payroll {string} is run for the pay day {date}", binds=("payroll_run", "cheque_on")),
        ),
        fact="PayrollRun",
        does=_run,
    ),
    Verb(
        name="payroll.off_cycle",
        phases=("given", "when"),
        heads=("off_cycle",),
        params=RunOffCycle,
        sentences=(
            Sentence(
                pattern="the off-cycle payroll {string} pays {string} {money} on {date} because {string}",
                binds=("off_cycle", "to", "pays", "cheque_on", "because"),
            ),
        ),
        fact="PayrollRun",
        does=_off_cycle,
        wrong=_wrong_off_cycle,
    ),
    Verb(
        name="payroll.off_cycle_pays",
        phases=("given", "when"),
        heads=("off_cycle_pays",),
        params=OffCyclePays,
        sentences=(
            Sentence(
                pattern="an off-cycle payroll pays {string} {money} on {date} because {string}",
                binds=("to", "off_cycle_pays", "cheque_on", "because"),
            ),
        ),
        fact="PayrollRun",
        does=_off_cycle_pays,
        wrong=_wrong_pays,
    ),
    Verb(
        name="payroll.approved",
        phases=("given", "when"),
        heads=("payroll_approved",),
        params=Approve,
        sentences=(
            Sentence(pattern="payroll {string} is approved", binds=("payroll_approved",)),
            Sentence(pattern="payroll for {period} is approved", binds=("payroll_approved",)),
            Sentence(pattern="{string} approves payroll {string}", binds=("by", "payroll_approved")),
        ),
        fact="PayrollApproved",
        does=approve,
    ),
    Verb(
        name="payroll.cancelled",
        phases=("given", "when"),
        heads=("payroll_cancelled",),
        params=Cancel,
        sentences=(Sentence(pattern="payroll {string} is cancelled", binds=("payroll_cancelled",)),),
        fact="PayrollCancelled",
        does=cancel,
    ),
    Verb(
        name="payroll.reversed",
        phases=("given", "when"),
        heads=("payroll_reversed",),
        params=Reverse,
        sentences=(
            Sentence(
                pattern="payroll {string} is reversed by {string} because {string}",
                binds=("payroll_reversed", "name", "because"),
            ),
            Sentence(pattern="payroll {string} is reversed", binds=("payroll_reversed",)),
        ),
        fact="PayrollReversed",
        does=_reverse,
    ),
    Verb(
        name="payroll.company_remits",
        phases=("when",),
        heads=("company_remits",),
        params=Remit,
        sentences=(Sentence(pattern="the company remits {money} to {string}", binds=("company_remits", "payee")),),
        fact="BankMoved",
        does=_remit,
        wrong=_wrong_remittance,
    ),
    Verb(
        name="payroll.pay_cheque_cashed",
        phases=("when",),
        heads=("pay_cheque_cashed",),
        params=Cash,
        sentences=(
            Sentence(
                pattern="{string} cashes the pay cheque of payroll {string}", binds=("pay_cheque_cashed", "payroll")
            ),
        ),
        fact="BankMoved",
        does=_cash,
    ),
)
