"""What an earlier installation left in the ledger: found by reference, so that an empty memory bills nothing twice."""

from __future__ import annotations

from collections.abc import Mapping
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

    def amounts(self) -> dict[str, Decimal]:
        """What it billed (credited: negative) of each deal line, as entered."""
        sign = 1 if self.entity == INVOICE else -1
        items = [line for line in self.record["Line"] if line.get("DetailType") == "SalesItemLineDetail"]
        entered = [Decimal(line["SalesItemLineDetail"].get("TaxInclusiveAmt", line["Amount"])) for line in items]
        return {line_id: sign * amount for line_id, amount in zip(self.line_ids, entered, strict=False)}


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


def billed_by(found: list[Found], template: Mapping[str, BilledLine], *, contra: bool) -> dict[str, BilledLine]:
    """What has been billed of each line, treated as the deal's line is now.

    Under contra presentation the discount of a line cannot be told from the document, so the deal as it is now is
    taken.
    """
    if contra:
        return dict(template)
    sums: dict[str, Decimal] = {}
    for each in found:
        for line_id, amount in each.amounts().items():
            sums[line_id] = sums.get(line_id, ZERO) + amount
    return {
        line_id: msgspec.structs.replace(template[line_id], list_amount=amount, discount=ZERO)
        for line_id, amount in sums.items()
        if line_id in template
    }
