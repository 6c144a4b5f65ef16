"""At which rate a foreign record may be in the books: a stated one, or the one at which money really changed hands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from simharness.checks.arithmetic.rounding import minor_unit, rounded
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.books import LedgerSnapshot, Payment
from simharness.domain.fact import BankMoved, ExchangeRateStated
from simharness.domain.gateway import BalanceLine

_ZERO = Decimal(0)


class Rates:
    """The rates of one ledger in one state of the world."""

    def __init__(self, scope: Scope, ledger: LedgerSnapshot) -> None:
        self._scope, self.currency = scope, ledger.currency

    def in_base(self, amount: Decimal, rate: Decimal | None) -> Decimal:
        """An amount at a rate, in cents of the books."""
        unit = minor_unit(self.currency)
        return rounded(amount * (Decimal(1) if rate is None else rate), unit, self._scope.dictionary.policy.rounding)

    def stated(self, currency: str, day: date) -> list[Decimal]:
        """The last rate stated before a day, and those of the day itself: which was known is a matter of hours.

        One that was stated later for an earlier day stands before them: it may have been known, or not yet.
        """
        mine = [fact for fact in self._stated if fact.currency == currency and (fact.as_of or fact.on) <= day]
        late = [fact.rate for fact in mine if fact.as_of is not None]
        before = [fact.rate for fact in mine if fact.as_of is None and fact.on < day][-1:]
        today = [fact.rate for fact in mine if fact.as_of is None and fact.on == day]
        return [*late, *before, *today]

    def closing(self, currency: str, day: date, known: datetime) -> Decimal | None:
        """The last rate stated for a day itself, by what was known at an instant; None where nobody stated one."""
        return next(
            (
                fact.rate
                for fact in reversed(self._stated)
                if fact.currency == currency and (fact.as_of or fact.on) == day and fact.at <= known
            ),
            None,
        )

    def moved(self, source: str) -> Decimal | None:
        """What the gateway's balance first moved by for a source in another currency; None if nothing was changed."""
        return next((line.amount.amount for line in self._changed if line.source == source), None)

    def real(self, payment: Payment) -> tuple[Decimal, Decimal] | None:
        """What the money of a foreign payment really came to in base, and by how much it may differ.

        Of a charge exactly what the balance took in; of a wire its share of what arrived and what the banks kept, in
        which a cent may go to another part. None where nobody else than the controller says a rate.
        """
        for effect in self._scope.effects.by_record("payment", payment.id):
            worth = self.moved(effect.id) if effect.noun == "payment" else None
            if worth is not None:
                return worth, _ZERO
            wire = self._wires.get(effect.id) if effect.noun == "bank_line" else None
            if wire is not None:
                told = sum((money.amount for _, money in wire.advice), _ZERO)
                gross = wire.amount.amount + (wire.fee.amount if wire.fee is not None else _ZERO)
                share = gross * payment.amount.amount / told
                return share, _ZERO if payment.amount.amount == told else minor_unit(self.currency)
        return None

    @cached_property
    def _stated(self) -> list[ExchangeRateStated]:
        return [fact for fact in self._scope.facts if isinstance(fact, ExchangeRateStated)]

    @cached_property
    def _changed(self) -> list[BalanceLine]:
        lines = self._scope.gateway.balance_lines if self._scope.gateway else ()
        return [line for line in lines if line.rate is not None and line.amount.currency == self.currency]

    @cached_property
    def _wires(self) -> dict[str, BankMoved]:
        return {wire.line_id: wire for wire in self._told()}

    def _told(self) -> Iterator[BankMoved]:
        """Wires whose advice is in another currency than what arrived."""
        for fact in self._scope.facts:
            if isinstance(fact, BankMoved) and fact.purpose == "wire" and fact.advice:
                currencies = {money.currency for _, money in fact.advice}
                if len(currencies) == 1 and currencies != {fact.amount.currency}:
                    yield fact


def worth_of(amount: Decimal, currency: str) -> Money:
    """An amount of the books."""
    return Money(amount.quantize(minor_unit(currency)), currency)
