"""Money is exact, has one currency and is written as people write it."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.core.errors import UsageError
from simharness.core.money import EXPONENTS, Money, exponent, total

CURRENCIES = st.sampled_from(["USD", "EUR", "JPY", "KWD", "ISK", "BHD"])
AMOUNTS = st.decimals(min_value=-(10**15), max_value=10**15, allow_nan=False, allow_infinity=False, places=5)


@given(AMOUNTS, CURRENCIES)
def test_what_is_written_is_read_again(amount: Decimal, currency: str) -> None:
    assert Money.parse(str(Money(amount, currency))) == Money(amount, currency)


@given(st.integers(-(10**18), 10**18), CURRENCIES)
def test_minor_units_lose_nothing(minor: int, currency: str) -> None:
    money = Money.from_minor(minor, currency)
    assert money.to_minor() == minor
    assert money.is_exact()


@pytest.mark.parametrize(
    ("minor", "text"),
    [
        ((1050, "USD"), "USD 10.50"),
        ((1050, "JPY"), "JPY 1,050"),
        ((1050, "KWD"), "KWD 1.050"),
        ((-120_000, "EUR"), "EUR -1,200.00"),
        ((0, "USD"), "USD 0.00"),
    ],
)
def test_the_currency_decides_the_decimals(minor: tuple[int, str], text: str) -> None:
    assert str(Money.from_minor(*minor)) == text


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [("USD 1,200.00", "1200.00", "USD"), ("USD 1200", "1200", "USD"), ("  EUR   -0.5 ", "-0.5", "EUR")],
)
def test_thousands_commas_are_for_the_eye_only(text: str, amount: str, currency: str) -> None:
    money = Money.parse(text)
    assert (money.amount, money.currency) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "text",
    [
        "1200",
        "USD",
        "USD 1.200,00",
        "USD 12,00",
        "usd 12.00",
        "12.00 USD",
        "USD 1,20,000.00",
        "USD .50",
        "USD --1",
        "USD ١٢",
        "",
    ],
)
def test_what_could_mean_two_amounts_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError, match=r"USD 1,200\.00"):
        Money.parse(text)


@given(AMOUNTS, AMOUNTS, CURRENCIES)
def test_adding_and_taking_away_undo_each_other(a: Decimal, b: Decimal, currency: str) -> None:
    one, two = Money(a, currency), Money(b, currency)
    assert one + two - two == one
    owed = -one
    assert -owed == one
    assert abs(one) == abs(-one)
    assert (one < two) == (a < b)


def test_two_currencies_never_meet() -> None:
    usd, eur = Money("1.00", "USD"), Money("1.00", "EUR")
    assert usd != eur
    for meet in (
        lambda: usd + eur,
        lambda: usd - eur,
        lambda: usd < eur,
        lambda: usd >= eur,
        lambda: total([usd, eur], "USD"),
    ):
        with pytest.raises(ValueError, match=r"USD 1\.00 with EUR 1\.00"):
            meet()


def test_equal_amounts_are_equal_however_they_are_written() -> None:
    one, two = Money("1.5", "USD"), Money("1.50", "USD")
    assert one == two
    assert hash(one) == hash(two)
    assert one != "USD 1.50"


def test_an_amount_finer_than_its_currency_is_seen_and_not_cut() -> None:
    fine = Money("1.005", "USD")
    assert not fine.is_exact()
    assert str(fine) == "USD 1.005"
    with pytest.raises(ValueError, match="finer"):
        fine.to_minor()
    assert Money("1.500", "USD").to_minor() == 150
    assert not Money("NaN", "USD").is_exact()
    assert not Money("Infinity", "USD").is_exact()
    assert str(Money("Infinity", "USD")) == "USD Infinity"


def test_money_cannot_be_changed() -> None:
    money = Money("1.00", "USD")
    with pytest.raises(AttributeError):
        money.amount = Decimal(2)
    with pytest.raises(AttributeError):
        del money.currency
    assert pickle.loads(pickle.dumps(money)) == copy.copy(money) == money  # noqa: S301 - our own bytes


def test_exponents_are_those_of_iso_4217() -> None:
    assert [exponent(c) for c in ("USD", "JPY", "KWD", "XYZ")] == [2, 0, 3, 2]
    assert set(EXPONENTS.values()) == {0, 3}


def test_nothing_sums_to_zero_of_the_currency() -> None:
    assert str(total([], "KWD")) == "KWD 0.000"
    assert not total([Money("1", "USD"), Money("-1", "USD")], "USD")
