"""The gateway's balance: every movement once, and what of it is pending, available or reserved at an instant."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from msgspec.structs import replace

from simharness.core.money import Money
from simharness.domain.base import Record
from simharness.domain.gateway import BalanceLine
from simharness_fakes.payments.chronicle import Chronicle


class Movement(Record, frozen=True, kw_only=True):
    """One movement of the balance: net = amount − fee. `kind` is the gateway's own type, `source` what caused it.

    `category` is the gateway's word for it in reports ("" where that is the kind). `payout` is the automatic payout
    that carried it to the bank. `reserved`: it moves the part of the balance that is kept back as a security. `rate`:
    it came in another currency, whose unit was worth so much.
    """

    id: str
    kind: str
    amount: Money
    fee: Money
    source: str
    created_at: datetime
    available_at: datetime
    description: str = ""
    category: str = ""
    payout: str = ""
    reserved: bool = False
    rate: Decimal | None = None

    @property
    def net(self) -> Money:
        """What the movement does to the balance."""
        return self.amount - self.fee


class Balance:
    """All movements in order of creation. Amounts are kept apart by currency; who posts one has converted it."""

    def __init__(self) -> None:
        self.movements: Chronicle[Movement] = Chronicle(
            key=lambda m: m.id,
            created=lambda m: m.created_at,
            kind=lambda m: m.kind,
            source=lambda m: m.source,
            currency=lambda m: m.amount.currency,
            payout=lambda m: m.payout or None,
        )
        self._ripening: list[tuple[datetime, int, Money]] = []
        self._available: dict[str, Decimal] = {}
        self._pending: dict[str, Decimal] = {}
        self._reserved: dict[str, Decimal] = {}
        #: Movements that no automatic payout has carried yet, in order of creation.
        self._waiting: dict[str, None] = {}

    def post(self, movement: Movement) -> Movement:
        """Add a movement; its net is pending until `available_at`."""
        self.movements.put(movement)
        net = movement.net
        self._available.setdefault(net.currency, Decimal(0))
        self._pending.setdefault(net.currency, Decimal(0))
        if movement.reserved:
            self._reserved[net.currency] = self._reserved.get(net.currency, Decimal(0)) + net.amount
            return movement
        heapq.heappush(self._ripening, (movement.available_at, len(self.movements), net))
        self._pending[net.currency] += net.amount
        if not movement.payout:
            self._waiting[movement.id] = None
        return movement

    def available(self, now: datetime) -> tuple[Money, ...]:
        """What may be paid out at `now`, one amount a currency that ever moved, by currency."""
        self._ripen(now)
        return _amounts(self._available)

    def pending(self, now: datetime) -> tuple[Money, ...]:
        """What was taken and may not be paid out yet at `now`, one amount a currency that ever moved, by currency."""
        self._ripen(now)
        return _amounts(self._pending)

    def reserved(self) -> tuple[Money, ...]:
        """What is kept back as a security, one amount a currency of which something ever was, by currency."""
        return _amounts(self._reserved)

    def available_in(self, currency: str, now: datetime) -> Money:
        """What may be paid out of one currency at `now`; it may be negative."""
        self._ripen(now)
        return Money.zero(currency) + Money(self._available.get(currency, Decimal(0)), currency)

    def currencies(self) -> tuple[str, ...]:
        """Every currency that ever moved, sorted."""
        return tuple(sorted(self._available))

    def waiting(self, currency: str, now: datetime) -> tuple[Movement, ...]:
        """The available movements of a currency that no automatic payout has carried yet, in order of creation."""
        found = (self.movements.get(movement_id) for movement_id in self._waiting)
        return tuple(m for m in found if m is not None and m.amount.currency == currency and m.available_at <= now)

    def carry(self, movements: Iterable[Movement], payout: str) -> None:
        """Link movements to the automatic payout that carries them; each can be carried once."""
        for movement in movements:
            del self._waiting[movement.id]
            self.movements.put(replace(movement, payout=payout))

    def lines(self) -> tuple[BalanceLine, ...]:
        """The movements as canonical records, in order of creation."""
        return tuple(
            BalanceLine(
                id=m.id,
                kind=m.kind,
                amount=m.amount,
                fee=m.fee,
                net=m.net,
                source=m.source,
                created_at=m.created_at,
                available_at=m.available_at,
                rate=m.rate,
            )
            for m in self.movements
        )

    def fork(self) -> Balance:
        """An independent copy that shares the movements."""
        twin = Balance()
        twin.movements = self.movements.fork()
        twin._ripening = list(self._ripening)
        twin._available = dict(self._available)
        twin._pending = dict(self._pending)
        twin._reserved = dict(self._reserved)
        twin._waiting = dict(self._waiting)
        return twin

    def _ripen(self, now: datetime) -> None:
        # Time never goes back, so what is ripe once stays ripe.
        while self._ripening and self._ripening[0][0] <= now:
            _, _, net = heapq.heappop(self._ripening)
            self._pending[net.currency] -= net.amount
            self._available[net.currency] += net.amount


def _amounts(totals: Mapping[str, Decimal]) -> tuple[Money, ...]:
    return tuple(Money.zero(currency) + Money(totals[currency], currency) for currency in sorted(totals))
