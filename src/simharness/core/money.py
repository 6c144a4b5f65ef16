"""An amount with its currency.

Only the type lives here. Rounding, allocation and tax are finance rules: the fakes' engines, the connector and the
checks
each have their own, because two implementations are the oracle.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import total_ordering
from types import MappingProxyType
from typing import NoReturn

from simharness.core.errors import UsageError

#: Minor-unit exponents that differ from 2. Source: ISO 4217 list one.
EXPONENTS = MappingProxyType(
    {
        "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0,
        "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
        "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
    }
)  # fmt: skip

_MONEY = re.compile(
    r"^(?P<currency>[A-Z]{3})\s+(?P<sign>-?)(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<rest>\.\d+)?$", re.ASCII
)


def exponent(currency: str) -> int:
    """The number of decimals of a currency: 0 for JPY, 3 for KWD, 2 unless ISO 4217 says otherwise."""
    return EXPONENTS.get(currency, 2)


@total_ordering
class Money:
    """A Decimal amount of one currency; immutable, hashable, ordered within its currency.

    The amount is kept as given: it may carry more decimals than the currency has (a unit price, or a posting that
    is wrong and must be seen). `is_exact` tells. Arithmetic between two currencies raises `ValueError`.
    """

    __slots__ = ("amount", "currency")
    amount: Decimal
    currency: str

    def __init__(self, amount: Decimal | int | str, currency: str) -> None:
        object.__setattr__(self, "amount", amount if isinstance(amount, Decimal) else Decimal(amount))
        object.__setattr__(self, "currency", currency)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"Money is immutable, cannot set {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"Money is immutable, cannot delete {name}")

    def __reduce__(self) -> tuple[type[Money], tuple[Decimal, str]]:
        return (Money, (self.amount, self.currency))

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read `USD 1,200.00` or `USD 1200.00`: ISO code first, dot decimals, optional thousands commas.

        Raises `UsageError` that says how to write it; a comma as decimal sign is refused, never guessed.
        """
        match = _MONEY.match(text.strip())
        if match is None:
            raise UsageError(
                f"{text!r} is not an amount of money",
                mend="write the currency and a dot before the decimals, for example USD 1,200.00",
            )
        digits = match["digits"].replace(",", "")
        return cls(Decimal(f"{match['sign']}{digits}{match['rest'] or ''}"), match["currency"])

    @classmethod
    def from_minor(cls, minor: int, currency: str) -> Money:
        """Read integer minor units: 1050 USD is USD 10.50, 1050 JPY is JPY 1050."""
        return cls(Decimal(minor).scaleb(-exponent(currency)), currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, in the currency's own number of decimals."""
        return cls(Decimal(0).scaleb(-exponent(currency)), currency)

    def to_minor(self) -> int:
        """Integer minor units; raises `ValueError` if the amount is finer than the currency."""
        scaled = self.amount.scaleb(exponent(self.currency))
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{self} is finer than the minor unit of {self.currency}")
        return int(scaled)

    def is_exact(self) -> bool:
        """Whether the amount is finite and a whole number of the currency's minor units (invariant V18)."""
        if not self.amount.is_finite():
            return False
        scaled = self.amount.scaleb(exponent(self.currency))
        return scaled == scaled.to_integral_value()

    def same(self, other: Money) -> Money:
        """Return `other` if it is of this currency; raises `ValueError` if not."""
        if other.currency != self.currency:
            raise ValueError(f"cannot combine {self} with {other}")
        return other

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self.same(other).amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self.same(other).amount, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.amount), self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        return Money(self.amount * factor, self.currency)

    __rmul__ = __mul__

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Money) and self.currency == other.currency and self.amount == other.amount

    def __lt__(self, other: Money) -> bool:
        return self.amount < self.same(other).amount

    def __hash__(self) -> int:
        return hash((self.amount, self.currency))

    def __str__(self) -> str:
        """`USD 1,200.00`: readable by people and by `parse`."""
        if not self.amount.is_finite():
            return f"{self.currency} {self.amount}"
        places = max(exponent(self.currency), -int(self.amount.as_tuple().exponent))
        return f"{self.currency} {self.amount:,.{places}f}"

    def __repr__(self) -> str:
        return f"Money({str(self)!r})"


def total(amounts: list[Money] | tuple[Money, ...], currency: str) -> Money:
    """The sum of amounts of one currency; zero of `currency` when there are none."""
    result = Money.zero(currency)
    for amount in amounts:
        result = result + amount
    return result
