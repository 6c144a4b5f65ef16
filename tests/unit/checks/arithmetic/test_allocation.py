"""Laws of allocation and rounding."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.checks.arithmetic.allocation import largest_remainder
from simharness.checks.arithmetic.rounding import minor_unit, rounded
from simharness.domain.policy import Rounding

D = Decimal
CENT = D("0.01")
amounts = st.integers(-10_000_000, 10_000_000).map(lambda cents: D(cents).scaleb(-2))
weights = st.lists(st.integers(0, 1_000_000).map(lambda cents: D(cents).scaleb(-2)), min_size=1, max_size=60)


@given(amounts, weights)
def test_the_parts_sum_to_the_whole(total: D, shares: list[D]) -> None:
    assert sum(largest_remainder(total, shares, CENT)) == total


@given(amounts, weights.filter(any))
def test_no_part_is_a_whole_unit_away_from_its_share(total: D, shares: list[D]) -> None:
    whole = sum(shares)
    for part, share in zip(largest_remainder(total, shares, CENT), shares, strict=True):
        assert abs(part * whole - total * share) < CENT * whole


@given(amounts, weights)
def test_a_negative_whole_mirrors_a_positive_one(total: D, shares: list[D]) -> None:
    assert largest_remainder(-total, shares, CENT) == tuple(-part for part in largest_remainder(total, shares, CENT))


@given(amounts, weights, st.integers(1, 7))
def test_only_the_proportion_of_the_weights_matters(total: D, shares: list[D], factor: int) -> None:
    assert largest_remainder(total, shares, CENT) == largest_remainder(total, [s * factor for s in shares], CENT)


def test_ties_go_to_the_lowest_position() -> None:
    assert largest_remainder(D("100.00"), [D(1)] * 3, CENT) == (D("33.34"), D("33.33"), D("33.33"))
    assert largest_remainder(D("0.02"), [D(1)] * 3, CENT) == (D("0.01"), D("0.01"), D(0))


def test_the_largest_remainder_wins_before_position() -> None:
    # 10.00 over 1 : 2 : 3 is 1.666…, 3.333…, 5: the cent left over belongs to the first, by remainder.
    assert largest_remainder(D("10.00"), [D(1), D(2), D(3)], CENT) == (D("1.67"), D("3.33"), D("5.00"))
    # 0.10 over 2 : 1 is 0.0666…, 0.0333…: again the first; over 1 : 2 the second.
    assert largest_remainder(D("0.10"), [D(1), D(2)], CENT) == (D("0.03"), D("0.07"))


def test_weights_that_sum_to_nothing_count_as_equal() -> None:
    assert largest_remainder(D("0.03"), [D(0), D(0)], CENT) == (D("0.02"), D("0.01"))
    assert largest_remainder(D(1), [], CENT) == ()


@given(st.decimals(-10_000, 10_000, places=5, allow_nan=False), st.sampled_from(list(Rounding)))
def test_rounding_mirrors_and_is_idempotent(value: D, rounding: Rounding) -> None:
    assert rounded(-value, CENT, rounding) == -rounded(value, CENT, rounding)
    assert rounded(rounded(value, CENT, rounding), CENT, rounding) == rounded(value, CENT, rounding)
    assert abs(rounded(value, CENT, rounding) - value) <= CENT / 2


@pytest.mark.parametrize(
    ("value", "up", "even"),
    [("0.005", "0.01", "0.00"), ("0.015", "0.02", "0.02"), ("-0.005", "-0.01", "0.00"), ("2.345", "2.35", "2.34")],
)
def test_half_a_cent(value: str, up: str, even: str) -> None:
    assert rounded(D(value), CENT, Rounding.HALF_UP) == D(up)
    assert rounded(D(value), CENT, Rounding.HALF_EVEN) == D(even)


def test_the_smallest_amount_depends_on_the_currency() -> None:
    assert (minor_unit("USD"), minor_unit("JPY"), minor_unit("KWD")) == (D("0.01"), D(1), D("0.001"))
