"""An invoice of another program is the deal's own only where it agrees in customer, currency and every line."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from simharness.reference.beside.foreign import named
from simharness.reference.beside.takeover import completion, difference, lacking, taken_as
from simharness.reference.posting.intent import Intent

D = Decimal


def line(item: str, amount: str, class_id: str = "", **more: Any) -> dict[str, Any]:
    detail: dict[str, Any] = {"ItemRef": {"value": item}}
    if class_id:
        detail["ClassRef"] = {"value": class_id}
    return {"DetailType": "SalesItemLineDetail", "Amount": D(amount), "SalesItemLineDetail": detail, **more}


def record(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An invoice as the ledger shows it: 100.00 and 50.00, and tax of 8.25."""
    sold = lines or (line("7", "100.00", Id="1"), line("8", "50.00", Id="2"))
    return {
        "Id": "5", "SyncToken": "0", "CustomerRef": {"value": "3", "name": "Globex"}, "CurrencyRef": {"value": "USD"},
        "TotalAmt": D("158.25"), "TxnDate": "2026-01-13", "PrivateNote": "HubSpot deal 77",
        "Line": [*sold, {"DetailType": "SubTotalLineDetail", "Amount": D("150.00")}],
        "TxnTaxDetail": {"TotalTax": D("8.25")},
        **more,
    }  # fmt: skip


def body(*lines: dict[str, Any], **more: Any) -> bytes:
    sold = lines or (line("7", "100.00", "c1"), line("8", "50.00", "c2"))
    given = {
        "CustomerRef": {"value": "3"}, "CurrencyRef": {"value": "USD"}, "TxnDate": "2026-01-12",
        "DueDate": "2026-02-11", "Line": list(sold), **more,
    }  # fmt: skip
    return msgspec.json.Encoder(decimal_format="number").encode(given)


TOTAL = D("158.25")


def test_what_agrees_in_every_line_is_the_deals_whatever_their_order() -> None:
    assert difference(record(), body(), ["3"], TOTAL) == ""
    turned = record(line("8", "50.00"), line("7", "100.00"))
    assert difference(turned, body(), ["3"], TOTAL) == ""


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (record(CustomerRef={"value": "4", "name": "Initech"}), "it is billed to another customer, Initech"),
        (record(CurrencyRef={"value": "EUR"}), "it is in EUR, the deal in USD"),
        (record(TotalAmt=D("158.24")), "the deal comes to 158.25 with tax"),
        (record(line("7", "99.99"), line("8", "50.01")), "its lines come to 150.00 before tax, the deal's to 150.00"),
        (record(line("9", "100.00"), line("8", "50.00")), "or sell something else"),
        (record(line("7", "150.00")), "its lines come to 150.00 before tax"),
        (record(line("7", "100.00"), line("8", "50.00"), line("8", "0.00")), "its lines come to 150.00"),
        (
            record(line("7", "100.00"), line("8", "50.00"), {"DetailType": "DiscountLineDetail", "Amount": D("1.00")}),
            "its lines",
        ),
    ],
    ids=[
        "customer",
        "currency",
        "a cent of tax",
        "a cent between lines",
        "item",
        "one line",
        "a line more",
        "discount",
    ],
)
def test_what_differs_is_said(given: dict[str, Any], why: str) -> None:
    assert why in difference(given, body(), ["3"], TOTAL)


def test_tax_is_not_compared_where_the_ledger_calculates_it() -> None:
    assert difference(record(TotalAmt=D("160.00")), body(), ["3"], None) == ""


def test_only_what_the_crm_owns_and_differs_is_put_in() -> None:
    lack = lacking(record(), body(), {"date", "due", "lines", "memo"})
    assert lack.fields == {"TxnDate": "2026-01-12", "DueDate": "2026-02-11"}
    assert lack.classes == ("c1", "c2")
    assert not lacking(record(), body(), frozenset())
    complete = record(line("7", "100.00", "c1"), line("8", "50.00", "c2"), TxnDate="2026-01-12", DueDate="2026-02-11")
    assert not lacking(complete, body(), {"date", "due", "lines", "memo"})


def test_equal_lines_get_the_class_that_is_left() -> None:
    twins = (line("7", "50.00", "c1"), line("7", "50.00", "c2"))
    lack = lacking(record(line("7", "50.00"), line("7", "50.00")), body(*twins), {"lines"})
    assert lack.classes == ("c1", "c2")


def test_a_completion_sends_the_lines_as_they_are_with_their_class_and_the_tax_that_stands() -> None:
    lack = lacking(record(), body(), {"due", "lines"})
    intent = completion(record(), lack, "hubspot:deal:77:v1")
    sent = msgspec.json.decode(intent.body)
    assert (sent["Id"], sent["SyncToken"], sent["sparse"], sent["DueDate"]) == ("5", "0", True, "2026-02-11")
    assert [(each["Id"], each["SalesItemLineDetail"]["ClassRef"]["value"]) for each in sent["Line"]] == [
        ("1", "c1"),
        ("2", "c2"),
    ]
    assert sent["TxnTaxDetail"] == {"TotalTax": 8.25}
    assert "PrivateNote" not in sent
    assert "DocNumber" not in sent


def test_what_it_stands_for_names_the_lines_in_the_invoices_own_order() -> None:
    wanted = Intent(
        kind="document", source="hubspot:deal:77:v1", entity="Invoice", reference="hubspot:deal:77:v1 lines:11,12",
        body=body(),
    )  # fmt: skip
    assert taken_as(record(), wanted) == "hubspot:deal:77:v1 lines:11,12"
    assert taken_as(record(line("8", "50.00"), line("7", "100.00")), wanted) == "hubspot:deal:77:v1 lines:12,11"


@pytest.mark.parametrize(
    ("note", "deal"),
    [("HubSpot deal 77", "77"), ("HubSpot deal 77 b", None), ("a HubSpot deal 77", None), ("HubSpot deal x", None)],
)
def test_a_note_names_a_deal_as_a_whole_or_not_at_all(note: str, deal: str | None) -> None:
    pattern = named("HubSpot deal {id}")
    assert pattern is not None
    found = pattern.fullmatch(note)
    assert (found[1] if found else None) == deal


def test_characters_of_a_template_mean_themselves() -> None:
    pattern = named("(deal) {id}.")
    assert pattern is not None
    assert pattern.fullmatch("(deal) 7.")
    assert not pattern.fullmatch("(deal) 7x")
    assert named("") is None
