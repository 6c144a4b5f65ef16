"""Adjustments that people told: journals into a period that is closed to everything else.

An adjustment has a reason, somebody who prepared it, and somebody else who approved it. What lacks one of them, does
not balance, or is dated in a locked period is refused by name and posts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

import msgspec

from simharness.reference.arithmetic.money import ZERO
from simharness.reference.errors import ConfigurationError, Rejected
from simharness.reference.ledger.entries import Entries, Side
from simharness.reference.mapping.model import Account
from simharness.reference.mapping.model import Mapping as Mapped
from simharness.reference.posting.intent import Intent
from simharness.reference.posting.tasks import Plan, Task, Tasks

JOURNAL = "JournalEntry"
#: The kind of these tasks, and how their references begin.
KIND, REFERENCE = "adjustment", "close:adjustment:"


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """An adjustment as it was told; `dated` and `lines` are text, and read when it is carried out."""

    id: str
    dated: date
    lines: str = ""
    reason: str = ""
    preparer: str = ""
    approver: str = ""


def is_adjustment(intent: Intent) -> bool:
    """Whether a posting is an adjustment that somebody approved."""
    return intent.reference.startswith(REFERENCE)


def take(tasks: Tasks, args: Mapping[str, str]) -> None:
    """An operator's instruction: `id`, `dated`, `reason`, `preparer`, `approver`, and `lines` as
    `6310@CC-10=500.00;2050=-500.00`: account by number or name, perhaps cost centre, debit positive. Raises
    `ConfigurationError` where it has no usable id or day.
    """
    said = {name: args.get(name, "").strip() for name in ("lines", "reason", "preparer", "approver")}
    adjustment = args.get("id", "").strip()
    if not adjustment or ":" in adjustment or " " in adjustment:
        raise ConfigurationError(f"an adjustment called {adjustment!r}", mend="give it an `id` without blank or colon")
    try:
        dated = date.fromisoformat(args.get("dated", ""))
    except ValueError as error:
        raise ConfigurationError(f"adjustment {adjustment}: {error}", mend="give its day as `dated`") from error
    facts = Told(id=adjustment, dated=dated, **said)
    task = Task(
        reference=REFERENCE + adjustment,
        kind=KIND,
        at_s=int(datetime.now(UTC).timestamp()),
        facts=msgspec.json.encode(facts).decode(),
        amount=_debits(said["lines"]),
    )
    tasks.take([task])
    # Told again, with what it lacked, it is decided again.
    tasks.retell(task)
    tasks.retry(task.reference)


class Adjustments:
    """The work of `adjustment` tasks."""

    def __init__(self, entries: Entries, mapping: Mapped) -> None:
        self._entries, self._mapping = entries, mapping

    def plan(self, task: Task) -> Plan:
        """A journal on its own day. Raises `Rejected` where the rules of an adjustment are not kept."""
        told = msgspec.json.decode(task.facts, type=Told)
        if not told.reason:
            raise Rejected("no_reason", f"adjustment {told.id} has no reason")
        if not told.preparer:
            raise Rejected("no_preparer", f"adjustment {told.id} does not say who prepared it")
        if not told.approver:
            raise Rejected("not_approved", f"adjustment {told.id}: nobody approved it")
        if told.approver.casefold() == told.preparer.casefold():
            raise Rejected("not_approved", f"adjustment {told.id}: {told.preparer} may not approve what is his own")
        sides = [self._side(told, part) for part in told.lines.split(";") if part.strip()]
        if len(sides) < 2 or sum((side.amount for side in sides), ZERO):
            raise Rejected("not_balanced", f"adjustment {told.id}: debits and credits are not equal")
        words = f"{told.reason} (prepared by {told.preparer}, approved by {told.approver})"
        return Plan(
            entity=JOURNAL,
            body=self._entries.journal(*sides, words=words),
            day=told.dated,
            amount=sum((side.amount for side in sides if side.amount > 0), ZERO),
            adjusts=True,
        )

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterable[Task]:
        """Nothing follows."""
        del task, ledger_id, memo
        return ()

    def _side(self, told: Told, part: str) -> Side:
        where, _, text = part.strip().rpartition("=")
        account, _, centre = where.partition("@")
        amount = _read(text)
        if not account or amount is None or self._entries.cents.round(amount) != amount:
            raise Rejected("unreadable_line", f"adjustment {told.id}: {part.strip()!r} is no account with an amount")
        known = next((each for each in self._mapping.accounts.values() if account in (each.number, each.name)), None)
        return Side(account=known or Account(number=account, name=account), amount=amount, cost_centre=centre)


def _debits(lines: str) -> Decimal:
    amounts = [_read(part.rpartition("=")[2]) for part in lines.split(";")]
    return sum((amount for amount in amounts if amount is not None and amount > 0), ZERO)


def _read(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None
