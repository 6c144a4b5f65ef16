"""Canonical names of a portal's properties, for the log of writes that ownership is judged by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from simharness_fakes.hubspot.kinds import Kind

_NAMES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "company": {
            "name": "name", "tax_region": "region", "payment_terms": "terms", "billing_currency": "currency",
            "billing_email": "email", "tax_exempt_certificate": "certificates",
            "tax_exempt_jurisdictions": "certificates", "tax_exempt_reason": "certificates",
            "tax_exempt_from": "certificates", "tax_exempt_until": "certificates", "phone": "phone",
        },
        "contact": {"email": "email", "firstname": "first_name", "lastname": "last_name", "phone": "phone"},
        "deal": {
            "dealname": "name", "dealstage": "stage", "amount": "amount", "closedate": "close_date",
            "deal_currency_code": "currency", "document_discount_percent": "discount_percent",
            "document_discount_amount": "discount_amount", "cost_centre": "cost_centre", "location": "location",
            "billing_entity": "entity", "billing_status": "billing_status", "outstanding_amount": "outstanding",
            "invoice_number": "invoice_number",
        },
        "deal_line": {
            "name": "product", "hs_product_id": "product", "hs_sku": "product", "quantity": "quantity",
            "price": "unit_price", "discount": "discount_amount", "line_discount_amount": "discount_amount",
            "hs_discount_percentage": "discount_percent", "revenue_type": "revenue_type", "cost_centre": "cost_centre",
            "recurringbillingfrequency": "recurring", "service_from": "service_from", "service_to": "service_to",
            "hs_line_item_currency_code": "currency", "hs_position_on_quote": "position",
            "billing_schedule": "billing", "milestone": "milestone", "milestone_reached_on": "reached_on",
        },
        "product": {"name": "name", "hs_sku": "sku", "price": "unit_price"},
        "quote": {},
    }
)  # fmt: skip


def canonical_fields(kind: Kind, names: Iterable[str]) -> tuple[str, ...]:
    """The canonical names of properties; one without such a name appears as `hubspot:NAME`."""
    known = _NAMES[kind.canonical]
    return tuple(known.get(name, f"hubspot:{name}") for name in names)
