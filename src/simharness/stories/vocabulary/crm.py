"""What sales people do: customers and deals."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from simharness.core.money import Money
from simharness.domain.acts import ChangeCompany, ChangeDeal, CreateCompany, CreateDeal, LineSpec, ReopenDeal, WinDeal
from simharness.domain.base import Record
from simharness.domain.crm import DealLine
from simharness.domain.expectation import DealShows
from simharness.domain.fact import (
    CustomerChanged,
    CustomerEntered,
    DealChanged,
    DealEntered,
    DealReopened,
    DealWon,
)
from simharness.stories.cast import Customer, Deal
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.changing import Changed, FieldChange, changed, check_codes, wrong_changes
from simharness.stories.vocabulary.verb import Action, Claim, Sentence, Verb

#: The name under which sales people act in the CRM.
SALES = "sales"


class Line(Record, frozen=True, kw_only=True):
    """A deal line as a story says it; `discount` is a percentage, or an amount for the whole line.

    `custom_product` is a name that sales typed by hand instead of choosing a product: the dictionary need not know it.
    `tax_code` is what the dictionary has to tax it under, as no CRM keeps one.
    `billing`: once (as nothing said), upfront, monthly, or a `milestone` of its own.
    """

    product: t.Product | None = None
    custom_product: str = ""
    quantity: Decimal = Decimal(1)
    unit_price: t.UnitPrice
    discount: t.Discount | None = None
    revenue_type: t.RevenueTypeName | None = None
    recurring: t.Recurrence | None = None
    service_from: date | None = None
    service_to: date | None = None
    cost_centre: t.CostCentre | None = None
    tax_code: t.TaxCodeName | None = None
    billing: t.Schedule | None = None
    milestone: str = ""


class EnterCustomer(Action, frozen=True, kw_only=True):
    """A customer is entered in the CRM; what is not said stays empty there. `currency`: not that of the books."""

    customer: t.NewCustomer
    region: t.Region | None = None
    terms: t.TermsName | None = None
    currency: t.CurrencyCode | None = None
    email: str = ""


class EnterDeal(Action, frozen=True, kw_only=True):
    """An open deal is entered; `discount` is on the whole document. With a `deposit` it is billed in two steps: the
    deposit when it is won, the rest when it is delivered.

    `entity` is what sales write down as the entity that sells: in a story of several entities nobody does unless said,
    and any word may be wrong.
    """

    deal: t.NewDeal
    customer: t.CustomerName
    lines: tuple[Line, ...]
    discount: t.Discount | None = None
    deposit: t.Discount | None = None
    cost_centre: t.CostCentre | None = None
    location: t.Location | None = None
    entity: str | None = None


class WinADeal(Action, frozen=True, kw_only=True):
    """A deal is won; winning it again is said in the same words."""

    deal_won: t.DealName
    close_date: date | None = None


class ReopenADeal(Action, frozen=True, kw_only=True):
    """A won deal goes back to an open stage."""

    deal_reopened: t.DealName


class ChangeADeal(Action, frozen=True, kw_only=True):
    """The lines of a deal, its document discount or the entity that sells are replaced; `discount: 0%` takes the
    discount away. `changes` are single fields instead, of which everything else stays.
    """

    deal_changed: t.DealName
    changes: tuple[FieldChange, ...] = ()
    lines: tuple[Line, ...] | None = None
    discount: t.Discount | None = None
    entity: str | None = None


class RenameCustomer(Action, frozen=True, kw_only=True):
    """A customer gets another name in the CRM; the story keeps calling it by its first name."""

    customer_renamed: t.CustomerName
    to: str


class ChangeCustomer(Action, frozen=True, kw_only=True):
    """Region or terms of a customer change in the CRM."""

    customer_changed: t.CustomerName
    region: t.Region | None = None
    terms: t.TermsName | None = None


class DealShowsClaim(Claim, frozen=True, kw_only=True):
    """What the CRM shows on a deal."""

    deal: t.DealName
    billing_status: t.BillingStatus | None = None
    outstanding: Money | None = None


def enter_customer(stage: Stage, p: EnterCustomer) -> None:
    """Enter a customer in the CRM."""
    act = CreateCompany(
        name=p.customer,
        region=p.region or "",
        terms=p.terms or "",
        currency=p.currency or stage.dictionary.currency,
        email=p.email,
    )
    customer = Customer(
        name=p.customer,
        company_id=stage.company_id(stage.operate("crm", act, SALES)),
        current_name=p.customer,
        region=act.region,
        terms=act.terms,
    )
    stage.cast.customers[p.customer] = customer
    stage.record(
        CustomerEntered(
            **stage.mark,
            customer=p.customer,
            company_id=customer.company_id,
            region=act.region,
            terms=act.terms,
            currency=act.currency,
        )
    )


def change_customer(stage: Stage, changed: Customer, act: ChangeCompany) -> None:
    """Change a company in the CRM and record its complete new state."""
    stage.operate("crm", act, SALES)
    stage.cast.customers[changed.name] = changed
    stage.record(
        CustomerChanged(
            **stage.mark,
            customer=changed.name,
            company_id=changed.company_id,
            name=changed.current_name,
            region=changed.region,
            terms=changed.terms,
            certificates=changed.certificates,
        )
    )


def _rename_customer(stage: Stage, p: RenameCustomer) -> None:
    customer = stage.cast.present(p.customer_renamed)
    changed = msgspec.structs.replace(customer, current_name=p.to)
    change_customer(stage, changed, ChangeCompany(company_id=customer.company_id, name=p.to))


def _change_customer(stage: Stage, p: ChangeCustomer) -> None:
    customer = stage.cast.present(p.customer_changed)
    changed = msgspec.structs.replace(customer, region=p.region or customer.region, terms=p.terms or customer.terms)
    change_customer(stage, changed, ChangeCompany(company_id=customer.company_id, region=p.region, terms=p.terms))


def _spec(stage: Stage, line: Line) -> LineSpec:
    product = next((item for item in stage.dictionary.products if item.name == line.product), None)
    return LineSpec(
        product=line.product or line.custom_product,
        custom=product is None,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount_percent=t.percent_of(line.discount),
        discount_amount=t.amount_of(line.discount),
        revenue_type=line.revenue_type or (product.revenue_type if product else ""),
        recurring="" if line.recurring in (None, "one-off") else str(line.recurring),
        service_from=line.service_from,
        service_to=line.service_to,
        cost_centre=line.cost_centre or "",
        billing=line.billing or "",
        milestone=line.milestone,
    )


def _lines(specs: tuple[LineSpec, ...], ids: tuple[str, ...]) -> tuple[DealLine, ...]:
    lines = []
    for spec, line_id in zip(specs, ids, strict=True):
        entered = msgspec.structs.asdict(spec)
        del entered["custom"]  # how a line was entered, not what it says
        lines.append(DealLine(id=line_id, **entered))
    return tuple(lines)


def deal_lines(stage: Stage, lines: tuple[Line, ...]) -> tuple[DealLine, ...]:
    """Lines as a story says them, without the ids of any CRM."""
    specs = tuple(_spec(stage, line) for line in lines)
    return _lines(specs, ("",) * len(specs))


def _currency(stage: Stage, specs: tuple[LineSpec, ...]) -> str:
    """That of the prices; a deal without lines is in the currency of the books."""
    return next((spec.unit_price.currency for spec in specs), stage.dictionary.currency)


def enter_deal(stage: Stage, p: EnterDeal) -> None:
    """Enter an open deal with its lines."""
    customer = stage.cast.present(p.customer)
    check_codes(stage, customer.name, p.lines)
    specs = tuple(_spec(stage, line) for line in p.lines)
    act = CreateDeal(
        name=p.deal,
        company_id=customer.company_id,
        currency=_currency(stage, specs),
        lines=specs,
        discount_percent=t.percent_of(p.discount) or None,  # a discount of nothing is no discount
        discount_amount=t.amount_of(p.discount) or None,
        cost_centre=p.cost_centre or "",
        location=p.location or "",
        entity=p.entity if p.entity is not None else "" if stage.is_group else stage.entity,
        deposit_percent=t.percent_of(p.deposit),
        deposit_amount=t.amount_of(p.deposit),
    )
    deal_id, line_ids = stage.deal_saved(stage.operate("crm", act, SALES))
    lines = _lines(specs, line_ids)
    stage.cast.deals[p.deal] = Deal(
        name=p.deal,
        deal_id=deal_id,
        customer=customer.name,
        lines=lines,
        discount_percent=act.discount_percent,
        discount_amount=act.discount_amount,
        entity=act.entity,
    )
    stage.record(
        DealEntered(
            **stage.mark,
            deal=p.deal,
            deal_id=deal_id,
            customer=customer.name,
            company_id=customer.company_id,
            currency=act.currency,
            lines=lines,
            discount_percent=act.discount_percent,
            discount_amount=act.discount_amount,
            cost_centre=act.cost_centre,
            location=act.location,
            entity=act.entity,
            deposit_percent=act.deposit_percent,
            deposit_amount=act.deposit_amount,
        )
    )


def _win_deal(stage: Stage, p: WinADeal) -> None:
    deal = stage.cast.deals[p.deal_won]
    # The CRM fills an empty close date with the day of winning and leaves one that is there.
    shown = p.close_date or deal.close_date or stage.today
    stage.operate("crm", WinDeal(deal_id=deal.deal_id, close_date=p.close_date), SALES)
    stage.cast.deals[p.deal_won] = msgspec.structs.replace(deal, close_date=shown)
    stage.record(DealWon(**stage.mark, deal=p.deal_won, deal_id=deal.deal_id, close_date=shown))


def _reopen_deal(stage: Stage, p: ReopenADeal) -> None:
    deal = stage.cast.deals[p.deal_reopened]
    stage.operate("crm", ReopenDeal(deal_id=deal.deal_id), SALES)
    stage.record(DealReopened(**stage.mark, deal=p.deal_reopened, deal_id=deal.deal_id))


def change_deal(stage: Stage, p: ChangeADeal) -> None:
    """Replace lines, discount or entity of a deal, or change single fields of it."""
    deal = stage.cast.deals[p.deal_changed]
    if p.changes:
        wish = changed(deal, p.changes, stage.dictionary)
    else:
        check_codes(stage, deal.customer, p.lines or ())
        specs = None if p.lines is None else tuple(_spec(stage, line) for line in p.lines)
        wish = Changed(lines=specs, discount=p.discount, entity=p.entity)
    act = ChangeDeal(
        deal_id=deal.deal_id,
        lines=wish.lines,
        discount_percent=t.percent_of(wish.discount),
        discount_amount=t.amount_of(wish.discount),
        entity=wish.entity,
    )
    _, line_ids = stage.deal_saved(stage.operate("crm", act, SALES))
    percent, amount = (deal.discount_percent, deal.discount_amount)
    if wish.discount is not None:
        percent, amount = act.discount_percent or None, act.discount_amount or None
    after = msgspec.structs.replace(
        deal,
        lines=deal.lines if wish.lines is None else _lines(wish.lines, line_ids),
        discount_percent=percent,
        discount_amount=amount,
        entity=deal.entity if wish.entity is None else wish.entity,
    )
    stage.cast.deals[p.deal_changed] = after
    stage.record(
        DealChanged(
            **stage.mark,
            deal=p.deal_changed,
            deal_id=deal.deal_id,
            lines=after.lines,
            discount_percent=percent,
            discount_amount=amount,
            entity=wish.entity,
        )
    )


def _deal_shows(stage: Stage, p: DealShowsClaim) -> None:
    stage.expect(DealShows(**stage.claim, deal=p.deal, billing_status=p.billing_status, outstanding=p.outstanding))


def _says_nothing(p: DealShowsClaim) -> str | None:
    if p.billing_status is None and p.outstanding is None:
        return "says nothing about the deal: give billing_status, outstanding or both"
    return None


def _wrong_lines(lines: tuple[Line, ...] | None) -> str | None:
    if len({line.unit_price.currency for line in lines or ()}) > 1:
        return "the lines are priced in several currencies: a deal has one"
    for number, line in enumerate(lines or (), start=1):
        if (line.product is None) == (not line.custom_product):
            return f"line {number} sells one thing: give product, or custom_product for what is no product"
        if line.quantity <= 0:
            return f"line {number} has the quantity {line.quantity}: a sold quantity is more than zero"
        if line.service_from and line.service_to and line.service_to < line.service_from:
            return f"the service of line {number} ends before it begins"
        if wrong := _wrong_schedule(line, number):
            return wrong
    named = [line.milestone for line in lines or () if line.milestone]
    return "two lines have one milestone: each is reached by itself" if len(set(named)) < len(named) else None


def _wrong_schedule(line: Line, number: int) -> str | None:
    if (line.billing == "milestone") != bool(line.milestone):
        return f"line {number}: a milestone has a name, and billing: milestone"
    if line.billing == "monthly" and (line.recurring != "monthly" or line.service_from is None):
        return f"line {number} is billed monthly: say recurring: monthly, and from when"
    return None


def _wrong_deal(p: EnterDeal) -> str | None:
    percent, amount = t.percent_of(p.deposit), t.amount_of(p.deposit)
    if percent is not None and not 0 < percent <= 100:
        return f"a deposit of {percent} % is none: it is more than nothing and at most the whole"
    if amount is not None and amount.amount <= 0:
        return f"{amount} is no deposit: it must be more than zero"
    return _wrong_lines(p.lines)


def _wrong_change(p: ChangeADeal) -> str | None:
    if p.changes and not (p.lines is None and p.discount is None and p.entity is None):
        return "says single changes, so that lines, discount and entity are left out"
    if not p.changes and p.lines is None and p.discount is None and p.entity is None:
        return "changes nothing: give lines, discount, entity or several of them, or single changes"
    if p.changes:
        return wrong_changes(p.changes)
    return _wrong_lines(p.lines)


def _wrong_customer(p: ChangeCustomer) -> str | None:
    return None if p.region or p.terms else "changes nothing: give region, terms or both"


VERBS = (
    Verb(
        name="crm.customer",
        phases=("given", "when"),
        heads=("customer",),
        params=EnterCustomer,
        sentences=(
            Sentence(
                pattern="the customer {string} in region {string} on terms {string}",
                binds=("customer", "region", "terms"),
            ),
        ),
        fact="CustomerEntered",
        does=enter_customer,
    ),
    Verb(
        name="crm.deal",
        phases=("given", "when"),
        heads=("deal",),
        params=EnterDeal,
        sentences=(
            Sentence(
                pattern="a deal {string} with {string} and these lines:", binds=("deal", "customer"), table="lines"
            ),
        ),
        fact="DealEntered",
        does=enter_deal,
        wrong=_wrong_deal,
    ),
    Verb(
        name="crm.deal_won",
        phases=("when",),
        heads=("deal_won",),
        params=WinADeal,
        sentences=(Sentence(pattern="the deal {string} is won", binds=("deal_won",)),),
        fact="DealWon",
        does=_win_deal,
    ),
    Verb(
        name="crm.deal_reopened",
        phases=("when",),
        heads=("deal_reopened",),
        params=ReopenADeal,
        sentences=(Sentence(pattern="the deal {string} is reopened", binds=("deal_reopened",)),),
        fact="DealReopened",
        does=_reopen_deal,
    ),
    Verb(
        name="crm.deal_changed",
        phases=("given", "when"),
        heads=("deal_changed",),
        params=ChangeADeal,
        sentences=(
            Sentence(
                pattern="the deal {string} is changed after winning:",
                binds=("deal_changed",),
                table="lines",
                or_table="changes",
            ),
            Sentence(pattern="the deal {string} has these lines:", binds=("deal_changed",), table="lines"),
            Sentence(pattern="the deal {string} has a discount of {percent}", binds=("deal_changed", "discount")),
            Sentence(pattern="the deal {string} has a discount of {money}", binds=("deal_changed", "discount")),
        ),
        fact="DealChanged",
        does=change_deal,
        wrong=_wrong_change,
    ),
    Verb(
        name="crm.customer_renamed",
        phases=("when",),
        heads=("customer_renamed",),
        params=RenameCustomer,
        sentences=(Sentence(pattern="the customer {string} is renamed to {string}", binds=("customer_renamed", "to")),),
        fact="CustomerChanged",
        does=_rename_customer,
    ),
    Verb(
        name="crm.customer_changed",
        phases=("when",),
        heads=("customer_changed",),
        params=ChangeCustomer,
        sentences=(
            Sentence(pattern="the customer {string} moves to region {string}", binds=("customer_changed", "region")),
            Sentence(pattern="the customer {string} changes to terms {string}", binds=("customer_changed", "terms")),
        ),
        fact="CustomerChanged",
        does=_change_customer,
        wrong=_wrong_customer,
    ),
    Verb(
        name="crm.deal_shows",
        phases=("then",),
        heads=("deal",),
        params=DealShowsClaim,
        sentences=(
            Sentence(pattern="the deal {string} shows billing status {string}", binds=("deal", "billing_status")),
            Sentence(pattern="the deal {string} shows {money} outstanding", binds=("deal", "outstanding")),
        ),
        fact="DealShows",
        does=_deal_shows,
        wrong=_says_nothing,
    ),
)
