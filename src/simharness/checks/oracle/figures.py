"""One billing of a deal: its lines priced, discounted, placed on accounts and taxed as the dictionary declares."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from simharness.checks.arithmetic.exemption import exempting
from simharness.checks.arithmetic.lines import after_discount, document_discount, line_amounts
from simharness.checks.arithmetic.months import is_whole
from simharness.checks.arithmetic.tax import Group, Policy, sale
from simharness.checks.oracle.model import BilledLine, Conditions
from simharness.checks.oracle.rulebook import Rulebook
from simharness.checks.oracle.schedules import Calendar, Due, dues, group, group_of, key_of, wrong_term
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


def billed_lines(
    book: Rulebook, terms: Terms, region: str, day: date, at: Calendar | None = None, known: Collection[str] = ()
) -> tuple[BilledLine, ...]:
    """Everything of a deal that is due by then (at once, without a calendar); net is filled in by `taxed`.

    What is due by itself, and is not among the keys `known`, is taxed as on its own day; everything else as on `day`.
    """
    unit, rounding = terms.policy(book).unit, book.tax_policy.rounding
    result: list[BilledLine] = []
    for name in dict.fromkeys(group(line) for line in terms.lines):
        mine = [line for line in terms.lines if group(line) == name]
        both = [line_amounts(line, unit, rounding) for line in mine]
        amounts = _priced([net for _, net in both], terms, unit, rounding)
        for line, (listed, _), amount in zip(mine, both, amounts, strict=True):
            if at is None:
                at_once = Due(slot="", day=day, service=None)
                result.append(_line(book, terms, line, region, day, at_once, listed, amount))
                continue
            for due in dues(line, at):
                on = due.day if due.slot and key_of(line.id, due.slot) not in known else day
                result.append(_line(book, terms, line, region, on, due, listed, amount))
    return tuple(result)


def _line(
    book: Rulebook, terms: Terms, line: DealLine, region: str, day: date, due: Due, listed: Decimal, amount: Decimal
) -> BilledLine:
    product = book.products[line.product]
    treatment = book.treatment(region, product, day)
    kind = line.revenue_type or product.revenue_type
    unit = book.recognition.get(kind, "") if due.service is not None else ""
    income = book.income_accounts[kind]
    return BilledLine(
        line_id=line.id,
        product=line.product,
        account=book.account_with("deferred_revenue") if unit else income,
        tax_code=treatment.code,
        listed=listed * due.times,
        amount=amount * due.times,
        net=amount * due.times,
        cost_centre=line.cost_centre or terms.cost_centre,
        reason=treatment.reason,
        slot=due.slot,
        service=due.service,
        unit=unit,
        income=income if unit else "",
    )


def schedule_obstacle(
    book: Rulebook, terms: Terms, currency: str, *, deposit: bool, billed: Mapping[str, BilledLine]
) -> str:
    """Why the schedules or the days of service of a deal cannot be kept without guessing, in words; else ""."""
    groups = {line.id: group(line) for line in terms.lines}
    if terms.discount_amount and len(set(groups.values())) > 1:
        return "one discount is for lines that are billed at different times"
    for line in terms.lines:
        if line.billing not in ("", "once", "upfront", "monthly", "milestone"):
            return f"nobody knows when {line.billing!r} is"
        if wrong := wrong_term(line):
            return wrong
        if deposit and line.billing not in ("", "once"):
            return "the deal has a deposit, and lines with schedules of their own"
        if wrong := _wrong_deferral(book, line, currency, deposit=deposit):
            return wrong
    for before in billed.values():
        if before.amount and groups.get(before.line_id, group_of(before.slot)) != group_of(before.slot):
            return f"the line of {before.product} was billed, and has another schedule now"
    return ""


def _wrong_deferral(book: Rulebook, line: DealLine, currency: str, *, deposit: bool) -> str:
    product = book.products.get(line.product)
    unit = book.recognition.get(line.revenue_type or (product.revenue_type if product else ""), "")
    if not unit or line.service_from is None or (line.service_to is None and line.billing != "monthly"):
        return ""
    if currency != book.dictionary.currency:
        return f"revenue in {currency} would be deferred at a rate that is nobody's"
    if deposit:
        return "the deal has a deposit, and revenue that is deferred"
    if unit == "month" and line.service_to is not None and not is_whole(line.service_from, line.service_to):
        return f"the service of the line of {line.product} is not of whole months"
    return ""


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
