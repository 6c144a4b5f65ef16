"""How programs beside the connector make an invoice of a deal: what each of them copies, and what it leaves out.

A billing system bills what the deal says, with finance's taxes, terms and dimensions. A native CRM–ledger sync copies
the words it was told to. What HubSpot's own sync with QuickBooks can do is known in part: its help pages (`Set up two
way invoice sync with QuickBooks Online`, 2024) say that it charges no tax and that an invoice it made must be edited in
the CRM only; that it fills neither class nor location is background knowledge.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from simharness.core.money import Money, exponent
from simharness.domain.acts import ActRefused, InvoiceLine
from simharness.domain.crm import Certificate, DealLine
from simharness.domain.dictionary import Dictionary, ProductSpec
from simharness.domain.policy import Rounding, TaxCalculator
from simharness.stories.cast import Customer, Deal

#: What a native sync may be told to copy. Products, quantities and list prices it always copies.
DISCOUNTS, TAX, TERMS, CLASSES = "discounts", "tax", "terms", "classes"
WORDS = ("lines", DISCOUNTS, TAX, TERMS, CLASSES)

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """An invoice as a program writes it; `memo` is what it says about exemptions."""

    lines: tuple[InvoiceLine, ...]
    memo: str = ""


def paper_of(
    deal: Deal, customer: Customer, dictionary: Dictionary, day: date, copies: Iterable[str], lines: Iterable[DealLine]
) -> Paper:
    """The invoice of a deal's lines on a day, with what the program copies. Raises `ActRefused` for what none can."""
    if dictionary.policy.prices_include_tax:
        raise ActRefused("programs beside the connector bill prices without tax only")
    if DISCOUNTS in copies and (deal.discount_percent or deal.discount_amount):
        raise ActRefused("a program beside the connector knows discounts of lines, none of a whole deal")
    taxes = _Taxes(dictionary, customer, day)
    made = tuple(_line(line, dictionary, taxes, copies) for line in lines)
    return Paper(lines=made, memo=taxes.memo if TAX in copies else "")


def _line(line: DealLine, dictionary: Dictionary, taxes: _Taxes, copies: Iterable[str]) -> InvoiceLine:
    listed = _round(line.quantity * line.unit_price.amount, line.unit_price.currency, dictionary)
    amount = listed - _discount(line, listed, dictionary) if DISCOUNTS in copies else listed
    exact = amount == line.quantity * line.unit_price.amount
    untaxed = None if dictionary.policy.tax_calculator is TaxCalculator.LEDGER else ""
    return InvoiceLine(
        product=line.product,
        amount=Money(amount, line.unit_price.currency),
        quantity=line.quantity if exact else None,
        unit_price=line.unit_price if exact else None,
        tax_code=taxes.code_of(line.product) if TAX in copies else untaxed,
        cost_centre=line.cost_centre if CLASSES in copies else "",
    )


def _discount(line: DealLine, listed: Decimal, dictionary: Dictionary) -> Decimal:
    if line.discount_amount is not None:
        return line.discount_amount.amount
    share = listed * (line.discount_percent or Decimal(0)) / _HUNDRED
    return _round(share, line.unit_price.currency, dictionary)


def _round(value: Decimal, currency: str, dictionary: Dictionary) -> Decimal:
    how = ROUND_HALF_EVEN if dictionary.policy.rounding is Rounding.HALF_EVEN else ROUND_HALF_UP
    return value.quantize(Decimal(1).scaleb(-exponent(currency)), how)


class _Taxes:
    """How finance taxes what a customer buys on a day; what is exempt is noted with its reason."""

    def __init__(self, dictionary: Dictionary, customer: Customer, day: date) -> None:
        self._products: dict[str, ProductSpec] = {each.name: each for each in dictionary.products}
        self._region = next((each for each in dictionary.regions if each.code == customer.region), None)
        self._certificate = next((each for each in customer.certificates if self._covers(each, customer, day)), None)
        self._reasons: dict[str, None] = {}

    @property
    def memo(self) -> str:
        """The reasons of what was exempt, in the ledger's customary words."""
        return f"Tax exempt: {'; '.join(self._reasons)}" if self._reasons else ""

    def code_of(self, name: str) -> str:
        """The tax code of a product, "" where it bears none."""
        product = self._products.get(name)
        if product is None or self._region is None:
            return ""
        exempt = dict(self._region.exempt_products).get(name, "")
        if exempt:
            self._reasons[exempt] = None
            return ""
        code = next((tax.code for tax in self._region.taxes if tax.category == product.tax_category), "")
        if code and self._certificate is not None:
            self._reasons[f"{self._certificate.reason} (certificate {self._certificate.number})"] = None
            return ""
        return code

    @staticmethod
    def _covers(certificate: Certificate, customer: Customer, day: date) -> bool:
        region = f"{customer.region}-"
        return (
            any(region.startswith(f"{place}-") for place in certificate.jurisdictions)
            and (certificate.valid_from is None or certificate.valid_from <= day)
            and (certificate.valid_until is None or day <= certificate.valid_until)
        )
