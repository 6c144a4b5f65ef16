"""What a foreign account held at the end of a day is read from its postings and from the records behind them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, cast

import pytest

from simharness.reference.errors import Rejected
from simharness.reference.ledger.foreign import Held, held
from simharness.reference.ledger.journal import COLUMNS
from simharness.reference.vendors.quickbooks import QuickBooks

DAY = date(2026, 1, 31)


def line(side: str, account: str, amount: str) -> dict[str, Any]:
    detail = {"PostingType": side, "AccountRef": {"value": account}}
    return {"Amount": Decimal(amount), "JournalEntryLineDetail": detail}


class Ledger:
    """A general ledger of one account, `7`, and the records behind it."""

    def __init__(self, *moved: tuple[str, str, str, dict[str, Any]]) -> None:
        self._moved = moved
        self.asked: list[tuple[str, str]] = []

    def report(self, name: str, params: list[tuple[str, str]]) -> dict[str, Any]:
        assert name == "GeneralLedger"
        assert dict(params) | {"account": "7", "end_date": "2026-01-31"} == dict(params)
        cells = [{"ColType": key} for key in COLUMNS]
        rows = [{"ColData": self._row(*each[:3]), "type": "Data"} for each in self._moved]
        section = {"Header": {"ColData": [{"value": "EUR", "id": "7"}]}, "Rows": {"Row": rows}}
        return {"Columns": {"Column": cells}, "Rows": {"Row": [section]}}

    def query(self, entity: str, where: str = "") -> Iterator[dict[str, Any]]:
        self.asked.append((entity, where))
        named = {"Expense": "Purchase"}
        for kind, id, _, record in self._moved:
            if record and named.get(kind, kind.replace(" ", "")) == entity:
                yield {"Id": id, **record}

    @staticmethod
    def _row(kind: str, id: str, base: str) -> list[dict[str, str]]:
        amount = Decimal(base)
        debit, credit = (base, "") if amount > 0 else ("", str(-amount))
        told = {"tx_date": "2026-01-12", "txn_type": kind, "debt_amt": debit, "credit_amt": credit}
        return [{"value": told.get(key, ""), "id": id if key == "txn_type" else ""} for key in COLUMNS]


def of(*moved: tuple[str, str, str, dict[str, Any]]) -> Held:
    return held(cast("QuickBooks", Ledger(*moved)), "7", DAY)


def test_an_account_that_nothing_moved_holds_nothing_and_asks_for_no_records() -> None:
    ledger = Ledger()
    assert held(cast("QuickBooks", ledger), "7", DAY) == Held(Decimal(0), Decimal(0))
    assert ledger.asked == []


def test_documents_move_it_by_all_they_come_to_the_way_their_worth_goes() -> None:
    invoice = ("Invoice", "1", "1100.00", {"TotalAmt": 1000})
    payment = ("Payment", "2", "-440.00", {"TotalAmt": 400})
    credit = ("Credit Memo", "3", "-55.00", {"TotalAmt": 50})
    assert of(invoice, payment, credit) == Held(Decimal(550), Decimal("605.00"))


def test_one_that_posts_several_lines_is_counted_once() -> None:
    first, second = ("Payment", "2", "-440.00", {"TotalAmt": 600}), ("Payment", "2", "-221.00", {})
    assert of(first, second) == Held(Decimal(-600), Decimal("-661.00"))


def test_a_journal_moves_it_by_its_own_lines() -> None:
    lines = [line("Debit", "7", "30"), line("Credit", "7", "10"), line("Credit", "8", "20")]
    assert of(("Journal Entry", "4", "22.00", {"Line": lines})) == Held(Decimal(20), Decimal("22.00"))


def test_what_leaves_the_bank_is_less() -> None:
    expense = ("Expense", "5", "-11.20", {"TotalAmt": 10})
    transfer = ("Transfer", "6", "-112.00", {"Amount": 100})
    deposit = ("Deposit", "7", "560.00", {"TotalAmt": 500})
    assert of(expense, transfer, deposit) == Held(Decimal(390), Decimal("436.80"))


@pytest.mark.parametrize("kind", ["Bill Payment (Check)", "Inventory Qty Adjust", "Invoice"])
def test_what_cannot_be_read_is_refused_and_not_guessed(kind: str) -> None:
    with pytest.raises(Rejected, match="moves a foreign account, and cannot be read"):
        of((kind, "9", "100.00", {}))
