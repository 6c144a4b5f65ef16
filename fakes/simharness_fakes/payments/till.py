"""Where one account takes money: the terms of each way to pay, and the balance they move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from msgspec.structs import replace

from simharness.core.money import Money
from simharness.domain import gateway
from simharness.domain.base import Record
from simharness_fakes.payments.availability import Availability
from simharness_fakes.payments.balance import Balance, Movement
from simharness_fakes.payments.charges import C, Charge, minor_unit
from simharness_fakes.payments.exchange import Exchange
from simharness_fakes.payments.fees import FeeSchedule


class Terms(Record, frozen=True, kw_only=True):
    """How money of one way to pay is booked: its fees, its delay and the gateway's words for its movements."""

    fees: FeeSchedule
    availability: Availability
    taken: str = "charge"
    refunded: str = "refund"


class Till:
    """One account's way to take money: `terms` by way to pay (others pay on the terms of a card), and the balance.

    `unit` gives the smallest amount of a currency that the gateway can say; fees are whole multiples of it.
    `strict_availability`: money that is given back is never available before the money it was taken from. Money of a
    currency that the account does not keep is changed at the rate of its instant, whichever way it moves.
    """

    def __init__(
        self,
        card: Terms,
        others: Mapping[str, Terms] = MappingProxyType({}),
        *,
        unit: Callable[[str], Decimal] = minor_unit,
        strict_availability: bool = True,
        balance: Balance | None = None,
        exchange: Exchange | None = None,
    ) -> None:
        self.card = card
        self.others = others
        self.unit = unit
        self.strict_availability = strict_availability
        self.balance = balance or Balance()
        self.exchange = exchange or Exchange()

    def terms(self, method_kind: str) -> Terms:
        """The terms of a way to pay."""
        return self.others.get(method_kind, self.card)

    def changed(self, amount: Money) -> tuple[Money, Decimal | None]:
        """An amount as the balance has it, half a unit away from zero, and the rate if it had to be changed.

        Raises `Refused` for a currency of which nobody said the gateway's rate.
        """
        rate = self.exchange.rate_of(amount.currency)
        if rate is None:
            return amount, None
        currency = self.exchange.currency_of(amount.currency)
        unit = self.unit(currency)
        return Money((amount.amount * rate / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit, currency), rate

    def fee(self, amount: Money, method_kind: str) -> Money:
        """What taking an amount costs; it is an amount of the balance."""
        return self.terms(method_kind).fees.fee(amount, self.unit(amount.currency))

    def settle(
        self,
        charge: C,
        movement_id: str,
        now: datetime,
        amount: Money | None = None,
        *,
        available_at: datetime | None = None,
    ) -> C:
        """Put what was captured of a charge (all of it without `amount`) on the balance, fee deducted.

        It is available as the terms say, or at another instant that is given.
        """
        taken = amount or charge.amount
        settled, rate = self.changed(taken)
        terms = self.terms(charge.method_kind)
        self.balance.post(
            Movement(
                id=movement_id,
                kind=terms.taken,
                amount=settled,
                fee=self.fee(settled, charge.method_kind),
                source=charge.id,
                created_at=now,
                available_at=available_at or terms.availability.available_at(now),
                description=charge.description,
                rate=rate,
            )
        )
        return replace(charge, movement=movement_id, captured=taken)

    def reversible_at(self, charge: Charge, now: datetime) -> datetime:
        """The instant at which money that goes back at `now` leaves what is available."""
        taken = self.balance.movements.get(charge.movement)
        if taken is None or not self.strict_availability:
            return now
        return max(now, taken.available_at)

    def snapshot(
        self,
        vendor: str,
        now: datetime,
        *,
        charges: Iterable[Charge],
        refunds: Iterable[gateway.Refund] = (),
        disputes: Iterable[gateway.Dispute] = (),
        payouts: Iterable[gateway.Payout] = (),
    ) -> gateway.GatewaySnapshot:
        """The account in canonical records at `now`."""
        return gateway.GatewaySnapshot(
            vendor=vendor,
            charges=tuple(charge.canonical() for charge in charges),
            balance_lines=self.balance.lines(),
            available=self.balance.available(now),
            pending=self.balance.pending(now),
            reserved=self.balance.reserved(),
            refunds=tuple(refunds),
            disputes=tuple(disputes),
            payouts=tuple(payouts),
        )

    def fork(self) -> Till:
        """An independent copy that shares the records."""
        return Till(
            self.card,
            self.others,
            unit=self.unit,
            strict_availability=self.strict_availability,
            balance=self.balance.fork(),
            exchange=self.exchange,
        )
