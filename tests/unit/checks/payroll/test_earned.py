"""What is earned by the end of a month and stands in the books later, of the payroll worked out by hand in `payday`.

The run costs 6,800.00 and 1,200.00 of wages, 744.60 and 131.40 of employer taxes in CC-10 and CC-30, and 100.00 of plan
in CC-10. From 27 January to 9 February five of ten workdays lie in January.
"""

from __future__ import annotations

from typing import Any

import pytest

from simharness.checks.payroll.earned import earned
from simharness.checks.scope import Judged
from simharness.core.money import Money
from simharness.domain.payroll import PayCheque
from simharness.domain.policy import Rounding
from tests.unit.checks import builders as b
from tests.unit.checks import payday as p

HALF = {
    ("6000", "CC-10"): "3400.00",
    ("6000", "CC-30"): "600.00",
    ("6010", "CC-10"): "372.30",
    ("6010", "CC-30"): "65.70",
    ("6020", "CC-10"): "50.00",
}


def run(first: str, last: str, **changes: Any) -> Any:
    return p.run(service_from=b.day(first), service_to=b.day(last), **changes)


def found(*runs: Any) -> dict[tuple[str, str], dict[tuple[str, str], str]]:
    """What is earned by 31 January, by period of pay, account and cost centre."""
    books = Judged(p.record(people=p.payroll(*runs))).final.payroll
    assert books is not None
    spans = earned(books, b.day("2025-01-31"), "USD", Rounding.HALF_UP)
    return {
        (str(first), str(last)): {place: str(amount) for place, amount in part.items()}
        for (first, last), part in spans.items()
    }


def test_a_fortnight_is_earned_by_its_workdays() -> None:
    assert found(run("2025-01-27", "2025-02-09")) == {("2025-01-27", "2025-02-09"): HALF}


def test_one_that_was_not_run_is_earned_as_the_one_before_it() -> None:
    assert found(run("2025-01-13", "2025-01-26")) == {("2025-01-27", "2025-02-09"): HALF}


@pytest.mark.parametrize(("first", "last"), [("2025-01-01", "2025-01-31"), ("2025-01-18", "2025-01-31")])
def test_what_ends_with_the_month_is_in_the_books(first: str, last: str) -> None:
    assert found(run(first, last)) == {}


def test_a_bonus_has_no_period_of_pay() -> None:
    assert found(run("2025-01-27", "2025-02-09", kind="off_cycle")) == {}


def test_what_was_taken_back_earned_nothing() -> None:
    def less(cheque: PayCheque) -> PayCheque:
        lines = tuple(
            b.structs.replace(line, amount=Money(-line.amount.amount, "USD")) for line in cheque.components
        )  # fmt: skip
        return b.structs.replace(cheque, id=f"{cheque.id}-back", components=lines, gross=-cheque.gross, net=-cheque.net)

    back = run("2025-01-27", "2025-02-09", id="r2", kind="reversal", cheques=(less(p.ada()), less(p.bob())))
    assert found(run("2025-01-27", "2025-02-09"), back) == {}
