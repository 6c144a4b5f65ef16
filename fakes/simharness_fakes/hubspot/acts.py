"""What people do in the portal: furnish it, enter companies and deals, win, reopen and change deals.

They work through the same state as the wire does, so everything they do is validated, logged and told to webhooks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import time
from decimal import Decimal
from typing import TYPE_CHECKING

from simharness.core.clock import instant_of
from simharness.core.money import Money
from simharness.domain import acts
from simharness.domain.acts import ActRefused, LineSpec
from simharness.domain.crm import Certificate
from simharness.domain.events import CompanySaved, DealSaved, DomainEvent, Furnished
from simharness_fakes.crm.lines import per_unit, whole_months
from simharness_fakes.crm.people import domain_of
from simharness_fakes.crm.stages import StageKind
from simharness_fakes.hubspot import subscribing
from simharness_fakes.hubspot.definitions import sales_properties
from simharness_fakes.hubspot.kinds import COMPANIES, CONTACTS, DEALS, LINE_ITEMS, PRODUCTS
from simharness_fakes.hubspot.state import writing
from simharness_fakes.hubspot.state.derived import plain
from simharness_fakes.hubspot.state.portal import Owner, Portal
from simharness_fakes.hubspot.state.things import Thing
from simharness_fakes.hubspot.values import ANNUALLY, YEARLY, instant_text

if TYPE_CHECKING:
    from simharness_fakes.hubspot.fake import Hubspot

#: A unit discount has at most so many decimals; what does not divide goes onto the whole line.
_DISCOUNT_PLACES = 6
_OWNERS = 2
Events = tuple[DomainEvent, ...]


def perform(fake: Hubspot, act: acts.Act, actor: str) -> Events:
    """Let somebody act; raises `ActRefused` for what no CRM does, and a `Refusal` for what the portal refuses."""
    match act:
        case acts.Furnish():
            return furnish(fake, act, actor)
        case acts.Subscribe():
            subscribing.perform(fake, act)
            return ()
        case acts.TellAgain():
            fake.hooks.sent.again()
            return ()
        case acts.CreateCompany():
            return create_company(fake, act, actor)
        case acts.ChangeCompany():
            return change_company(fake, act, actor)
        case acts.MergeCompanies():
            return merge_companies(fake, act, actor)
        case acts.CreateDeal():
            return create_deal(fake, act, actor)
        case acts.WinDeal():
            return win_deal(fake, act, actor)
        case acts.ReopenDeal():
            return reopen_deal(fake, act, actor)
        case acts.ChangeDeal():
            return change_deal(fake, act, actor)
        case acts.DeliverDeal():
            return deliver_deal(fake, act, actor)
        case acts.ReachMilestone():
            return reach_milestone(fake, act, actor)
    raise ActRefused(f"{type(act).__name__} cannot be done in a CRM")


def furnish(fake: Hubspot, act: acts.Furnish, actor: str) -> Events:
    """Custom properties, products and owners of a sales team's portal; what is there already stays."""
    portal, dictionary = fake.portal, act.dictionary
    portal.profile = replace(portal.profile, currency=dictionary.currency, time_zone=dictionary.time_zone)
    for definition in sales_properties(fake.setup.clock.now):
        if definition.key not in portal.definitions:
            portal.definitions.put(definition)
    known = {one.get("hs_sku"): one for one in portal.shelf(PRODUCTS) if not one.archived}
    for product in dictionary.products:
        have = known.get(product.sku)
        if have is None:
            writing.create(portal, PRODUCTS, {"name": product.name, "hs_sku": product.sku}, actor)
        elif have.get("name") != product.name:
            writing.update(portal, PRODUCTS, have, {"name": product.name}, actor)
    while len(portal.owners) < _OWNERS:
        _hire(fake)
    return (Furnished(dictionary=dictionary.name),)


def create_company(fake: Hubspot, act: acts.CreateCompany, actor: str) -> Events:
    """A company with what the act says, an invented address and somebody to talk to."""
    domain = domain_of(act.name)
    values = {
        "name": act.name,
        "domain": domain,
        "tax_region": act.region,
        "payment_terms": act.terms,
        "billing_currency": act.currency,
        "billing_email": act.email,
        **_certificate(act.certificates),
        **_address(fake),
    }
    company = writing.create(fake.portal, COMPANIES, _present(values), actor)
    if fake.flag("invent_contacts"):
        _introduce(fake, company, domain, actor)
    return (CompanySaved(company_id=company.id),)


def change_company(fake: Hubspot, act: acts.ChangeCompany, actor: str) -> Events:
    """The company with what the act says; None leaves a value."""
    company = fake.portal.need(COMPANIES, act.company_id)
    values = {"name": act.name, "tax_region": act.region, "payment_terms": act.terms}
    given = {name: value for name, value in values.items() if value is not None}
    if act.certificates is not None:
        given |= _certificate(act.certificates)
    writing.update(fake.portal, COMPANIES, company, given, actor)
    return (CompanySaved(company_id=company.id),)


def merge_companies(fake: Hubspot, act: acts.MergeCompanies, actor: str) -> Events:
    """One company out of two, as the wire's merge makes it; by profile the survivor gets a new id."""
    absorbed, survivor = (fake.portal.need(COMPANIES, each) for each in (act.company_id, act.into_id))
    return (CompanySaved(company_id=writing.merge(fake.portal, COMPANIES, survivor, absorbed, actor).id),)


def create_deal(fake: Hubspot, act: acts.CreateDeal, actor: str) -> Events:
    """An open deal of a company with its lines in order."""
    portal = fake.portal
    company = portal.need(COMPANIES, act.company_id)
    wanted = [_line_values(portal, spec, act.currency, position) for position, spec in enumerate(act.lines)]
    pipeline = next(iter(portal.pipelines))
    values = {
        "dealname": act.name,
        "pipeline": pipeline.id,
        "dealstage": pipeline.stages[0].id,
        "deal_currency_code": act.currency,
        "cost_centre": act.cost_centre,
        "location": act.location,
        "billing_entity": act.entity,
        **_document_discount(act.discount_percent, act.discount_amount),
        **_deposit(act.deposit_percent, act.deposit_amount),
    }
    deal = writing.create(portal, DEALS, _present(values), actor)
    writing.associate(portal, deal, company, (), actor)
    lines = [_add_line(portal, deal, one, actor) for one in wanted]
    amount = act.amount.amount if act.amount is not None else _sum(lines)
    writing.update(portal, DEALS, portal.need(DEALS, deal.id), {"amount": plain(amount)}, actor)
    return (DealSaved(deal_id=deal.id, line_ids=tuple(line.id for line in lines)),)


def win_deal(fake: Hubspot, act: acts.WinDeal, actor: str) -> Events:
    """The deal into the won stage of its pipeline; a deal that is won already only gets a new last change."""
    portal = fake.portal
    deal = portal.need(DEALS, act.deal_id)
    pipeline = portal.pipeline(deal.get("pipeline"))
    won = next((stage for stage in pipeline.stages if stage.kind is StageKind.WON), None)
    if won is None:
        raise ActRefused(f"the pipeline {pipeline.label} has no won stage")
    stage = portal.stage_of(deal)
    values = {"dealstage": deal.get("dealstage") if stage is not None and stage.kind is StageKind.WON else won.id}
    if act.close_date is not None:
        # Noon of the portal's own zone: the day stays the same in every zone a reader is likely to use.
        values["closedate"] = instant_text(instant_of(act.close_date, portal.profile.time_zone, time(12)))
    writing.update(portal, DEALS, deal, values, actor)
    return (_saved(portal, deal),)


def reopen_deal(fake: Hubspot, act: acts.ReopenDeal, actor: str) -> Events:
    """A won deal back into the last open stage of its pipeline."""
    portal = fake.portal
    deal = portal.need(DEALS, act.deal_id)
    stage = portal.stage_of(deal)
    if stage is None or stage.kind is not StageKind.WON:
        raise ActRefused(f"the deal {deal.get('dealname')} is not won")
    still_open = [one for one in portal.pipeline(deal.get("pipeline")).stages if one.kind is StageKind.OPEN]
    if not still_open:
        raise ActRefused("the pipeline has no open stage")
    writing.update(portal, DEALS, deal, {"dealstage": still_open[-1].id}, actor)
    return (_saved(portal, deal),)


def change_deal(fake: Hubspot, act: acts.ChangeDeal, actor: str) -> Events:
    """The deal with other lines (ids stay by position), another document discount or another entity.

    The deal's amount follows its lines only if it was their sum before, as it does on the page of a deal.
    """
    portal = fake.portal
    deal = portal.need(DEALS, act.deal_id)
    before = portal.linked(deal, LINE_ITEMS)
    values: dict[str, str] = {}
    if act.discount_percent is not None or act.discount_amount is not None:
        values |= {"document_discount_percent": "", "document_discount_amount": ""}
        values |= _document_discount(act.discount_percent, act.discount_amount)
    if act.entity is not None:
        values["billing_entity"] = act.entity
    if act.lines is not None:
        currency = deal.get("deal_currency_code") or portal.profile.currency
        wanted = [_line_values(portal, spec, currency, position) for position, spec in enumerate(act.lines)]
        lines = _replace_lines(portal, deal, before, wanted, actor)
        if deal.get("amount") and Decimal(deal.get("amount")) == _sum(before):
            values["amount"] = plain(_sum(lines))
    writing.update(portal, DEALS, portal.need(DEALS, deal.id), values, actor)
    return (_saved(portal, deal),)


def deliver_deal(fake: Hubspot, act: acts.DeliverDeal, actor: str) -> Events:
    """The deal with the day on which everything was delivered."""
    portal = fake.portal
    deal = portal.need(DEALS, act.deal_id)
    writing.update(portal, DEALS, deal, {"delivered_on": _day(act.day)}, actor)
    return (_saved(portal, deal),)


def reach_milestone(fake: Hubspot, act: acts.ReachMilestone, actor: str) -> Events:
    """The line with the day on which its milestone was reached."""
    portal = fake.portal
    deal = portal.need(DEALS, act.deal_id)
    writing.update(
        portal, LINE_ITEMS, portal.need(LINE_ITEMS, act.line_id), {"milestone_reached_on": _day(act.day)}, actor
    )
    return (_saved(portal, deal),)


def _replace_lines(
    portal: Portal, deal: Thing, before: Sequence[Thing], wanted: Sequence[Mapping[str, str]], actor: str
) -> list[Thing]:
    lines: list[Thing] = []
    for old, values in zip(before, wanted, strict=False):
        cleared = {name: "" for name in _LINE_VALUES if name in old.properties}
        lines.append(writing.update(portal, LINE_ITEMS, old, {**cleared, **values}, actor))
    lines += [_add_line(portal, deal, values, actor) for values in wanted[len(before) :]]
    for old in before[len(wanted) :]:
        writing.archive(portal, LINE_ITEMS, old, actor)
    return lines


#: Everything a sales person enters on a line, so that a replaced line keeps nothing of the old one.
_LINE_VALUES = (
    "name", "hs_product_id", "hs_sku", "quantity", "price", "discount", "hs_discount_percentage",
    "line_discount_amount", "hs_line_item_currency_code", "recurringbillingfrequency",
    "hs_recurring_billing_start_date", "hs_recurring_billing_period", "revenue_type", "billing_schedule", "milestone",
    "cost_centre", "service_from", "service_to", "hs_position_on_quote",
)  # fmt: skip


def _line_values(portal: Portal, spec: LineSpec, currency: str, position: int) -> dict[str, str]:
    product = next((p for p in portal.shelf(PRODUCTS) if p.get("name") == spec.product and not p.archived), None)
    if product is None and not spec.custom:
        raise ActRefused(f"the portal has no product {spec.product!r}", mend="name a product of the dictionary")
    for money in (spec.unit_price, spec.discount_amount):
        if money is not None and money.currency != currency:
            raise ActRefused(f"a line in {money.currency} does not fit into a deal in {currency}")
    values = _present(
        {
            "name": spec.product,
            "hs_product_id": product.id if product else "",
            "hs_sku": product.get("hs_sku") if product else "",
            "quantity": plain(spec.quantity),
            "price": plain(spec.unit_price.amount),
            "hs_line_item_currency_code": currency,
            "hs_position_on_quote": str(position),
            "recurringbillingfrequency": ANNUALLY if spec.recurring == YEARLY else spec.recurring,
            "hs_recurring_billing_start_date": _day(spec.service_from) if spec.recurring else "",
            "hs_recurring_billing_period": _term(spec) if spec.recurring else "",
            "billing_schedule": spec.billing,
            "milestone": spec.milestone,
            "revenue_type": spec.revenue_type,
            "cost_centre": spec.cost_centre,
            "service_from": _day(spec.service_from),
            "service_to": _day(spec.service_to),
            **_line_discount(spec),
        }
    )
    # A wrong line is refused before anything of its deal is written.
    writing.checked(portal, LINE_ITEMS, values)
    return values


def _term(spec: LineSpec) -> str:
    """`P12M`: the months of a term of whole months, "" for any other. Source of the form: background knowledge."""
    if spec.service_from is None or spec.service_to is None:
        return ""
    months = whole_months(spec.service_from, spec.service_to)
    return f"P{months}M" if months else ""


def _line_discount(spec: LineSpec) -> dict[str, str]:
    if spec.discount_percent is not None:
        return {"hs_discount_percentage": plain(spec.discount_percent)}
    if spec.discount_amount is None:
        return {}
    each = per_unit(spec.discount_amount.amount, spec.quantity, _DISCOUNT_PLACES)
    if each is not None:
        return {"discount": plain(each.normalize())}
    return {"line_discount_amount": plain(spec.discount_amount.amount)}


def _document_discount(percent: Decimal | None, amount: Money | None) -> dict[str, str]:
    if percent is not None and amount is not None:
        raise ActRefused("a deal has a document discount in percent or in money, not both")
    if percent:
        return {"document_discount_percent": plain(percent)}
    return {"document_discount_amount": plain(amount.amount)} if amount else {}  # of nothing: the field is emptied


def _deposit(percent: Decimal | None, amount: Money | None) -> dict[str, str]:
    if percent is not None and amount is not None:
        raise ActRefused("a deal has a deposit in percent or in money, not both")
    if percent:
        return {"deposit_percent": plain(percent)}
    return {"deposit_amount": plain(amount.amount)} if amount else {}


def _add_line(portal: Portal, deal: Thing, values: Mapping[str, str], actor: str) -> Thing:
    line = writing.create(portal, LINE_ITEMS, values, actor)
    writing.associate(portal, deal, line, (), actor)
    return line


def _certificate(certificates: tuple[Certificate, ...]) -> dict[str, str]:
    if len(certificates) > 1:
        raise ActRefused("a company of this portal has room for one exemption certificate")
    if not certificates:
        names = ("certificate", "jurisdictions", "reason", "from", "until")
        return {f"tax_exempt_{name}": "" for name in names}
    one = certificates[0]
    return {
        "tax_exempt_certificate": one.number,
        "tax_exempt_jurisdictions": ";".join(one.jurisdictions),
        "tax_exempt_reason": one.reason,
        "tax_exempt_from": _day(one.valid_from),
        "tax_exempt_until": _day(one.valid_until),
    }


def _saved(portal: Portal, deal: Thing) -> DealSaved:
    lines = portal.linked(deal, LINE_ITEMS)
    return DealSaved(deal_id=deal.id, line_ids=tuple(line.id for line in lines))


def _sum(lines: Sequence[Thing]) -> Decimal:
    return sum((Decimal(line.get("amount") or 0) for line in lines), Decimal(0))


def _present(values: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _day(day: object) -> str:
    return "" if day is None else str(day)


def _address(fake: Hubspot) -> dict[str, str]:
    address = fake.people.address()
    return {"address": address.street, "city": address.city, "zip": address.postcode}


def _introduce(fake: Hubspot, company: Thing, domain: str, actor: str) -> None:
    person = fake.people.person(domain)
    values = {
        "email": person.email,
        "firstname": person.first_name,
        "lastname": person.last_name,
        "phone": person.phone,
        "company": company.get("name"),
    }
    contact = writing.create(fake.portal, CONTACTS, values, actor)
    writing.associate(fake.portal, contact, company, (), actor)


def _hire(fake: Hubspot) -> None:
    person = fake.people.person("sales-team.example")
    number = fake.setup.ids.next("hubspot:owners", start=77000001)
    fake.portal.owners.put(
        Owner(
            id=str(number),
            user_id=number + 1_000_000,
            email=person.email,
            first_name=person.first_name,
            last_name=person.last_name,
            created_at=fake.setup.clock.now,
        )
    )
