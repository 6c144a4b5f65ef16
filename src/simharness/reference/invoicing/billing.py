"""What a won deal is billed: pure decisions, from the deal as it is now and what was billed before.

Version 1 is one invoice over every line. A later edit follows the declared policy: `delta` bills what went up and
credits what went down, at the tax treatment it was billed with; `credit_and_rebill` credits everything and bills
anew; `refuse` rejects.

A deal with a deposit is billed in two steps: the deposit when it is won, everything when it is delivered, less the
deposit. What was taxed with the deposit keeps that tax, also in a later credit, which takes both parts in proportion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

import msgspec

from simharness.reference.arithmetic.mirror import Given
from simharness.reference.arithmetic.money import ZERO
from simharness.reference.arithmetic.months import whole_months
from simharness.reference.arithmetic.pricing import Priced, price
from simharness.reference.arithmetic.tax import Rate, Taxes, Treatment
from simharness.reference.errors import Rejected
from simharness.reference.invoicing import schedules
from simharness.reference.invoicing.billed import BilledLine, Deferred, Service
from simharness.reference.invoicing.changes import Lines, differences
from simharness.reference.invoicing.crm import CompanyFacts, Deal
from simharness.reference.invoicing.deposits import Advance, Deposit, Early, advances, netting
from simharness.reference.invoicing.schedules import Part
from simharness.reference.mapping.model import DEFERRED
from simharness.reference.mapping.model import Mapping as Mapped

INVOICE, CREDIT_MEMO = "Invoice", "CreditMemo"
#: What the invoice of a change adds to its source where a credit memo goes before it: each may be refused by itself.
_AFTER_CREDIT = ":invoice"

__all__ = [
    "CREDIT_MEMO",
    "INVOICE",
    "BilledLine",
    "Biller",
    "DocumentPlan",
    "deposit_source",
    "reference_stem",
    "sources_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPlan:
    """One document to post. Lines are (key, what it bills), in document order; amounts positive. `slot` is when it
    falls due, "" when the deal is won or changed (see schedules.py). `after_credit`: a credit memo goes before it.

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
    slot: str = ""
    after_credit: bool = False

    @property
    def deferred(self) -> tuple[Deferred, ...]:
        """What it defers, or takes back of what was deferred, line by line."""
        sign = 1 if self.kind == INVOICE else -1
        return tuple(
            Deferred(
                key=key,
                position=position,
                first=line.service.first,
                last=line.service.last,
                unit=line.unit,
                account=line.account,
                income=line.income,
                product=line.product,
                cost_centre=line.cost_centre,
                amount=sign * net,
                ends=sign < 0 and not line.service.amount,
            )
            for position, ((key, line), net) in enumerate(zip(self.parts, self.taxes.nets, strict=False))
            if line.unit and line.service is not None
        )

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
        """What of the deal it is for, as evidence names it."""
        return f"{self._stem}{_AFTER_CREDIT}" if self.after_credit else self._stem

    @property
    def _stem(self) -> str:
        if self.slot:
            return slot_source(self.deal_id, self.slot)
        return deposit_source(self.deal_id) if self.is_deposit else reference_stem(self.deal_id, self.version)

    @property
    def reference(self) -> str:
        """The external reference the document carries; lines of discounts and deposits are not in its list."""
        if self.is_deposit:
            return self._stem
        return f"{self._stem} lines:{','.join(key.partition('@')[0] for key, _ in self.parts)}"


def reference_stem(deal_id: str, version: int) -> str:
    """The part of the reference that names deal and version."""
    return f"hubspot:deal:{deal_id}:v{version}"


def sources_of(deal_id: str, version: int) -> tuple[str, str]:
    """The sources that documents of a version may have."""
    stem = reference_stem(deal_id, version)
    return stem, f"{stem}{_AFTER_CREDIT}"


def slot_source(deal_id: str, slot: str) -> str:
    """The part of the reference that names deal and what falls due by itself."""
    return f"hubspot:deal:{deal_id}:{slot}"


def deposit_source(deal_id: str) -> str:
    """The reference of a deal's deposit invoice."""
    return f"hubspot:deal:{deal_id}:deposit"


class Biller:
    """Decides by one mapping."""

    def __init__(self, mapping: Mapped) -> None:
        self._mapping = mapping
        self._policies = mapping.company.policies
        self._zone = mapping.zone()
        #: Arithmetic in the currency of the books.
        self.cents = mapping.cents()

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

    def keeps_time(self, deal: Deal) -> bool:
        """Whether what the deal is billed depends on days: on schedules of lines, or on days of their service."""
        by_day = self._policies.proration == "day"
        kinds = {name: product.revenue_type for name, product in self._mapping.products.items()}
        for line in deal.lines:
            revenue = self._mapping.revenue_of(line.revenue_type or kinds.get(line.product, ""))
            deferred = revenue is not None and bool(revenue.recognise)
            if line.schedule not in ("", schedules.ONCE) or (line.service_from and (by_day or deferred)):
                return True
        return False

    def next_due(self, deal: Deal, today: date) -> str:
        """The first day (ISO) after this one on which something of the deal falls due by itself; "" where none is."""
        found = schedules.next_due(deal.lines, today)
        return found.isoformat() if found is not None else ""

    def today(self) -> date:
        """The company's local day."""
        return datetime.now(self._zone).date()

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
        wanted = self._wanted(deal, customer, day, day)
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
        today: date | None = None,
        deposit: Deposit | None = None,
        held: Sequence[Advance] = (),
    ) -> tuple[DocumentPlan, ...]:
        """Documents still to be posted so that the books show what the deal calls for by today (None: by the day that
        it was won or changed); none when they do.

        `version` is that of the last document posted; the first takes off what is `held` of a deposit. Raises
        `Rejected` for what cannot be billed.
        """
        first = version == 0
        day = self._first_day(deal, deposit) if first else deal.modified.astimezone(self._zone).date()
        wanted = self._wanted(deal, customer, day, today or day, billed)
        # A line that comes late to what was billed already is a change of it.
        slots = {line.slot for line in wanted.values()} - {line.slot for line in billed.values()} - {""}
        standing = {key: line for key, line in wanted.items() if line.slot not in slots}
        made: list[DocumentPlan] = []
        if not first:
            made += self._changes(deal, customer, standing, billed, version, day)
        elif not _scheduled(deal):
            off: tuple[Advance, ...] = ()
            if deposit is not None:
                off = self._net(deal, customer, standing, deposit, held)
            made.append(self._document(INVOICE, deal, customer, 1, day, tuple(standing.items()), off))
        for slot in sorted(slots):
            lines = {key: line for key, line in wanted.items() if line.slot == slot}
            due = max(_day_of(slot, deal), self.won_day(deal))
            made.append(self._document(INVOICE, deal, customer, max(version, 1), due, tuple(lines.items()), slot=slot))
        return tuple(made)

    def _changes(
        self,
        deal: Deal,
        customer: CompanyFacts,
        wanted: Mapping[str, BilledLine],
        billed: Mapping[str, BilledLine],
        version: int,
        day: date,
    ) -> list[DocumentPlan]:
        """The documents of a change: what goes down first, then what goes up."""
        anew = self._policies.deal_edits == "credit_and_rebill"
        by_day = day if self._policies.proration == "day" else None
        up, down = differences(wanted, billed, self._mapping.cents(deal.currency), anew=anew, prorated_from=by_day)
        if (up or down) and self._policies.deal_edits == "refuse":
            raise Rejected("edited_after_billing", f"deal {deal.id} was changed after it was billed; decide what to do")
        made = []
        if down:
            made.append(self._document(CREDIT_MEMO, deal, customer, version + 1, day, down))
        if up:
            invoice = self._document(INVOICE, deal, customer, version + 1, day, up)
            made.append(replace(invoice, after_credit=bool(down)))
        return made

    def _first_day(self, deal: Deal, deposit: Deposit | None) -> date:
        """The day of the first invoice of what is sold: that of winning, or of delivery where a deposit comes first."""
        in_two_steps = deposit is not None or deal.deposit.given
        return deal.delivered_on if in_two_steps and deal.delivered_on is not None else self.won_day(deal)

    def _wanted(
        self,
        deal: Deal,
        customer: CompanyFacts,
        day: date,
        today: date,
        billed: Mapping[str, BilledLine] = MappingProxyType({}),
    ) -> dict[str, BilledLine]:
        """Everything that should be billed by today, by key; what was `billed` may be gone altogether."""
        if not self._mapping.keeps(deal.currency):
            raise Rejected("currency_not_kept", f"the deal is in {deal.currency}, which these books do not keep")
        if not deal.lines and not billed:
            raise Rejected("no_lines", f"deal {deal.id} has no line items")
        self._check_schedules(deal, billed)
        cents, won = self._mapping.cents(deal.currency), self.won_day(deal)
        wanted: dict[str, BilledLine] = {}
        for pool in dict.fromkeys(schedules.pool(line) for line in deal.lines):
            mine = [line for line in deal.lines if schedules.pool(line) == pool]
            for each in price(mine, deal.discount, cents):
                for part in schedules.parts(each.line, won, today):
                    on = part.day if part.slot and part.key not in billed else day
                    wanted[part.key] = self._line(each, part, deal, customer, on)
        if sum((line.amount for line in wanted.values()), ZERO) < 0:
            raise Rejected("negative_total", f"deal {deal.id} totals less than nothing")
        return wanted

    def _check_schedules(self, deal: Deal, billed: Mapping[str, BilledLine]) -> None:
        """What no document could say without guessing."""
        pools = {line.id: schedules.pool(line) for line in deal.lines}
        if deal.discount.amount and len(set(pools.values())) > 1:
            raise Rejected(
                "discount_over_schedules", f"one discount of deal {deal.id} is for lines billed at other times"
            )
        if deal.deposit.given and any(line.schedule not in ("", schedules.ONCE) for line in deal.lines):
            raise Rejected("scheduled_deposit", f"deal {deal.id} has a deposit, and lines with schedules of their own")
        for key, line in billed.items():
            line_id = key.partition("@")[0]
            if line.amount and pools.get(line_id, "") != schedules.pool_of(line.slot) and line_id in pools:
                raise Rejected("schedule_changed", f"line {line_id} was billed, and has another schedule now")

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

    def _line(self, priced: Priced, part: Part, deal: Deal, customer: CompanyFacts, day: date) -> BilledLine:
        line = priced.line
        product = self._mapping.products.get(line.product)
        if product is None:
            raise Rejected("unknown_product", f"product {line.product!r} of line {line.id} is not in the mapping")
        revenue_type = line.revenue_type or product.revenue_type
        revenue = self._mapping.revenue_of(revenue_type)
        if revenue is None:
            raise Rejected("unknown_revenue_type", f"revenue type {revenue_type!r} is not in the mapping")
        treatment = self._treatment(line.product, customer, day)
        listed, discount = priced.list_amount * part.times, priced.discount * part.times
        service = None
        if part.first is not None and part.last is not None:
            service = Service(
                first=part.first, last=part.last, listed=listed, amount=listed - discount, since=part.first
            )
        unit = revenue.recognise if service is not None else ""
        if unit:
            self._check_deferral(deal, part, unit)
        return BilledLine(
            product=line.product,
            account=DEFERRED if unit else revenue.account,
            list_amount=listed,
            discount=discount,
            quantity=line.quantity * part.times,
            unit_price=line.unit_price,
            cost_centre=line.cost_centre or deal.cost_centre,
            code=treatment.code,
            rates=tuple((rate.name, rate.percent) for rate in treatment.rates),
            reason=treatment.reason,
            slot=part.slot,
            service=service,
            unit=unit,
            income=revenue.account if unit else "",
        )

    def _check_deferral(self, deal: Deal, part: Part, unit: str) -> None:
        if deal.currency != self._mapping.company.currency:
            raise Rejected("foreign_deferral", f"revenue in {deal.currency} cannot be deferred: no rate is its own")
        if deal.deposit.given:
            raise Rejected("deferred_deposit", f"deal {deal.id} has a deposit, and revenue that is deferred")
        if unit == "month" and part.first and part.last and not whole_months(part.first, part.last):
            raise Rejected("term_not_whole", f"the service of line {part.line_id} is not of whole months")

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
        lines: Lines,
        off: tuple[Advance, ...] = (),
        *,
        slot: str = "",
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
            slot=slot,
        )


def _scheduled(deal: Deal) -> bool:
    """Whether every line falls due by itself, at its own time."""
    return bool(deal.lines) and all(schedules.pool(line) for line in deal.lines)


def _day_of(slot: str, deal: Deal) -> date:
    """The day on which a slot falls due."""
    kind, _, rest = slot.partition("-")
    if kind == "due":
        return date.fromisoformat(rest)
    reached = next((line.reached_on for line in deal.lines if line.id == rest), None)
    if reached is None:
        raise Rejected("milestone_unknown", f"milestone {rest} of deal {deal.id} was not reached")
    return reached


def _memo(told: Sequence[str]) -> str:
    """Reasons of exempt products first, the certificate last: its number closes the sentence."""
    found = dict.fromkeys(reason for reason in told if reason)
    reasons = sorted(found, key=lambda reason: reason.endswith(")"))
    return f"Tax exempt: {'; '.join(reasons)}" if reasons else ""


def _as_treatment(line: BilledLine) -> Treatment:
    return Treatment(line.code, tuple(Rate(name, percent) for name, percent in line.rates), line.reason)
