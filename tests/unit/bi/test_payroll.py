"""The harness's own rows of payroll: sums by component and cost centre, of months that are made up for, of nobody."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from simharness.bi.payroll import components
from simharness.domain.payroll import CostSplit
from tests.unit.checks import payday as p

D = Decimal
DAYS = (date(2025, 1, 31), date(2025, 1, 1), date(2025, 1, 31))


def rows(*runs: object) -> list[tuple[object, ...]]:
    return [tuple(row) for row in components(p.payroll(*runs))]


def test_a_run_is_told_by_component_and_cost_centre() -> None:
    found = rows()
    # Bob's 3,000.00 are borne 60 and 40 %; both are paid 5,000.00 + 1,800.00 in CC-10.
    assert ("r1", "earning", "salary", "CC-10", *DAYS, True, D(6800)) in found
    assert ("r1", "earning", "salary", "CC-30", *DAYS, True, D(1200)) in found
    assert ("r1", "deduction", "retirement_401k", "", *DAYS, True, D(200)) in found
    assert ("r1", "net", "direct_deposit", "", *DAYS, True, D("4011.37")) in found
    assert ("r1", "net", "check", "", *DAYS, True, D("2580.37")) in found
    assert not any("e1" in row or "e2" in row for row in found)


def test_cents_that_are_left_over_go_to_the_largest_remainders_and_a_reversal_mirrors_them() -> None:
    thirds = tuple(CostSplit(cost_centre=f"CC-{n}", share=D("0.33333333333333333333")) for n in (2, 3))
    first = CostSplit(cost_centre="CC-1", share=1 - sum((each.share for each in thirds), D(0)))
    paid = p.line("earning", "salary", "100.01")
    for sign in (1, -1):
        cheque = replace(p.ada(), components=(replace(paid, amount=sign * paid.amount),), splits=(first, *thirds))
        found = {row[3]: row[-1] for row in rows(p.run(cheques=(cheque,))) if row[1] == "earning"}
        assert found == {"CC-1": sign * D("33.34"), "CC-2": sign * D("33.34"), "CC-3": sign * D("33.33")}


def test_retro_pay_bears_the_month_it_makes_up_for() -> None:
    retro = p.line("earning", "retro", "100.00", service_from=date(2024, 12, 16), service_to=date(2024, 12, 31))
    found = rows(p.run(cheques=(replace(p.ada(), components=(retro,)),)))
    december = (date(2025, 1, 31), date(2024, 12, 1), date(2024, 12, 31))
    assert ("r1", "earning", "retro", "CC-10", *december, True, D(100)) in found


def test_what_is_not_paid_or_paid_by_somebody_else_is_not_told() -> None:
    assert rows(p.run(status="calculated"), p.run(id="r2", kind="external")) == []
