"""Invoices, credit memos, sales receipts and refund receipts as they are read from a body."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import msgspec

from simharness.fakekit.bodies import Json
from simharness_fakes.accounting.documents import (
    DescriptionLine,
    DiscountLine,
    DraftLine,
    ItemLine,
    Sale,
    SaleDraft,
)
from simharness_fakes.quickbooks import errors
from simharness_fakes.quickbooks.state import NON, TAX, Company
from simharness_fakes.quickbooks.wire.given import Given, flag, kept, number, reference
from simharness_fakes.quickbooks.wire.parts import rate_given, region_of

ZERO = Decimal(0)

#: Kept and given back, without effect on the books (addresses decide the jurisdiction where tax is automated).
SALE_KEEPS = frozenset(
    {
        "BillAddr", "ShipAddr", "BillEmail", "BillEmailCc", "BillEmailBcc", "ShipDate", "TrackingNum", "ShipMethodRef",
        "PrintStatus", "EmailStatus", "CustomField", "AllowIPNPayment", "AllowOnlineCreditCardPayment",
        "AllowOnlineACHPayment", "FreeFormAddress", "PaymentMethodRef", "PaymentRefNum",
    }
)  # fmt: skip

_MONEY_KINDS = ("bank", "undeposited", "current_asset")
_MODES: Mapping[str, str] = MappingProxyType(
    {"TaxExcluded": "exclusive", "TaxInclusive": "inclusive", "NotApplicable": "none"}
)


#: The fields that are what they say, by their name: where they go in a draft, and how they are read.
_PLAIN: Mapping[str, tuple[str, Callable[[Given, str], object]]] = MappingProxyType(
    {
        "CustomerRef": ("customer", Given.ref),
        "TxnDate": ("date", Given.day),
        "DocNumber": ("number", Given.text),
        "DueDate": ("due", Given.day),
        "SalesTermRef": ("terms", Given.ref),
        "CurrencyRef": ("currency", Given.ref),
        "ApplyTaxAfterDiscount": ("tax_after_discount", lambda given, name: flag(given.body[name])),
        "ClassRef": ("cost_centre", Given.ref),
        "DepartmentRef": ("location", Given.ref),
        "PrivateNote": ("note", Given.text),
        "CustomerMemo": ("memo", lambda given, name: given.inner(name, "value")),
    }
)


def read_sale(company: Company, given: Given, old: Sale | None) -> SaleDraft:
    """A draft from a body. In a sparse update what is absent stays, and lines are replaced as a whole or not at all."""
    before = old.draft if old is not None and given.keep else SaleDraft(customer="", date=company.today, lines=())
    body, us = given.body, company.us
    told: dict[str, Any] = {field: read(given, name) for name, (field, read) in _PLAIN.items() if name in body}
    if not told.get("customer", before.customer):
        raise errors.missing("CustomerRef")
    if "date" in told and told["date"] is None:
        told["date"] = company.today
    mode = before.tax_mode
    if not us and "GlobalTaxCalculation" in body:
        mode = _MODES.get(given.text("GlobalTaxCalculation"), mode)
    code, override = _tax(company, given, before)
    if "ShipDate" in body:
        given.day("ShipDate")  # refused here if it is no day; it is kept as it was written
    keeps = kept(given, SALE_KEEPS, before.carried)
    known_rate = old.rate if old is not None and given.keep else None
    return msgspec.structs.replace(
        before,
        lines=_lines(company, given, old, mode),
        rate=rate_given(given, None) if "ExchangeRate" in body else known_rate,
        tax_mode=mode,
        tax_code=code,
        tax_override=override,
        region=region_of(company, keeps.get("ShipAddr"), keeps.get("BillAddr")) if keeps else "",
        carried=keeps,
        **told,
    )


def read_sales_receipt(company: Company, given: Given, old: Sale | None) -> SaleDraft:
    """A draft of a sales receipt; without account its money goes to undeposited funds."""
    draft = read_sale(company, given, old)
    account = given.ref("DepositToAccountRef", old.account if old is not None else "")
    return msgspec.structs.replace(draft, account=money_account(company, account))


def read_refund_receipt(company: Company, given: Given, old: Sale | None) -> SaleDraft:
    """A draft of a refund receipt; it says from which account the money goes back."""
    draft = read_sales_receipt(company, given, old)
    if not draft.account:
        raise errors.missing("DepositToAccountRef")
    return draft


def money_account(company: Company, id: str) -> str:
    """An account that money can be put on, or "" for none."""
    found = company.books.accounts.find(id) if id else None
    if found is not None and found.kind not in _MONEY_KINDS:
        raise errors.business("You need to select a bank or other current asset account.", "DepositToAccountRef")
    return id


# --- tax --------------------------------------------------------------------------------------------------------------


def _tax(company: Company, given: Given, before: SaleDraft) -> tuple[str, Decimal | None]:
    """The document's tax code and the total tax that was sent, None where the ledger is to calculate."""
    if not given.has("TxnTaxDetail"):
        if not given.keep or "TxnTaxDetail" in given:
            return "", None
        # New lines under an old tax figure would be wrong by design, so the figure goes with the lines it was for.
        return before.tax_code, None if "Line" in given else before.tax_override
    detail: Mapping[str, Json] = given.body["TxnTaxDetail"]
    lines: Sequence[Mapping[str, Json]] = detail.get("TaxLine") or ()
    total = number(detail.get("TotalTax"), "TxnTaxDetail.TotalTax")
    summed = sum((number(line.get("Amount"), "TaxLine.Amount") or ZERO for line in lines), ZERO)
    if total is None and lines:
        total = summed
    if total is not None and lines and total != summed:
        raise errors.business(f"TotalTax {total} is not the sum of the tax lines {summed}", "TxnTaxDetail.TotalTax")
    code = reference(detail.get("TxnTaxCodeRef"))
    if not code and lines and company.us:
        code = _code_of_rates(company, lines)
    if total == 0 and not lines:
        total = None  # what an SDK sends for "not set"; a document without tax has lines that are not taxable
    return code, total


def _code_of_rates(company: Company, lines: Sequence[Mapping[str, Json]]) -> str:
    """The code that is made of exactly the rates that tax lines name."""
    named = {reference((line.get("TaxLineDetail") or {}).get("TaxRateRef")) for line in lines} - {""}
    if not named:
        return ""
    for code in company.books.tax_codes.all():
        if code.active and set(code.rates) == named:
            return code.id
    raise errors.bad_reference("TaxRateRef", ", ".join(sorted(named)), "TaxRate")


# --- lines ------------------------------------------------------------------------------------------------------------


def _lines(company: Company, given: Given, old: Sale | None, mode: str) -> tuple[DraftLine, ...]:
    if "Line" not in given:
        if old is None or not given.keep:
            raise errors.missing("Line")
        # Lines keep the ids they were given when they were first kept.
        pairs = zip(old.draft.lines, old.lines, strict=True)
        return tuple(msgspec.structs.replace(entered, id=line.id) for entered, line in pairs)
    known = {line.id for line in old.lines} if old is not None else set()
    lines: list[DraftLine] = []
    discounts = 0
    for position, body in enumerate(given.body["Line"] or ()):
        line = Given(body, path=f"Line.{position}.")
        kind = line.needed("DetailType")
        words, id = line.text("Description"), line.text("Id") if known else ""
        id = id if id in known else ""
        if kind == "SalesItemLineDetail":
            lines.append(_item_line(company, line, words, id, mode))
        elif kind == "DiscountLineDetail":
            discounts += 1
            lines.append(_discount_line(line, words, id))
        elif kind == "DescriptionOnly":
            lines.append(DescriptionLine(description=words, id=id))
        # SubTotalLineDetail: the ledger adds its own, what was sent back says nothing.
    if discounts > 1:
        raise errors.bad_discount("A document has at most one discount line.")
    if not lines:
        raise errors.missing("Line")
    return tuple(lines)


def _item_line(company: Company, line: Given, words: str, id: str, mode: str) -> ItemLine:
    body: Mapping[str, Json] = line.body.get("SalesItemLineDetail") or {}
    detail = Given(body, path=line.path + "SalesItemLineDetail.")
    amount = line.number("Amount")
    if amount is None:
        raise errors.missing(line.path + "Amount")
    item = detail.ref("ItemRef")
    if not item:
        raise errors.missing(detail.path + "ItemRef")
    quantity, price = detail.number("Qty"), detail.number("UnitPrice")
    if not quantity and not price:
        quantity = price = None  # zero is what an SDK sends for both when only the amount is meant
    served = detail.day("ServiceDate") if "ServiceDate" in body else None
    keeps: dict[str, Json] = {"ServiceDate": served.isoformat()} if served is not None else {}
    gross = detail.number("TaxInclusiveAmt") if mode == "inclusive" else None
    if gross:
        if quantity is not None and price is not None and quantity * price not in (gross, amount):
            _mismatch(line, quantity * price, amount)
        if price is not None and (quantity is None or quantity * price != gross):
            keeps["UnitPrice"], price = price, None  # a net price; the books keep the document gross
        amount = gross
    taxable, code = _line_code(company, detail) if "TaxCodeRef" in body else (None, "")
    return ItemLine(
        item=item,
        quantity=quantity,
        unit_price=price,
        amount=amount,
        taxable=taxable,
        tax_code=code,
        cost_centre=detail.ref("ClassRef") if "ClassRef" in body else "",
        carried=keeps or None,
        description=words,
        id=id,
    )


def _mismatch(line: Given, product: Decimal, amount: Decimal) -> None:
    if abs(product - amount) >= Decimal("0.01"):
        raise errors.Refused(
            errors.Error(
                code="6070", message="Amount calculation incorrect in the request", element=line.path + "Amount",
                detail=f"Amount is not equal to UnitPrice * Qty. Supplied value:{amount}",
            )
        )  # fmt: skip


def _line_code(company: Company, detail: Given) -> tuple[bool | None, str]:
    """Whether the line is taxable (US company) or its code (global one); nothing given is the item's own."""
    code = detail.ref("TaxCodeRef")
    if not company.us:
        return None, code
    if code and code not in (TAX, NON):
        raise errors.bad_tax_code(code)
    return (None if not code else code == TAX), ""


def _discount_line(line: Given, words: str, id: str) -> DiscountLine:
    body: Mapping[str, Json] = line.body.get("DiscountLineDetail") or {}
    # Older SDKs nest what counts in an object `Discount`.
    nested = body.get("Discount")
    told = {k: v for k, v in nested.items() if v not in ("", None)} if isinstance(nested, Mapping) else {}
    merged = {**body, **told}
    detail = Given(merged, path=line.path + "DiscountLineDetail.")
    percent: Decimal | None = None
    amount = line.number("Amount")
    if detail.flag("PercentBased", old=False, default=False):
        percent, amount = detail.number("DiscountPercent"), None
        if percent is None:
            raise errors.bad_discount("Discount amount or percent should be provided.")
    elif amount is None:
        raise errors.bad_discount("Discount amount or percent should be provided.")
    return DiscountLine(
        percent=percent,
        amount=amount,
        account=detail.ref("DiscountAccountRef"),
        cost_centre=detail.ref("ClassRef"),
        description=words,
        id=id,
    )
