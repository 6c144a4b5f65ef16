"""What postings that were given up would have moved explains a sum only where it is off by exactly that."""

from __future__ import annotations

from decimal import Decimal

import pytest

from simharness.checks.convergence.moves import Moves, period_source
from simharness.checks.convergence.said import Said


def entry(*posts: tuple[str, str], group: str = "", system: str = "quickbooks") -> Said:
    moved = tuple((account, Decimal(amount)) for account, amount in posts)
    return Said(system=system, noun="journal", name="j", content=str(posts), group=group, posts=moved)


LOST = Moves([entry(("1150", "100.00"), ("1100", "-100.00")), entry(("1150", "-3.20"), ("6100", "3.20"))])


@pytest.mark.parametrize(
    ("amount", "explained"),
    [("100.00", True), ("-3.20", True), ("96.80", True), ("103.20", False), ("3.19", False), ("0.00", False)],
)
def test_a_sum_is_off_by_what_some_of_them_moved_on_one_account(amount: str, explained: bool) -> None:
    assert LOST.explains(Decimal(amount)) is explained


def test_where_many_were_given_up_only_each_and_all_of_them_count() -> None:
    many = Moves(entry(("1150", f"{2**number}.00")) for number in range(12))
    assert (many.explains(Decimal(2**11)), many.explains(Decimal(2**12 - 1)), many.explains(Decimal(3))) == (
        True,
        True,
        False,
    )


def test_an_entry_of_a_period_takes_over_what_was_left_and_not_a_cent_more() -> None:
    prepaid = Moves([entry(("1400", "-232.88"), ("6300", "232.88"))])
    was = [entry(("1400", "-383.56"), ("6300", "383.56"))]
    assert prepaid.explains_period(was, [entry(("1400", "-616.44"), ("6300", "616.44"))])
    assert not prepaid.explains_period(was, [entry(("1400", "-616.45"), ("6300", "616.45"))])
    assert not prepaid.explains_period(was, [entry(("1400", "-150.68"), ("6300", "150.68"))])  # the other way
    elsewhere = entry(("1400", "-616.44"), ("6300", "616.44"), system="quickbooks west")
    assert not prepaid.explains_period([], [elsewhere])


def test_an_estimate_that_goes_back_comes_to_nothing() -> None:
    was = [entry(("2120", "-10.00"), ("6000", "10.00")), entry(("2120", "10.00"), ("6000", "-10.00"))]
    ended = [entry(("2120", "-11.00"), ("6000", "11.00")), entry(("2120", "11.00"), ("6000", "-11.00"))]
    assert Moves([]).explains_period(was, ended)
    assert not Moves([]).explains_period(was, ended[:1])


def test_only_entries_of_the_ends_of_periods_have_such_a_source() -> None:
    part = entry(("1400", "1.00"), group="prepaid:insurance::2026-01")
    assert period_source(part) == "quickbooks prepaid:insurance"
    assert period_source(entry(("1150", "1.00"), group="fee:txn_1")) == ""
    assert period_source(Said(system="crm", noun="deal", name="D1", content="")) == ""
