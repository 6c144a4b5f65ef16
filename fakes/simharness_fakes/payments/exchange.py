"""What an account keeps its balance in, and what other money is changed into, at the gateway's rate."""

from __future__ import annotations

from decimal import Decimal

from simharness.domain.base import Record
from simharness_fakes.payments.refusals import Refused


class Exchange(Record, frozen=True, kw_only=True):
    """The currencies an account keeps, the account's own first, and the gateway's rates: the worth of a unit in that.

    An account of which nobody said what it keeps keeps every currency as it comes.
    """

    kept: tuple[str, ...] = ()
    rates: tuple[tuple[str, Decimal], ...] = ()

    def keeping(self, currency: str) -> Exchange:
        """The same for an account that keeps this currency, too."""
        return self if currency in self.kept else Exchange(kept=(*self.kept, currency), rates=self.rates)

    def at(self, currency: str, rate: Decimal) -> Exchange:
        """The same once the gateway changes a currency at another rate."""
        return Exchange(kept=self.kept, rates=(*(each for each in self.rates if each[0] != currency), (currency, rate)))

    def currency_of(self, currency: str) -> str:
        """The currency in which money of a currency is on the balance."""
        return currency if not self.kept or currency in self.kept else self.kept[0]

    def rate_of(self, currency: str) -> Decimal | None:
        """The rate at which money of a currency is changed, None where it is kept as it is.

        Raises `Refused` where nobody said the rate: a gateway has one, and nothing here may guess it.
        """
        if self.currency_of(currency) == currency:
            return None
        rate = dict(self.rates).get(currency)
        if rate is None:
            raise Refused(
                "exchange_rate_unknown",
                f"nobody said at which rate the gateway changes {currency} into {self.kept[0]}: state its rate first.",
            )
        return rate
