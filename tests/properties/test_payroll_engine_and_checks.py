"""Whoever is paid, whatever changes: the payroll engine and the second calculation agree to the cent, line by line.

They share no code and no tables: the engine looks up what authorities print, the checks derive it from the law.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from decimal import Decimal
from itertools import islice

from hypothesis import example, given, settings
from msgspec import structs

from simharness.checks.payroll import (
    Cheque,
    Deductions,
    Ended,
    HoursWorked,
    OffCycle,
    Pay,
    Person,
    Placed,
    Regular,
    Stated,
    Step,
    TakenBack,
    expected_cheques,
    read_laws,
)
from simharness.checks.payroll.register import year_to_date
from simharness.checks.payroll.split import COSTS, by_centre
from simharness.core.money import Money
from simharness.domain.payroll import PayCheque, Withholding
from simharness_fakes.payroll import splits
from simharness_fakes.payroll.authority import Tables
from simharness_fakes.payroll.calendar import Period
from simharness_fakes.payroll.earnings import PayItem, Rules
from simharness_fakes.payroll.employees import PayTerm
from simharness_fakes.payroll.office import Office
from simharness_fakes.payroll.refusals import NetBelowZero
from simharness_fakes.payroll.runs import Run
from simharness_fakes.payroll.state import Settings, Stamp
from tests.properties.payrolls import (
    CENTRES,
    FIRST,
    NO_FREE_DAY,
    End,
    Extra,
    Hours,
    Move,
    PayHistory,
    Terms,
    Transfer,
    Turn,
    Void,
    pay_histories,
)

LAWS, TABLES = read_laws(), Tables()
OWN_RATES = (("us_tx_ui", Decimal("2.7")), ("us_ca_ui", Decimal("3.4")))
#: Last days of periods, which are paid three days later.
ANCHORS = {
    "weekly": dt.date(2025, 1, 5), "biweekly": dt.date(2025, 1, 5), "semimonthly": dt.date(2025, 1, 15),
    "monthly": dt.date(2025, 1, 31),
}  # fmt: skip
#: The year of which nobody ships the table of heads of households.
NO_HEADS = 2026
TODAY = Stamp(at=dt.datetime(2024, 12, 1, tzinfo=dt.UTC), today=dt.date(2024, 12, 1), actor="people")


class TooLittle(Exception):
    """The engine refuses a cheque below zero; the history ends there."""


class Play:
    """One history, told to the engine and noted as steps for the checks."""

    def __init__(self, history: PayHistory) -> None:
        who = history.hired
        counts: Counter[str] = Counter()

        def new_id(kind: str) -> str:
            counts[kind] += 1
            return f"{kind}-{counts[kind]}"

        rules = Rules(proration=who.proration, workweek_begins=who.week_starts)
        declared = Settings(rules=rules, own_rates=OWN_RATES, left_out=("us_ca_income_tax",))
        self.office = Office(declared, TABLES, new_id)
        anchor = ANCHORS[who.schedule]
        schedule = self.office.add_schedule(who.schedule, anchor, anchor + dt.timedelta(3))
        department = self.office.add_department("Sales", CENTRES[0]).id
        first = {"weekly": 7, "biweekly": 14, "semimonthly": 15, "monthly": 30}[who.schedule] * history.begins % 350
        self.periods = list(islice(schedule.periods(FIRST + dt.timedelta(first)), len(history.turns)))
        hired = self.day(who.days_late)
        self.department = department
        self.employee = self.office.hire(
            department=department, state=who.state, hired=hired, splits=who.shares, schedule=schedule.id,
            pay=PayTerm(from_day=hired, basis=who.terms.basis, rate=Money(who.terms.rate, "USD")),
        ).id  # fmt: skip
        self.person = Person(
            state=who.state, schedule=who.schedule, hired=hired, week_starts=who.week_starts, proration=who.proration,
            rates={code: percent / 100 for code, percent in OWN_RATES},
        )  # fmt: skip
        self.steps: list[Step] = [
            Pay(from_day=hired, basis=who.terms.basis, rate=who.terms.rate),
            Placed(from_day=hired, shares=who.shares),
        ]
        self.runs: dict[str, Run] = {}
        self.void: set[str] = set()

    def day(self, after: int) -> dt.date:
        return self.periods[0].service_from + dt.timedelta(after)

    def turn(self, turn: Turn, period: Period) -> None:
        for move in turn.moves:
            self.move(move, period)
        draft = self.office.draft_regular(TODAY, cheque_on=period.cheque_on)
        if turn.items:
            draft = self.office.change_run(draft.id, items=tuple(self.item(*item) for item in turn.items))
        self.steps.append(
            Regular(
                run=draft.id,
                service_from=period.service_from,
                service_to=period.service_to,
                cheque_on=period.cheque_on,
                items=turn.items,
            )
        )
        self.paid(draft)

    def item(self, code: str, amount: Decimal, service: tuple[dt.date, dt.date] | None = None) -> PayItem:
        first, last = service or (None, None)
        return PayItem(
            employee=self.employee, code=code, amount=Money(amount, "USD"), service_from=first, service_to=last
        )

    def paid(self, draft: Run) -> None:
        try:
            self.office.calculate(draft.id, TODAY)
        except NetBelowZero as refused:
            last = expected_cheques(LAWS, self.person, self.steps)[draft.id]
            left = last.net - last.total("reimbursement")
            assert left < 0, f"the engine refuses a cheque that leaves {left}"
            raise TooLittle from refused
        self.runs[draft.id] = self.office.process(draft.id, TODAY)

    def move(self, move: Move, period: Period) -> None:
        if isinstance(move, Extra):
            self.pay_beside(move, period)
        elif isinstance(move, Void):
            self.take_back(move)
        elif isinstance(move, Terms):
            day = max(self.person.hired, self.day(move.after))
            term = PayTerm(from_day=day, basis=move.basis, rate=Money(move.rate, "USD"))
            self.office.change_pay(self.employee, term)
            self.steps.append(Pay(from_day=day, basis=move.basis, rate=move.rate))
        elif isinstance(move, Transfer):
            day = max(self.person.hired, self.day(move.after))
            self.office.transfer(self.employee, self.department, day, move.shares)
            self.steps.append(Placed(from_day=day, shares=move.shares))
        elif isinstance(move, Hours):
            days = tuple((period.service_from + dt.timedelta(n), hours) for n, hours in enumerate(move.worked))
            self.office.enter_hours(self.employee, days)
            self.steps.append(HoursWorked(hours=days))
        elif isinstance(move, Withholding):
            if self.periods[-1].cheque_on.year == NO_HEADS and move.filing_status == "head_of_household":
                move = structs.replace(move, filing_status="single")
            self.office.set_withholding(self.employee, move)
            self.steps.append(Stated(withholding=move))
        elif isinstance(move, End):
            day = max(self.person.hired, period.service_from + dt.timedelta(move.day))
            self.office.end_employment(self.employee, day)
            self.steps.append(Ended(last_day=day))
        else:
            self.office.set_deductions(self.employee, move)
            self.steps.append(Deductions(specs=move))

    def pay_beside(self, move: Extra, period: Period) -> None:
        last = period.service_from + dt.timedelta(max(move.days, 1) - 1)
        before = self.periods.index(period) - move.back
        corrected = None
        if move.back and before >= 0 and not move.days:
            corrected = self.periods[before].service_from, self.periods[before].service_to
        code = "retro" if corrected and move.code == "commission" else move.code
        draft = self.office.draft_off_cycle(
            TODAY,
            cheque_on=last,
            items=(self.item(code, move.amount, corrected),),
            service=(period.service_from, last),
            supplemental=move.supplemental,
            with_base=move.days > 0,
            with_deductions=move.deductions,
        )
        self.steps.append(
            OffCycle(
                run=draft.id,
                service_from=period.service_from,
                service_to=last,
                cheque_on=last,
                items=((code, move.amount),),
                corrects=corrected,
                supplemental=move.supplemental,
                deductions=move.deductions,
                days_of=(period.service_from, period.service_to) if move.days else None,
            )
        )
        self.paid(draft)

    def take_back(self, move: Void) -> None:
        stand = [id for id, run in self.runs.items() if run.cheques and id not in self.void]
        if stand:
            id = stand[max(-1 - move.back, -len(stand))]
            self.office.reverse(id, TODAY)
            self.void.add(id)
            self.steps.append(TakenBack(run=id))


def of_engine(cheque: PayCheque) -> dict[object, object]:
    """What the engine says: the sum of each component, its wages, its cost centres; retro pay period by period."""
    said: dict[object, object] = {"gross": cheque.gross.amount, "net": cheque.net.amount, "how": cheque.supplemental}
    amounts: defaultdict[object, Decimal] = defaultdict(Decimal)
    for line in cheque.components:
        amounts[line.kind, line.code] += line.amount.amount
        if line.code == "retro":
            assert line.service_from
            amounts["retro of", line.service_from.replace(day=1)] += line.amount.amount
        if line.base and line.kind.endswith("_tax"):
            amounts["base", line.kind, line.code] += line.base.amount
        if line.kind in COSTS:
            for centre, part in splits.by_centre(cheque, line):
                amounts["cost", centre, line.kind, line.code] += part.amount
    return said | {key: amount for key, amount in amounts.items() if amount}


def of_checks(cheque: Cheque) -> dict[object, object]:
    """The same of the second calculation."""
    said: dict[object, object] = {"gross": cheque.gross, "net": cheque.net, "how": cheque.method}
    amounts: defaultdict[object, Decimal] = defaultdict(Decimal)
    for line in cheque.lines:
        amounts[line.kind, line.code] += line.amount
        if line.code == "retro" and line.service:
            amounts["retro of", line.service[0].replace(day=1)] += line.amount
        if line.amount and line.kind.endswith("_tax"):
            amounts["base", line.kind, line.code] += line.base
        if line.kind in COSTS:
            for centre, part in by_centre(line.amount, cheque.centres):
                amounts["cost", centre, line.kind, line.code] += part
    return said | {key: amount for key, amount in amounts.items() if amount}


# `--hypothesis-profile=deep` compares 5,000 employees with their pay histories.
@settings(max_examples=max(200, settings().max_examples // 2))
@example(NO_FREE_DAY)
@given(pay_histories())
def test_engine_and_checks_agree_on_every_line_of_every_cheque(history: PayHistory) -> None:
    play = Play(history)
    try:
        for turn, period in zip(history.turns, play.periods, strict=True):
            play.turn(turn, period)
    except TooLittle:
        play.steps.pop()
    expected = {id: of_checks(cheque) for id, cheque in expected_cheques(LAWS, play.person, play.steps).items()}
    shown = {id: of_engine(run.cheques[0].pay) for id, run in play.runs.items() if run.cheques}
    assert shown == expected


@settings(max_examples=max(50, settings().max_examples // 10))
@given(pay_histories())
def test_the_years_to_date_of_the_engine_are_the_sums_over_the_cheques_that_stand(history: PayHistory) -> None:
    play = Play(history)
    try:
        for turn, period in zip(history.turns, play.periods, strict=True):
            play.turn(turn, period)
    except TooLittle:
        play.steps.pop()
    register = play.office.snapshot("engine", TODAY.today).payrolls
    for year in (2025, 2026):
        sums = year_to_date(register, play.employee, year)
        kept = play.office.year_to_date(play.employee, year)
        words = {"earning": "earned"}
        stand = {f"{words.get(kind, kind)}:{code}": amount for (kind, code), amount in sums.items() if amount}
        prefixes = ("earned:", "employee_tax:", "employer_tax:")
        assert {name: sum for name, sum in kept.items() if name.startswith(prefixes) and sum} == {
            name: sum for name, sum in stand.items() if name.startswith(prefixes)
        }
