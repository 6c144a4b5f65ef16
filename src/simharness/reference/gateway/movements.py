"""The gateway's balance, movement by movement: every one becomes tasks, so that clearing is what the gateway holds.

The gross amount of a charge is its payment's (see receipts.py); of every other movement it is a task of its own, and so
is every fee. A type this program does not know is rejected by name, never skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import msgspec
import sqlalchemy as sa

from simharness.reference.arithmetic.exchange import Worth, exact_rate
from simharness.reference.arithmetic.money import ZERO, Cents, from_minor
from simharness.reference.errors import Rejected
from simharness.reference.gateway.receipts import IGNORED, ChargeFacts
from simharness.reference.mapping.model import Mapping as Mapped
from simharness.reference.memory import store as tables
from simharness.reference.memory.store import Store
from simharness.reference.posting.edge import MOVEMENT
from simharness.reference.posting.tasks import Nothing, Plan, Task, Tasks
from simharness.reference.seat import ALONE, Seat
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.stripe import Stripe

#: What posts the gross amount of a type; "" where the charge's own payment does. Source: Stripe's page on balance
#: transaction types. `adjustment` is told apart by its reporting category.
_KINDS = MappingProxyType(
    {
        "charge": "",
        "payment": "",
        "stripe_fee": "",
        "stripe_fx_fee": "",
        "tax_fee": "",
        "refund": "refund",
        "payment_refund": "refund",
        "refund_failure": "refund_failed",
        "payment_failure_refund": "dispute",
        "payment_reversal": "dispute",
        "dispute": "dispute",
        "dispute_reversal": "dispute_won",
        "payout": "payout",
        "payout_failure": "payout_failed",
        "payout_cancel": "payout_failed",
    }
)
_REFERENCES = MappingProxyType(
    {
        "refund": "stripe:refund:{}",
        "refund_failed": "stripe:refund:{}:failed",
        "dispute": "stripe:dispute:{}",
        "dispute_won": "stripe:dispute:{}:won",
        "payout": "stripe:payout:{}",
        "payout_failed": "stripe:payout:{}:failed",
        "unknown": "stripe:balance_transaction:{}",
    }
)
#: The gross amount of a charge, where it is a task (see `_shared`).
_CHARGE = "stripe:charge:{}"
#: How evidence names a movement that could not be read.
_UNREAD = "stripe:balance_transaction:"
#: Types that are a fee themselves: their amount is negative and their fee is none.
_FEES = frozenset({"stripe_fee", "stripe_fx_fee", "tax_fee"})


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """One movement: amounts signed as the balance sees them, days local to the company.

    `charge` is what its source (refund, dispute) is about; `words` are the source's own (reason, trace of a payout).
    `entity` is whose charge it is about, in a group. Where the source is in another currency, `told` is its amount,
    signed as the balance is, and `rate` the gateway's.
    """

    id: str
    type: str
    amount: Decimal
    fee: Decimal
    currency: str
    created_s: int
    day: date
    source: str = ""
    charge: str = ""
    reason: str = ""
    lines: str = ""
    trace: str = ""
    arrival: date | None = None
    entity: str = ""
    told: Decimal = ZERO
    told_currency: str = ""
    rate: Decimal | None = None

    def worth(self, cents: Cents) -> Worth:
        """The amount as its source has it, at the rate that gives what the balance really moved by (`cents`)."""
        if not self.told_currency:
            return Worth(amount=self.amount, currency=self.currency)
        rate = exact_rate(self.told, self.amount, cents, self.rate)
        return Worth(amount=self.told, currency=self.told_currency, rate=rate)


class Movements:
    """Reads the feed; is itself the work of fees and of what it does not know."""

    def __init__(self, store: Store, stripe: Stripe, tasks: Tasks, mapping: Mapped, seat: Seat = ALONE) -> None:
        self._store, self._stripe, self._tasks, self._mapping = store, stripe, tasks, mapping
        self._seat = seat

    def poll(self, since_s: int) -> tuple[int, int]:
        """Take in movements; gives how many tasks are news, and the newest creation seen (unix seconds)."""
        found = self._admitted(self._stripe.movements(since_s))
        newest = max((each.created_s for each in found), default=0)
        return self.enter([*found, *self.unread()]), newest

    def unread(self) -> list[Movement]:
        """Those that could not be read so far and can be now."""
        return self._admitted(self._stripe.movement(each) for each in self._tasks.edge.waiting(_UNREAD))

    def of(self, source_ids: Iterable[str]) -> list[Movement]:
        """The movements that charges, refunds, disputes and payouts caused, by the ids of those."""
        return self._admitted(each for source in source_ids for each in self._stripe.movements_of(source))

    def enter(self, found: Iterable[Movement]) -> int:
        """Take in what movements mean; gives how many tasks are news."""
        tasks = [task for each in found if not self._is_old(each) for task in self._shared(each)]
        return self._tasks.take(tasks)

    def _admitted(self, movements: Iterable[Json]) -> list[Movement]:
        return list(self._tasks.edge.admit(_UNREAD, movements, MOVEMENT, self._read))

    def trace(self) -> None:
        """Ask again for payouts whose trace the gateway did not know yet: the bank statement names it."""
        for task in self._tasks.found("payout", ""):
            payout_id = msgspec.json.decode(task.facts, type=Movement).source
            if found := trace_of(self._stripe.payout(payout_id)):
                self._tasks.label(task.reference, found)

    def _is_old(self, found: Movement) -> bool:
        """Before the cut-over, and not of a charge that these books hold: the old system has it."""
        cut_over = self._mapping.company.policies.cut_over
        if cut_over is None or found.day >= cut_over:
            return False
        table = tables.charge
        row = self._store.row(sa.select(table.c.state).where(table.c.id == (found.charge or found.source)))
        return row is None or row["state"] == IGNORED

    def _shared(self, found: Movement) -> Iterator[Task]:
        """The tasks of a movement here. In a group its gross amount is the entity's whose charge it is about, and owed
        to it by the owner of the gateway; everything else that moves the balance is the owner's.
        """
        if self._seat.is_alone:
            yield from self._tasks_of(found)
            return
        entity = self._entity(found)
        if not self._seat.has_gateway and found.told_currency:  # what the owner's balance made of it is the owner's
            found = msgspec.structs.replace(
                found, amount=found.told, currency=found.told_currency, told=ZERO, told_currency="", rate=None
            )
        owed = self._seat.has_gateway and not self._seat.keeps(entity)
        for task in self._tasks_of(msgspec.structs.replace(found, entity=entity), owed=owed):
            if self._seat.has_gateway or (self._seat.keeps(entity) and task.kind != "fee"):
                yield task

    def _entity(self, found: Movement) -> str:
        """Whose charge a movement is about; what is about none is the owner's."""
        if not found.charge:
            return self._seat.owner
        table = tables.charge
        row = self._store.row(sa.select(table.c.facts).where(table.c.id == found.charge))
        charge = self._stripe.charge(found.charge) if row is None else None
        if charge is not None:
            return str(charge.get("metadata", {}).get(self._mapping.fields.charge.entity, "")).strip()
        return msgspec.json.decode(row["facts"], type=ChargeFacts).entity if row is not None else ""

    def _tasks_of(self, found: Movement, *, owed: bool = False) -> Iterator[Task]:
        kind = _KINDS.get(found.type, "unknown")
        reference = _REFERENCES.get(kind, _CHARGE)
        if owed:  # to the entity whose charge it is about
            kind = "intercompany"
        facts = msgspec.json.encode(found).decode()
        fee = -found.amount if found.type in _FEES else found.fee
        if kind:
            yield Task(
                reference=reference.format(found.id if kind == "unknown" else found.source or found.id),
                kind=kind,
                at_s=found.created_s,
                facts=facts,
                amount=abs(found.told or found.amount),
                label=found.trace if kind == "payout" else found.charge,
            )
        if fee:
            # A fee is money of the balance, whatever was paid in.
            facts = msgspec.json.encode(msgspec.structs.replace(found, told=ZERO, told_currency="", rate=None)).decode()
            yield Task(
                reference=f"stripe:fee:{found.id}", kind="fee", at_s=found.created_s, facts=facts, amount=abs(fee)
            )

    def _read(self, movement: Json) -> Movement:
        currency = str(movement["currency"]).upper()
        source = movement.get("source")
        known: Json = source if isinstance(source, dict) else {}
        metadata = known.get("metadata") or {}
        names = self._mapping.fields.charge
        is_charge = known.get("object") == "charge"
        arrival = known.get("arrival_date") if known.get("object") == "payout" else None
        created_s = int(movement["created"])
        return Movement(
            id=str(movement["id"]),
            type=_type(movement),
            amount=from_minor(int(movement["amount"]), currency),
            fee=from_minor(int(movement["fee"]), currency),
            currency=currency,
            created_s=created_s,
            day=self._day(created_s),
            source=str(known.get("id") or source or ""),
            charge=str(known["id"]) if is_charge else _id(known.get("charge")),
            reason=str(metadata.get(names.refund_reason) or known.get("reason") or "").strip(),
            lines=str(metadata.get(names.refund_lines) or "").strip(),
            trace=trace_of(known),
            arrival=datetime.fromtimestamp(int(arrival), UTC).date() if arrival else None,
            **_told(movement, known),
        )

    def _day(self, instant_s: int) -> date:
        return datetime.fromtimestamp(instant_s, UTC).astimezone(self._mapping.zone()).date()


class Unknown:
    """The work of movements that nobody has taught this program to post."""

    def plan(self, task: Task) -> Plan | Nothing:
        """A person decides."""
        found = msgspec.json.decode(task.facts, type=Movement)
        raise Rejected(
            "unknown_movement", f"balance transaction {found.id} is of type {found.type!r}, which nothing here posts"
        )

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterator[Task]:
        """Nothing follows."""
        del task, ledger_id, memo
        return iter(())


def movement_of(task: Task, currency: str) -> Movement:
    """The movement of a task. Raises `Rejected` for a balance that is not kept in the books' currency."""
    found = msgspec.json.decode(task.facts, type=Movement)
    if found.currency != currency:
        raise Rejected("currency_not_kept", f"{found.id} is in {found.currency}, which these books do not keep")
    return found


def _told(movement: Json, source: Json) -> dict[str, Any]:
    """What a source in another currency says it came to."""
    currency = str(source.get("currency") or movement["currency"]).upper()
    if currency == str(movement["currency"]).upper():
        return {}
    amount, rate = from_minor(abs(int(source["amount"])), currency), movement.get("exchange_rate")
    return {
        "told": amount if int(movement["amount"]) >= 0 else -amount,
        "told_currency": currency,
        "rate": Decimal(rate) if rate is not None else None,
    }


def trace_of(payout: Json) -> str:
    """What the bank statement shows of a payout; "" while the gateway does not know it yet."""
    trace = payout.get("trace_id")
    return str((trace or {}).get("value") or "") if isinstance(trace, dict) else ""


def _type(movement: Json) -> str:
    """The vendor's type; an adjustment says in its reporting category what it adjusts."""
    found = str(movement["type"])
    return str(movement.get("reporting_category") or found) if found == "adjustment" else found


def _id(source: object) -> str:
    """The id of what may be expanded or not."""
    return str(source.get("id", "")) if isinstance(source, dict) else str(source or "")
