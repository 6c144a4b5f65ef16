"""What a won deal is billed: pure decisions, from the deal as it is now and what was billed before.

Version 1 is one invoice over every line. A later edit follows the declared policy: `delta` bills what went up and
credits what went down, at the tax treatment it was billed with; `credit_and_rebill` credits everything and bills
anew; `refuse` rejects.

A deal with a deposit is billed in two steps: the deposit when it is won, everything when it is delivered, less the
deposit. What was taxed with the deposit keeps that tax, also in a later credit, which takes both parts in proportion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import msgspec

from simharness.reference.arithmetic.mirror import Given
from simharness.reference.arithmetic.money import ZERO, Cents
from simharness.reference.arithmetic.pricing import Priced, price
from simharness.reference.arithmetic.tax import Rate, Taxes, Treatment
from simharness.reference.errors import Rejected
from simharness.reference.invoicing.crm import CompanyFacts, Deal
from simharness.reference.invoicing.deposits import Advance, Deposit, Early, advances, netting
from simharness.reference.mapping.model import Mapping as Mapped

INVOICE, CREDIT_MEMO = "Invoice", "CreditMemo"


class BilledLine(msgspec.Struct, frozen=True, kw_only=True):
    """What one deal line has been billed so far, credits taken off, and how it was taxed.

    `amount` = list less discount; the `early` part of it was taxed otherwise, with the deposit.
    """

    product: str
    account: str
    list_amount: Decimal
    discount: Decimal
    quantity: Decimal
    unit_price: Decimal
    cost_centre: str = ""
    code: str = ""
    rates: tuple[tuple[str, Decimal], ...] = ()
    reason: str = ""
    early: Early | None = None

    @property
    def amount(self) -> Decimal:
        return self.list_amount - self.discount

    @property
    def parts(self) -> tuple[BilledLine, ...]:
        """The line as a document shows it: what was taxed with the deposit, and the rest. Their quantity is told only
        where they are not two.
        """
        early = self.early
        if early is None or not early.amount:
            return (msgspec.structs.replace(self, early=None),)
        terms = {"code": early.code, "rates": early.rates, "reason": early.reason, "early": None}
        if early.amount == self.amount:
            return (msgspec.structs.replace(self, **terms),)
        first = msgspec.structs.replace(
            self, list_amount=early.amount + early.discount, discount=early.discount, quantity=ZERO, **terms
        )
        return first, msgspec.structs.replace(
            self,
            list_amount=self.list_amount - first.list_amount,
            discount=self.discount - first.discount,
            quantity=ZERO,
            early=None,
        )

    def less(self, now: BilledLine, cents: Cents) -> BilledLine:
        """What goes back of it when it is to be as `now`: of both parts, in proportion."""
        down, early = self.plus(now, -1), self.early
        if early is None or not early.amount:
            return down
        whole = self.amount
        amount, _ = cents.spread(down.amount, [early.amount, whole - early.amount])
        discount, _ = cents.spread(down.discount, [early.amount, whole - early.amount])
        return msgspec.structs.replace(down, early=msgspec.structs.replace(early, amount=amount, discount=discount))

    def plus(self, other: BilledLine, sign: int) -> BilledLine:
        """After a further document; the treatment of the first stands."""
        early = self.early
        if early is not None and other.early is not None:
            early = msgspec.structs.replace(
                early,
                amount=early.amount + sign * other.early.amount,
                discount=early.discount + sign * other.early.discount,
            )
        return msgspec.structs.replace(
            self,
            early=early,
            list_amount=self.list_amount + sign * other.list_amount,
            discount=self.discount + sign * other.discount,
            quantity=self.quantity + sign * other.quantity,
            unit_price=other.unit_price if sign > 0 else self.unit_price,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPlan:
    """One document to post. Lines are (deal line id, what it bills), in document order; amounts positive.

    `advances` are on a deposit invoice what it asks for, on a final invoice what it takes off (negative). `taxes` are
    those of the lines' parts, then of the advances.
    """

    kind: str
    deal_id: str
    version: int
    currency: str
    day: date
    due: date | None
    term: str
    memo: str
    location: str
    region: str
    tax_code: str
    lines: tuple[tuple[str, BilledLine], ...]
    taxes: Taxes
    advances: tuple[Advance, ...] = ()

    @property
    def parts(self) -> tuple[tuple[str, BilledLine], ...]:
        """The lines as the document shows them: one that bears two rates is there twice."""
        return tuple((line_id, part) for line_id, line in self.lines for part in line.parts)

    @property
    def is_deposit(self) -> bool:
        """Whether it asks for a deposit and sells nothing."""
        return not self.version

    @property
    def source(self) -> str:
        """What of the deal it is for."""
        return deposit_source(self.deal_id) if self.is_deposit else reference_stem(self.deal_id, self.version)

    @property
    def reference(self) -> str:
        """The external reference the document carries; lines of discounts and deposits are not in its list."""
        if self.is_deposit:
            return self.source
        return f"{self.source} lines:{','.join(line_id for line_id, _ in self.parts)}"


def reference_stem(deal_id: str, version: int) -> str:
    """The part of the reference that names deal and version."""
    return f"hubspot:deal:{deal_id}:v{version}"


def deposit_source(deal_id: str) -> str:
    """The reference of a deal's deposit invoice."""
    return f"hubspot:deal:{deal_id}:deposit"


class Biller:
    """Decides by one mapping."""

    def __init__(self, mapping: Mapped) -> None:
        self._mapping = mapping
        self._policies = mapping.company.policies
        self._zone = mapping.zone()

    def concerns(self, deal: Deal) -> bool:
        """Whether the deal is to be billed in these books at all: their entity, and won on or after the cut-over."""
        if deal.entity not in self._mapping.company.entities:
            return False
        cut_over = self._policies.cut_over
        return cut_over is None or self.won_day(deal) >= cut_over

    def keeps(self, currency: str) -> bool:
        """Whether customers are billed in a currency."""
        return self._mapping.keeps(currency)

    def worth(self, deal: Deal) -> Decimal | None:
        """What the deal sells before tax, for people to read; None where its figures cannot be worked out, or are in a
        currency that these books do not keep.
        """
        if not self._mapping.keeps(deal.currency):
            return None
        try:
            cents = self._mapping.cents(deal.currency)
            return sum((each.amount for each in price(deal.lines, deal.discount, cents)), ZERO)
        except Rejected:
            return None

    def won_day(self, deal: Deal) -> date:
        """The local day on which the deal was won (or its close date, by policy)."""
        by_close = self._policies.invoice_date == "close_date"
        instant = (deal.close_at or deal.won_at) if by_close else (deal.won_at or deal.close_at)
        if instant is None:
            raise Rejected("no_won_date", f"deal {deal.id} has neither the instant it was won nor a close date")
        return instant.astimezone(self._zone).date()

    def deposit(self, deal: Deal, customer: CompanyFacts) -> DocumentPlan:
        """The invoice of a deal's deposit, on the day it was won. Raises `Rejected` for what cannot be billed.

        A deposit is no monetary item: taken off at another day's rate it would leave a rest in the books' own currency.
        """
        if deal.currency != self._mapping.company.currency and self._mapping.keeps(deal.currency):
            raise Rejected("foreign_deposit", f"a deposit in {deal.currency} would be taken off at another rate")
        day = self.won_day(deal)
        wanted = self._wanted(deal, customer, day)
        amount = deal.deposit.of(
            sum((line.amount for line in wanted.values()), ZERO), Decimal(1), self._mapping.cents(deal.currency)
        )
        untaxed = Treatment(self._mapping.taxes.untaxed_code)
        at_sale = self._policies.deposit_tax == "at_sale"
        sold = [(line.amount, untaxed if at_sale else _as_treatment(line)) for line in wanted.values()]
        asked = advances(amount, sold, self._mapping.cents(deal.currency))
        return self._document(INVOICE, deal, customer, 0, day, (), asked)

    def held(self, deal: Deal, deposit: Deposit, given: Sequence[Given]) -> tuple[Advance, ...]:
        """What is left of a deposit after what was given back of its invoice."""
        return deposit.held(
            given, self._mapping.cents(deal.currency), included=self._mapping.tax_policy(deal.currency).included
        )

    def plan(
        self,
        deal: Deal,
        customer: CompanyFacts,
        billed: Mapping[str, BilledLine],
        version: int,
        *,
        deposit: Deposit | None = None,
        held: Sequence[Advance] = (),
    ) -> tuple[DocumentPlan, ...]:
        """Documents still to be posted so that the books show the deal as it is; none when they already do.

        `version` is that of the last document posted; the first takes off what is `held` of a deposit. Raises
        `Rejected` for what cannot be billed.
        """
        first = version == 0
        day = self._first_day(deal, deposit) if first else deal.modified.astimezone(self._zone).date()
        wanted = self._wanted(deal, customer, day, gone=bool(billed))
        if first:
            off: tuple[Advance, ...] = ()
            if deposit is not None:
                off = self._net(deal, customer, wanted, deposit, held)
            return (self._document(INVOICE, deal, customer, 1, day, tuple(wanted.items()), off),)
        cents = self._mapping.cents(deal.currency)
        up, down = _differences(wanted, billed, cents, anew=self._policies.deal_edits == "credit_and_rebill")
        if not up and not down:
            return ()
        if self._policies.deal_edits == "refuse":
            raise Rejected("edited_after_billing", f"deal {deal.id} was changed after it was billed; decide what to do")
        made = []
        if down:
            made.append(self._document(CREDIT_MEMO, deal, customer, version + 1, day, down))
        if up:
            made.append(self._document(INVOICE, deal, customer, version + 1, day, up))
        return tuple(made)

    def _first_day(self, deal: Deal, deposit: Deposit | None) -> date:
        """The day of the first invoice of what is sold: that of winning, or of delivery where a deposit comes first."""
        in_two_steps = deposit is not None or deal.deposit.given
        return deal.delivered_on if in_two_steps and deal.delivered_on is not None else self.won_day(deal)

    def _wanted(self, deal: Deal, customer: CompanyFacts, day: date, *, gone: bool = False) -> dict[str, BilledLine]:
        """Every line as it should be billed by now. `gone`: what was billed may be gone altogether."""
        if not self._mapping.keeps(deal.currency):
            raise Rejected("currency_not_kept", f"the deal is in {deal.currency}, which these books do not keep")
        if not deal.lines and not gone:
            raise Rejected("no_lines", f"deal {deal.id} has no line items")
        priced = price(deal.lines, deal.discount, self._mapping.cents(deal.currency))
        wanted = {each.line.id: self._line(each, deal, customer, day) for each in priced}
        if sum((line.amount for line in wanted.values()), ZERO) < 0:
            raise Rejected("negative_total", f"deal {deal.id} totals less than nothing")
        return wanted

    def _net(
        self,
        deal: Deal,
        customer: CompanyFacts,
        wanted: dict[str, BilledLine],
        deposit: Deposit,
        held: Sequence[Advance],
    ) -> tuple[Advance, ...]:
        """What a final invoice takes off; the lines are told what of them was taxed with the deposit.

        Raises `Rejected` where a tax code has another rate by now, because one document bears one rate of a code.
        """
        then = msgspec.structs.replace(customer, region=deposit.region, certificate=deposit.certificate)
        codes = None
        if self._policies.deposit_tax != "at_sale":
            codes = {key: self._treatment(line.product, then, deposit.day).code for key, line in wanted.items()}
        cents = self._mapping.cents(deal.currency)
        off, early = netting(held, {key: line.amount for key, line in wanted.items()}, codes, cents)
        for key, (amount, advance) in early.items():
            line = wanted[key]
            if advance.code != line.code:
                discount = cents.round(line.discount * amount / line.amount)
                part = Early(
                    amount=amount, discount=discount, code=advance.code, rates=advance.rates, reason=advance.reason
                )
                wanted[key] = msgspec.structs.replace(line, early=part)
            elif advance.rates != line.rates:
                reason = (
                    f"the deposit was taxed under {line.code}, whose rate changed since: give each rate its own code"
                )
                raise Rejected("rate_changed_within_code", reason)
        return off

    def _line(self, priced: Priced, deal: Deal, customer: CompanyFacts, day: date) -> BilledLine:
        line = priced.line
        product = self._mapping.products.get(line.product)
        if product is None:
            raise Rejected("unknown_product", f"product {line.product!r} of line {line.id} is not in the mapping")
        revenue_type = line.revenue_type or product.revenue_type
        account = self._mapping.revenue.get(revenue_type)
        if account is None:
            raise Rejected("unknown_revenue_type", f"revenue type {revenue_type!r} is not in the mapping")
        treatment = self._treatment(line.product, customer, day)
        return BilledLine(
            product=line.product,
            account=account,
            list_amount=priced.list_amount,
            discount=priced.discount,
            quantity=line.quantity,
            unit_price=line.unit_price,
            cost_centre=line.cost_centre or deal.cost_centre,
            code=treatment.code,
            rates=tuple((rate.name, rate.percent) for rate in treatment.rates),
            reason=treatment.reason,
        )

    def _treatment(self, product: str, customer: CompanyFacts, day: date) -> Treatment:
        taxes = self._mapping.taxes
        if not customer.region and taxes.without_region == "untaxed":
            return Treatment(taxes.untaxed_code)
        if customer.region not in taxes.regions:
            named = f"tax region {customer.region!r}" if customer.region else "no tax region"
            raise Rejected("unknown_region", f"company {customer.id} has {named}, which the mapping does not know")
        return self._mapping.treatment(product, customer.region, customer.certificate, day)

    def _document(
        self,
        kind: str,
        deal: Deal,
        customer: CompanyFacts,
        version: int,
        day: date,
        lines: tuple[tuple[str, BilledLine], ...],
        off: tuple[Advance, ...] = (),
    ) -> DocumentPlan:
        taxed = [(part.amount, _as_treatment(part)) for _, line in lines for part in line.parts]
        taxed += [(advance.amount, advance.treatment) for advance in off]
        codes = list(dict.fromkeys(treatment.code for _, treatment in taxed if treatment.rates))
        if self._policies.tax_model == "us" and len(codes) > 1:
            raise Rejected("mixed_rates", f"one document may bear one tax code, this one bears {', '.join(codes)}")
        term, due = "", None
        if kind == INVOICE and customer.terms:
            terms = self._mapping.terms.get(customer.terms)
            if terms is None:
                raise Rejected("unknown_terms", f"payment terms {customer.terms!r} are not in the mapping")
            term, due = terms.term, day + timedelta(days=terms.days)
        return DocumentPlan(
            kind=kind,
            deal_id=deal.id,
            version=version,
            currency=deal.currency,
            day=day,
            due=due,
            term=term,
            memo=_memo([treatment.reason for _, treatment in taxed]),
            location=deal.location,
            region=customer.region,
            tax_code=codes[0] if codes else "",
            lines=lines,
            taxes=self._mapping.tax_policy(deal.currency).calculate(taxed),
            advances=off,
        )


def _differences(
    wanted: Mapping[str, BilledLine], billed: Mapping[str, BilledLine], cents: Cents, *, anew: bool
) -> tuple[tuple[tuple[str, BilledLine], ...], tuple[tuple[str, BilledLine], ...]]:
    """What went up and what went down, both positive; anew: all of it, unless nothing changed."""
    up: list[tuple[str, BilledLine]] = []
    down: list[tuple[str, BilledLine]] = []
    for line_id in [*wanted, *(each for each in billed if each not in wanted)]:
        now, before = wanted.get(line_id), billed.get(line_id)
        if now is None:
            if before is not None and before.amount:
                down.append((line_id, before))
        elif before is None:
            if now.amount:
                up.append((line_id, now))
        elif now.amount > before.amount:
            up.append((line_id, now.plus(before, -1)))
        elif now.amount < before.amount:
            down.append((line_id, before.less(now, cents)))
    if anew and (up or down):
        everything = tuple((line_id, line) for line_id, line in billed.items() if line.amount)
        return tuple((line_id, _again(line, billed.get(line_id))) for line_id, line in wanted.items()), everything
    return tuple(up), tuple(down)


def _again(line: BilledLine, before: BilledLine | None) -> BilledLine:
    """A line that is billed anew: what was taxed with the deposit stays so, as far as the line still comes to it."""
    early = before.early if before is not None else None
    if early is None or not early.amount or early.code == line.code:
        return line
    amount = early.amount if abs(early.amount) <= abs(line.amount) else line.amount
    return msgspec.structs.replace(line, early=msgspec.structs.replace(early, amount=amount))


def _memo(told: Sequence[str]) -> str:
    """Reasons of exempt products first, the certificate last: its number closes the sentence."""
    found = dict.fromkeys(reason for reason in told if reason)
    reasons = sorted(found, key=lambda reason: reason.endswith(")"))
    return f"Tax exempt: {'; '.join(reasons)}" if reasons else ""


def _as_treatment(line: BilledLine) -> Treatment:
    return Treatment(line.code, tuple(Rate(name, percent) for name, percent in line.rates), line.reason)


def after(
    billed: Mapping[str, BilledLine], plan_lines: Sequence[tuple[str, BilledLine]], kind: str
) -> dict[str, BilledLine]:
    """What has been billed once the document is posted; lines that came to nothing stay, with their treatment."""
    sign = 1 if kind == INVOICE else -1
    result = dict(billed)
    for line_id, line in plan_lines:
        before = result.get(line_id)
        result[line_id] = before.plus(line, sign) if before is not None else line
    return result
