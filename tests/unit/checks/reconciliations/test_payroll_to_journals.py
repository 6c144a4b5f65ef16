"""R5: payrolls and journals answer to each other by reference; every difference is a break of its kind."""

from __future__ import annotations

from typing import Any

import pytest

from simharness.domain.evidence import Reject
from simharness.domain.finding import Judgement
from tests.unit.checks import builders as b
from tests.unit.checks import payday as p


def red(*spoiled: Any, **changes: Any) -> list[str]:
    return sorted(each.key for each in b.findings("R5", p.record(books=p.replacing("1", *spoiled), **changes)))


def test_a_payroll_and_its_journal_match() -> None:
    result = b.result("R5", p.record())
    assert (result.judgement, result.reason) == (Judgement.PASSED, "1 matched, 0 broken")


@pytest.mark.parametrize(
    ("spoiled", "keys"),
    [
        (p.journal((4, p.cost("a6000", "100.00", "CC-10"))), ["R5:amount:r1:6000:CC-10", "R5:amount:r1:6020:CC-10"]),
        (p.journal((1, p.cost("a6000", "1200.00", "CC-10"))), ["R5:amount:r1:6000:CC-10", "R5:amount:r1:6000:CC-30"]),
        (
            p.journal((5, b.posting("a2130", "-1868.25")), (6, b.posting("a2140", "-216.01"))),
            ["R5:amount:r1:2130", "R5:amount:r1:2140"],
        ),
        (p.journal(on="2025-02-01"), ["R5:date:r1"]),
    ],
    ids=["account", "centre", "cent", "day"],
)
def test_a_spoiled_journal_is_a_break(spoiled: Any, keys: list[str]) -> None:
    assert red(spoiled) == keys


def test_a_missing_journal_is_missing_right() -> None:
    assert red() == ["R5:missing-right:r1"]


def test_a_doubled_journal_is_a_duplicate() -> None:
    assert red(p.journal(), p.journal(id="9")) == ["R5:duplicate:r1:9"]


def test_a_journal_without_payroll_is_missing_left() -> None:
    assert red(p.journal(), p.journal(id="9", note="gusto:payroll:r7")) == ["R5:missing-left:r7:9"]


def test_a_journal_that_names_no_source_is_missing_left() -> None:
    assert red(p.journal(note="payroll of January")) == [
        "R5:missing-left:unreferenced:journal:1",
        "R5:missing-right:r1",
    ]


def test_the_journal_of_another_payroll_of_equal_amount_does_not_answer() -> None:
    twin = p.run(id="r2", service_from=b.day("2025-01-01"))
    keys = red(p.journal(), people=p.payroll(p.run(), twin))
    assert keys == ["R5:missing-right:r2"]


def test_a_refused_payroll_is_no_break() -> None:
    listed = Reject(at=b.at("2025-01-27"), source="gusto:payroll:r1", code="unbalanced", reason="it does not add up")
    assert b.result("R5", p.record(books=p.replacing("1"), evidence=(listed,))).judgement is Judgement.NOT_EXERCISED
