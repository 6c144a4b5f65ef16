"""The general ledger report of a run, read into rows of sums (pure).

Only the table of sums is read. The other one names people: nothing of it is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from simharness.reference.arithmetic.money import ZERO
from simharness.reference.errors import Rejected
from simharness.reference.vendors.http import Json

_BASIC = "Basic"
_TYPE, _WHAT, _DEPARTMENT, _DEBIT, _CREDIT = "Account Type", "Account Description", "Department", "Debit", "Credit"

#: Account types of the report. Every type that is none of these is an earning.
EMPLOYER_TAX, CONTRIBUTION, REIMBURSEMENT = "EmployerTax", "CompanyContribution", "Reimbursement"
BENEFIT_OWED, GARNISHMENT_OWED = "BenefitLiability", "GarnishmentLiability"
DEBIT_NET, DEBIT_REIMBURSEMENT, DEBIT_TAX, CHECK_AMOUNT = (
    "DebitNetPay", "DebitReimbursement", "DebitTax", "CheckAmount",
)  # fmt: skip
EARNINGS = frozenset(
    {
        "RegularWages",
        "OvertimeWages",
        "DoubleOvertimeWages",
        "PaidTimeOff",
        "Bonus",
        "Commission",
        "AdditionalEarnings",
    }
)
#: What stands behind the name of a tax in the row of the employer's part.
TAX_SUFFIX = " - employer tax"
_KNOWN = EARNINGS | {
    EMPLOYER_TAX, CONTRIBUTION, REIMBURSEMENT, BENEFIT_OWED, GARNISHMENT_OWED, DEBIT_NET, DEBIT_REIMBURSEMENT,
    DEBIT_TAX, CHECK_AMOUNT,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One sum: `amount` is debit positive; `department` is "" for what is nobody's cost."""

    kind: str
    what: str
    department: str
    amount: Decimal


def rows(report: Json) -> list[Row]:
    """The sums of a report. Raises `Rejected` where it has none, where a row cannot be read or is of an unknown type,
    and where debits and credits differ, from each other or from the totals below them.
    """
    table = next((each for each in report.get("data") or () if each.get("data_type") == _BASIC), None)
    if table is None:
        raise Rejected("unreadable_value", "its general ledger report has no table of sums")
    places = {name: place for place, name in enumerate(table.get("headers") or ())}
    for name in (_TYPE, _WHAT, _DEPARTMENT, _DEBIT, _CREDIT):
        if name not in places:
            raise Rejected("unreadable_value", f"its general ledger report has no column {name!r}")
    found = [_row(each, places) for each in table.get("rows") or ()]
    totals = table.get("totals") or ()
    debits = sum((row.amount for row in found if row.amount > 0), ZERO)
    credits = -sum((row.amount for row in found if row.amount < 0), ZERO)
    if debits != credits:
        raise Rejected("does_not_add_up", f"its general ledger report has debits of {debits}, credits of {credits}")
    said = tuple(_amount(_cell(totals, places[name])) for name in (_DEBIT, _CREDIT))
    if said != (debits, credits):
        told = f"the totals of its general ledger report say {said[0]} and {said[1]}, its rows come to {debits}"
        raise Rejected("does_not_add_up", told)
    return found


def sum_of(found: Iterable[Row], *kinds: str) -> Decimal:
    """What rows of some types come to, debit positive."""
    return sum((row.amount for row in found if row.kind in kinds), ZERO)


def _row(cells: Sequence[Any], places: dict[str, int]) -> Row:
    kind, what, department = (str(_cell(cells, places[name]) or "").strip() for name in (_TYPE, _WHAT, _DEPARTMENT))
    if kind not in _KNOWN:
        raise Rejected("unknown_account_type", f"its general ledger report has rows of the unknown type {kind!r}")
    debit, credit = (_amount(_cell(cells, places[name])) for name in (_DEBIT, _CREDIT))
    return Row(kind, what, department, debit - credit)


def _cell(cells: Sequence[Any], place: int) -> Any:
    return cells[place] if isinstance(cells, (list, tuple)) and place < len(cells) else None


def _amount(cell: Any) -> Decimal:
    if cell is None or cell == "":
        return ZERO
    return amount_of(cell, "an amount of its general ledger report")


def amount_of(value: Any, what: str) -> Decimal:
    """A decimal, told as a text or a number. Raises `Rejected`, without the value: it may be somebody's pay."""
    try:
        if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
            raise InvalidOperation
        found = Decimal(value)
    except InvalidOperation:
        raise Rejected("unreadable_value", f"{what} is no amount") from None
    if not found.is_finite():
        raise Rejected("unreadable_value", f"{what} is no amount")
    return found
