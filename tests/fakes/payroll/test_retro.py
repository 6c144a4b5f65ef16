"""A pay period that several cheques paid is made up for once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from simharness_fakes.payroll.employees import SALARY, PayTerm
from simharness_fakes.payroll.runs import Run
from tests.fakes.payroll.company import company, on, only, usd

TODAY = on(date(2025, 1, 1))


def retro(run: Run) -> list[tuple[Decimal, date | None]]:
    return [(li.amount.amount, li.service_from) for li in only(run).pay.components if li.code == "retro"]


def test_a_period_paid_beside_the_schedule_and_by_it_is_made_up_for_again_and_again_without_drift() -> None:
    # 63,000 a year: January's 5,250 in two cheques. 84,000 make it 7,000, and 105,000 make it 8,750.
    c = company()
    employee = c.hire("63000")
    days = (date(2025, 1, 1), date(2025, 1, 7))
    early = c.office.draft_off_cycle(
        TODAY, cheque_on=date(2025, 1, 10), employees=(employee,), service=days, with_base=True
    )
    c.office.calculate(early.id, TODAY)
    c.office.process(early.id, TODAY)
    c.regular()
    january, february = date(2025, 1, 1), date(2025, 2, 1)
    found = []
    for rate in ("84000", "105000", "105000"):
        c.office.change_pay(employee, PayTerm(from_day=january, basis=SALARY, rate=usd(rate)))
        found.append(retro(c.regular()))
    assert found == [[(1750, january)], [(1750, january), (1750, february)], []]
