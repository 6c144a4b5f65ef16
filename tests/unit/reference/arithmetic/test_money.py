"""Laws of rounding and allocation."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.reference.arithmetic.money import Cents, from_minor, money_text

CENTS = st.integers(-(10**9), 10**9).map(lambda n: Decimal(n).scaleb(-2))
POSITIVE = st.integers(1, 10**9).map(lambda n: Decimal(n).scaleb(-2))
ANY_AMOUNT = st.decimals(-(10**6), 10**6, places=6)


@given(CENTS, st.lists(POSITIVE, min_size=1, max_size=60))
def test_parts_sum_to_the_whole(total: Decimal, weights: list[Decimal]) -> None:
    assert sum(Cents("USD").spread(total, weights)) == total


@given(CENTS, st.lists(POSITIVE, min_size=1, max_size=60))
def test_a_part_is_less_than_a_cent_away_from_its_exact_share(total: Decimal, weights: list[Decimal]) -> None:
    whole = sum(weights)
    for part, weight in zip(Cents("USD").spread(total, weights), weights, strict=True):
        assert abs(part * whole - total * weight) < whole * Decimal("0.01")


@given(CENTS, st.lists(POSITIVE, min_size=1, max_size=20))
def test_a_negative_total_is_spread_as_the_exact_mirror(total: Decimal, weights: list[Decimal]) -> None:
    cents = Cents("USD")
    assert cents.spread(-total, weights) == [-part for part in cents.spread(total, weights)]


@given(st.lists(st.integers(1, 10**6).map(Decimal), min_size=2, max_size=12), st.data())
def test_equal_weights_differ_by_position_only(weights: list[Decimal], data: st.DataObject) -> None:
    total = data.draw(st.integers(0, 10**6)) * Decimal("0.01")
    parts = Cents("USD").spread(total, [Decimal(1)] * len(weights))
    assert parts == sorted(parts, reverse=True), "a leftover cent goes to the lowest position"


def test_ties_go_to_the_lowest_position() -> None:
    assert Cents("USD").spread(Decimal("0.10"), [Decimal(1)] * 3) == [Decimal(x) for x in ("0.04", "0.03", "0.03")]
    assert Cents("USD").spread(Decimal("10.00"), [Decimal(n) for n in (3, 3, 1)]) == [
        Decimal(x) for x in ("4.29", "4.28", "1.43")
    ]  # 4.2857, 4.2857, 1.4286: floors 4.28, 4.28, 1.42; remainders .57, .57, .86: two cents left, third and first


def test_a_weight_of_zero_or_less_takes_no_more_than_its_share() -> None:
    parts = Cents("USD").spread(Decimal("9.00"), [Decimal(100), Decimal(0), Decimal(-10)])
    assert parts == [Decimal("10.00"), Decimal("0.00"), Decimal("-1.00")]


def test_nothing_to_take_a_discount_from_is_refused() -> None:
    with pytest.raises(ValueError, match="sum to zero"):
        Cents("USD").spread(Decimal("1.00"), [Decimal(0), Decimal(0)])


@given(ANY_AMOUNT, st.sampled_from(["half_up", "half_even"]), st.sampled_from(["USD", "JPY", "KWD"]))
def test_rounding_mirrors_negative_amounts(amount: Decimal, rounding: str, currency: str) -> None:
    cents = Cents(currency, rounding)
    assert cents.round(-amount) == -cents.round(amount)


@pytest.mark.parametrize(
    ("rounding", "amount", "expected"),
    [
        ("half_up", "0.005", "0.01"),
        ("half_even", "0.005", "0.00"),
        ("half_even", "0.015", "0.02"),
        ("half_up", "-2.675", "-2.68"),
        ("half_even", "-2.665", "-2.66"),
    ],
)
def test_half_a_cent_goes_where_the_policy_says(rounding: str, amount: str, expected: str) -> None:
    assert Cents("EUR", rounding).round(Decimal(amount)) == Decimal(expected)


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(1050, "USD", "USD 10.50"), (1050, "JPY", "JPY 1050"), (1050, "KWD", "KWD 1.050"), (0, "EUR", "EUR 0.00")],
)
def test_minor_units_carry_the_exponent_of_their_currency(minor: int, currency: str, text: str) -> None:
    assert money_text(from_minor(minor, currency), currency) == text
