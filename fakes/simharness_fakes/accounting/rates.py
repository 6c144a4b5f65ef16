"""Rates of exchange of the company: one a currency and day, set and set again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from simharness_fakes.accounting.chart import ExchangeRate, Stamp
from simharness_fakes.accounting.exchange import check_currency_code, exact, rate_id, rate_on
from simharness_fakes.accounting.lookup import Reading
from simharness_fakes.accounting.refusals import BadValue
from simharness_fakes.accounting.state import State


class Rates(Reading[ExchangeRate]):
    """Base per unit of each foreign currency over time."""

    kind = "exchange_rate"

    def __init__(self, state: State) -> None:
        self._state = state
        self._table = state.rates

    def on(self, currency: str, day: date) -> ExchangeRate | None:
        """The last rate of a currency on or before a day, None where none was ever given."""
        return rate_on(self._state, currency, day)

    def set(self, currency: str, day: date, rate: Decimal, by: Stamp) -> ExchangeRate:
        """Say what a unit of a currency is worth from a day on. Documents that are kept stay at their own rate."""
        state = self._state
        check_currency_code(currency)
        if currency == state.settings.currency:
            raise BadValue("currency", currency, "it is the currency of the books, its rate is 1")
        if not state.settings.multi_currency:
            raise BadValue("currency", currency, "these books are kept in one currency")
        rate = exact(rate)
        id = rate_id(currency, day)
        old = self._table.get(id)
        made = ExchangeRate(currency=currency, day=day, rate=rate)
        if old is None:
            kept = msgspec.structs.replace(
                made, id=id, created_at=by.at, created_by=by.actor, updated_at=by.at, updated_by=by.actor
            )
            state.log(by, self.kind, id, "create")
        else:
            kept = msgspec.structs.replace(made, **state.changed(by, self.kind, old))
        return self._table.put(kept)
