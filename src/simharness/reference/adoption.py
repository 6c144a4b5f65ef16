"""What an earlier installation left in the ledger: found by reference, so that an empty memory bills nothing twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

import msgspec

from simharness.reference.billing import CREDIT_MEMO, INVOICE, BilledLine
from simharness.reference.money import ZERO
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.quickbooks import QuickBooks


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One document of a deal that is in the ledger already."""

    entity: str
    version: int
    record: Json
    line_ids: tuple[str, ...]

    def amounts(self, contra_account: str) -> Iterator[tuple[str, Decimal, Decimal]]:
        """What it billed (credited: negative) as entered: deal line, amount, and discount where that is told apart.

        A line on the contra account is the discount of the deal line above it; "" where discounts have no lines.
        """
        sign = 1 if self.entity == INVOICE else -1
        ids = iter(self.line_ids)
        line_id = ""
        for line in self.record["Line"]:
            if line.get("DetailType") != "SalesItemLineDetail":
                continue
            detail = line["SalesItemLineDetail"]
            entered = sign * Decimal(detail.get("TaxInclusiveAmt", line["Amount"]))
            if line_id and contra_account and detail.get("ItemAccountRef", {}).get("value") == contra_account:
                yield line_id, ZERO, -entered
                continue
            line_id = next(ids, "")
            if line_id:
                yield line_id, entered, ZERO


def documents_of(quickbooks: QuickBooks, deal_id: str, customer_id: str) -> list[Found]:
    """Every document of the customer that names the deal, by version."""
    stem = f"hubspot:deal:{deal_id}:v"
    found = []
    for entity in (INVOICE, CREDIT_MEMO):
        for record in quickbooks.query(entity, f"CustomerRef = '{customer_id}'"):
            note = str(record.get("PrivateNote") or "")
            version, _, rest = note.removeprefix(stem).partition(" ")
            if note.startswith(stem) and version.isdecimal():
                ids = rest.removeprefix("lines:").split(",")
                found.append(Found(entity=entity, version=int(version), record=record, line_ids=tuple(ids)))
    return sorted(found, key=lambda each: each.version)


def billed_by(found: list[Found], template: Mapping[str, BilledLine], contra_account: str) -> dict[str, BilledLine]:
    """What has been billed of each line, treated as the deal's line is now. `contra_account` is the ledger's id of the
    account with the discounts, "" where they are presented net and cannot be told from the amount.
    """
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for each in found:
        for line_id, amount, discount in each.amounts(contra_account):
            before = sums.get(line_id, (ZERO, ZERO))
            sums[line_id] = before[0] + amount, before[1] + discount
    return {
        line_id: msgspec.structs.replace(template[line_id], list_amount=amount, discount=discount)
        for line_id, (amount, discount) in sums.items()
        if line_id in template
    }
