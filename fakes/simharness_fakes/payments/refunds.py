"""Giving money back: never more than is left of a charge, the charge's fee kept unless the terms give it back."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from msgspec.structs import replace

from simharness.core.money import Money
from simharness.domain import gateway
from simharness.domain.base import Record
from simharness_fakes.payments.balance import Movement
from simharness_fakes.payments.charges import PENDING, SUCCEEDED, C, Charge
from simharness_fakes.payments.fees import of_currency
from simharness_fakes.payments.refusals import Refused
from simharness_fakes.payments.till import Till

CANCELED, FAILED = "canceled", "failed"


class Refund(Record, frozen=True, kw_only=True):
    """Money that goes back. `status`: pending, succeeded, failed, canceled; `reason` is the gateway's own word.

    A refund that failed has `failure_movement`, which put the money back on the balance.
    """

    id: str
    charge: str
    amount: Money
    created_at: datetime
    intent: str = ""
    status: str = SUCCEEDED
    reason: str = ""
    references: tuple[tuple[str, str], ...] = ()
    movement: str = ""
    failure_reason: str = ""
    failure_movement: str = ""

    def canonical(self) -> gateway.Refund:
        """The refund as checks know it."""
        return gateway.Refund(
            id=self.id,
            charge=self.charge,
            amount=self.amount,
            created_at=self.created_at,
            status=self.status,
            reason=self.reason,
            references=self.references,
        )


class RefundTerms(Record, frozen=True, kw_only=True):
    """What a refund costs: `returns_fee` gives the charge's fee back in proportion, `fee` is charged for each."""

    returns_fee: bool = False
    fee: tuple[Money, ...] = ()


def check(charge: Charge, amount: Money | None) -> Money:
    """How much goes back: `amount`, or all that is left. Raises `Refused` for what cannot be given back."""
    if charge.captured is None or charge.status != SUCCEEDED:
        raise Refused("charge_not_refundable", f"{charge.id} holds no money that could be refunded.")
    if charge.contested:
        raise Refused("charge_disputed", f"{charge.id} is disputed and cannot be refunded.")
    if not charge.left:
        raise Refused("charge_already_refunded", f"{charge.id} was refunded completely before.")
    wanted = charge.left if amount is None else amount
    if wanted.currency != charge.amount.currency:
        raise Refused("currency_mismatch", f"{charge.id} was paid in {charge.amount.currency}, not {wanted.currency}.")
    if wanted.amount <= 0:
        raise Refused("amount_too_small", f"a refund of {wanted} is none: give a positive amount.")
    if wanted > charge.left:
        raise Refused("amount_too_large", f"the refund of {wanted} is more than the {charge.left} left of {charge.id}.")
    return wanted


def give_back(
    till: Till, terms: RefundTerms, charge: C, refund: Refund, movement_id: str
) -> tuple[Refund, C, Movement]:
    """Take a refund, which `check` let pass, off the balance and off what is left of its charge."""
    gone, rate = till.changed(-refund.amount)
    movement = till.balance.post(
        Movement(
            id=movement_id,
            kind=till.terms(charge.method_kind).refunded,
            amount=gone,
            rate=rate,
            fee=_fee(till, terms, charge, refund.amount),
            source=refund.id,
            created_at=refund.created_at,
            available_at=till.reversible_at(charge, refund.created_at),
            description=f"REFUND FOR CHARGE ({charge.description})" if charge.description else "REFUND FOR CHARGE",
        )
    )
    after = replace(charge, refunded=charge.given_back + refund.amount)
    return replace(refund, movement=movement.id), after, movement


def fail(till: Till, charge: C, refund: Refund, movement_id: str, now: datetime, reason: str) -> tuple[Refund, C]:
    """The bank refuses a refund: its money is on the balance again and left of its charge again.

    Raises `Refused` for one that failed before.
    """
    if refund.status not in (PENDING, SUCCEEDED):
        raise Refused("refund_not_open", f"{refund.id} is {refund.status} already.")
    taken = till.balance.movements.get(refund.movement)
    restored, rate = till.changed(refund.amount)
    till.balance.post(
        Movement(
            id=movement_id,
            kind="refund_failure",
            amount=restored,
            rate=rate,
            fee=Money.zero(restored.currency) if taken is None else -taken.fee,
            source=refund.id,
            created_at=now,
            available_at=now,
            description="REFUND FAILURE",
        )
    )
    failed = replace(refund, status=FAILED, failure_reason=reason, failure_movement=movement_id)
    return failed, replace(charge, refunded=charge.given_back - refund.amount)


def _fee(till: Till, terms: RefundTerms, charge: Charge, amount: Money) -> Money:
    fee = of_currency(terms.fee, till.exchange.currency_of(amount.currency))
    taken = till.balance.movements.get(charge.movement)
    if not terms.returns_fee or taken is None or charge.captured is None:
        return fee
    # What has been given back so far and what will be, each rounded from the whole: the parts sum to the whole fee.
    back = _share(till, taken.fee, charge.given_back + amount, charge.captured)
    before = _share(till, taken.fee, charge.given_back, charge.captured)
    return fee - (back - before)


def _share(till: Till, fee: Money, part: Money, whole: Money) -> Money:
    unit = till.unit(fee.currency)
    raw = fee.amount * part.amount / whole.amount / unit
    return Money(raw.quantize(Decimal(1), ROUND_HALF_UP) * unit, fee.currency)
