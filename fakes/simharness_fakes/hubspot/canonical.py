"""The portal as canonical records: companies, deals and lines as any CRM would show them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from simharness.core.clock import day_in
from simharness.core.money import Money
from simharness.domain.crm import Certificate, Company, CrmSnapshot, Deal, DealLine
from simharness_fakes.crm.stages import StageKind
from simharness_fakes.hubspot.kinds import COMPANIES, DEALS, LINE_ITEMS
from simharness_fakes.hubspot.state.portal import Portal, Profile
from simharness_fakes.hubspot.state.things import Thing
from simharness_fakes.hubspot.values import ANNUALLY, YEARLY, read_day, read_instant

_PRIMARY_COMPANY = 5


class Picture:
    """Canonical records of one portal. A deal that has not changed since the last snapshot is not told again.

    What a deal says comes from its own version, its company and the portal's profile: a change of its lines, or of
    which lines it has, always makes a new version of it.
    """

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._profile: Profile | None = None
        self._deals: dict[str, tuple[Thing, Deal]] = {}

    def snapshot(self) -> CrmSnapshot:
        """Companies and deals in order of creation, without what is in the recycling bin.

        A company that was merged away stays, and names the surviving one.
        """
        portal = self._portal
        if self._profile != portal.profile:
            self._profile, self._deals = portal.profile, {}
        merged = {old: new for (kind, old), new in portal.aliases.items() if kind == COMPANIES.name}
        shelf = portal.shelf(COMPANIES)
        companies = (_company(one, merged.get(one.id, "")) for one in shelf if not one.archived or one.id in merged)
        deals = (self._deal(one) for one in portal.shelf(DEALS) if not one.archived)
        return CrmSnapshot(vendor="hubspot", companies=tuple(companies), deals=tuple(deals))

    def _deal(self, one: Thing) -> Deal:
        version, told = self._deals.get(one.id, (None, None))
        if told is not None and version is one and told.company_id == _company_id(self._portal, one):
            return told
        made = deal(self._portal, one)
        self._deals[one.id] = (one, made)
        return made


def deal(portal: Portal, one: Thing) -> Deal:
    """One deal with its lines in their order on the page."""
    currency = one.get("deal_currency_code") or portal.profile.currency
    stage = portal.stage_of(one)
    kind = stage.kind if stage is not None else StageKind.OPEN
    lines = sorted(portal.linked(one, LINE_ITEMS), key=_position)
    closed = read_instant(one.get("closedate"))
    return Deal(
        id=one.id,
        name=one.get("dealname"),
        company_id=_company_id(portal, one),
        currency=currency,
        stage=kind.value,
        lines=tuple(_line(line, currency) for line in lines),
        amount=_money(one, "amount", currency),
        won_at=_won_at(portal, one),
        close_date=day_in(closed, portal.profile.time_zone) if closed is not None else None,
        discount_percent=_decimal(one, "document_discount_percent"),
        discount_amount=_money(one, "document_discount_amount", currency),
        cost_centre=one.get("cost_centre"),
        location=one.get("location"),
        entity=one.get("billing_entity"),
        billing_status=one.get("billing_status"),
        outstanding=_money(one, "outstanding_amount", currency),
        deposit_percent=_decimal(one, "deposit_percent"),
        deposit_amount=_money(one, "deposit_amount", currency),
        delivered_on=_day(one, "delivered_on"),
        updated_at=one.updated_at,
    )


def _company(one: Thing, merged_into: str) -> Company:
    return Company(
        id=one.id,
        name=one.get("name"),
        region=one.get("tax_region"),
        terms=one.get("payment_terms"),
        currency=one.get("billing_currency"),
        certificates=_certificates(one),
        email=one.get("billing_email"),
        merged_into=merged_into,
    )


def _certificates(one: Thing) -> tuple[Certificate, ...]:
    number = one.get("tax_exempt_certificate")
    if not number:
        return ()
    jurisdictions = tuple(part.strip() for part in one.get("tax_exempt_jurisdictions").split(";") if part.strip())
    return (
        Certificate(
            number=number,
            jurisdictions=jurisdictions,
            reason=one.get("tax_exempt_reason"),
            valid_from=_day(one, "tax_exempt_from"),
            valid_until=_day(one, "tax_exempt_until"),
        ),
    )


def _line(one: Thing, deal_currency: str) -> DealLine:
    currency = one.get("hs_line_item_currency_code") or deal_currency
    quantity = _decimal(one, "quantity") or Decimal(0)
    percent = _decimal(one, "hs_discount_percentage")
    frequency = one.get("recurringbillingfrequency")
    return DealLine(
        id=one.id,
        product=one.get("name"),
        quantity=quantity,
        unit_price=_money(one, "price", currency) or Money.zero(currency),
        discount_percent=percent,
        discount_amount=_line_discount(one, quantity, currency) if percent is None else None,
        revenue_type=one.get("revenue_type"),
        recurring=YEARLY if frequency == ANNUALLY else frequency,
        service_from=_day(one, "service_from"),
        service_to=_day(one, "service_to"),
        cost_centre=one.get("cost_centre"),
        billing=one.get("billing_schedule"),
        milestone=one.get("milestone"),
        reached_on=_day(one, "milestone_reached_on"),
    )


def _line_discount(one: Thing, quantity: Decimal, currency: str) -> Money | None:
    whole = _money(one, "line_discount_amount", currency)
    if whole is not None:
        return whole
    each = _decimal(one, "discount")
    return Money(each * quantity, currency) if each is not None else None


def _company_id(portal: Portal, one: Thing) -> str:
    found = portal.links.find("start", (one.kind, one.id, COMPANIES.name))
    primary = next((link for link in found if _PRIMARY_COMPANY in link.types), found[0] if found else None)
    return primary.to_id if primary is not None else ""


def _won_at(portal: Portal, one: Thing) -> datetime | None:
    pipeline = portal.pipelines.get(one.get("pipeline"))
    stages = pipeline.stages if pipeline is not None else ()
    entered = (one.get(f"hs_v2_date_entered_{stage.id}") for stage in stages if stage.kind is StageKind.WON)
    return max((moment for text in entered if (moment := read_instant(text)) is not None), default=None)


def _position(line: Thing) -> Decimal:
    return _decimal(line, "hs_position_on_quote") or Decimal(0)


def _decimal(one: Thing, name: str) -> Decimal | None:
    text = one.get(name)
    return Decimal(text) if text else None


def _money(one: Thing, name: str, currency: str) -> Money | None:
    amount = _decimal(one, name)
    return Money(amount, currency) if amount is not None else None


def _day(one: Thing, name: str) -> date | None:
    return read_day(one.get(name)) if one.get(name) else None
