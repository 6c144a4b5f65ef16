"""What an earlier installation billed is read back line by line from its documents."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from simharness.reference.invoicing.adoption import Found, billed_by
from simharness.reference.invoicing.billing import CREDIT_MEMO, INVOICE, BilledLine

D = Decimal
CONTRA_ACCOUNT = "90"


def item(amount: str, account: str = "40", **detail: object) -> dict[str, Any]:
    return {
        "DetailType": "SalesItemLineDetail",
        "Amount": D(amount),
        "SalesItemLineDetail": {"ItemAccountRef": {"value": account}, **detail},
    }


def found(entity: str, version: int, ids: str, *lines: dict[str, Any]) -> Found:
    record = {"Line": [*lines, {"DetailType": "SubTotalLineDetail", "Amount": D(1)}]}
    return Found(entity=entity, version=version, record=record, line_ids=tuple(ids.split(",")))


def template(*ids: str) -> dict[str, BilledLine]:
    """The deal as it is now; its figures are not what was billed."""
    line = BilledLine(product="Badge printer", account="hardware_sales", list_amount=D(7), discount=D(3),
                      quantity=D(1), unit_price=D(7))  # fmt: skip
    return dict.fromkeys(ids, line)


def figures(documents: list[Found], contra_account: str) -> dict[str, tuple[Decimal, Decimal]]:
    billed = billed_by(documents, template("11", "12", "13"), contra_account)
    return {line_id: (line.list_amount, line.discount) for line_id, line in billed.items()}


def test_credits_are_taken_off_what_was_invoiced() -> None:
    documents = [
        found(INVOICE, 1, "11,12", item("600"), item("100")),
        found(CREDIT_MEMO, 2, "11", item("250")),
    ]
    assert figures(documents, "") == {"11": (D(350), D(0)), "12": (D(100), D(0))}


def test_a_line_on_the_contra_account_is_the_discount_of_the_line_above_it() -> None:
    documents = [
        found(INVOICE, 1, "11,12,13", item("600"), item("-60", "90"), item("100"), item("50"), item("-5", "90")),
        found(CREDIT_MEMO, 2, "12", item("0"), item("10", "90")),  # a discount granted later
    ]
    assert figures(documents, CONTRA_ACCOUNT) == {"11": (D(600), D(60)), "12": (D(100), D(10)), "13": (D(50), D(5))}


def test_a_price_with_tax_counts_as_it_was_entered() -> None:
    documents = [found(INVOICE, 1, "11", item("100.00", TaxInclusiveAmt=D("119.00")))]
    assert figures(documents, "") == {"11": (D("119.00"), D(0))}
