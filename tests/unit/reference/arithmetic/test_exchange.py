"""The ledger is told a rate, and the amount in base that was really given or taken comes out to the cent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.reference.arithmetic.exchange import exact_rate, rate_of, terms
from simharness.reference.arithmetic.money import Cents
from simharness.reference.errors import Rejected

DOLLARS = Cents("USD")
AMOUNTS = st.decimals("0.01", "9999999.99", places=2)


def test_the_rate_that_was_told_is_kept_where_it_gives_the_amount() -> None:
    # 666.67 x 1.15 = 766.6705
    assert exact_rate(Decimal("666.67"), Decimal("766.67"), DOLLARS, Decimal("1.15")) == Decimal("1.15")


def test_else_the_shortest_one_that_does_is_taken() -> None:
    # 766.68 / 666.67 = 1.150014...; eight decimals are enough
    assert exact_rate(Decimal("666.67"), Decimal("766.68"), DOLLARS, Decimal("1.15")) == Decimal("1.15001425")


@given(AMOUNTS, AMOUNTS)
def test_exactly_the_amount_in_base_comes_out(amount: Decimal, base: Decimal) -> None:
    try:
        rate = exact_rate(amount, base, DOLLARS)
    except Rejected:
        # So much for so little that ten decimals are nothing.
        assert base / amount < Decimal("0.00000001")
        return
    assert DOLLARS.round(amount * rate) == base
    assert DOLLARS.round(-amount * rate) == -base


def test_an_amount_beyond_what_a_rate_can_say_waits_for_a_person() -> None:
    with pytest.raises(Rejected, match="exactly 1000000000000\\.01"):
        exact_rate(Decimal("900000000000.00"), Decimal("1000000000000.01"), DOLLARS)


def test_a_record_in_the_books_own_currency_bears_no_rate() -> None:
    assert rate_of({"CurrencyRef": {"value": "USD"}, "ExchangeRate": 1}, "USD") is None
    assert rate_of({"CurrencyRef": {"value": "EUR"}, "ExchangeRate": Decimal("1.1")}, "USD") == Decimal("1.1")
    assert terms("USD", None) == {"CurrencyRef": {"value": "USD"}}
