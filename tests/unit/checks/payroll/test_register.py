"""What a register shows is added up line by line, and years to date only from pay that stands."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from simharness.checks.payroll.register import gross_of, net_pay, year_to_date
from simharness.core.money import Money
from simharness.domain.payroll import PayCheque, PayComponent, Payroll
from tests.unit.checks.payroll.people import usd

LINES = (
    ("earning", "salary", "5000.00"),
    ("earning", "non_cash", "100.00"),
    ("deduction", "retirement_401k", "500.00"),
    ("garnishment", "garnishment", "200.00"),
    ("employee_tax", "us_federal_income_tax", "430.13"),
    ("employer_tax", "us_futa", "30.00"),
    ("employer_benefit", "employer_health", "250.00"),
    ("reimbursement", "travel", "75.50"),
)


def cheque(id: str, sign: int = 1, reverses: str = "", employee: str = "e1") -> PayCheque:
    components = tuple(
        PayComponent(kind=kind, code=code, name=code, amount=usd(amount) * sign, cash=code != "non_cash")
        for kind, code, amount in LINES
    )
    zero = Money.zero("USD")
    return PayCheque(id=id, employee=employee, components=components, gross=zero, net=zero, reverses=reverses)


def run(*cheques: PayCheque, year: int = 2025, status: str = "processed") -> Payroll:
    day = dt.date(year, 1, 31)
    return Payroll(
        id="p", kind="regular", status=status, service_from=day, service_to=day, debit_on=day, cheque_on=day,
        tax_year=year, cheques=cheques,
    )  # fmt: skip


def test_the_net_pay_equation() -> None:
    # 5,100.00 − 500.00 − 200.00 − 430.13 − 100.00 + 75.50; what the employer pays on top is not in it.
    assert net_pay(cheque("c")) == usd("3945.37")
    assert gross_of(cheque("c")) == usd("5100.00")
    assert net_pay(cheque("c", -1)) == usd("-3945.37")


def test_a_year_to_date_is_the_sum_of_the_cheques_that_stand() -> None:
    runs = [
        run(cheque("a"), cheque("other", employee="e2")),
        run(cheque("b")),
        run(cheque("-a", -1, reverses="a")),
        run(cheque("d"), status="calculated"),
        run(cheque("e"), year=2026),
    ]
    sums = year_to_date(runs, "e1", 2025)
    assert sums["earning", "salary"] == Decimal("5000.00")
    assert sums["employer_tax", "us_futa"] == Decimal("30.00")
    assert year_to_date(runs[:2], "e1", 2025)["earning", "salary"] == Decimal("10000.00")
    assert year_to_date(runs[:1] + runs[2:3], "e1", 2025) == {}
