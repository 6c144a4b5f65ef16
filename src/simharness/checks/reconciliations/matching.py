"""Items of one reference on two sides, told apart by amount only within that reference; every difference is a break."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from simharness.checks.oracle.model import Origin
from simharness.checks.reconciliations.breaks import BreakKind, Reconciliation
from simharness.core.money import Money


@dataclass(frozen=True, slots=True)
class Item:
    """One amount of one side: what it is in words, its day, and the object that shows it."""

    id: str
    words: str
    amount: Money
    day: date
    object: str
    posted_late: Callable[[date, date], bool] | None = None
    origin: Origin | None = None


def match(both: Reconciliation, key: str, left: Sequence[Item], right: Sequence[Item]) -> None:
    """Compare all items of one reference: equal amounts answer to each other first, then what is left in order."""
    if len(left) == len(right) == 1:
        _compare(both, key, left[0], right[0])
        return
    rest = list(right)
    open_left: list[Item] = []
    for item in left:
        same = next((other for other in rest if other.amount == item.amount), None)
        if same is None:
            open_left.append(item)
        else:
            rest.remove(same)
            _compare(both, key, item, same)
    for item, other in zip(open_left, rest, strict=False):
        _compare(both, key, item, other)
    for item in open_left[len(rest) :]:
        both.broken(
            BreakKind.MISSING_RIGHT, key, f"{item.words} is not in {both.right}", left=item.amount,
            objects=[item.object], at_risk=item.amount, origin=item.origin,
        )  # fmt: skip
    for other in rest[len(open_left) :]:
        kind = BreakKind.DUPLICATE if left else BreakKind.MISSING_LEFT
        message = f"{left[0].words} is there again" if left else f"{other.words} answers to nothing in {both.left}"
        both.broken(
            kind, f"{key}:{other.id}" if left else key, message, left=left[0].amount if left else "nothing",
            right=other.amount, objects=[*(item.object for item in left), other.object], at_risk=other.amount,
        )  # fmt: skip


def _compare(both: Reconciliation, key: str, item: Item, other: Item) -> None:
    both.matched += 1
    if item.amount != other.amount:
        same = item.amount.currency == other.amount.currency
        both.broken(
            BreakKind.AMOUNT, key, f"{item.words} has another amount", left=item.amount, right=other.amount,
            objects=[item.object, other.object], at_risk=other.amount - item.amount if same else item.amount,
            origin=item.origin,
        )  # fmt: skip
    if item.day != other.day and not (other.posted_late and other.posted_late(item.day, other.day)):
        both.broken(
            BreakKind.DATE, key, f"{item.words} is on another day", left=item.day, right=other.day,
            objects=[item.object, other.object], at_risk=item.amount, origin=item.origin,
        )  # fmt: skip
