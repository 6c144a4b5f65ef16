"""R6: money of payroll is told by its reference; equal amounts of somebody else never answer for it."""

from __future__ import annotations

from typing import Any

import pytest

from simharness.domain.evidence import Reject
from simharness.domain.finding import Judgement
from tests.unit.checks import builders as b
from tests.unit.checks import money as m
from tests.unit.checks import payday as p


def red(**changes: Any) -> list[str]:
    return sorted(each.key for each in b.findings("R6", p.record(**changes)))


def without(*ids: str) -> Any:
    return p.bank(*(line for line in p.bank_lines() if line.id not in ids))


def test_every_movement_of_payroll_is_on_the_statement_and_on_its_account() -> None:
    result = b.result("R6", p.record())
    assert (result.judgement, result.reason) == (Judgement.PASSED, "5 matched, 0 broken")


@pytest.mark.parametrize(
    ("id", "line", "account", "amount", "key"),
    [
        ("3", "B1", "a2300", "4011.37", "R6:amount:r1:net:B1:account"),
        ("3", "B1", "a2100", "4011.36", "R6:amount:r1:net:B1:account"),
        ("4", "B2", "a2130", "2084.26", "R6:amount:r1:tax:B2:account"),
        ("5", "B3", "a2190", "300.00", "R6:amount:remittance:B3:B3:account"),
        ("6", "B4", "a2100", "2580.37", "R6:amount:pay_cheque:B4:B4:account"),
    ],
    ids=["unmatched", "cent", "agency", "plan", "cheque"],
)
def test_money_on_another_account_is_seen(id: str, line: str, account: str, amount: str, key: str) -> None:
    day = next(each.date for each in p.bank_lines() if each.id == line).isoformat()
    assert red(books=p.replacing(id, p.paid(id, line, day, account, amount))) == [key]


def test_a_posting_that_moves_a_cost_from_one_centre_to_another_as_well_is_seen() -> None:
    entry = p.paid("3", "B1", "2025-01-29", "a2100", "4011.37")
    costs = (p.cost("a6000", "5.00", "CC-10"), p.cost("a6000", "-5.00", "CC-30"))
    spoiled = b.structs.replace(entry, lines=(*entry.lines, *costs))
    assert red(books=p.replacing("3", spoiled)) == [
        "R6:amount:r1:net:B1:6000:CC-10", "R6:amount:r1:net:B1:6000:CC-30"
    ]  # fmt: skip


def test_a_debit_that_is_not_in_the_ledger_is_seen() -> None:
    assert red(books=p.replacing("3")) == ["R6:missing-right:r1:net:B1"]


def test_a_debit_that_is_in_the_ledger_twice_is_seen() -> None:
    again = p.paid("9", "B1", "2025-01-29", "a2100", "4011.37")
    assert red(books=(*p.entries(), again)) == ["R6:duplicate:r1:net:9"]


def test_a_debit_on_another_day_is_seen() -> None:
    later = p.paid("3", "B1", "2025-01-30", "a2100", "4011.37")
    assert red(books=p.replacing("3", later)) == ["R6:date:r1:net:B1"]


def test_a_debit_that_the_bank_never_showed_is_seen_and_the_rent_of_equal_amount_does_not_answer() -> None:
    assert red(statement=without("B1")) == ["R6:missing-left:B1:3", "R6:missing-right:r1:net"]


def test_a_debit_whose_day_has_not_come_is_not_missed() -> None:
    told = (*(fact for fact in p.facts() if fact.step < 6), b.rest(6, "2025-01-28"))
    statement = p.bank(p.bank_line("B9", "1.00", "2025-01-02", "INTEREST"))
    assert red(told=told, statement=statement, books=p.entries()[:1]) == []


def test_rent_of_equal_amount_must_not_be_taken_for_net_pay() -> None:
    rent = p.paid("7", "B5", "2025-02-04", "a2100", "4011.37")
    (found,) = b.findings("R6", p.record(books=p.replacing("7", rent)))
    assert found.key == "R6:missing-left:B5:7"
    assert found.message == (
        "missing left: bank line B5 bears no reference of payroll and stands on 2100 Payroll clearing"
    )


def test_the_bank_took_another_amount_than_payroll_says() -> None:
    lines = (p.bank_line("B1", "-4011.38", "2025-01-29", "GUSTO NET 1A2B3C4D"), *p.bank_lines()[1:])
    books = p.replacing("3", p.paid("3", "B1", "2025-01-29", "a2100", "4011.38"))
    assert red(statement=p.bank(*lines), books=books) == ["R6:amount:r1:net"]


def test_a_cheque_is_cashed_with_its_own_net() -> None:
    lines = (*p.bank_lines()[:3], p.bank_line("B4", "-2580.00", "2025-02-04", "PAY CHEQUE 1001"), p.bank_lines()[4])
    books = p.replacing("6", p.paid("6", "B4", "2025-02-04", "a2110", "2580.00"))
    assert red(statement=p.bank(*lines), books=books) == ["R6:amount:pay_cheque:B4"]


def taken(*lines: Any, **changes: Any) -> list[str]:
    entry = b.structs.replace(p.remittance(**changes), lines=lines) if lines else p.remittance(**changes)
    return red(books=p.replacing("2", entry))


def test_taxes_that_the_provider_took_over_are_taken_from_what_each_agency_is_owed() -> None:
    lumped = (b.posting("a2130", "2084.26"), b.posting("a2100", "-2084.26"))
    assert taken(*lumped) == ["R6:amount:r1:remittance:2130", "R6:amount:r1:remittance:2140"]
    assert taken(date=b.day("2025-01-31")) == ["R6:date:r1:remittance"]
    assert red(books=p.replacing("2")) == ["R6:missing-right:r1:remittance"]
    assert red(books=(*p.entries(), p.remittance(id="9"))) == ["R6:duplicate:r1:remittance:9"]


@pytest.mark.parametrize("check", ["R6", "V9"])
def test_a_remittance_that_the_connector_could_not_place_and_told_of_may_wait(check: str) -> None:
    """As any other money: on the account of what is unmatched, and the plan is still owed."""
    day = next(each.date for each in p.bank_lines() if each.id == "B3").isoformat()
    books = p.replacing("5", p.paid("5", "B3", day, "a2300", "300.00"))
    told = m.alert("unmatched:B3", "plaid:bank_line:B3:unmatched", "300.00")
    assert b.findings(check, p.record(books=books))
    assert not b.findings(check, p.record(books=books, evidence=(told,)))


def test_a_line_that_the_connector_lists_as_refused_need_not_be_posted() -> None:
    listed = Reject(at=b.at("2025-01-29"), source="plaid:bank_line:B1", code="closed", reason="the month is closed")
    assert red(books=p.replacing("3"), evidence=(listed,)) == []


def test_a_company_without_payroll_is_not_asked() -> None:
    assert b.result("R6", b.record()).judgement is Judgement.NOT_APPLICABLE
