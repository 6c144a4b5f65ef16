"""A general ledger report is read by its table of sums, which has to balance; the one that names people is not read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from simharness.reference.errors import Rejected
from simharness.reference.payroll.report import Row, amount_of, rows
from tests.unit.reference.payroll.told import ROWS, report


def test_debits_are_positive_and_credits_negative() -> None:
    found = rows(report())
    assert found[0] == Row("RegularWages", "Salary", "Sales", Decimal("3000.00"))
    assert found[-1] == Row("CheckAmount", "Check amount", "", Decimal("-1689.35"))
    assert sum(row.amount for row in found) == 0


def test_nothing_of_the_table_that_names_people_is_read() -> None:
    assert not [row for row in rows(report()) if "Lovelace" in row.what]


def other(place: int, cell: int, value: str | None) -> list[list[str | None]]:
    return [[value if (at, n) == (place, cell) else each for n, each in enumerate(row)] for at, row in enumerate(ROWS)]


@pytest.mark.parametrize(
    ("told", "code", "says"),
    [
        ({"data": []}, "unreadable_value", "no table of sums"),
        ({**report(), "data": [{**report()["data"][1], "headers": ["Debit"]}]}, "unreadable_value", "no column"),
        (report(other(0, 3, "3000.01")), "does_not_add_up", "debits of 5757.86, credits of 5757.85"),
        (report(debits="5757.86"), "does_not_add_up", "say 5757.86"),
        (report(other(0, 0, "Tips")), "unknown_account_type", "'Tips'"),
        (report(other(0, 3, "three thousand")), "unreadable_value", "is no amount"),
    ],
)
def test_a_report_that_does_not_hold_is_refused(told: dict[str, Any], code: str, says: str) -> None:
    with pytest.raises(Rejected, match=says) as caught:
        rows(told)
    assert caught.value.code == code


@pytest.mark.parametrize("value", [True, None, "", "1,5", "NaN", "Infinity", 1.5])
def test_what_is_no_exact_decimal_is_no_amount_and_is_not_repeated(value: object) -> None:
    with pytest.raises(Rejected) as caught:
        amount_of(value, "somebody's pay")
    assert caught.value.reason == "somebody's pay is no amount"
