"""A planned document in QuickBooks' dialect: its body, as it is stored in the outbox before the first attempt."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from simharness.reference.arithmetic.exchange import terms
from simharness.reference.arithmetic.money import HUNDRED, ZERO, Cents
from simharness.reference.arithmetic.tax import TaxLine
from simharness.reference.invoicing.billing import CREDIT_MEMO, INVOICE, BilledLine, DocumentPlan
from simharness.reference.invoicing.items import CONTRA, Items
from simharness.reference.ledger.catalogue import Catalogue
from simharness.reference.mapping.model import Mapping
from simharness.reference.vendors.http import Json

#: Decimals the ledger keeps of a unit price.
_PRICE_DECIMALS = Decimal("0.0000001")

_encode = msgspec.json.Encoder(decimal_format="number").encode


class Composer:
    """Writes bodies by one mapping; names become the ledger's ids through the catalogue."""

    def __init__(self, mapping: Mapping, catalogue: Catalogue, items: Items) -> None:
        self._mapping, self._catalogue, self._items = mapping, catalogue, items
        self._policies = mapping.company.policies
        self._included = self._policies.prices_include_tax and self._policies.tax_model == "global"

    def body(self, plan: DocumentPlan, customer_id: str, rate: Decimal | None = None) -> bytes:
        """The document's body, at a rate or (None) that of its day. Raises `Rejected` for a name that the ledger does
        not have.
        """
        body: Json = {
            "CustomerRef": {"value": customer_id},
            "TxnDate": plan.day.isoformat(),
            **terms(plan.currency, rate),
            "PrivateNote": plan.reference,
            "Line": self._lines(plan),
        }
        if plan.kind == INVOICE and plan.due is not None:
            body["DueDate"] = plan.due.isoformat()
            body["SalesTermRef"] = self._ref("Term", plan.term)
        if plan.memo:
            body["CustomerMemo"] = {"value": plan.memo}
        if plan.location:
            names = self._mapping.dimensions.locations
            body["DepartmentRef"] = self._ref("Department", names.get(plan.location, plan.location))
        if self._policies.tax_model == "global":
            body["GlobalTaxCalculation"] = "TaxInclusive" if self._policies.prices_include_tax else "TaxExcluded"
        if self._policies.ledger_calculates and plan.region:
            # The ledger goes by the address and replaces the tax below, which is then no more than an estimate.
            place = self._mapping.taxes.regions[plan.region].ship_to
            body["ShipAddr"] = {"Country": place.country, "CountrySubDivisionCode": place.state, "City": place.city}
        if plan.taxes.lines:
            body["TxnTaxDetail"] = self._tax(plan)
        return _encode(body)

    def bears_first_rate(self, plan: DocumentPlan) -> bool:
        """Whether a document takes a foreign sale back at the rate of the deal's first invoice."""
        abroad = plan.kind == CREDIT_MEMO and plan.currency != self._mapping.company.currency
        return abroad and self._policies.credit_rates == "original"

    def _lines(self, plan: DocumentPlan) -> list[Json]:
        """One line a deal line, or two where a part was taxed with the deposit; under contra presentation at list, each
        with its discount right below it. What is asked for or taken off as deposit comes last.
        """
        lines: list[Json] = []
        cents = self._mapping.cents(plan.currency)
        parts, nets = plan.parts, plan.taxes.nets
        for (_, line), net in zip(parts, nets[: len(parts)], strict=True):
            if not self._policies.contra:
                lines.append(self._item(line, line.amount, net, cents))
                continue
            listed = self._without_tax(line, line.list_amount, cents)
            lines.append(self._item(line, line.list_amount, listed, cents))
            if line.discount:
                lines.append(self._contra(line, net - listed))
        words = deposit_words(plan.deal_id) if plan.is_deposit else f"Less {deposit_words(plan.deal_id)}"
        for advance, net in zip(plan.advances, nets[len(parts) :], strict=True):
            detail = {
                **self._code(advance.code, taxed=bool(advance.rates)),
                "ItemRef": {"value": self._items.deposit()},
            }
            lines.append(self._sold(detail, advance.amount, net, words))
        return lines

    def _item(self, line: BilledLine, amount: Decimal, net: Decimal, cents: Cents) -> Json:
        """An item line. Quantity and price are given where they make the amount, else the amount speaks alone."""
        price: Json = {}
        if line.quantity > 0 and amount >= 0:
            unit = line.unit_price
            if cents.round(line.quantity * unit) != amount:
                unit = (amount / line.quantity).quantize(_PRICE_DECIMALS)
            makes = line.quantity * unit if self._included else cents.round(line.quantity * unit)
            if makes == amount:
                price = {"Qty": _plain(line.quantity), "UnitPrice": _plain(unit)}
        return self._line(line, line.account, amount, net, line.product, price)

    def _contra(self, line: BilledLine, net: Decimal) -> Json:
        """The discount of a line on the contra account, taxed and classed like the line that it reduces.

        The ledger's own discount line would be spread over all lines, also over those that were not reduced.
        """
        words = f"{self._mapping.discounts.contra_description}: {line.product}"
        return self._line(line, CONTRA, -line.discount, net, words, {})

    def _line(self, line: BilledLine, role: str, amount: Decimal, net: Decimal, words: str, price: Json) -> Json:
        detail = {**self._detail(line), "ItemRef": {"value": self._items.find(line.product, role)}, **price}
        return self._sold(detail, amount, net, words)

    def _sold(self, detail: Json, amount: Decimal, net: Decimal, words: str) -> Json:
        if self._included:
            detail["TaxInclusiveAmt"] = amount
        return {
            "DetailType": "SalesItemLineDetail",
            "Amount": net if self._included else amount,
            "Description": words,
            "SalesItemLineDetail": detail,
        }

    def _without_tax(self, line: BilledLine, amount: Decimal, cents: Cents) -> Decimal:
        """An amount at a line's price, net of the tax that the price includes."""
        if not self._included:
            return amount
        return cents.round(amount * HUNDRED / (HUNDRED + sum((percent for _, percent in line.rates), ZERO)))

    def _detail(self, line: BilledLine) -> Json:
        detail: Json = {}
        if line.cost_centre:
            names = self._mapping.dimensions.cost_centres
            detail["ClassRef"] = self._ref("Class", names.get(line.cost_centre, line.cost_centre))
        return {**detail, **self._code(line.code, taxed=bool(line.rates))}

    def _code(self, code: str, *, taxed: bool) -> Json:
        if self._policies.tax_model == "us":
            return {"TaxCodeRef": {"value": "TAX" if taxed else "NON"}}
        return {"TaxCodeRef": self._ref("TaxCode", code)} if code else {}

    def _tax(self, plan: DocumentPlan) -> Json:
        detail: Json = {"TotalTax": plan.taxes.tax, "TaxLine": [self._tax_line(line) for line in plan.taxes.lines]}
        if self._policies.tax_model == "us":
            detail["TxnTaxCodeRef"] = self._ref("TaxCode", plan.tax_code)
        return detail

    def _tax_line(self, line: TaxLine) -> Json:
        detail: Json = {
            "TaxRateRef": self._ref("TaxRate", line.rate.name),
            "PercentBased": True,
            "TaxPercent": line.rate.percent,
            "NetAmountTaxable": line.base,
        }
        return {"DetailType": "TaxLineDetail", "Amount": line.tax, "TaxLineDetail": detail}

    def _ref(self, kind: str, name: str) -> Json:
        return {"value": self._catalogue.id_of(kind, name)}


def deposit_words(deal_id: str) -> str:
    """The text of a deposit's line. It names the deal, also where the line is mirrored by what gives it back."""
    return f"Deposit, deal {deal_id}"


def _plain(number: Decimal) -> Decimal:
    """Without trailing zeros and without an exponent, as the wire wants it."""
    return Decimal(f"{number.normalize():f}")
