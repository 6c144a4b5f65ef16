"""Foreign currency: the rate of a document, its worth in base, and how parts of it are converted (finance rules,
section 3: base = foreign × rate, base rounded).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from simharness_fakes.accounting.chart import ExchangeRate
from simharness_fakes.accounting.refusals import BadValue, NoExchangeRate
from simharness_fakes.accounting.rounding import fit

if TYPE_CHECKING:
    from simharness_fakes.accounting.state import State

ZERO = Decimal(0)
#: Rates are kept to so many decimals.
_DECIMALS = 10


def rate_id(currency: str, day: date) -> str:
    """The id of a currency's rate as at a day."""
    return f"{currency}:{day.isoformat()}"


def rate_on(state: State, currency: str, day: date) -> ExchangeRate | None:
    """The last rate of a currency on or before a day, None where none was ever given."""
    found: ExchangeRate | None = None
    for each in state.rates.find("currency", currency):
        if each.day <= day and (found is None or each.day > found.day):
            found = each
    return found


def rate_of(state: State, currency: str, given: Decimal | None, day: date) -> Decimal | None:
    """Base per unit of a document's currency: the rate given, else the last one known on its day; None in base.

    Refuses a rate that is not positive, one other than 1 for the base currency, and a currency without any.
    """
    if given is not None:
        given = exact(given)
    if currency == state.settings.currency:
        if given not in (None, Decimal(1)):
            raise BadValue("rate", given, f"{currency} is the currency of the books, its rate is 1")
        return None
    if given is not None:
        return given
    known = rate_on(state, currency, day)
    if known is None:
        raise NoExchangeRate(currency, day)
    return known.rate


def exact(rate: Decimal) -> Decimal:
    """A rate as it is kept: as it was written, unless that is finer than a rate can be. Refuses nothing and less."""
    rounded = round(rate, _DECIMALS)
    kept = rate if rate == rounded else rounded
    if kept <= 0:
        raise BadValue("rate", rate, "a rate of exchange is more than zero")
    return kept


def in_base(state: State, amount: Decimal, rate: Decimal | None) -> Decimal:
    """An amount of a document in the currency of the books."""
    return amount if rate is None else state.rounder.round(amount * rate)


def parts_in_base(
    state: State, total: Decimal, parts: Sequence[Decimal], rate: Decimal | None
) -> tuple[Decimal, tuple[Decimal, ...]]:
    """A total in base, and its parts so that they still sum to it (by largest remainder)."""
    if rate is None:
        return total, tuple(parts)
    whole = in_base(state, total, rate)
    return whole, fit(whole, [part * rate for part in parts], state.rounder.unit)


def check_currency_code(currency: str) -> None:
    """Refuse what is no currency code."""
    if len(currency) != 3 or not currency.isascii() or not currency.isupper():
        raise BadValue("currency", currency, "a currency is named by its three capital letters")
