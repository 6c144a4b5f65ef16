"""Taking money: a charge that succeeded moves the balance by its amount less the fee, one that failed moves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal

from simharness.core.money import Money, exponent
from simharness.domain import gateway
from simharness.domain.base import Record
from simharness_fakes.payments.availability import Availability
from simharness_fakes.payments.balance import Balance, Movement
from simharness_fakes.payments.fees import FeeSchedule

SUCCEEDED, FAILED = "succeeded", "failed"


class Charge(Record, frozen=True, kw_only=True):
    """An attempt to take money, for good: succeeded or failed. `movement` is the balance movement of a successful one.

    `references` are the key and value pairs somebody attached, sorted by key.
    """

    id: str
    amount: Money
    created_at: datetime
    status: str = SUCCEEDED
    customer: str = ""
    method: str = ""
    method_kind: str = "card"
    intent: str = ""
    description: str = ""
    references: tuple[tuple[str, str], ...] = ()
    movement: str = ""
    failure_code: str = ""
    failure_reason: str = ""

    def canonical(self) -> gateway.Charge:
        """The charge as checks know it."""
        return gateway.Charge(
            id=self.id,
            amount=self.amount,
            created_at=self.created_at,
            status=self.status,
            customer=self.customer,
            method=self.method_kind,
            description=self.description,
            references=self.references,
        )


def minor_unit(currency: str) -> Decimal:
    """The minor unit of a currency as ISO 4217 has it."""
    return Decimal(1).scaleb(-exponent(currency))


class Till:
    """Where one account takes money: its fee schedule, its delay and its balance.

    `unit` gives the smallest amount of a currency that the gateway can say; fees are whole multiples of it.
    """

    def __init__(
        self,
        fees: FeeSchedule,
        availability: Availability,
        unit: Callable[[str], Decimal] = minor_unit,
        balance: Balance | None = None,
    ) -> None:
        self.fees = fees
        self.availability = availability
        self.unit = unit
        self.balance = balance or Balance()

    def settle(self, charge: Charge, movement_id: str) -> Movement:
        """Put a successful charge on the balance, fee deducted, and return the movement."""
        movement = Movement(
            id=movement_id,
            kind="charge",
            amount=charge.amount,
            fee=self.fees.fee(charge.amount, self.unit(charge.amount.currency)),
            source=charge.id,
            created_at=charge.created_at,
            available_at=self.availability.available_at(charge.created_at),
            description=charge.description,
        )
        return self.balance.post(movement)

    def snapshot(self, vendor: str, charges: Iterable[Charge], now: datetime) -> gateway.GatewaySnapshot:
        """The account in canonical records at `now`."""
        return gateway.GatewaySnapshot(
            vendor=vendor,
            charges=tuple(charge.canonical() for charge in charges),
            balance_lines=self.balance.lines(),
            available=self.balance.available(now),
            pending=self.balance.pending(now),
        )

    def fork(self) -> Till:
        """An independent copy that shares the records."""
        return Till(self.fees, self.availability, self.unit, self.balance.fork())
