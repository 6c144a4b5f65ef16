"""A run is one journal by account and cost centre, worked by hand; liabilities bear no cost centre."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from simharness.reference.errors import Rejected
from simharness.reference.ledger.entries import Side
from simharness.reference.mapping.payroll import CHEQUE, SERVICE
from simharness.reference.payroll import journal
from simharness.reference.payroll.reading import read, told
from simharness.reference.payroll.run import Run
from tests.unit.reference.payroll.told import payroll, receipt, report, rules, turned

RUN = read(told(payroll(), receipt()), report(), rules())
EXPENSES = {
    ("wages", "CC-10"): "3000.00",
    ("wages", "CC-30"): "2100.00",
    ("employer_taxes", "CC-10"): "310.50",  # 186.00 + 43.50 + 81.00
    ("employer_taxes", "CC-30"): "217.35",
    ("employer_benefits", "CC-10"): "90.00",
    ("reimbursements", "CC-10"): "40.00",
}
OWED = {
    ("irs_payable", ""): "-1280.30",  # 890.15 of employees, 316.20 + 73.95 of the employer
    ("texas_payable", ""): "-137.70",
    ("retirement_payable", ""): "-270.00",
    ("garnishments_payable", ""): "-50.00",
    ("payroll_clearing", ""): "-2330.50",
    ("pay_cheques", ""): "-1689.35",
}


def sums(sides: tuple[Side, ...]) -> dict[tuple[str, str], Decimal]:
    return {(side.role, side.cost_centre): side.amount for side in sides}


def amounts(told: dict[tuple[str, str], str]) -> dict[tuple[str, str], Decimal]:
    return {place: Decimal(amount) for place, amount in told.items()}


def test_a_run_is_one_journal() -> None:
    sides = journal.of_run(RUN, rules())
    assert sums(sides) == amounts({**EXPENSES, **OWED})
    assert len(sides) == len(sums(sides))
    assert journal.total(sides) == Decimal("5757.85")


def test_a_reversal_posts_the_exact_negative() -> None:
    back = read(told(*turned()[:2]), turned()[2], rules())
    there = sums(journal.of_run(RUN, rules()))
    assert sums(journal.of_run(back, rules())) == {place: -amount for place, amount in there.items()}


def test_the_provider_takes_over_taxes_and_nothing_else() -> None:
    assert sums(journal.of_remittance(RUN)) == amounts(
        {("irs_payable", ""): "1280.30", ("texas_payable", ""): "137.70", ("payroll_clearing", ""): "-1418.00"}
    )


def test_pay_for_an_earlier_month_is_a_cost_of_that_month_where_the_policy_says_so() -> None:
    by_service = rules(retro=SERVICE)
    own = amounts({**EXPENSES, **OWED, ("wages", "CC-30"): "2000.00", ("accrued_wages", ""): "100.00"})
    assert sums(journal.of_run(RUN, by_service)) == own
    ((month, sides),) = journal.in_their_months(RUN, by_service)
    assert (month, journal.last_day(month)) == ("2026-01", date(2026, 1, 31))
    assert sums(sides) == amounts({("wages", "CC-30"): "100.00", ("accrued_wages", ""): "-100.00"})
    assert journal.in_their_months(RUN, rules()) == []


def test_pay_for_the_runs_own_month_is_its_own_cost() -> None:
    costs = tuple(msgspec.structs.replace(each, month="2026-02" if each.month else "") for each in RUN.costs)
    own = msgspec.structs.replace(RUN, costs=costs)
    assert journal.in_their_months(own, rules(retro=SERVICE)) == []
    assert sums(journal.of_run(own, rules(retro=SERVICE)))[("wages", "CC-30")] == Decimal("2100.00")


def test_the_memo_names_the_months_that_are_made_up_for() -> None:
    assert journal.words_of(RUN, rules()) == (
        "Payroll 2026-02-01 to 2026-02-15, paid 2026-02-13; with retro pay of 2026-01"
    )


def test_the_day_is_that_of_the_policy() -> None:
    assert journal.day_of(RUN, rules()) == date(2026, 2, 15)
    assert journal.day_of(RUN, rules(journal_date=CHEQUE)) == date(2026, 2, 13)


def test_what_is_not_paid_in_money_is_not_booked() -> None:
    car = msgspec.structs.replace(RUN.costs[0], code="non_cash", amount=Decimal(500), cash=False)
    assert journal.of_run(msgspec.structs.replace(RUN, costs=(*RUN.costs, car)), rules()) == journal.of_run(
        RUN, rules()
    )


@pytest.mark.parametrize("part", ["net_debit", "by_cheque"])
def test_a_journal_that_does_not_balance_is_refused(part: str) -> None:
    wrong: Run = msgspec.structs.replace(RUN, **{part: Decimal(0)})
    with pytest.raises(Rejected) as caught:
        journal.of_run(wrong, rules())
    assert caught.value.code == "does_not_balance"


def test_a_tax_debit_that_is_not_what_is_owed_is_refused() -> None:
    with pytest.raises(Rejected):
        journal.of_remittance(msgspec.structs.replace(RUN, tax_debit=Decimal("1418.01")))
