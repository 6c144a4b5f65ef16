"""Money that a customer's bank takes back: disputes that are won or lost, and debits that are returned for good."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from msgspec.structs import replace

from simharness.core.money import Money
from simharness.domain import gateway
from simharness.domain.base import Record
from simharness_fakes.payments.balance import Movement
from simharness_fakes.payments.charges import FAILED, SUCCEEDED, C, Charge
from simharness_fakes.payments.fees import of_currency
from simharness_fakes.payments.refusals import Refused
from simharness_fakes.payments.till import Till

NEEDS_RESPONSE, UNDER_REVIEW, WON, LOST = "needs_response", "under_review", "won", "lost"
OPEN = (NEEDS_RESPONSE, UNDER_REVIEW)


class DisputeTerms(Record, frozen=True, kw_only=True):
    """What a dispute costs, at most one amount a currency, and how long it may be answered.

    `returns_fee`: a dispute that is won gives its fee back. `return_fee` is charged for a debit that comes back.
    """

    fee: tuple[Money, ...] = ()
    returns_fee: bool = False
    return_fee: tuple[Money, ...] = ()
    answer_days: int = 9

    def due_at(self, now: datetime) -> datetime:
        """The last instant at which a dispute opened now can be answered."""
        return now + timedelta(days=self.answer_days)


class Dispute(Record, frozen=True, kw_only=True):
    """A contested charge. `movements` are the withdrawal and, when it was won, the way back; `evidence` by name.

    `submissions` counts how often evidence was sent to the bank; `due_at` is the last instant for it.
    """

    id: str
    charge: str
    amount: Money
    fee: Money
    created_at: datetime
    due_at: datetime
    intent: str = ""
    status: str = NEEDS_RESPONSE
    reason: str = "general"
    movements: tuple[Movement, ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()
    submissions: int = 0
    references: tuple[tuple[str, str], ...] = ()

    def canonical(self) -> gateway.Dispute:
        """The dispute as checks know it."""
        return gateway.Dispute(
            id=self.id,
            charge=self.charge,
            amount=self.amount,
            fee=self.fee,
            created_at=self.created_at,
            status=self.status,
            reason=self.reason,
        )


#: A dispute with whatever a dialect keeps beside the family's facts.
D = TypeVar("D", bound=Dispute)


def check(charge: Charge, amount: Money | None) -> Money:
    """How much is contested: `amount`, or all that is left. Raises `Refused` for what cannot be contested."""
    if charge.captured is None or charge.status != SUCCEEDED:
        raise Refused("charge_not_disputable", f"{charge.id} holds no money that could be disputed.")
    if charge.contested:
        raise Refused("charge_disputed", f"{charge.id} is disputed already.")
    if not charge.left:
        raise Refused("charge_already_refunded", f"{charge.id} was refunded completely: nothing is left to dispute.")
    wanted = charge.left if amount is None else amount
    if wanted.currency != charge.amount.currency:
        raise Refused("currency_mismatch", f"{charge.id} was paid in {charge.amount.currency}, not {wanted.currency}.")
    if wanted > charge.left or wanted.amount <= 0:
        raise Refused("amount_too_large", f"{wanted} cannot be disputed of the {charge.left} left of {charge.id}.")
    return wanted


def withdraw(till: Till, charge: C, dispute: D, movement_id: str) -> tuple[D, C]:
    """Open a dispute about an amount that `check` let pass: the money and the fee leave the balance."""
    gone, rate = till.changed(-dispute.amount)
    movement = till.balance.post(
        Movement(
            id=movement_id,
            kind="adjustment",
            category="dispute",
            amount=gone,
            rate=rate,
            fee=dispute.fee,
            source=dispute.id,
            created_at=dispute.created_at,
            available_at=till.reversible_at(charge, dispute.created_at),
            description=f"Chargeback withdrawal for {charge.id}",
        )
    )
    return replace(dispute, movements=(movement,)), replace(charge, withdrawn=dispute.amount)


def close(
    till: Till, terms: DisputeTerms, charge: C, dispute: D, *, won: bool, movement_id: str, now: datetime
) -> tuple[D, C, Movement | None]:
    """The bank decides: the money of a dispute that is won comes back. Raises `Refused` for one decided before."""
    if dispute.status not in OPEN:
        raise Refused("dispute_closed", f"{dispute.id} is {dispute.status} already.")
    if not won:
        return replace(dispute, status=LOST), charge, None
    returned = dispute.fee if terms.returns_fee else Money.zero(dispute.fee.currency)
    restored, rate = till.changed(dispute.amount)
    movement = till.balance.post(
        Movement(
            id=movement_id,
            kind="adjustment",
            category="dispute_reversal",
            amount=restored,
            rate=rate,
            fee=-returned,
            source=dispute.id,
            created_at=now,
            available_at=till.reversible_at(charge, now),
            description=f"Chargeback reversal for {charge.id}",
        )
    )
    kept = dispute.fee - returned
    after = replace(dispute, status=WON, fee=kept, movements=(*dispute.movements, movement))
    return after, replace(charge, withdrawn=None), movement


def bounce(
    till: Till, terms: DisputeTerms, charge: C, *, code: str, message: str, movement_id: str, now: datetime
) -> tuple[C, Movement]:
    """A debit that had succeeded comes back from the customer's bank: it has failed after all, whole and for good.

    Raises `Refused` for what is no debit, has not succeeded or has been given back in part.
    """
    if charge.method_kind == "card":
        raise Refused("not_a_debit", f"{charge.id} is a card payment: a bank returns debits only.")
    if charge.captured is None or charge.status != SUCCEEDED:
        raise Refused("charge_not_returnable", f"{charge.id} is {charge.status}: only a debit that succeeded returns.")
    if charge.left != charge.captured:
        raise Refused("charge_not_returnable", f"{charge.id} was refunded or disputed before.")
    gone, rate = till.changed(-charge.captured)
    movement = till.balance.post(
        Movement(
            id=movement_id,
            kind="payment_failure_refund",
            amount=gone,
            rate=rate,
            fee=of_currency(terms.return_fee, gone.currency),
            source=charge.id,
            created_at=now,
            available_at=till.reversible_at(charge, now),
            description=f"Payment failure refund: {message}",
        )
    )
    after = replace(charge, status=FAILED, failure_code=code, failure_reason=message, failure_movement=movement.id)
    return after, movement


def undo(till: Till, charge: C, movement_id: str, now: datetime) -> C:
    """A debit that was on the balance before its bank answered has failed: it is taken off again, fee and all."""
    taken = till.balance.movements.get(charge.movement)
    if taken is None:
        raise LookupError(f"{charge.id} names no movement {charge.movement}")
    till.balance.post(
        Movement(
            id=movement_id,
            kind="payment_failure_refund",
            amount=-taken.amount,
            fee=-taken.fee,
            source=charge.id,
            created_at=now,
            available_at=till.reversible_at(charge, now),
            description=f"Payment failure refund: {charge.failure_reason}",
        )
    )
    return replace(charge, captured=None, failure_movement=movement_id)


def of_return(charge: Charge, movement: Movement) -> gateway.Dispute:
    """A returned debit in neutral words: a dispute lost at once, under the id that its balance line names."""
    return gateway.Dispute(
        id=movement.source,
        charge=charge.id,
        amount=-movement.amount,
        fee=movement.fee,
        created_at=movement.created_at,
        status=LOST,
        reason=charge.failure_code,
        is_return=True,
    )
