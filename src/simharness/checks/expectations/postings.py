"""Whether some postings are exactly those that a table lists, by account, side and, where it is stated, cost centre."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from simharness.checks.expectations.case import Case
from simharness.core.money import Money
from simharness.domain.expectation import PostingLine

#: Account, whether it is the debit side, and cost centre: None is all that no line states, `*` any but none.
Side = tuple[str, bool, str | None]
_ANY = "*"


def compare_postings(
    case: Case, lines: Iterable[PostingLine], posted: Mapping[Side, Decimal], message: str, objects: Iterable[str] = ()
) -> None:
    """Report what differs; `posted` are sums by account, side and cost centre, "" for none.

    A table for people sums what a ledger may post in several lines, such as the authorities of one tax code; debits and
    credits of an account are told apart. A line without amount wants some posting on its side.
    """
    should = _stated(case, lines)
    found: defaultdict[Side, Decimal] = defaultdict(Decimal)
    for side, value in posted.items():
        found[_answering(side, should)] += value
    wrong = [key for key in dict.fromkeys([*should, *found]) if not _holds(should.get(key, Decimal(0)), found[key])]
    if wrong:
        currency = case.zero().currency
        risks = (abs(found[key] - (should.get(key) or Decimal(0))) for key in wrong)
        case.wrong(
            "postings",
            message,
            "; ".join(_told(case, key, should.get(key, Decimal(0)), currency) for key in wrong),
            "; ".join(_told(case, key, found[key], currency) for key in wrong),
            objects=objects,
            at_risk=Money(max(risks), currency),
        )


def _stated(case: Case, lines: Iterable[PostingLine]) -> dict[Side, Decimal | None]:
    """What each side must come to; None is anything but nothing."""
    should: dict[Side, Decimal | None] = {}
    for line in lines:
        account = case.account(line.account)
        is_debit = line.side == "debit" if line.amount is None else line.amount.amount > 0
        key: Side = (account.id if account else line.account, is_debit, line.cost_centre)
        before = should.get(key, Decimal(0))
        should[key] = None if line.amount is None or before is None else before + line.amount.amount
    return should


def _answering(side: Side, should: Mapping[Side, Decimal | None]) -> Side:
    """The line that speaks of a posting: the one that states its cost centre goes before one that states none."""
    account, is_debit, centre = side
    keys: tuple[Side, ...] = (side, *([(account, is_debit, _ANY)] if centre else []), (account, is_debit, None))
    return next((key for key in keys if key in should), side)


def _holds(should: Decimal | None, found: Decimal) -> bool:
    return bool(found) if should is None else should == found


def _told(case: Case, side: Side, value: Decimal | None, currency: str) -> str:
    centre = " any cost centre" if side[2] == _ANY else f" {side[2]}" if side[2] else ""
    amount = f"any {'debit' if side[1] else 'credit'}" if value is None else str(Money(value, currency))
    return f"{case.scope.account_label(side[0])}{centre} {amount}"
