"""Laws of any history of runs: nothing is lost between lines, years, cost centres and what is taken back."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from simharness.domain.payroll import PayCheque, Withholding
from simharness.domain.people import DeductionSpec
from simharness_fakes.payroll import register
from simharness_fakes.payroll.employees import PayTerm
from simharness_fakes.payroll.refusals import AlreadyReversed, NetBelowZero
from simharness_fakes.payroll.runs import Run
from simharness_fakes.payroll.splits import by_centre
from tests.fakes.payroll.company import Company, D, company, on, usd

CENTS = st.integers(0, 400_000).map(lambda minor: usd(D(minor).scaleb(-2)))
SPECS = st.one_of(
    st.builds(DeductionSpec, code=st.sampled_from(["section_125", "hsa", "post_tax"]), amount=CENTS),
    st.builds(
        DeductionSpec,
        code=st.just("retirement_401k"),
        percent=st.integers(0, 40).map(D),
        annual_cap=st.just(usd(23500)),
        match_percent=st.just(D(50)),
        match_to_percent=st.just(D(6)),
    ),
    st.builds(DeductionSpec, code=st.just("garnishment"), name=st.sampled_from(["A", "B"]), owed=st.none() | CENTS),
)
PERSON = st.fixed_dictionaries(
    {
        "pay": st.integers(0, 900_000).map(str),
        "state": st.sampled_from(["TX", "CA"]),
        "hired": st.dates(date(2024, 6, 1), date(2025, 6, 30)),
        "deductions": st.lists(SPECS, max_size=3).map(tuple),
        "withholding": st.builds(
            Withholding, filing_status=st.sampled_from(["single", "joint"]), multiple_jobs=st.booleans()
        ),
        "splits": st.sampled_from(
            [(), (("CC1", D("0.6")), ("CC2", D("0.4"))), (("A", D("0.125")), ("B", D("0.333")), ("C", D("0.542")))]
        ),
        "method": st.sampled_from(["direct_deposit", "check"]),
    }
)
STEP = st.one_of(
    st.just(("regular",)),
    st.just(("regular",)),
    st.tuples(st.just("bonus"), st.integers(0, 9), CENTS, st.sampled_from(["flat", "aggregate"])),
    st.tuples(st.just("bonus"), st.integers(0, 9), st.just(usd(700_000)), st.just("flat")),
    st.tuples(st.just("reverse"), st.integers(0, 20), st.integers(0, 9)),
    st.tuples(st.just("cancel"), st.integers(0, 20)),
    st.tuples(st.just("raise"), st.integers(0, 9), st.integers(1, 900_000), st.integers(1, 28)),
    st.tuples(st.just("transfer"), st.integers(0, 9), st.integers(1, 28)),
)
HISTORY = st.tuples(st.lists(PERSON, min_size=1, max_size=3), st.lists(STEP, min_size=1, max_size=12))


class History:
    """A company that lived through some steps; a step that is refused for a good reason changes nothing."""

    def __init__(self, people: list[dict[str, Any]], steps: list[tuple[Any, ...]]) -> None:
        self.c: Company = company(left_out=("us_ca_income_tax",))
        self.people = [self.c.hire(**person) for person in people]
        self.other = self.c.office.add_department("Support", "CC7").id
        self.paid: list[Run] = []
        for step in steps:
            self.do(*step)

    def do(self, verb: str, *arguments: Any) -> None:
        try:
            getattr(self, f"_{verb}")(*arguments)
        except (NetBelowZero, AlreadyReversed):
            drafts = [run.id for run in self.c.office.state.runs if run.status == "draft"]
            for each in drafts:
                self.c.office.cancel(each, on(self.c.today))

    def _regular(self) -> None:
        if len([run for run in self.paid if run.kind == "regular"]) < 12:
            self.paid.append(self.c.regular())

    def _bonus(self, who: int, amount: Any, method: str) -> None:
        employee = self.people[who % len(self.people)]
        day = date(2025, 6, 13)
        self.paid.append(self.c.beside(employee, str(amount.amount), cheque_on=day, supplemental=method))

    def _reverse(self, which: int, who: int) -> None:
        if self.paid and (run := self.paid[which % len(self.paid)]).cheques:
            employee = run.cheques[who % len(run.cheques)].pay.employee
            self.c.office.reverse(run.id, on(date(2025, 12, 31)), employees=(employee,))

    def _cancel(self, which: int) -> None:
        if self.paid:
            run = self.paid.pop(which % len(self.paid))
            if not any(each.reverses == run.id for each in self.c.office.state.runs):
                self.c.office.cancel(run.id, on(self.c.today))

    def _raise(self, who: int, rate: int, day: int) -> None:
        term = PayTerm(from_day=date(2025, 2, day), basis="salary", rate=usd(rate))
        self.c.office.change_pay(self.people[who % len(self.people)], term)

    def _transfer(self, who: int, day: int) -> None:
        self.c.office.transfer(self.people[who % len(self.people)], self.other, date(2025, 3, day))


LAW = settings(max_examples=120, deadline=None)


@given(HISTORY)
@LAW
def test_gross_less_what_is_taken_is_net_on_every_cheque(history: Any) -> None:
    for run in History(*history).c.office.snapshot("x", date(2025, 12, 31)).payrolls:
        for cheque in run.cheques:
            assert _net(cheque) == cheque.net.amount
            assert run.kind == "reversal" or cheque.net.amount >= 0
            assert all(line.amount.is_exact() for line in cheque.components)
            assert sum(split.share for split in cheque.splits) == 1


@given(HISTORY)
@LAW
def test_the_year_to_date_is_the_sum_of_what_was_paid_and_not_taken_back(history: Any) -> None:
    lived = History(*history)
    summed: dict[tuple[str, str], D] = defaultdict(D)
    for run in lived.c.office.snapshot("x", date(2025, 12, 31)).payrolls:
        for cheque in run.cheques if run.status == "processed" else ():
            summed[(cheque.employee, "gross")] += cheque.gross.amount
            summed[(cheque.employee, "net")] += cheque.net.amount
            for line in cheque.components:
                names = {"earning": "earned", "deduction": "deducted"}
                summed[(cheque.employee, f"{names.get(line.kind, line.kind)}:{line.code}")] += line.amount.amount
                if line.base is not None and line.kind == "employee_tax" and line.code != "us_federal_income_tax":
                    summed[(cheque.employee, f"taxed:{line.code}")] += line.base.amount
    for (employee, name), amount in summed.items():
        # Some cents of wages bear no cent of tax, and such a line is not shown: its base then lacks in the sum.
        slack = D(len(lived.paid)) if name.startswith("taxed:") else D(0)
        assert abs(lived.c.ytd(employee, name) - amount) <= slack, name


@given(HISTORY)
@LAW
def test_no_limit_is_exceeded_and_the_wage_base_is_used_up(history: Any) -> None:
    lived = History(*history)
    for employee in lived.people:
        year = lived.c.office.year_to_date(employee, 2025)
        for code, limit in (("us_social_security", 176100), ("us_futa", 7000), ("us_tx_ui", 9000), ("us_ca_ui", 7000)):
            taxed, wages = year.get(f"taxed:{code}", D(0)), year.get(f"wages:{code}", D(0))
            assert 0 <= taxed <= min(limit, wages), code
        assert year.get("deducted:retirement_401k", D(0)) <= 23500
        if not any(run.kind == "reversal" or run.status == "cancelled" for run in lived.c.office.state.runs):
            wages = year.get("wages:us_social_security", D(0))
            assert year.get("taxed:us_social_security", D(0)) == min(D(176100), wages)
            medicare = year.get("wages:us_medicare", D(0))
            assert year.get("taxed:us_additional_medicare", D(0)) == max(medicare - 200000, D(0))


@given(HISTORY, st.integers(0, 9), CENTS)
@LAW
def test_what_is_reversed_leaves_the_state_as_if_it_had_not_been(history: Any, who: int, amount: Any) -> None:
    lived = History(*history)
    employee = lived.people[who % len(lived.people)]
    before = dict(lived.c.office.year_to_date(employee, 2025)), lived.c.office.state.sums.standing(employee)
    lived.do("bonus", who, amount, "aggregate")
    run = list(lived.c.office.state.runs)[-1]
    if run.status == "processed" and run.cheques and run.reason == "bonus":
        lived.c.office.reverse(run.id, on(date(2025, 12, 31)))
    after = dict(lived.c.office.year_to_date(employee, 2025)), lived.c.office.state.sums.standing(employee)
    assert after == before


@given(HISTORY)
@LAW
def test_cost_centres_and_the_register_hold_every_cent(history: Any) -> None:
    for run in History(*history).c.office.snapshot("x", date(2025, 12, 31)).payrolls:
        for cheque in run.cheques:
            for line in cheque.components:
                assert sum(part.amount for _, part in by_centre(cheque, line)) == line.amount.amount
        totals, by_kind = register.totals(run, "USD"), defaultdict(D)
        for row in register.lines(run, by_department=True):
            by_kind[row.kind] += row.amount.amount
        assert by_kind["earning"] == totals.gross.amount
        assert by_kind["net"] == totals.net.amount
        assert totals.cost == totals.gross + totals.employer_taxes + totals.employer_benefits
        taken = totals.deductions + totals.garnishments + totals.employee_taxes + totals.non_cash
        assert totals.gross - taken + totals.reimbursements == totals.net


def _net(cheque: PayCheque) -> D:
    """The equation of the finance rules, section 4, term by term."""
    sums: dict[str, D] = defaultdict(D)
    for line in cheque.components:
        sums[line.kind] += line.amount.amount
        sums["non_cash"] += D(0) if line.cash else line.amount.amount
    assert sums["earning"] == cheque.gross.amount
    taken = sums["deduction"] + sums["garnishment"] + sums["employee_tax"] + sums["non_cash"]
    return sums["earning"] - taken + sums["reimbursement"]
