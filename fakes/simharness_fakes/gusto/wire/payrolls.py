"""Payrolls on the wire: what Gusto tells of a run, of its cheques, and of what the company is debited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from simharness.domain.payroll import PayCheque, PayComponent
from simharness_fakes.gusto.state import version_of
from simharness_fakes.gusto.wire.forms import (
    FREQUENCIES,
    METHODS,
    Object,
    day,
    dollars,
    hours,
    instant,
    number,
    reference,
)
from simharness_fakes.payroll.earnings import REIMBURSEMENT, PayItem
from simharness_fakes.payroll.runs import CALCULATED, EXTERNAL, OFF_CYCLE, PROCESSED, REGULAR, REVERSAL, Run

if TYPE_CHECKING:
    from simharness_fakes.gusto.fake import Gusto

ZERO = Decimal(0)
#: Gusto's words for why a run is off cycle, by the house's.
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "bonus": "Bonus",
        "correction": "Correction",
        "dismissal": "Dismissed employee",
        "hiring": "Hired employee",
        "transition": "Transition from old pay schedule",
    }
)
#: Earnings that are paid by the hour, by the engine's code: (Gusto's name, times the rate).
HOURLY: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "salary": ("Regular Hours", "1.0"),
        "hourly": ("Regular Hours", "1.0"),
        "overtime": ("Overtime", "1.5"),
        "double_overtime": ("Double overtime", "2.0"),
    }
)
PTO = "Paid time off"
#: A year of work, by which the hours of a salary are told.
_YEAR_HOURS = Decimal(2080)


class Sums:
    """The sums of some cheques as Gusto's totals have them."""

    def __init__(self, cheques: Iterable[PayCheque]) -> None:
        self.cheques = tuple(cheques)
        self.lines = [line for cheque in self.cheques for line in cheque.components]

    def of(self, *kinds: str, codes: tuple[str, ...] = ()) -> Decimal:
        """What components of some kinds, and of some codes, come to; what is not paid in cash is left out."""
        wanted = (line for line in self.lines if line.kind in kinds and line.cash)
        return sum((line.amount.amount for line in wanted if not codes or line.code in codes), ZERO)

    def non_cash(self) -> Decimal:
        """What is earned and not paid in money."""
        return sum((line.amount.amount for line in self.lines if not line.cash), ZERO)

    def net(self, method: str = "") -> Decimal:
        """Net pay without reimbursements, of those paid in one way or of all."""
        return sum((_net(each) for each in self.cheques if method in ("", each.method)), ZERO)

    def reimbursed(self, method: str = "") -> Decimal:
        """Reimbursements, of those paid in one way or of all."""
        return sum((_reimbursed(each) for each in self.cheques if method in ("", each.method)), ZERO)


def shown(fake: Gusto, run: Run, *include: str) -> Object:
    """What every answer tells of a payroll. `include`: totals, payroll_status_meta."""
    processed = run.status == PROCESSED
    out: Object = {
        "payroll_deadline": instant(deadline(fake, run)),
        "check_date": day(run.cheque_on),
        "processed": processed,
        "processed_date": day(fake.day_of(run.processed_at)) if run.processed_at else None,
        "calculated_at": instant(run.calculated_at),
        "uuid": run.id,
        "payroll_uuid": run.id,
        "company_uuid": fake.state.company.id,
        "off_cycle": run.kind in (OFF_CYCLE, REVERSAL),
        "off_cycle_reason": reason(run),
        "auto_pilot": False,
        "external": run.kind == EXTERNAL,
        "final_termination_payroll": run.reason == "dismissal",
        "withholding_pay_period": FREQUENCIES[fake.state.office.state.schedule(run.schedule).frequency],
        "skip_regular_deductions": not run.with_deductions,
        "fixed_withholding_rate": run.kind == OFF_CYCLE and run.supplemental == "flat",
        "pay_period": {
            "start_date": day(run.service_from),
            "end_date": day(run.service_to),
            "pay_schedule_uuid": run.schedule or None,
        },
        "created_at": instant(run.created_at),
    }
    if "totals" in include and run.status in (CALCULATED, PROCESSED):
        out["totals"] = totals(Sums(each.pay for each in run.cheques))
    if "payroll_status_meta" in include:
        out["payroll_status_meta"] = _status(fake, run)
    return out


def reason(run: Run) -> str | None:
    """Why a run is off cycle; None for a regular one."""
    if run.kind == REVERSAL:
        return "Reversal"
    return REASONS.get(run.reason, "Correction") if run.kind == OFF_CYCLE else None


def deadline(fake: Gusto, run: Run) -> datetime:
    """Until when a payroll may be submitted."""
    local = datetime.combine(run.debit_on, fake.profile.deadline, tzinfo=fake.profile.deadline_zone)
    return local.astimezone(UTC)


def totals(sums: Sums) -> Object:
    """The totals of a payroll. The company is debited net pay, reimbursements and taxes; cheques it pays itself."""
    net, back = sums.net("direct_deposit"), sums.reimbursed("direct_deposit")
    taxes = sums.of("employee_tax", "employer_tax")
    known = ("salary", "hourly", "overtime", "double_overtime", "pto", "bonus", "commission")
    earned = sums.of("earning")
    return {
        "company_debit": dollars(net + back + taxes),
        "net_pay_debit": dollars(net),
        "tax_debit": dollars(taxes),
        "reimbursement_debit": dollars(back),
        "child_support_debit": "0.00",
        "reimbursements": dollars(sums.reimbursed()),
        "net_pay": dollars(sums.net()),
        "gross_pay": dollars(earned),
        "employee_bonuses": dollars(sums.of("earning", codes=("bonus",))),
        "employee_commissions": dollars(sums.of("earning", codes=("commission",))),
        "employee_cash_tips": "0.00",
        "employee_paycheck_tips": "0.00",
        "additional_earnings": dollars(earned - sums.of("earning", codes=known)),
        "owners_draw": "0.00",
        "check_amount": dollars(sums.net("check") + sums.reimbursed("check")),
        "employer_taxes": dollars(sums.of("employer_tax")),
        "employee_taxes": dollars(sums.of("employee_tax")),
        "benefits": dollars(sums.of("employer_benefit")),
        "employee_benefits_deductions": dollars(sums.of("deduction")),
        "imputed_pay": dollars(sums.non_cash()),
        "deferred_payroll_taxes": "0.00",
        "other_deductions": dollars(sums.of("garnishment")),
    }


def company_taxes(run: Run) -> list[Object]:
    """The taxes of both sides by name, summed over everybody."""
    sums: dict[tuple[str, bool], Decimal] = {}
    for cheque in run.cheques:
        for line in cheque.pay.components:
            if line.kind in ("employee_tax", "employer_tax"):
                key = (line.name, line.kind == "employer_tax")
                sums[key] = sums.get(key, ZERO) + line.amount.amount
    return [
        {"name": name, "employer": employer, "amount": dollars(amount)} for (name, employer), amount in sums.items()
    ]


def paid(fake: Gusto, run: Run, cheque: PayCheque, include: Iterable[str]) -> Object:
    """What somebody is paid by a calculated payroll; gross, net and the amount of the cheque only once processed."""
    processed = run.status == PROCESSED
    out: Object = {
        "employee_uuid": cheque.employee,
        "excluded": False,
        "version": compensation_version(run, cheque.employee),
        "gross_pay": number(_gross(cheque)) if processed else None,
        "net_pay": number(_net(cheque)) if processed else None,
        "check_amount": number(_net(cheque) + _reimbursed(cheque)) if processed else None,
        "payment_method": METHODS[cheque.method],
        "memo": None,
        **_earned(fake, run, cheque),
    }
    if "benefits" in include and processed:
        out["benefits"] = _benefits(cheque.components)
    if "deductions" in include and processed:
        taken = [line for line in cheque.components if line.kind == "garnishment"]
        out["deductions"] = [{"name": line.name, "amount": number(line.amount)} for line in taken]
    if "taxes" in include:
        taxes = [line for line in cheque.components if line.kind in ("employee_tax", "employer_tax")]
        out["taxes"] = [
            {"name": line.name, "employer": line.kind == "employer_tax", "amount": number(line.amount)}
            for line in taxes
        ]
    return out


def to_pay(fake: Gusto, run: Run, employee: str) -> Object:
    """What was entered for somebody in a payroll that is not calculated: everything that may be entered is shown."""
    entered = [item for item in run.items if item.employee == employee]
    person, job = fake.state.office.state.employee(employee), fake.job_of(employee)
    term = person.term_on(run.service_to)
    fixed = dict.fromkeys(("Bonus", "Commission", "Reimbursement"), ZERO)
    timed = dict.fromkeys(("Regular Hours", "Overtime", "Double overtime"), ZERO)
    off = ZERO
    for item in entered:
        if item.hours is not None and item.code == "pto":
            off += item.hours
        elif item.hours is not None:
            name = HOURLY[item.code][0]
            timed[name] = timed.get(name, ZERO) + item.hours
        elif item.amount is not None:
            name = fixed_name(fake, item)
            fixed[name] = fixed.get(name, ZERO) + item.amount.amount
    times = dict(HOURLY.values())
    flsa = flsa_of(term.basis)
    return {
        "employee_uuid": employee,
        "excluded": employee in run.excluded,
        "version": compensation_version(run, employee),
        "gross_pay": None,
        "net_pay": None,
        "check_amount": None,
        "payment_method": METHODS[person.method],
        "memo": None,
        "fixed_compensations": [
            {"name": name, "amount": dollars(amount), "job_uuid": job} for name, amount in fixed.items()
        ],
        "hourly_compensations": [
            {
                "name": name,
                "hours": hours(count),
                "job_uuid": job,
                "compensation_multiplier": Decimal(times[name]),
                "flsa_status": flsa,
            }
            for name, count in timed.items()
        ],
        "paid_time_off": [{"name": PTO, "hours": hours(off), "final_payout_unused_hours_input": hours(ZERO)}],
    }


def flsa_of(basis: str) -> str:
    """The status of a job: who gets a salary is exempt from overtime."""
    return "Exempt" if basis == "salary" else "Nonexempt"


def compensation_version(run: Run, employee: str) -> str:
    """The version of what was entered for somebody: another one whenever something else was entered."""
    entered = tuple(item for item in run.items if item.employee == employee)
    return version_of(run.id, employee, employee in run.excluded, entered)


def fixed_name(fake: Gusto, item: PayItem) -> str:
    """The name of an item as Gusto lists it."""
    if item.code == REIMBURSEMENT:
        return "Reimbursement"
    return fake.state.office.state.types[item.code].name


def pay_stub(run: Run, cheque: PayCheque) -> Object:
    """A pay stub."""
    return {
        "uuid": cheque.id,
        "check_date": day(run.cheque_on),
        "gross_pay": dollars(_gross(cheque)),
        "net_pay": dollars(_net(cheque)),
        "payroll_uuid": run.id,
        "check_amount": dollars(_net(cheque) + _reimbursed(cheque)),
    }


def receipt(fake: Gusto, run: Run) -> Object:
    """What a processed payroll took from the company, and when. `debit_reference` is what its bank's statement shows:
    Gusto has no such field, and the words of its licences are left out.
    """
    sums = Sums(each.pay for each in run.cheques)
    told = totals(sums)
    taxes: dict[str, Decimal] = {}
    for line in sums.lines:
        if line.kind in ("employee_tax", "employer_tax"):
            taxes[line.name] = taxes.get(line.name, ZERO) + line.amount.amount
    return {
        "payroll_uuid": run.id,
        "company_uuid": fake.state.company.id,
        "name_of_sender": fake.state.company.name,
        "name_of_recipient": "Payroll Recipients",
        "debit_date": day(run.debit_on),
        "debit_reference": reference(run.id),
        "totals": {
            name: told[name]
            for name in ("company_debit", "net_pay_debit", "child_support_debit", "reimbursement_debit", "tax_debit")
        },
        "taxes": [{"name": name, "amount": dollars(amount)} for name, amount in taxes.items()],
        "employee_compensations": [_received(fake, each.pay) for each in run.cheques],
    }


def _received(fake: Gusto, cheque: PayCheque) -> Object:
    person = fake.state.people.get(cheque.employee)
    sums = Sums((cheque,))
    return {
        "employee_uuid": cheque.employee,
        "employee_first_name": person.first_name if person else "",
        "employee_last_name": person.last_name if person else "",
        "payment_method": METHODS[cheque.method],
        "net_pay": dollars(sums.net()),
        "total_tax": dollars(sums.of("employee_tax")),
        "total_garnishments": dollars(sums.of("garnishment")),
        "child_support_garnishment": "0.00",
        "total_reimbursement": dollars(sums.reimbursed()),
    }


def reversal(run: Run) -> Object:
    """A reversal: which payroll it took back, whose cheques, and why."""
    return {
        "reversed_payroll_uuid": run.reverses,
        "reversal_payroll_uuid": run.id,
        "reason": run.reason or "Payroll reversed",
        "approved_at": instant(run.processed_at),
        "category": "other",
        "reversed_employee_uuids": [each.pay.employee for each in run.cheques],
    }


def _earned(fake: Gusto, run: Run, cheque: PayCheque) -> Object:
    job = fake.job_of(cheque.employee)
    fixed: list[Object] = []
    timed: list[Object] = []
    off: list[Object] = []
    for line in cheque.components:
        if line.kind == "reimbursement":
            fixed.append({"name": "Reimbursement", "amount": dollars(line.amount), "job_uuid": job})
        elif line.kind == "earning" and line.code == "pto":
            spent = {"name": PTO, "hours": hours(line.hours), "final_payout_unused_hours_input": hours(ZERO)}
            off.append(spent)
        elif line.kind == "earning" and line.code in HOURLY:
            name, times = HOURLY[line.code]
            timed.append(
                {
                    "name": name,
                    "hours": hours(line.hours if line.hours is not None else _salaried_hours(fake, run)),
                    "amount": dollars(line.amount),
                    "job_uuid": job,
                    "compensation_multiplier": Decimal(times),
                    "flsa_status": "Exempt" if line.code == "salary" else "Nonexempt",
                }
            )
        elif line.kind == "earning":
            fixed.append({"name": earning_name(line), "amount": dollars(line.amount), "job_uuid": job})
    return {"fixed_compensations": fixed, "hourly_compensations": timed, "paid_time_off": off}


def earning_name(line: PayComponent) -> str:
    """An earning's name; pay for a period that is past says the month in which its service ended."""
    if line.code == "retro" and line.service_to is not None:
        return f"{line.name} ({line.service_to:%Y-%m})"
    return line.name


def _salaried_hours(fake: Gusto, run: Run) -> Decimal:
    return _YEAR_HOURS / fake.state.office.state.schedule(run.schedule).periods_a_year()


def _benefits(lines: Iterable[PayComponent]) -> list[Object]:
    """What the employee and the company pay into each benefit, by name."""
    found: dict[str, list[Decimal]] = {}
    for line in lines:
        if line.kind in ("deduction", "employer_benefit"):
            sides = found.setdefault(line.name, [ZERO, ZERO])
            sides[line.kind == "employer_benefit"] += line.amount.amount
    return [
        {
            "name": name,
            "employee_deduction": number(own),
            "company_contribution": number(companys),
            "imputed": False,
        }
        for name, (own, companys) in found.items()
    ]


def _status(fake: Gusto, run: Run) -> Object:
    cancellable = run.status == PROCESSED and run.kind in (REGULAR, OFF_CYCLE) and fake.today < run.debit_on
    return {
        "cancellable": cancellable,
        "expected_check_date": day(run.cheque_on),
        "initial_check_date": day(run.cheque_on),
        "expected_debit_time": instant(deadline(fake, run)),
        "payroll_late": run.status != PROCESSED and fake.today > run.debit_on,
        "initial_debit_cutoff_time": instant(deadline(fake, run)),
    }


def _gross(cheque: PayCheque) -> Decimal:
    return sum((line.amount.amount for line in cheque.components if line.kind == "earning" and line.cash), ZERO)


def _reimbursed(cheque: PayCheque) -> Decimal:
    return sum((line.amount.amount for line in cheque.components if line.kind == "reimbursement"), ZERO)


def _net(cheque: PayCheque) -> Decimal:
    return cheque.net.amount - _reimbursed(cheque)
