"""Amounts and instants as Stripe writes them: integer minor units and unix seconds.

Stripe's exponents differ from ISO 4217 in a few currencies: Ariary counts as zero-decimal; Icelandic crown and Uganda
shilling are sent with two decimals that must be zero; three-decimal amounts end in a zero. Source: Stripe's page on
supported currencies.
"""

from __future__ import annotations

import calendar
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache

from simharness.core.money import Money, exponent

_ZERO_DECIMAL = frozenset({"MGA"})
_TWO_ZEROS = frozenset({"ISK", "UGX"})


@lru_cache(maxsize=256)
def places(currency: str) -> int:
    """How many decimals Stripe's integer amounts of a currency (upper case) have."""
    if currency in _ZERO_DECIMAL:
        return 0
    if currency in _TWO_ZEROS:
        return 2
    return exponent(currency)


@lru_cache(maxsize=256)
def step(currency: str) -> int:
    """Of what an integer amount must be a multiple: 10 with three decimals, 100 where decimals are only for show."""
    if currency in _TWO_ZEROS:
        return 100
    return 10 if places(currency) > 2 else 1


def unit(currency: str) -> Decimal:
    """The smallest amount of a currency (upper case) that Stripe can say."""
    return Decimal(step(currency)).scaleb(-places(currency))


def to_wire(money: Money) -> int:
    """The integer amount; raises `ValueError` if the money is finer than Stripe can say."""
    scaled = money.amount.scaleb(places(money.currency))
    amount = int(scaled)
    if scaled != amount or amount % step(money.currency):
        raise ValueError(f"{money} is finer than Stripe's amounts of {money.currency}")
    return amount


def from_wire(amount: int, currency: str) -> Money:
    """Money from an integer amount and a currency in any case; the caller has checked `step`."""
    code = currency.upper()
    raw = Decimal(amount).scaleb(-places(code))
    return Money(raw.quantize(Decimal(1).scaleb(-exponent(code))) if exponent(code) <= places(code) else raw, code)


@lru_cache(maxsize=1024)
def seconds(moment: datetime) -> int:
    """Unix seconds, cut."""
    return calendar.timegm(moment.astimezone(UTC).timetuple())


def moment(unix: int) -> datetime:
    """The instant of unix seconds; raises `ValueError` or `OverflowError` beyond what a calendar holds."""
    return datetime.fromtimestamp(unix, tz=UTC)
