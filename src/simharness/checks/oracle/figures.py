"""One billing of a deal: its lines priced, discounted, placed on accounts and taxed as the dictionary declares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from simharness.checks.arithmetic.exemption import exempting
from simharness.checks.arithmetic.lines import after_discount, document_discount, line_amounts
from simharness.checks.arithmetic.tax import Group, Policy, sale
from simharness.checks.oracle.model import BilledLine, Conditions
from simharness.checks.oracle.rulebook import Rulebook
from simharness.domain.crm import Certificate, DealLine
from simharness.domain.policy import Rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a deal sells: the lines and discounts of one state of the deal."""

    lines: tuple[DealLine, ...]
    discount_percent: Decimal | None
    discount_amount: Decimal | None
    cost_centre: str

    def policy(self, book: Rulebook) -> Policy:
        """The arithmetic of the currency in which the lines are priced."""
        return book.tax_policy_in(self.lines[0].unit_price.currency) if self.lines else book.tax_policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Billing:
    """Lines with their nets, tax groups, and why nothing is taxed where that is so."""

    lines: tuple[BilledLine, ...]
    groups: tuple[Group, ...]
    exempt_by: str
    reasons: tuple[str, ...]


def obstacle(book: Rulebook, terms: Terms, region: str, currency: str, day: date, customer_terms: str = "") -> str:
    """Why a deal cannot be billed without guessing, in words; "" when nothing stands in the way."""
    if not terms.lines:
        return "the deal has no lines"
    if currency not in book.currencies:
        return f"the deal is in {currency}, the books are in {book.dictionary.currency}"
    if region not in book.regions:
        return f"the region {region!r} is not in the dictionary" if region else "the customer has no tax region"
    codes: set[str] = set()
    for line in terms.lines:
        product = book.products.get(line.product)
        if product is None:
            return f"the product {line.product!r} is not in the dictionary"
        if (line.revenue_type or product.revenue_type) not in book.income_accounts:
            return f"the revenue type {line.revenue_type or product.revenue_type!r} is not in the dictionary"
        codes.add(book.treatment(region, product, day).code)
    if book.policy.tax_model == "us" and len(codes - {""}) > 1:
        return f"the lines carry {len(codes - {''})} tax codes, a document of this company takes one"
    if customer_terms and customer_terms not in book.terms:
        return f"the payment terms {customer_terms!r} are not in the dictionary"
    if sum(priced(terms, book), Decimal(0)) < 0:
        return "the deal totals less than nothing"
    return ""


def priced(terms: Terms, book: Rulebook) -> tuple[Decimal, ...]:
    """The amount of each line after its own and its share of the document's discount, in the terms of the price."""
    unit, rounding = terms.policy(book).unit, book.tax_policy.rounding
    return _priced([line_amounts(line, unit, rounding)[1] for line in terms.lines], terms, unit, rounding)


def _priced(nets: Sequence[Decimal], terms: Terms, unit: Decimal, rounding: Rounding) -> tuple[Decimal, ...]:
    discount = document_discount(nets, terms.discount_percent, terms.discount_amount, unit, rounding)
    return after_discount(nets, discount, unit)


def billed_lines(book: Rulebook, terms: Terms, region: str, day: date) -> tuple[BilledLine, ...]:
    """The lines of a deal as one whole billing on a day would show them; net is filled in by `taxed`."""
    unit, rounding = terms.policy(book).unit, book.tax_policy.rounding
    both = [line_amounts(line, unit, rounding) for line in terms.lines]
    amounts = _priced([net for _, net in both], terms, unit, rounding)
    result = []
    for line, (listed, _), amount in zip(terms.lines, both, amounts, strict=True):
        product = book.products[line.product]
        treatment = book.treatment(region, product, day)
        result.append(
            BilledLine(
                line_id=line.id,
                product=line.product,
                account=book.income_accounts[line.revenue_type or product.revenue_type],
                tax_code=treatment.code,
                listed=listed,
                amount=amount,
                net=amount,
                cost_centre=line.cost_centre or terms.cost_centre,
                reason=treatment.reason,
            )
        )
    return tuple(result)


def taxed(book: Rulebook, lines: tuple[BilledLine, ...], under: Conditions, *, currency: str = "") -> Billing:
    """The tax of lines sold under conditions, nobody's certificate forgotten; a line may have conditions of its own.

    `currency` "": that of the books.
    """
    certificate = _certificate(under)
    early = {line.under: _certificate(line.under) for line in lines if line.under is not None}
    codes, rates = [], {}
    for line in lines:
        exempt = certificate if line.under is None else early[line.under]
        code = "" if exempt else line.tax_code
        codes.append(code)
        if code:
            rates[code] = book.shares(code, (line.under or under).day)
    figures = sale(
        [line.amount for line in lines],
        codes,
        rates,
        book.tax_policy_in(currency or book.dictionary.currency),
        included=book.policy.prices_include_tax,
    )
    reasons = [line.reason for line in lines if line.reason]
    if certificate and any(line.tax_code for line in lines if line.under is None):
        reasons.insert(0, certificate.reason)
    kept = tuple(
        replace(line, net=net, tax_code=code) for line, net, code in zip(lines, figures.nets, codes, strict=True)
    )
    return Billing(
        lines=kept,
        groups=figures.groups,
        exempt_by=certificate.number if certificate and not any(codes) else "",
        reasons=tuple(dict.fromkeys(reasons)),
    )


def _certificate(under: Conditions) -> Certificate | None:
    return exempting(under.certificates, under.region, under.day)
