"""What HubSpot sets by itself: dates of stages, the close date of a won deal, amounts of a line."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from simharness_fakes.crm.lines import LineTerms, amounts
from simharness_fakes.crm.stages import Passage, StageKind, passage
from simharness_fakes.hubspot.kinds import DEALS, LINE_ITEMS, PRODUCTS, QUOTES, Kind
from simharness_fakes.hubspot.state.portal import Portal
from simharness_fakes.hubspot.state.things import Thing
from simharness_fakes.hubspot.values import instant_text

#: Values a line takes over from its product when it does not bring its own.
_FROM_PRODUCT = ("name", "description", "hs_sku", "price", "recurringbillingfrequency")


def filled_in(portal: Portal, kind: Kind, given: dict[str, str]) -> dict[str, str]:
    """The values of a new object with what HubSpot adds on creation."""
    if kind is DEALS and "dealstage" in given:
        return {"pipeline": "default", **given}
    if kind is LINE_ITEMS and (product := portal.find(PRODUCTS, given.get("hs_product_id", ""))) is not None:
        taken = {name: product.get(name) for name in _FROM_PRODUCT if product.get(name)}
        return {**taken, **given}
    return given


def derived(portal: Portal, kind: Kind, before: Thing | None, properties: dict[str, str]) -> dict[str, str]:
    """The properties with everything HubSpot computes; `before` is the version so far, None for a new object."""
    if kind is DEALS:
        return _deal(portal, before, properties)
    if kind is LINE_ITEMS:
        return _line(portal, properties)
    if kind is QUOTES and before is not None:
        nets = [Decimal(line.get("amount") or 0) for line in portal.linked(before, LINE_ITEMS)]
        return {**properties, "hs_quote_amount": plain(sum(nets, Decimal(0)))}
    return properties


def plain(number: Decimal) -> str:
    """A number as HubSpot keeps it: digits and a point, no exponent."""
    return format(number, "f")


def _deal(portal: Portal, before: Thing | None, properties: dict[str, str]) -> dict[str, str]:
    out = dict(properties)
    if before is not None:
        out["hs_num_of_associated_line_items"] = str(len(portal.linked(before, LINE_ITEMS)))
    pipeline = portal.pipelines.get(properties.get("pipeline", ""))
    stage = pipeline.stage(properties.get("dealstage", "")) if pipeline is not None else None
    if stage is None:
        return out
    was = portal.stage_of(before) if before is not None else None
    move = passage(was, stage)
    if move is Passage.NONE:
        return out
    now = instant_text(portal.clock.now)
    if was is not None:
        out[f"hs_v2_date_exited_{was.id}"] = now
    out[f"hs_v2_date_entered_{stage.id}"] = now
    out["hs_is_closed"] = "true" if stage.kind is not StageKind.OPEN else "false"
    out["hs_is_closed_won"] = "true" if stage.kind is StageKind.WON else "false"
    out["hs_deal_stage_probability"] = stage.probability
    if move is Passage.WON and not out.get("closedate"):
        out["closedate"] = now
    return out


def _line(portal: Portal, properties: Mapping[str, str]) -> dict[str, str]:
    computed = ("amount", "hs_pre_discount_amount", "hs_total_discount")
    out = {name: value for name, value in properties.items() if name not in computed}
    quantity, price = _number(out, "quantity"), _number(out, "price")
    if quantity is None or price is None:
        return out
    terms = LineTerms(
        quantity=quantity,
        unit_price=price,
        discount_percent=_number(out, "hs_discount_percentage"),
        discount_each=_number(out, "discount"),
    )
    found = amounts(terms, out.get("hs_line_item_currency_code") or portal.profile.currency)
    out["hs_pre_discount_amount"] = plain(found.before)
    out["hs_total_discount"] = plain(found.discount)
    out["amount"] = plain(found.net)
    return out


def _number(properties: Mapping[str, str], name: str) -> Decimal | None:
    text = properties.get(name, "")
    return Decimal(text) if text else None
