"""What a won deal is billed: pure decisions, from the deal as it is now and what was billed before.

Version 1 is one invoice over every line. A later edit follows the declared policy: `delta` bills what went up and
credits what went down, at the tax treatment it was billed with; `credit_and_rebill` credits everything and bills
anew; `refuse` rejects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import msgspec

from simharness.reference.crm import CompanyFacts, Deal
from simharness.reference.errors import Rejected
from simharness.reference.mapping.model import Mapping as Mapped
from simharness.reference.money import ZERO
from simharness.reference.pricing import Priced, price
from simharness.reference.tax import Rate, Taxes, Treatment

INVOICE, CREDIT_MEMO = "Invoice", "CreditMemo"


class BilledLine(msgspec.Struct, frozen=True, kw_only=True):
    """What one deal line has been billed so far, credits taken off, and how it was taxed.

    `amount` = list less discount.
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

    @property
    def amount(self) -> Decimal:
        return self.list_amount - self.discount

    def plus(self, other: BilledLine, sign: int) -> BilledLine:
        """After a further document; the treatment of the first stands."""
        return msgspec.structs.replace(
            self,
            list_amount=self.list_amount + sign * other.list_amount,
            discount=self.discount + sign * other.discount,
            quantity=self.quantity + sign * other.quantity,
            unit_price=other.unit_price if sign > 0 else self.unit_price,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPlan:
    """One document to post. Lines are (deal line id, what it bills), in document order; amounts positive."""

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

    @property
    def reference(self) -> str:
        """The external reference the document carries; contra lines are not in its list."""
        return f"{reference_stem(self.deal_id, self.version)} lines:{','.join(line_id for line_id, _ in self.lines)}"


def reference_stem(deal_id: str, version: int) -> str:
    """The part of the reference that names deal and version."""
    return f"hubspot:deal:{deal_id}:v{version}"


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

    def plan(
        self, deal: Deal, customer: CompanyFacts, billed: Mapping[str, BilledLine], version: int
    ) -> tuple[DocumentPlan, ...]:
        """Documents still to be posted so that the books show the deal as it is; none when they already do.

        `version` is that of the last document posted. Raises `Rejected` for what cannot be billed.
        """
        if not self._mapping.keeps(deal.currency):
            raise Rejected("currency_not_kept", f"the deal is in {deal.currency}, which these books do not keep")
        if not deal.lines and not billed:
            raise Rejected("no_lines", f"deal {deal.id} has no line items")
        first = version == 0
        day = self.won_day(deal) if first else deal.modified.astimezone(self._zone).date()
        wanted = self._wanted(deal, customer, day)
        if sum((line.amount for line in wanted.values()), ZERO) < 0:
            raise Rejected("negative_total", f"deal {deal.id} totals less than nothing")
        up, down = _differences(wanted, billed, anew=self._policies.deal_edits == "credit_and_rebill")
        if first:
            return (self._document(INVOICE, deal, customer, 1, day, tuple(wanted.items())),)
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

    def _wanted(self, deal: Deal, customer: CompanyFacts, day: date) -> dict[str, BilledLine]:
        """Every line as it should be billed by now."""
        priced = price(deal.lines, deal.discount, self._mapping.cents(deal.currency))
        return {each.line.id: self._line(each, deal, customer, day) for each in priced}

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
    ) -> DocumentPlan:
        codes = list(dict.fromkeys(line.code for _, line in lines if line.rates))
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
            memo=_memo(lines),
            location=deal.location,
            region=customer.region,
            tax_code=codes[0] if codes else "",
            lines=lines,
            taxes=self._mapping.tax_policy(deal.currency).calculate(
                [(line.amount, _as_treatment(line)) for _, line in lines]
            ),
        )


def _differences(
    wanted: Mapping[str, BilledLine], billed: Mapping[str, BilledLine], *, anew: bool
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
            down.append((line_id, before.plus(now, -1)))
    if anew and (up or down):
        everything = tuple((line_id, line) for line_id, line in billed.items() if line.amount)
        return tuple(wanted.items()), everything
    return tuple(up), tuple(down)


def _memo(lines: Sequence[tuple[str, BilledLine]]) -> str:
    """Reasons of exempt products first, the certificate last: its number closes the sentence."""
    found = dict.fromkeys(line.reason for _, line in lines if line.reason)
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
