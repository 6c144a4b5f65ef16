"""What postings that were given up would have moved explains a sum only where it is off by exactly that."""

from __future__ import annotations

from decimal import Decimal

import pytest

from simharness.checks.convergence.moves import Moves, period_source, recognised_line, recovery_source
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


def test_a_service_that_was_not_billed_is_recognised_less_by_a_part_of_it_and_never_by_more() -> None:
    billed = Moves([entry(("2400", "-1200.00"), ("1100", "1200.00"))])
    month, year = entry(("2400", "100.00"), ("4020", "-100.00")), entry(("2400", "1200.00"), ("4020", "-1200.00"))
    above = entry(("2400", "1200.01"), ("4020", "-1200.01"))
    assert billed.explains_period([month], [], in_part=True)
    assert billed.explains_period([year], [], in_part=True)
    assert not billed.explains_period([above], [], in_part=True)
    assert not billed.explains_period([], [month], in_part=True)  # more is recognised, though less was billed
    assert not billed.explains_period([month], [])


def test_a_service_that_was_not_credited_is_recognised_further() -> None:
    credited = Moves([entry(("2400", "450.00"), ("1100", "-450.00"))])
    was, ended = entry(("2400", "50.00"), ("4020", "-50.00")), entry(("2400", "100.00"), ("4020", "-100.00"))
    assert credited.explains_period([was], [ended], in_part=True)
    assert not credited.explains_period([ended], [was], in_part=True)
    assert not Moves([]).explains_period([was], [ended], in_part=True)


def test_a_debt_is_had_back_less_by_what_a_payment_that_is_not_there_left_open() -> None:
    group = "write_off:1001:1:recovered"
    back = entry(("1100", "1000.00"), ("6200", "-923.79"), ("2200", "-76.21"), group=group)
    assert Moves([entry(("1150", "2000.00"), ("1100", "-2000.00"))]).explains_period([back], [], in_part=True)
    assert not Moves([entry(("1150", "999.99"), ("1100", "-999.99"))]).explains_period([back], [], in_part=True)
    assert recovery_source(back) == f"quickbooks {group}"
    assert recovery_source(entry(("1100", "1.00"), group="write_off:1001:1")) == ""


def test_only_entries_that_recognise_have_a_line() -> None:
    assert recognised_line(entry(("2400", "1.00"), group="recognition:44000001:2026-01")) == "44000001"
    assert recognised_line(entry(("1400", "1.00"), group="prepaid:insurance::2026-01")) == ""


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


def test_a_document_takes_off_what_was_left_on_one_of_its_accounts_and_not_a_cent_more() -> None:
    """Half of a deposit of 2,000.00 at 22 % was not given back, so all of it is taken off the final invoice."""
    back = Moves([entry(("2310", "1000.00"), ("2200", "220.00"), ("1150", "-1220.00"))])
    was = entry(("1100", "3720.00"), ("2310", "1000.00"), ("2200", "-720.00"), ("4010", "-4000.00"))
    whole = entry(("1100", "2480.00"), ("2310", "2000.00"), ("2200", "-480.00"), ("4010", "-4000.00"))
    above = entry(("1100", "2478.76"), ("2310", "2001.00"), ("2200", "-479.76"), ("4010", "-4000.00"))
    assert back.explains_lines(was, whole, {"2310", "4010"})
    assert not back.explains_lines(was, whole, {"4010"})
    assert not back.explains_lines(was, above, {"2310", "4010"})
    assert not back.explains_lines(whole, was, {"2310", "4010"})  # the other way
    assert not back.explains_lines(was, was, {"2310", "4010"})
