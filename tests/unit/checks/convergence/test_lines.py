"""Laws of the lines of deals that were billed in other words when they were taken up."""

from __future__ import annotations

from decimal import Decimal

import pytest

from simharness.checks.convergence.lines import DealLines, Side
from simharness.checks.convergence.moves import cancels
from simharness.checks.convergence.said import Said
from tests.unit.checks import builders as b


def said(noun: str, *posts: tuple[str, str], group: str = "", sources: tuple[str, ...] = ()) -> Said:
    moved = tuple((account, Decimal(amount)) for account, amount in posts)
    return Said(system="quickbooks", noun=noun, name="n", content=str(posts), group=group, sources=sources, posts=moved)


def billed(amount: str, deal: str = "D1") -> Said:
    """The entry of an invoice that defers so much."""
    return said("entry", ("1100", amount), ("2400", f"-{amount}"), sources=(deal, f"crm:deal:{deal}:v1"))


def recognised(line: str, amount: str, month: str = "2026-01") -> Said:
    return said("journal", ("2400", amount), ("4030", f"-{amount}"), group=f"recognition:{line}:{month}")


LINES = DealLines(b.record())
ANEW = {"D1", "crm:deal:D1:v1"}
#: 1,200.00 were billed and are 900.00, since the deal was changed while its invoice waited.
DOCUMENTS: list[Side] = [([billed("1200.00")], [billed("900.00")])]


def ends(first: str, second: str) -> dict[str, list[Side]]:
    """What two lines of the deal are recognised at in the end, where it is 700.00 and 500.00 without faults."""
    return {
        "one": [([recognised("L1", "700.00")], [recognised("L1", first)])],
        "two": [([recognised("L2", "500.00")], [recognised("L2", second, "2026-02")])],
    }


@pytest.mark.parametrize(
    ("first", "second", "explained"),
    [
        ("400.00", "500.00", True),
        ("600.00", "300.00", True),  # what the one line lacks and the other has more
        ("400.01", "500.00", False),
        ("700.00", "500.00", False),
        ("1000.00", "500.00", False),
    ],
)
def test_lines_of_a_deal_made_anew_take_over_exactly_what_its_documents_deferred_otherwise(
    first: str, second: str, explained: bool
) -> None:
    expected = {"one", "two"} if explained else set()
    assert LINES.recognised_anew(ends(first, second), DOCUMENTS, ANEW) == expected


def test_no_other_deal_and_no_other_document_explains_what_a_line_is_recognised_at() -> None:
    assert LINES.recognised_anew(ends("400.00", "500.00"), DOCUMENTS, {"D2"}) == set()
    of_another: list[Side] = [([billed("1200.00", "D2")], [billed("900.00", "D2")])]
    assert LINES.recognised_anew(ends("400.00", "500.00"), of_another, ANEW) == set()
    unknown: dict[str, list[Side]] = {"one": [([recognised("L9", "700.00")], [recognised("L9", "400.00")])]}
    assert LINES.recognised_anew(unknown, DOCUMENTS, ANEW) == set()


def test_nothing_cancels_where_no_account_is_moved_by_both() -> None:
    assert not cancels(([billed("1200.00")], []), ([], []))
    assert not cancels(([], []), ([recognised("L1", "1200.00")], []))
    assert cancels(([billed("1200.00")], []), ([recognised("L1", "1200.00")], []))


def test_a_line_is_of_the_customer_of_its_deal() -> None:
    assert LINES.customers("L1") == {"Globex"}
    assert LINES.customers("L9") == set()
