"""What happens in one system because something happened in another, some time later.

A gateway's payout becomes a bank line, net pay leaves an account: such effects belong to no vendor, so the world
carries them. A rule names the event, when its effect is due and the act it becomes in the other family; a recall
names the event that takes such an effect back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from simharness.core.clock import instant_of
from simharness.core.money import Money
from simharness.domain.acts import Act, MoveBankMoney
from simharness.domain.events import PayoutFailed, PayoutSent, PayrollCancelled, PayrollProcessed

#: When the bank books what arrives on a day, where the company sits: before its office opens.
BOOKING_TIME = time(6, 0)
#: How the bank names a gateway's payout, beside the reference.
PAYOUT_TEXT = "STRIPE PAYOUT"
#: How the bank names what a payroll provider collects for net pay and for taxes, before the payroll's reference.
NET_TEXT, TAX_TEXT = "GUSTO NET", "GUSTO TAX"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementRule:
    """`event` of a family becomes `act` in `family` at the instant that `due` tells from the event, the present instant
    and the company's time zone.

    `act` returns None when nothing is to be carried. `subject` names what is carried, so that it can be recalled; ""
    cannot be. `entity` is whose bank account it passes, "" the first one's.
    """

    event: type
    family: str
    due: Callable[[Any, datetime, str], datetime]
    act: Callable[[Any], Act | None]
    subject: Callable[[Any], str] = lambda _: ""
    entity: Callable[[Any], str] = lambda _: ""
    actor: str = "settlement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """`event` takes back what a rule carried under `subject`: what is on its way never arrives, what has arrived is
    undone at once by `act`, and what was never carried is none of the world's business.
    """

    event: type
    family: str
    act: Callable[[Any], Act | None]
    subject: Callable[[Any], str]
    entity: Callable[[Any], str] = lambda _: ""
    actor: str = "settlement"


def _arrival(sent: PayoutSent, now: datetime, zone: str) -> datetime:
    return max(now, instant_of(sent.arrival, zone, BOOKING_TIME))


def _arrives(sent: PayoutSent) -> Act | None:
    """A payout sent by hand is told by the story, on the day the story wants it."""
    if not sent.automatic:
        return None
    return MoveBankMoney(amount=sent.amount, reference=sent.reference, description=PAYOUT_TEXT, counterparty="Stripe")


def _goes_back(failed: PayoutFailed) -> Act | None:
    return MoveBankMoney(
        amount=-failed.amount, reference=failed.reference, description=f"{PAYOUT_TEXT} RETURNED", counterparty="Stripe"
    )


def _payout(event: PayoutSent | PayoutFailed) -> str:
    return f"payout {event.payout_id}"


def _collection(done: PayrollProcessed, now: datetime, zone: str) -> datetime:
    return max(now, instant_of(done.debit_on, zone, BOOKING_TIME))


def _collects_net(done: PayrollProcessed) -> Act | None:
    return _collects(done.net_debit, f"{NET_TEXT} {done.reference}")


def _collects_tax(done: PayrollProcessed) -> Act | None:
    return _collects(done.tax_debit, f"{TAX_TEXT} {done.reference}")


def _collects(debit: Money, text: str) -> Act | None:
    """A debit of nothing is no line: everybody of the run is paid by cheque, or nobody owes a tax."""
    return MoveBankMoney(amount=-debit, reference=text, description=text, counterparty="Gusto") if debit else None


def _nothing(_: PayrollCancelled) -> Act | None:
    """A run is cancelled only before the provider collected anything, so there is nothing to give back."""
    return None


def _net_of(event: PayrollProcessed | PayrollCancelled) -> str:
    return f"net pay of payroll {event.payroll_id}"


def _taxes_of(event: PayrollProcessed | PayrollCancelled) -> str:
    return f"taxes of payroll {event.payroll_id}"


def _company_of(done: PayrollProcessed) -> str:
    return done.entity


#: What every world carries between the families it has: automatic payouts on their arrival day, and what a payroll
#: provider collects on the day of its debits.
CUSTOMS: tuple[SettlementRule | Recall, ...] = (
    SettlementRule(event=PayoutSent, family="banking", due=_arrival, act=_arrives, subject=_payout),
    Recall(event=PayoutFailed, family="banking", act=_goes_back, subject=_payout),
    SettlementRule(
        event=PayrollProcessed,
        family="banking",
        due=_collection,
        act=_collects_net,
        subject=_net_of,
        entity=_company_of,
    ),
    SettlementRule(
        event=PayrollProcessed,
        family="banking",
        due=_collection,
        act=_collects_tax,
        subject=_taxes_of,
        entity=_company_of,
    ),
    Recall(event=PayrollCancelled, family="banking", act=_nothing, subject=_net_of),
    Recall(event=PayrollCancelled, family="banking", act=_nothing, subject=_taxes_of),
)
