"""Invoices, credit memos, sales receipts and refund receipts as QuickBooks writes them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from simharness_fakes.accounting.documents import ItemLine, Line, Sale, TaxLine
from simharness_fakes.quickbooks.state import NON, TAX, Company
from simharness_fakes.quickbooks.wire.parts import Wire, carried, currency_ref, head, ref

ZERO, ONE = Decimal(0), Decimal(1)
TAX_MODES: Mapping[str, str] = MappingProxyType(
    {"exclusive": "TaxExcluded", "inclusive": "TaxInclusive", "none": "NotApplicable"}
)


def invoice(company: Company, sale: Sale) -> Wire:
    """An Invoice."""
    wire = _sale(company, sale)
    if sale.due is not None:
        wire["DueDate"] = sale.due.isoformat()
    return wire


def credit_memo(company: Company, sale: Sale) -> Wire:
    """A CreditMemo; `RemainingCredit` is what no payment has used yet."""
    wire = _sale(company, sale)
    wire["RemainingCredit"] = sale.open
    return wire


def receipt(company: Company, sale: Sale) -> Wire:
    """A SalesReceipt or a RefundReceipt: the money goes to an account, or comes from it, at once."""
    wire = _sale(company, sale)
    wire["DepositToAccountRef"] = ref(company.books.accounts, sale.account)
    if sale.deposit:
        wire["LinkedTxn"] = [{"TxnId": sale.deposit, "TxnType": "Deposit"}]
    return wire


def _sale(company: Company, sale: Sale) -> Wire:
    books, settings = company.books, company.books.settings
    us, after = settings.tax_model == "us", sale.draft.tax_after_discount
    wire = head(sale)
    wire["TxnDate"] = sale.date.isoformat()
    wire["CurrencyRef"] = currency_ref(sale.currency)
    links = books.links(sale.id)
    wire["LinkedTxn"] = [{"TxnId": payment.id, "TxnType": "Payment"} for payment in links] if links else []
    wire["Line"] = _lines(company, sale, us=us)
    wire["TxnTaxDetail"] = _tax_detail(sale, us=us)
    wire["CustomerRef"] = ref(books.customers, sale.customer)
    wire["TotalAmt"], wire["Balance"] = sale.total, sale.open
    wire["PrintStatus"] = wire["EmailStatus"] = "NotSet"
    if settings.multi_currency:
        wire["ExchangeRate"] = ONE if sale.rate is None else sale.rate
        wire["HomeTotalAmt"], wire["HomeBalance"] = sale.base, sale.open_base
    if sale.number:
        wire["DocNumber"] = sale.number
    wire["ApplyTaxAfterDiscount"] = settings.tax_after_discount if after is None else after
    if sale.carried:
        wire.update(carried(sale))
    if sale.note or sale.void:
        wire["PrivateNote"] = private_note(sale.note, void=sale.void)
    if sale.memo:
        wire["CustomerMemo"] = {"value": sale.memo}
    if sale.terms:
        wire["SalesTermRef"] = ref(books.terms, sale.terms)
    if sale.location:
        wire["DepartmentRef"] = ref(books.departments, sale.location)
    if sale.cost_centre:
        wire["ClassRef"] = ref(books.classes, sale.cost_centre)
    if not us:
        wire["GlobalTaxCalculation"] = TAX_MODES[sale.tax_mode]
    return wire


def private_note(note: str, *, void: bool) -> str:
    """The note; QuickBooks puts the word Voided before that of a document it made void."""
    if not void:
        return note
    return f"Voided - {note}" if note else "Voided"


def _lines(company: Company, sale: Sale, *, us: bool) -> list[Wire]:
    """Item and text lines, the subtotal QuickBooks adds, then discounts."""
    shown: list[Wire] = []
    discounts: list[Wire] = []
    subtotal = ZERO
    for number, (line, entered) in enumerate(zip(sale.lines, sale.draft.lines, strict=True), start=1):
        wire: Wire = {"Id": line.id, "LineNum": number}
        if line.description:
            wire["Description"] = line.description
        if line.kind == "item":
            amount = line.net if sale.tax_mode == "inclusive" else line.amount
            wire["Amount"], wire["DetailType"] = amount, "SalesItemLineDetail"
            wire["SalesItemLineDetail"] = _item_detail(company, sale, line, entered, us=us)
            subtotal += amount
            shown.append(wire)
        elif line.kind == "discount":
            _discount_line(company, wire, line)
            discounts.append(wire)
        else:
            wire.update(DetailType="DescriptionOnly", DescriptionLineDetail={})
            shown.append(wire)
    shown.append({"Amount": subtotal, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}})
    return shown + discounts if discounts else shown


def _item_detail(company: Company, sale: Sale, line: Line, entered: Any, *, us: bool) -> Wire:
    books = company.books
    detail: Wire = {}
    if line.item:
        detail["ItemRef"] = ref(books.items, line.item)
    if line.cost_centre:
        detail["ClassRef"] = ref(books.classes, line.cost_centre)
    detail["ItemAccountRef"] = ref(books.accounts, line.account)
    if line.unit_price is not None:
        detail["UnitPrice"] = line.unit_price
    if line.quantity is not None:
        detail["Qty"] = line.quantity
    if us:
        asked = entered.taxable if isinstance(entered, ItemLine) else None
        detail["TaxCodeRef"] = {"value": TAX if (bool(line.tax_code) if asked is None else asked) else NON}
    elif line.tax_code:
        detail["TaxCodeRef"] = ref(books.tax_codes, line.tax_code)
    if sale.tax_mode == "inclusive":
        detail["TaxInclusiveAmt"] = line.amount
    if line.carried:
        detail.update(carried(line))
    return detail


def _discount_line(company: Company, wire: Wire, line: Line) -> None:
    books = company.books
    detail: Wire = {"PercentBased": line.percent is not None}
    if line.percent is not None:
        detail["DiscountPercent"] = line.percent
    detail["DiscountAccountRef"] = ref(books.accounts, line.account)
    if line.cost_centre:
        detail["ClassRef"] = ref(books.classes, line.cost_centre)
    wire.update(Amount=line.amount, DetailType="DiscountLineDetail", DiscountLineDetail=detail)


def _tax_detail(sale: Sale, *, us: bool) -> Wire:
    detail: Wire = {}
    if us and sale.tax_code:
        detail["TxnTaxCodeRef"] = {"value": sale.tax_code}
    detail["TotalTax"] = sale.tax
    detail["TaxLine"] = [_tax_line(tax) for tax in sale.taxes if tax.rate] if sale.taxes else []
    return detail


def _tax_line(tax: TaxLine) -> Wire:
    return {
        "Amount": tax.tax,
        "DetailType": "TaxLineDetail",
        "TaxLineDetail": {
            "TaxRateRef": {"value": tax.rate},
            "PercentBased": True,
            "TaxPercent": tax.percent,
            "NetAmountTaxable": tax.base,
        },
    }
