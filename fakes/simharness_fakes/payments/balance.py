"""The gateway's balance: every movement once, and what of it is pending or available at an instant."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from simharness.core.money import Money
from simharness.domain.base import Record
from simharness.domain.gateway import BalanceLine
from simharness_fakes.payments.chronicle import Chronicle


class Movement(Record, frozen=True, kw_only=True):
    """One movement of the balance: net = amount − fee. `kind` is the gateway's own type, `source` what caused it."""

    id: str
    kind: str
    amount: Money
    fee: Money
    source: str
    created_at: datetime
    available_at: datetime
    description: str = ""

    @property
    def net(self) -> Money:
        """What the movement does to the balance."""
        return self.amount - self.fee


class Balance:
    """All movements in order of creation. Amounts are kept apart by currency; nothing is converted."""

    def __init__(self) -> None:
        self.movements: Chronicle[Movement] = Chronicle(
            key=lambda m: m.id,
            created=lambda m: m.created_at,
            kind=lambda m: m.kind,
            source=lambda m: m.source,
            currency=lambda m: m.amount.currency,
        )
        self._ripening: list[tuple[datetime, int, Money]] = []
        self._available: dict[str, Decimal] = {}
        self._pending: dict[str, Decimal] = {}

    def post(self, movement: Movement) -> Movement:
        """Add a movement; its net is pending until `available_at`."""
        self.movements.put(movement)
        net = movement.net
        heapq.heappush(self._ripening, (movement.available_at, len(self.movements), net))
        self._pending[net.currency] = self._pending.get(net.currency, Decimal(0)) + net.amount
        self._available.setdefault(net.currency, Decimal(0))
        return movement

    def available(self, now: datetime) -> tuple[Money, ...]:
        """What may be paid out at `now`, one amount a currency that ever moved, by currency."""
        self._ripen(now)
        return _amounts(self._available)

    def pending(self, now: datetime) -> tuple[Money, ...]:
        """What was taken and may not be paid out yet at `now`, one amount a currency that ever moved, by currency."""
        self._ripen(now)
        return _amounts(self._pending)

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
        return twin

    def _ripen(self, now: datetime) -> None:
        # Time never goes back, so what is ripe once stays ripe.
        while self._ripening and self._ripening[0][0] <= now:
            _, _, net = heapq.heappop(self._ripening)
            self._pending[net.currency] -= net.amount
            self._available[net.currency] += net.amount


def _amounts(totals: Mapping[str, Decimal]) -> tuple[Money, ...]:
    return tuple(Money.zero(currency) + Money(totals[currency], currency) for currency in sorted(totals))
