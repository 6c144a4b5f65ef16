"""Rows of the curated tables, from the ledger's records; the columns are those of tables.sql, in its order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from simharness.reference.arithmetic.money import ZERO, Cents
from simharness.reference.arithmetic.recurring import Recurring
from simharness.reference.ledger.journal import Posting
from simharness.reference.vendors.http import Json

Row = tuple[object, ...]

_DEAL = re.compile(r"^hubspot:deal:(?P<deal>\d+):(?:deposit|v\d+)(?: lines:(?P<lines>[\d,]*))?")
_COMPANY = re.compile(r"^hubspot:company:(?P<id>\d+)(?::[A-Z]{3})?$")
_VOIDED = "Voided"
#: Where a document keeps what is open of it; receipts are settled as they are made.
_OPEN = MappingProxyType({"invoice": "Balance", "credit_memo": "RemainingCredit"})

#: (AccountType, AccountSubType) or AccountType to the kinds of the tables. Source: the vendor's account types.
_KINDS = MappingProxyType(
    {
        "Bank": "bank",
        "Accounts Receivable": "receivable",
        "Other Current Asset": "current_asset",
        "Fixed Asset": "fixed_asset",
        "Accounts Payable": "payable",
        "Credit Card": "credit_card",
        "Other Current Liability": "current_liability",
        "Long Term Liability": "long_term_liability",
        "Equity": "equity",
        "Income": "income",
        "Cost of Goods Sold": "cost_of_sales",
        "Expense": "expense",
        "Other Income": "other_income",
        "Other Expense": "other_expense",
    }
)
_SUBKINDS = MappingProxyType({"UndepositedFunds": "undeposited", "DiscountsRefundsGiven": "contra_income"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Everything read for one publication. `listed` is the list amount of (document, deal line) as it was billed.

    `roles` gives the purpose of an account that the mapping names, by id; `contra_account` is the account of discounts
    on lines of their own; `currency` that of the books. `cost_centres` and `locations` give finance's
    code of the ledger's class and department names. `journals` are entries, where some may be in a foreign currency.
    """

    accounts: Sequence[Json]
    customers: Sequence[Json]
    invoices: Sequence[Json]
    credit_memos: Sequence[Json]
    payments: Sequence[Json]
    tax_codes: Sequence[Json]
    tax_rates: Sequence[Json]
    sales_receipts: Sequence[Json]
    refund_receipts: Sequence[Json]
    postings: Sequence[Posting]
    recurring: Sequence[Recurring]
    currency: str
    listed: Mapping[tuple[str, str], Decimal]
    prices: Mapping[str, tuple[Decimal, Decimal]]
    tax_accounts: frozenset[str]
    roles: Mapping[str, str]
    contra_account: str
    cost_centres: Mapping[str, str]
    locations: Mapping[str, str]
    journals: Sequence[Json] = ()

    def documents(self) -> Iterator[tuple[str, Json]]:
        """Documents of customers, each with its kind."""
        yield from (("invoice", each) for each in self.invoices)
        yield from (("credit_memo", each) for each in self.credit_memos)
        yield from (("sales_receipt", each) for each in self.sales_receipts)
        yield from (("refund_receipt", each) for each in self.refund_receipts)


def accounts(ledger: Ledger) -> Iterator[Row]:
    """dim_account."""
    for each in ledger.accounts:
        subtype = str(each.get("AccountSubType", ""))
        kind = _SUBKINDS.get(subtype) or _KINDS.get(str(each["AccountType"]), str(each["AccountType"]))
        is_tax = str(each["Id"]) in ledger.tax_accounts
        role = ledger.roles.get(str(each["Id"]), "")
        yield str(each["Id"]), str(each.get("AcctNum") or ""), str(each["Name"]), kind, is_tax, role


def customers(ledger: Ledger) -> Iterator[Row]:
    """dim_customer."""
    for each in ledger.customers:
        found = _COMPANY.match(str(each.get("Notes") or ""))
        currency = str(each.get("CurrencyRef", {}).get("value") or ledger.currency)
        yield str(each["Id"]), found["id"] if found else "", str(each["DisplayName"]), currency


def documents(ledger: Ledger) -> Iterator[Row]:
    """fct_document."""
    for kind, each in ledger.documents():
        tax, total = Decimal(each.get("TxnTaxDetail", {}).get("TotalTax", 0)), Decimal(each["TotalAmt"])
        deal = _DEAL.match(str(each.get("PrivateNote") or ""))
        yield (
            str(each["Id"]),
            kind,
            str(each.get("DocNumber") or ""),
            str(each["CustomerRef"]["value"]),
            deal["deal"] if deal else "",
            each["TxnDate"],
            each.get("DueDate"),
            each["CurrencyRef"]["value"],
            total - tax,
            tax,
            total,
            Decimal(each.get(_OPEN[kind], 0)) if kind in _OPEN else ZERO,
            is_void(each),
            _rate(each),
        )


def is_void(document: Json) -> bool:
    """Whether a document was made void: the ledger keeps it at zero and says so in its note."""
    return str(document.get("PrivateNote") or "").startswith(_VOIDED) and not document["TotalAmt"]


def document_lines(ledger: Ledger, cents: Cents) -> Iterator[Row]:
    """Item lines without tax; a document's discount line is shared out over them by largest remainder.

    A line on the contra account is the discount of another line: it has no list amount and no deal line of its own. A
    deal line that a document shows twice shares its list amount out over both.
    """
    for _, each in ledger.documents():
        items = [line for line in each["Line"] if line["DetailType"] == "SalesItemLineDetail"]
        discounts = [line for line in each["Line"] if line["DetailType"] == "DiscountLineDetail"]
        found = _DEAL.match(str(each.get("PrivateNote") or ""))
        ids = iter((found["lines"] or "").split(",")) if found else iter(())
        amounts = [Decimal(line["Amount"]) for line in items]
        discount = sum((Decimal(line["Amount"]) for line in discounts), ZERO)
        shares = cents.spread(discount, amounts) if discount and sum(amounts, ZERO) else [ZERO] * len(items)
        line_ids = ["" if _is_contra(ledger, line) else next(ids, "") for line in items]
        for place, (line, amount, share) in enumerate(zip(items, amounts, shares, strict=True)):
            line_id, net = line_ids[place], amount - share
            listed = ZERO if _is_contra(ledger, line) else _listed(ledger, each, line_id, line, cents)
            if listed is not None and line_ids.count(line_id) > 1 and line_id:
                same = [at for at, other in enumerate(line_ids) if other == line_id]
                listed = cents.spread(listed, [amounts[at] for at in same])[same.index(place)]
            listed = amount if listed is None else listed
            yield str(each["Id"]), place + 1, line_id, *_document_line(ledger, each, line, listed, net)


def _is_contra(ledger: Ledger, line: Json) -> bool:
    return bool(line["SalesItemLineDetail"].get("ItemAccountRef", {}).get("value") == ledger.contra_account)


def _document_line(ledger: Ledger, document: Json, line: Json, listed: Decimal, net: Decimal) -> Row:
    detail = line["SalesItemLineDetail"]
    code = str(detail.get("TaxCodeRef", {}).get("value", ""))
    cost_centre = str(detail.get("ClassRef", {}).get("name", ""))
    location = str(document.get("DepartmentRef", {}).get("name", ""))
    return (
        str(detail.get("ItemRef", {}).get("name", "")),
        str(detail.get("ItemAccountRef", {}).get("value", "")),
        detail.get("Qty"),
        listed,
        listed - net,
        net,
        next((str(each["Name"]) for each in ledger.tax_codes if str(each["Id"]) == code), code),
        ledger.cost_centres.get(cost_centre, cost_centre),
        ledger.locations.get(location, location),
    )


def _listed(ledger: Ledger, document: Json, line_id: str, line: Json, cents: Cents) -> Decimal | None:
    """As billed, where this connector billed it; else quantity at the CRM's list price, where the CRM still has the
    line.
    """
    known = ledger.listed.get((str(document["Id"]), line_id))
    if known is not None or line_id not in ledger.prices:
        return known
    quantity, price = ledger.prices[line_id]
    return cents.round(Decimal(line["SalesItemLineDetail"].get("Qty", quantity)) * price)


def document_taxes(ledger: Ledger) -> Iterator[Row]:
    """fct_document_tax: a line of each rate of each document."""
    names = {str(each["Id"]): str(each["Name"]) for each in ledger.tax_rates}
    codes = {str(each["Id"]): str(each["Name"]) for each in ledger.tax_codes}
    code_of = _codes_by_rate(ledger.tax_codes)
    for _, each in ledger.documents():
        taxes = each.get("TxnTaxDetail", {})
        given = codes.get(str(taxes.get("TxnTaxCodeRef", {}).get("value", "")), "")
        for line in taxes.get("TaxLine", []):
            detail = line["TaxLineDetail"]
            rate = str(detail["TaxRateRef"]["value"])
            yield (
                str(each["Id"]),
                given or code_of.get(rate, ""),
                names.get(rate, rate),
                Decimal(detail.get("TaxPercent", 0)),
                Decimal(detail.get("NetAmountTaxable", 0)),
                Decimal(line["Amount"]),
            )


def _codes_by_rate(tax_codes: Iterable[Json]) -> dict[str, str]:
    found: dict[str, str] = {}
    for code in tax_codes:
        for detail in code.get("SalesTaxRateList", {}).get("TaxRateDetail", []):
            found.setdefault(str(detail["TaxRateRef"]["value"]), str(code["Name"]))
    return found


def payments(ledger: Ledger) -> Iterator[Row]:
    """Money received; payments of zero only link credits to invoices."""
    for each in ledger.payments:
        if Decimal(each["TotalAmt"]):
            yield (
                str(each["Id"]),
                str(each["CustomerRef"]["value"]),
                each["TxnDate"],
                each["CurrencyRef"]["value"],
                Decimal(each["TotalAmt"]),
                Decimal(each.get("UnappliedAmt", 0)),
                str(each.get("DepositToAccountRef", {}).get("value", "")),
                _rate(each),
            )


def _rate(record: Json) -> Decimal:
    return Decimal(record.get("ExchangeRate") or 1)


def journal(ledger: Ledger) -> Iterator[Row]:
    """fct_journal_line: postings numbered within their transaction, in the report's order."""
    numbers: dict[str, int] = {}
    for each in ledger.postings:
        numbers[each.transaction_id] = number = numbers.get(each.transaction_id, 0) + 1
        yield (
            each.transaction_id,
            number,
            each.day,
            each.account_id,
            each.amount,
            each.customer_id,
            ledger.cost_centres.get(each.cost_centre, each.cost_centre),
            ledger.locations.get(each.location, each.location),
            each.source,
            each.transaction_id,
        )
