"""Expectations on every journal turn red for the one that does not hold."""

from __future__ import annotations

from typing import Any

import pytest

from simharness.domain.claims import JournalsBalance, LinesName
from simharness.domain.finding import Judgement
from tests.unit.checks import builders as b
from tests.unit.checks.expectations.test_documents import judged, said, wrong


def books(*entries: Any) -> b.RunRecord:
    return b.record(books=b.ledger(entries=entries))


def sale(centre: str = "CC-10", *, receivable: str = "10.00", party: str = "p1", location: str = "SF") -> Any:
    lines = (
        b.posting("a1100", receivable, party=party),
        b.posting("a4010", "-10.00", cost_centre=centre, location=location),
    )
    return b.entry("invoice", "1", "2026-01-12", *lines, number="1001")


@pytest.mark.parametrize(
    "expectation",
    [said(JournalsBalance), *(said(LinesName, dimension=each) for each in ("cost centre", "location", "customer"))],
)
def test_what_is_true_passes(expectation: Any) -> None:
    assert judged(expectation).judgement is Judgement.PASSED


def test_an_entry_whose_debits_are_not_its_credits_is_found_with_the_difference() -> None:
    found = wrong(said(JournalsBalance), books(b.payment_entry(), sale(receivable="10.01")))
    assert (found.expected, found.actual, found.at_risk) == ("debits USD 10.01", "credits USD 10.00", b.usd("0.01"))
    assert found.message == "the journal of invoice 1001 does not balance"


@pytest.mark.parametrize(
    ("dimension", "posting", "actual"),
    [
        ("cost centre", sale(centre=""), "4010 Hardware sales USD -10.00 without one"),
        ("location", sale(location=""), "4010 Hardware sales USD -10.00 without one"),
        ("customer", sale(party=""), "1100 Accounts receivable USD 10.00 without one"),
    ],
)
def test_a_posting_that_names_no_dimension_is_found(dimension: str, posting: Any, actual: str) -> None:
    found = wrong(said(LinesName, dimension=dimension), books(b.payment_entry(), posting))
    assert (found.expected, found.actual) == (f"a {dimension}", actual)


@pytest.mark.parametrize("expectation", [said(JournalsBalance), said(LinesName, dimension="cost centre")])
def test_nothing_to_look_at_is_no_success(expectation: Any) -> None:
    assert "holds no" in wrong(expectation, books()).message


def test_an_account_of_the_balance_sheet_needs_no_cost_centre() -> None:
    result = judged(said(LinesName, dimension="cost centre"), books(b.payment_entry(), sale()))
    assert result.judgement is Judgement.PASSED
