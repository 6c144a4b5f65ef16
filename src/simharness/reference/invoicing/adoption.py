"""What an earlier installation left in the ledger: found by reference, so that an empty memory bills nothing twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

import msgspec

from simharness.reference.arithmetic.mirror import Given
from simharness.reference.arithmetic.money import ZERO
from simharness.reference.invoicing.billing import CREDIT_MEMO, INVOICE, BilledLine, deposit_source, slot_source
from simharness.reference.invoicing.deposits import Early
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.quickbooks import QuickBooks

REFUND_RECEIPT = "RefundReceipt"
#: What a document that was late for a closed month says behind its reference.
_OWN_DAY = re.compile(r" dated [\d-]+$")


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One document of a deal that is in the ledger already. Version 0 is the deposit invoice."""

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
            note = _OWN_DAY.sub("", note)
            version, _, rest = note.removeprefix(stem).partition(" ")
            if note == deposit_source(deal_id):
                found.append(Found(entity=entity, version=0, record=record, line_ids=()))
            elif note.startswith((slot_source(deal_id, "due-"), slot_source(deal_id, "milestone-"))):
                found.append(Found(entity=entity, version=1, record=record, line_ids=()))
            elif note.startswith(stem) and version.isdecimal():
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
    early = _early(found, template)
    return {
        line_id: msgspec.structs.replace(
            template[line_id], list_amount=amount, discount=discount, early=early.get(line_id)
        )
        for line_id, (amount, discount) in sums.items()
        if line_id in template
    }


def _early(found: list[Found], template: Mapping[str, BilledLine]) -> dict[str, Early]:
    """What of each line was taxed with the deposit: of a line that a document shows twice, the first."""
    sums: dict[str, Decimal] = {}
    for each in found:
        seen: list[str] = []
        for line_id, amount, _ in each.amounts(""):
            known = template.get(line_id)
            if known is None or known.early is None:
                continue
            whole = each.line_ids.count(line_id) == 1 and known.early.amount == known.amount
            if whole or (each.line_ids.count(line_id) == 2 and line_id not in seen):
                sums[line_id] = sums.get(line_id, ZERO) + amount
            seen.append(line_id)
    return {
        line_id: msgspec.structs.replace(part, amount=amount)
        for line_id, amount in sums.items()
        if (part := template[line_id].early) is not None
    }


def billed_amounts(record: Json) -> list[Decimal]:
    """The amounts of an invoice's item lines as they were entered, in order."""
    return [
        Decimal(line["SalesItemLineDetail"].get("TaxInclusiveAmt", line["Amount"]))
        for line in record["Line"]
        if line.get("DetailType") == "SalesItemLineDetail"
    ]


def given_back(quickbooks: QuickBooks, invoice: Json, words: str) -> list[tuple[str, str, Given]]:
    """What receipts and credit memos gave back of a deposit invoice: their entity, reference and figures.

    They mirror its lines, so they are told by the text of these (`words`), which names the deal.
    """
    asked = [line for line in invoice["Line"] if line.get("DetailType") == "SalesItemLineDetail"]
    found = []
    for entity in (REFUND_RECEIPT, CREDIT_MEMO):
        for record in quickbooks.query(entity, f"CustomerRef = '{invoice['CustomerRef']['value']}'"):
            mine = [line for line in record["Line"] if line.get("Description") == words]
            if not mine:
                continue
            nets = tuple(
                sum((Decimal(line["Amount"]) for line in mine if _code(line) == _code(each)), ZERO) for each in asked
            )
            rates = record.get("TxnTaxDetail", {}).get("TaxLine", [])
            taxes = {str(tax["TaxLineDetail"]["TaxRateRef"]["value"]): Decimal(tax["Amount"]) for tax in rates}
            reference = str(record.get("PrivateNote") or "").partition(" ")[0]
            found.append((entity, reference, Given(nets=nets, taxes=taxes)))
    return found


def _code(line: Json) -> str:
    return str(line["SalesItemLineDetail"].get("TaxCodeRef", {}).get("value", ""))
