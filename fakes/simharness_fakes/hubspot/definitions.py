"""Property definitions: which properties a kind of object has, of which type, and which of them only HubSpot sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from simharness.domain.base import Record
from simharness_fakes.hubspot.kinds import KINDS, Kind


class Property(Record, frozen=True, kw_only=True):
    """The definition of one property of one kind. `options` are (value, label); only HubSpot sets `read_only` ones."""

    kind: str
    name: str
    label: str
    type: str = "string"
    field_type: str = "text"
    group: str = ""
    description: str = ""
    options: tuple[tuple[str, str], ...] = ()
    read_only: bool = False
    unique: bool = False
    built_in: bool = True
    hidden: bool = False
    form_field: bool = False
    display_order: int = -1
    created_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def key(self) -> str:
        """What the definition is filed under: properties of two kinds may share a name."""
        return property_key(self.kind, self.name)


def property_key(kind: str, name: str) -> str:
    """The key of a definition in its table."""
    return f"{kind}:{name}"


_EVERY = ("hs_object_id:number!", "hs_createdate:datetime!", "hubspot_owner_id:string")
_MODIFIED = ("createdate:datetime!", "hs_lastmodifieddate:datetime!")

#: Properties that every portal has, as `name:type` with `!` for those HubSpot sets itself and `?` for unique ones.
#: A choice from the vendor's catalogue, sized to what billing needs; source: background knowledge.
_BUILT_IN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "contacts": (
            "createdate:datetime!", "lastmodifieddate:datetime!", "email:string?", "firstname:string",
            "lastname:string", "phone:string", "mobilephone:string", "company:string", "jobtitle:string",
            "website:string", "address:string", "city:string", "state:string", "zip:string", "country:string",
            "lifecyclestage:string", "associatedcompanyid:number", "hs_merged_object_ids:string!",
        ),
        "companies": (
            *_MODIFIED, "name:string", "domain:string", "website:string", "phone:string", "address:string",
            "address2:string", "city:string", "state:string", "zip:string", "country:string", "industry:string",
            "description:string", "numberofemployees:number", "annualrevenue:number", "lifecyclestage:string",
            "hs_merged_object_ids:string!",
        ),
        "deals": (
            *_MODIFIED, "dealname:string", "amount:number", "dealstage:string", "pipeline:string", "closedate:datetime",
            "deal_currency_code:string", "dealtype:string", "description:string", "hs_priority:string",
            "hs_is_closed:bool!", "hs_is_closed_won:bool!", "hs_deal_stage_probability:number!",
            "hs_num_of_associated_line_items:number!", "hs_merged_object_ids:string!",
        ),
        "line_items": (
            *_MODIFIED, "name:string", "description:string", "hs_product_id:string", "hs_sku:string", "quantity:number",
            "price:number", "discount:number", "hs_discount_percentage:number", "hs_line_item_currency_code:string",
            "amount:number!", "hs_pre_discount_amount:number!", "hs_total_discount:number!",
            "recurringbillingfrequency:enumeration", "hs_recurring_billing_start_date:date",
            "hs_recurring_billing_period:string", "hs_position_on_quote:number", "hs_cost_of_goods_sold:number",
            "hs_tax_rate_group_id:string", "hs_billing_start_delay_type:enumeration",
            "hs_billing_start_delay_days:number", "hs_billing_start_delay_months:number",
        ),
        "products": (
            *_MODIFIED, "name:string", "description:string", "hs_sku:string", "price:number",
            "hs_cost_of_goods_sold:number", "recurringbillingfrequency:enumeration",
            "hs_recurring_billing_period:string", "hs_product_type:string",
        ),
        "quotes": (
            *_MODIFIED, "hs_title:string", "hs_expiration_date:date", "hs_status:enumeration", "hs_currency:string",
            "hs_quote_amount:number!", "hs_quote_number:string", "hs_language:string", "hs_template_type:string",
            "hs_terms:string", "hs_comments:string",
        ),
    }
)  # fmt: skip

_FREQUENCIES = (
    "weekly", "biweekly", "monthly", "quarterly", "per_six_months", "annually", "per_two_years", "per_three_years",
    "per_four_years", "per_five_years",
)  # fmt: skip
#: The states of a quote; source: background knowledge.
_QUOTE_STATES = ("DRAFT", "APPROVAL_NOT_NEEDED", "PENDING_APPROVAL", "APPROVED", "REJECTED")
#: How the start of a line's billing is said; source: background knowledge.
_DELAYS = ("hs_recurring_billing_start_date", "hs_billing_start_delay_days", "hs_billing_start_delay_months")
_OPTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "recurringbillingfrequency": _FREQUENCIES, "hs_status": _QUOTE_STATES, "hs_billing_start_delay_type": _DELAYS,
    }
)  # fmt: skip
_FIELD_TYPES: Mapping[str, str] = MappingProxyType(
    {"string": "text", "number": "number", "date": "date", "datetime": "date", "bool": "booleancheckbox",
     "enumeration": "select"}
)  # fmt: skip


def field_type(kind: str) -> str:
    """The field a person sees for a property type."""
    return _FIELD_TYPES[kind]


def group_of(kind: Kind) -> str:
    """The group into which the built-in properties of a kind are filed."""
    return f"{kind.singular.replace('_', '')}information"


def _built_in(kind: Kind, row: str) -> Property:
    name, _, rest = row.partition(":")
    value_type = rest.rstrip("!?")
    options = tuple((word, word.replace("_", " ").capitalize()) for word in _OPTIONS.get(name, ()))
    return Property(
        kind=kind.name,
        name=name,
        label=name.removeprefix("hs_").replace("_", " ").capitalize(),
        type=value_type,
        field_type=field_type(value_type),
        group=group_of(kind),
        options=options,
        read_only=rest.endswith("!"),
        unique=rest.endswith("?"),
    )


BUILT_IN: tuple[Property, ...] = tuple(_built_in(k, row) for k in KINDS for row in (*_EVERY, *_BUILT_IN[k.name]))

#: What a sales team's portal has beside the built-in properties: where tax, terms and dimensions are entered, and where
#: billing writes back. The act Furnish creates them; a portal that was never furnished has none of them.
_SALES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "companies": (
            "tax_region:string", "payment_terms:string", "billing_currency:string", "billing_email:string",
            "tax_exempt_certificate:string", "tax_exempt_jurisdictions:string", "tax_exempt_reason:string",
            "tax_exempt_from:date", "tax_exempt_until:date",
        ),
        "deals": (
            "document_discount_percent:number", "document_discount_amount:number", "cost_centre:string",
            "location:string", "billing_entity:string", "billing_status:string", "outstanding_amount:number",
            "invoice_number:string", "deposit_percent:number", "deposit_amount:number", "delivered_on:date",
        ),
        "line_items": (
            "line_discount_amount:number", "revenue_type:string", "cost_centre:string", "service_from:date",
            "service_to:date", "billing_schedule:string", "milestone:string", "milestone_reached_on:date",
        ),
    }
)  # fmt: skip


def sales_properties(now: datetime) -> Iterator[Property]:
    """The custom properties of a sales team's portal, created at an instant."""
    for kind in KINDS:
        for row in _SALES.get(kind.name, ()):
            name, _, value_type = row.partition(":")
            yield Property(
                kind=kind.name,
                name=name,
                label=name.replace("_", " ").capitalize(),
                type=value_type,
                field_type=field_type(value_type),
                group=group_of(kind),
                built_in=False,
                created_at=now,
                updated_at=now,
            )


def stage_dates(stage: str) -> tuple[Property, Property]:
    """The two properties HubSpot keeps for each stage: when a deal last entered it and when it last left it."""
    first, second = (
        Property(
            kind="deals",
            name=f"hs_v2_date_{what}_{stage}",
            label=f"Date {what} {stage}",
            type="datetime",
            field_type="date",
            group="dealinformation",
            read_only=True,
        )
        for what in ("entered", "exited")
    )
    return first, second
