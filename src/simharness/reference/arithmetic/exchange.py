"""Foreign money in the ledger's terms: a currency, and the rate at which exactly that comes out in base which somebody
really gave or took.

The ledger is told a rate, not an amount in base. So the rate that it is told is the one that was stated where that
gives the amount to the cent, and otherwise the shortest one that does.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from simharness.reference.arithmetic.money import Cents
from simharness.reference.errors import Rejected
from simharness.reference.vendors.http import Json

#: Decimals of a rate: so many are tried first, and so many the ledger keeps.
_SHORT, _KEPT = 8, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """An amount, signed, in its own currency; `rate` is base per unit, None in the books' own currency."""

    amount: Decimal
    currency: str
    rate: Decimal | None = None

    @property
    def terms(self) -> Json:
        """Currency and rate as a record bears them."""
        return terms(self.currency, self.rate)


def terms(currency: str, rate: Decimal | None) -> Json:
    """Currency and rate as a record bears them; without a rate the ledger takes its own of the day."""
    found: Json = {"CurrencyRef": {"value": currency}}
    if rate is not None:
        found["ExchangeRate"] = rate
    return found


def rate_of(record: Json, base: str) -> Decimal | None:
    """The rate that a record of the ledger bears; None in the books' own currency."""
    if str(record["CurrencyRef"]["value"]) == base:
        return None
    return Decimal(record["ExchangeRate"])


def terms_of(record: Json, base: str) -> Json:
    """Currency and rate as another record bears them, for what takes its place."""
    return terms(str(record["CurrencyRef"]["value"]), rate_of(record, base))


def exact_rate(amount: Decimal, base: Decimal, cents: Cents, told: Decimal | None = None) -> Decimal:
    """The rate at which an amount is worth exactly so much in base (`cents`), the told one if it is so. Signs agree.

    Raises `Rejected` for an amount so large that no rate gives it.
    """
    if told is not None and cents.round(amount * told) == base:
        return told
    for decimals in range(_SHORT, _KEPT + 1):
        rate = (base / amount).quantize(Decimal(1).scaleb(-decimals))
        if rate > 0 and cents.round(amount * rate) == base:
            return rate
    raise Rejected("no_exact_rate", f"no rate of {_KEPT} decimals makes {amount} worth exactly {base}")
