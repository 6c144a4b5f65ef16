"""V9: what payroll owes is what its runs put there less what was remitted; clearing holds only debits on their way."""

from __future__ import annotations

from typing import Any

import pytest

from simharness.domain.evidence import DeadLetter
from tests.unit.checks import builders as b
from tests.unit.checks import payday as p


def red(**changes: Any) -> list[str]:
    return sorted(each.key for each in b.findings("V9", p.record(**changes)))


def rest_on(day: str) -> tuple[Any, ...]:
    """The story as far as a rest on a day before the plan was paid."""
    return (*(fact for fact in p.facts() if fact.step < 6), b.rest(6, day))


BEFORE = p.bank(p.bank_line("B9", "1.00", "2025-01-02", "INTEREST"))


def test_everything_is_remitted_and_cashed() -> None:
    assert b.passes("V9", p.record())


def test_before_the_debit_clearing_holds_net_pay_and_agencies_are_owed() -> None:
    assert red(told=rest_on("2025-01-28"), statement=BEFORE, books=p.entries()[:1]) == []


def test_between_the_debit_and_the_remittances_the_plan_is_owed_and_the_cheque_outstanding() -> None:
    assert red(told=rest_on("2025-01-29"), statement=p.bank(*p.bank_lines()[:2]), books=p.entries()[:4]) == []


@pytest.mark.parametrize(
    ("id", "entry", "keys"),
    [
        ("1", p.journal((7, b.posting("a2190", "-300.00"))), ["V9:main:payroll:2160", "V9:main:payroll:2190"]),
        ("1", p.journal((8, b.posting("a2100", "-4011.36"))), ["V9:main:payroll:2100"]),
        ("3", p.paid("3", "B1", "2025-01-29", "a2300", "4011.37"), ["V9:main:payroll:2100"]),
        ("5", p.paid("5", "B3", "2025-02-03", "a2190", "300.00"), ["V9:main:payroll:2160", "V9:main:payroll:2190"]),
        ("6", p.paid("6", "B4", "2025-02-04", "a2100", "2580.37"), ["V9:main:payroll:2100", "V9:main:payroll:2110"]),
        ("7", p.paid("7", "B5", "2025-02-04", "a2100", "4011.37"), ["V9:main:payroll:2100"]),
    ],
    ids=["plan", "cent", "unmatched debit", "other payee", "cheque", "rent of equal amount"],
)
def test_what_stands_elsewhere_does_not_roll_forward(id: str, entry: Any, keys: list[str]) -> None:
    assert red(books=p.replacing(id, entry)) == keys


def test_taxes_that_the_provider_took_over_are_owed_to_no_agency_any_more() -> None:
    assert red(books=p.replacing("2")) == ["V9:main:payroll:2100", "V9:main:payroll:2130", "V9:main:payroll:2140"]


def test_taxes_are_still_owed_where_it_is_listed_that_the_ledger_refused_their_taking_over() -> None:
    letter = DeadLetter(at=b.at("2025-01-29"), source="gusto:remittance:r1", reason="no right", attempts=1)
    assert red(books=p.replacing("2"), evidence=(letter,)) == []
    other = DeadLetter(at=b.at("2025-01-29"), source="gusto:payroll:r1", reason="no right", attempts=1)
    assert red(books=p.replacing("2"), evidence=(other,))
    assert red(evidence=(letter,)) == []


def test_an_entry_without_source_is_seen() -> None:
    nameless = b.entry("journal", "9", "2025-02-01", b.posting("a2130", "10.00"), b.posting("a6010", "-10.00"))
    found = b.the_finding("V9", p.record(books=(*p.entries(), nameless)))
    assert (found.key, found.expected, found.actual) == (
        "V9:main:payroll:2130",
        "owed USD 0.00 (from payrolls USD 1,868.26, remitted or cashed USD -1,868.26)",
        "owed USD -10.00",
    )


def test_what_people_post_is_taken_as_it_is() -> None:
    own = b.entry(
        "journal", "9", "2025-02-01", b.posting("a2130", "10.00"), b.posting("a6010", "-10.00"), created_by="Erin"
    )
    assert red(books=(*p.entries(), own)) == []
