"""Laws of bank lines: money is unmatched only once everybody was asked who could explain it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest

from simharness.reference.bank.feed import Line
from simharness.reference.bank.lines import BankLines
from simharness.reference.errors import NotYet
from simharness.reference.gateway.movements import Movement
from simharness.reference.mapping.model import BankRules
from simharness.reference.posting.tasks import Plan, Task

PAID_OUT = Line(
    id="l1", amount=Decimal("970.70"), currency="USD", day=date(2026, 1, 23), name="STRIPE PAYOUT", reference="9100002"
)
PAYOUT = Movement(
    id="txn_1",
    type="payout",
    source="po_1",
    amount=Decimal("-970.70"),
    fee=Decimal(0),
    currency="USD",
    created_s=0,
    day=date(2026, 1, 21),
)


class Lines:
    """The work of bank lines over books that write down what they are asked for; `payouts` are those told so far."""

    def __init__(self, asked_on: date | None, *payouts: Movement) -> None:
        tasks = SimpleNamespace(found=lambda kind, _: [_task(each) for each in payouts] if kind == "payout" else [])
        entries = SimpleNamespace(
            currency="USD",
            deposit=lambda lines, *_, **__: {"from": [each.role for each in lines]},
            transfer=lambda source, *_: {"from": [source]},
        )
        nobody: Any = SimpleNamespace(told=lambda _: None)
        parts = cast(list[Any], [tasks, nobody, nobody, nobody, entries, nobody])
        self.work = BankLines(*parts, BankRules(), cast(Any, SimpleNamespace(asked_on=asked_on)))

    def taken_from(self, line: Line) -> list[str]:
        """The accounts that a line is posted from. Raises `NotYet` while it waits."""
        plan = self.work.plan(_task(line))
        assert isinstance(plan, Plan)
        return list(plan.body["from"])


def _task(facts: Line | Movement) -> Task:
    return Task(reference="r", kind="k", at_s=0, facts=msgspec.json.encode(facts).decode())


@pytest.mark.parametrize("asked_on", [None, date(2026, 1, 22)])
def test_what_nobody_could_tell_yet_is_not_called_unmatched(asked_on: date | None) -> None:
    with pytest.raises(NotYet):
        Lines(asked_on).taken_from(PAID_OUT)
    assert Lines(asked_on, PAYOUT).taken_from(PAID_OUT) == ["payouts_in_transit"], "what is told is posted at once"


@pytest.mark.parametrize("asked_on", [date(2026, 1, 23), date(2026, 2, 1)])
def test_what_nobody_explains_who_was_asked_since_is_unmatched(asked_on: date) -> None:
    assert Lines(asked_on).taken_from(PAID_OUT) == ["unmatched"]
