"""V25 turns red for numbers used twice and for gaps that nothing explains."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.checks import builders as b


def numbered(*numbers: str, **changes: Any) -> b.RunRecord:
    documents = tuple(b.invoice(id=f"i{at}", number=number) for at, number in enumerate(numbers))
    return b.record(books=b.ledger(documents=documents), **changes)


def test_a_number_on_two_invoices() -> None:
    found = b.the_finding("V25", numbered("1001", "1001"))
    assert found.message == "2 invoices bear the number 1001"
    assert found.at_risk == b.usd("4410.50")


def test_a_gap() -> None:
    found = b.the_finding("V25", numbered("1001", "1002", "1005"))
    assert (found.expected, found.actual) == ("5 numbers from 1001 to 1005", "missing 1003, 1004")


@pytest.mark.parametrize(
    "numbers", [("1003", "1001", "1002"), ("INV-7", "INV-8", "B-1"), ("0099", "0100"), ("1001", "9001"), ("", "1001")]
)
def test_runs_without_gaps(numbers: tuple[str, ...]) -> None:
    assert b.passes("V25", numbered(*numbers))


def test_a_gap_with_leading_zeros_is_named_as_written() -> None:
    assert b.the_finding("V25", numbered("0099", "0101")).actual == "missing 0100"


def test_a_credit_memo_in_the_same_series_explains_a_gap() -> None:
    documents = (b.invoice(), b.credit_memo(), b.invoice(id="8", number="1003"))
    assert b.passes("V25", b.record(books=b.ledger(documents=documents)))


def test_a_deleted_document_explains_a_gap() -> None:
    gone = b.write("invoice", "i9", "delete", family="accounting", vendor="quickbooks")
    assert b.passes("V25", numbered("1001", "1003", writes=(gone,)))


def test_v25_is_not_exercised_without_numbers() -> None:
    assert b.result("V25", numbered("")).reason == "no document bears a number"
