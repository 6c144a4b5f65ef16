"""Foreign money that a bank changed on its way to the account: what it gave is the rate, as far as that is likely."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from simharness.reference.arithmetic.exchange import exact_rate, terms
from simharness.reference.arithmetic.money import HUNDRED
from simharness.reference.bank.matching import Unmatched
from simharness.reference.errors import Rejected
from simharness.reference.mapping.model import Mapping
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.quickbooks import QuickBooks


@dataclass(frozen=True, slots=True)
class Change:
    """So much of a currency that came to so much in the books' own on a day."""

    amount: Decimal
    currency: str
    base: Decimal
    day: date


class Changing:
    """Finds the rate of a change, and doubts one that is far off the ledger's."""

    def __init__(self, quickbooks: QuickBooks, mapping: Mapping) -> None:
        self._quickbooks, self._mapping = quickbooks, mapping

    def rate(self, change: Change) -> Decimal:
        """The rate at which exactly the base comes out. Raises `Unmatched` where the ledger's is far from it."""
        within = self._mapping.bank.exchange_within
        known = self._quickbooks.exchange_rate(change.currency, change.day)
        shown = f"{change.currency} {change.amount} for {self._mapping.company.currency} {change.base}"
        if known is None or abs(change.base - change.amount * known) * HUNDRED > within * change.amount * known:
            raise Unmatched(f"{shown} is no likely exchange: the ledger's rate is {known or 'unknown'}")
        try:
            return exact_rate(change.amount, change.base, self._mapping.cents())
        except Rejected as rejected:
            raise Unmatched(rejected.reason) from rejected

    def terms(self, change: Change) -> Json:
        """Currency and rate as a record bears them."""
        return terms(change.currency, self.rate(change))
