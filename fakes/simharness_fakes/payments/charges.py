"""Taking money: a charge that succeeded moves the balance by its amount less the fee, one that failed moves nothing."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from simharness.core.money import Money, exponent
from simharness.domain import gateway
from simharness.domain.base import Record

PENDING, SUCCEEDED, FAILED = "pending", "succeeded", "failed"


class Charge(Record, frozen=True, kw_only=True):
    """An attempt to take money. `movement` is the balance movement of one that was captured.

    `captured` is what was really taken, None as long as nothing was: a debit is pending, or a card was only authorised
    (`released`: and never will be). `refunded` went back to the customer, `withdrawn` was taken out again by disputes
    that are open or lost. A debit that came back from the bank after it had succeeded has failed, with
    `failure_movement`. `references` are the key and value pairs somebody attached, sorted by key.
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
    captured: Money | None = None
    released: bool = False
    refunded: Money | None = None
    withdrawn: Money | None = None
    failure_code: str = ""
    failure_reason: str = ""
    failure_movement: str = ""

    @property
    def nothing(self) -> Money:
        """Zero in the charge's currency."""
        return Money.zero(self.amount.currency)

    @property
    def given_back(self) -> Money:
        """What was refunded so far."""
        return self.refunded or self.nothing

    @property
    def contested(self) -> Money:
        """What disputes hold back or took for good."""
        return self.withdrawn or self.nothing

    @property
    def left(self) -> Money:
        """What is still there of it: captured, neither refunded nor withdrawn nor returned by the bank."""
        if self.captured is None or self.failure_movement:
            return self.nothing
        return self.captured - self.given_back - self.contested

    @property
    def returned(self) -> bool:
        """Whether it is a debit that had succeeded and came back."""
        return bool(self.failure_movement) and self.captured is not None

    def canonical(self) -> gateway.Charge:
        """The charge as checks know it: a debit that came back is a charge that succeeded and a dispute that is lost,
        so that everything that ever moved money stays to be seen.
        """
        status = self.status
        if self.returned:
            status = SUCCEEDED
        elif status == SUCCEEDED and self.captured is None:
            status = FAILED if self.released else PENDING
        return gateway.Charge(
            id=self.id,
            amount=self.captured or self.amount,
            created_at=self.created_at,
            status=status,
            customer=self.customer,
            method=self.method_kind,
            description=self.description,
            references=self.references,
            refunded=self.refunded,
        )


#: A charge with whatever a dialect keeps beside the family's facts.
C = TypeVar("C", bound=Charge)


def minor_unit(currency: str) -> Decimal:
    """The minor unit of a currency as ISO 4217 has it."""
    return Decimal(1).scaleb(-exponent(currency))
