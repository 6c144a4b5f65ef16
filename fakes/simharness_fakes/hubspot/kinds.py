"""The kinds of object a portal holds: names on the wire, type ids, and the properties shown without being asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of object. `name` is the path segment, `type_id` its other spelling, `singular` the word in event names.

    `canonical` is the dataset name in the log of writes; `modified` the property that carries the last change;
    `shown` are the properties of an answer that asked for none; `searched` those a free-text query looks into.
    """

    name: str
    type_id: str
    singular: str
    canonical: str
    first_id: int
    modified: str
    shown: tuple[str, ...]
    searched: tuple[str, ...]
    associated_as: str = ""


#: Type ids: background knowledge, 0-3 confirmed by the vendor's schema. Ranges of ids do not overlap, so that an id of
#: one kind never resolves as another by accident.
COMPANIES = Kind(
    name="companies", type_id="0-2", singular="company", canonical="company", first_id=22000001,
    modified="hs_lastmodifieddate", shown=("domain", "name"), searched=("name", "domain", "phone", "website"),
)  # fmt: skip
CONTACTS = Kind(
    name="contacts", type_id="0-1", singular="contact", canonical="contact", first_id=11000001,
    modified="lastmodifieddate", shown=("email", "firstname", "lastname"),
    searched=("firstname", "lastname", "email", "phone", "company"),
)  # fmt: skip
DEALS = Kind(
    name="deals", type_id="0-3", singular="deal", canonical="deal", first_id=33000001, modified="hs_lastmodifieddate",
    shown=("amount", "closedate", "dealname", "dealstage", "pipeline"),
    searched=("dealname", "pipeline", "dealstage", "description", "dealtype"),
)  # fmt: skip
LINE_ITEMS = Kind(
    name="line_items", type_id="0-8", singular="line_item", canonical="deal_line", first_id=44000001,
    modified="hs_lastmodifieddate", shown=("amount", "quantity", "hs_product_id"), searched=("name", "hs_sku"),
    associated_as="line items",
)  # fmt: skip
PRODUCTS = Kind(
    name="products", type_id="0-7", singular="product", canonical="product", first_id=55000001,
    modified="hs_lastmodifieddate", shown=("description", "name", "price"), searched=("name", "hs_sku", "description"),
)  # fmt: skip
QUOTES = Kind(
    name="quotes", type_id="0-14", singular="quote", canonical="quote", first_id=66000001,
    modified="hs_lastmodifieddate", shown=("hs_title", "hs_expiration_date", "hs_status"), searched=("hs_title",),
)  # fmt: skip

KINDS: tuple[Kind, ...] = (CONTACTS, COMPANIES, DEALS, LINE_ITEMS, PRODUCTS, QUOTES)

#: A kind by every spelling a path may use.
BY_NAME: Mapping[str, Kind] = MappingProxyType(
    {spelling: kind for kind in KINDS for spelling in (kind.name, kind.type_id, kind.singular)}
)

#: Kinds the vendor has and this fake does not: a request for them is answered loudly, not as if they did not exist.
ELSEWHERE: frozenset[str] = frozenset(
    ("tickets", "calls", "emails", "meetings", "notes", "tasks", "communications", "postal_mail", "taxes", "fees",
     "discounts", "goal_targets", "leads", "feedback_submissions", "invoices", "orders", "carts", "subscriptions",
     "commerce_payments", "users", "0-5", "0-11", "0-18", "0-27", "0-46", "0-47", "0-48", "0-49", "0-51", "0-52",
     "0-53", "0-69", "0-74", "0-84", "0-85", "0-101", "0-115", "0-116", "0-123", "0-136", "0-142")
)  # fmt: skip
