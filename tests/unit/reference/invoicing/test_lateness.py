"""A document that is late bears the first open day, says its own, and keeps its rate and its time to pay."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import msgspec

from simharness.reference.errors import Refused, Rejected
from simharness.reference.invoicing.lateness import Lateness
from simharness.reference.posting.intent import Intent
from simharness.reference.vendors.quickbooks import CLOSED

if TYPE_CHECKING:
    from simharness.reference.ledger.periods import Periods
    from simharness.reference.vendors.quickbooks import QuickBooks

REFUSAL = Refused("quickbooks", 400, CLOSED, "closed")


class Days:
    """January is closed: here, or in the ledger only (`known` false) until it is asked."""

    def __init__(self, *, known: bool = True, refuses: bool = False) -> None:
        self.known, self.refuses = known, refuses

    def is_closed_here(self, day: date) -> bool:
        return self.known and day.month == 1

    def refresh(self) -> None:
        pass

    def bearing_day(self, day: date) -> date:
        if day.month > 1:
            return day
        if self.refuses:
            raise Rejected("period_closed", "closed")
        return date(2026, 2, 1)


class Rates:
    """A euro was 1.10 on 30 January, and is 1.20 since."""

    def exchange_rate(self, currency: str, day: date) -> Decimal:
        return Decimal("1.10") if day == date(2026, 1, 30) else Decimal("1.20")


def document(**changes: Any) -> Intent:
    body = {
        "TxnDate": "2026-01-30", "DueDate": "2026-03-01", "PrivateNote": "hubspot:deal:7:v1 lines:1",
        "CurrencyRef": {"value": "USD"}, "Line": [{"Amount": Decimal("10.10")}],
    }  # fmt: skip
    encoded = msgspec.json.Encoder(decimal_format="number").encode({**body, **changes})
    return Intent(kind="document", source="hubspot:deal:7:v1", entity="Invoice", reference="r", body=encoded, key="k")


def lateness(days: Days) -> Lateness:
    return Lateness(cast("Periods", days), cast("QuickBooks", Rates()), "USD")


def body_of(intent: Intent) -> dict[str, Any]:
    return msgspec.json.Decoder(dict[str, Any], float_hook=Decimal).decode(intent.body)


def test_a_late_document_is_moved_with_its_due_day_and_says_its_own() -> None:
    moved = lateness(Days()).dated(document())
    body = body_of(moved)
    assert (body["TxnDate"], body["DueDate"]) == ("2026-02-01", "2026-03-03")  # 30 days, as before
    assert body["PrivateNote"] == "hubspot:deal:7:v1 lines:1 dated 2026-01-30"
    assert (body["Line"], moved.key) == ([{"Amount": Decimal("10.10")}], "")
    assert "ExchangeRate" not in body


def test_a_foreign_one_takes_the_rate_of_its_own_day_along_unless_it_has_one() -> None:
    euro = {"CurrencyRef": {"value": "EUR"}}
    assert body_of(lateness(Days()).dated(document(**euro)))["ExchangeRate"] == Decimal("1.10")
    stated = document(**euro, ExchangeRate=Decimal("1.05"))
    assert body_of(lateness(Days()).dated(stated))["ExchangeRate"] == Decimal("1.05")


def test_what_the_ledger_finds_closed_is_moved_then() -> None:
    late = lateness(Days(known=False))
    assert late.dated(document()).body == document().body  # nobody knew
    corrected = late.corrected(document(), REFUSAL)
    assert corrected is not None
    assert body_of(corrected)["TxnDate"] == "2026-02-01"


def test_what_was_moved_before_keeps_its_own_day() -> None:
    again = document(TxnDate="2026-01-31", PrivateNote="note dated 2026-01-30")
    body = body_of(lateness(Days()).dated(again))
    assert (body["TxnDate"], body["PrivateNote"]) == ("2026-02-01", "note dated 2026-01-30")


def test_another_refusal_stands_and_so_does_the_policy_to_refuse() -> None:
    assert lateness(Days()).corrected(document(), Refused("quickbooks", 400, "6000", "no")) is None
    assert lateness(Days(refuses=True)).corrected(document(), REFUSAL) is None
