"""Records as Stripe's objects, in the newest shape the pack knows; `versions` turns that into older ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from simharness_fakes.stripe.state import (
    Address,
    Bank,
    Billing,
    Card,
    Charge,
    Customer,
    Decline,
    Endpoint,
    Intent,
    Method,
    References,
)
from simharness_fakes.stripe.wire.amounts import seconds, to_wire

Object = dict[str, Any]

_METHOD_OPTIONS: Mapping[str, Object] = MappingProxyType(
    {
        "card": {"installments": None, "network": None, "request_three_d_secure": "automatic"},
        "us_bank_account": {"verification_method": "automatic"},
    }
)

DOC_URL = "https://stripe.com/docs/error-codes/"


def customer(record: Customer) -> Object:
    """The `customer` object."""
    return {
        "id": record.id,
        "object": "customer",
        "address": _address(record.address) if record.address else None,
        "balance": 0,
        "created": seconds(record.clocked_at or record.created_at),
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": record.description or None,
        "discount": None,
        "email": record.email or None,
        "invoice_prefix": record.invoice_prefix,
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": record.default_method or None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": _metadata(record.references),
        "name": record.name or None,
        "phone": record.phone or None,
        "preferred_locales": list(record.locales),
        "shipping": None,
        "tax_exempt": record.tax_exempt,
        "test_clock": record.test_clock or None,
    }


def payment_method(record: Method) -> Object:
    """The `payment_method` object."""
    instrument = record.instrument
    return {
        "id": record.id,
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": _billing(record.billing),
        "created": seconds(record.created_at),
        "customer": record.customer or None,
        "livemode": False,
        "metadata": _metadata(record.references),
        "type": record.kind,
        record.kind: _method_card(instrument) if isinstance(instrument, Card) else _method_bank(instrument),
    }


def payment_intent(record: Intent) -> Object:
    """The `payment_intent` object."""
    amount = to_wire(record.amount)
    return {
        "id": record.id,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": amount if record.status == "requires_capture" else 0,
        "amount_received": to_wire(record.received) if record.received else 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": {"allow_redirects": "always", "enabled": True}
        if record.automatic_methods
        else None,
        "canceled_at": _when(record.canceled_at),
        "cancellation_reason": record.cancellation_reason or None,
        "capture_method": record.capture_method,
        "client_secret": record.client_secret,
        "confirmation_method": record.confirmation_method,
        "created": seconds(record.created_at),
        "currency": record.amount.currency.lower(),
        "customer": record.customer or None,
        "description": record.description or None,
        "last_payment_error": _last_error(record),
        "latest_charge": record.latest_charge or None,
        "livemode": False,
        "metadata": _metadata(record.references),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": record.method or None,
        "payment_method_options": {kind: dict(_METHOD_OPTIONS[kind]) for kind in record.method_types},
        "payment_method_types": list(record.method_types),
        "processing": None,
        "receipt_email": record.receipt_email or None,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "statement_descriptor": record.descriptor or None,
        "statement_descriptor_suffix": record.descriptor_suffix or None,
        "status": record.status,
        "transfer_data": None,
        "transfer_group": None,
    }


def charge(record: Charge) -> Object:
    """The `charge` object."""
    amount = to_wire(record.amount)
    paid = record.status == "succeeded"
    given_back = record.amount if record.released else record.given_back
    return {
        "id": record.id,
        "object": "charge",
        "amount": amount,
        "amount_captured": to_wire(record.captured) if record.captured else 0,
        "amount_refunded": to_wire(given_back),
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": record.movement or None,
        "billing_details": _billing(record.billing),
        "calculated_statement_descriptor": record.descriptor or None,
        "captured": record.captured is not None,
        "created": seconds(record.created_at),
        "currency": record.amount.currency.lower(),
        "customer": record.customer or None,
        "description": record.description or None,
        "disputed": record.disputed,
        "failure_balance_transaction": record.failure_movement or None,
        "failure_code": record.failure_code or None,
        "failure_message": record.failure_reason or None,
        "fraud_details": {},
        "livemode": False,
        "metadata": _metadata(record.references),
        "on_behalf_of": None,
        "outcome": _outcome(None if record.captured else record.decline),
        "paid": paid,
        "payment_intent": record.intent or None,
        "payment_method": record.method or None,
        "payment_method_details": _paid_with(record),
        "receipt_email": record.receipt_email or None,
        "receipt_number": None,
        "receipt_url": f"https://pay.stripe.com/receipts/{record.id}" if paid else None,
        "refunded": bool(given_back) and given_back == (record.captured or record.amount),
        "review": None,
        "shipping": None,
        "source": None,
        "source_transfer": None,
        "statement_descriptor": record.descriptor or None,
        "statement_descriptor_suffix": record.descriptor_suffix or None,
        "status": record.status,
        "transfer_data": None,
        "transfer_group": None,
    }


def webhook_endpoint(record: Endpoint, *, secret: bool = False) -> Object:
    """The `webhook_endpoint` object; Stripe shows the secret only in the answer that creates it."""
    told: Object = {
        "id": record.id,
        "object": "webhook_endpoint",
        "api_version": record.version or None,
        "application": None,
        "created": seconds(record.created_at),
        "description": record.description or None,
        "enabled_events": list(record.events),
        "livemode": False,
        "metadata": _metadata(record.references),
        "status": record.status,
        "url": record.url,
    }
    return {**told, "secret": record.secret} if secret else told


def deleted(kind: str, record_id: str) -> Object:
    """What is left of a deleted object."""
    return {"id": record_id, "object": kind, "deleted": True}


def error_of(decline: Decline, charge_id: str) -> Object:
    """The parts of an error that a decline explains."""
    told: Object = {
        "charge": charge_id,
        "code": decline.code,
        "doc_url": f"{DOC_URL}{decline.code.replace('_', '-')}",
        "message": decline.message,
        "type": "card_error",
    }
    return {**told, "decline_code": decline.decline_code} if decline.decline_code else told


def _last_error(record: Intent) -> Object | None:
    if record.error is None:
        return None
    error = record.error
    return {**error_of(error.decline, error.charge), "payment_method": payment_method(error.method)}


def _outcome(decline: Decline | None) -> Object:
    if decline is None:
        return {
            "advice_code": None,
            "network_advice_code": None,
            "network_decline_code": None,
            "network_status": "approved_by_network",
            "reason": None,
            "risk_level": "normal",
            "seller_message": "Payment complete.",
            "type": "authorized",
        }
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "declined_by_network",
        "reason": decline.decline_code or decline.code,
        "risk_level": "normal",
        "seller_message": "The bank did not accept the payment.",
        "type": "issuer_declined",
    }


def _method_card(card: Card) -> Object:
    return {
        **_card(card),
        "display_brand": card.brand,
        "generated_from": None,
        "regulated_status": "unregulated",
    }


def _method_bank(bank: Bank) -> Object:
    return {
        **_bank(bank),
        "financial_connections_account": None,
        "networks": {"preferred": "ach", "supported": ["ach"]},
        "status_details": {},
    }


def _paid_with(record: Charge) -> Object:
    instrument = record.instrument
    if isinstance(instrument, Card):
        return {"card": _card(instrument), "type": "card"}
    told = {**_bank(instrument), "expected_debit_date": None, "mandate": None, "payment_reference": None}
    return {"type": "us_bank_account", "us_bank_account": told}


def _bank(bank: Bank) -> Object:
    return {
        "account_holder_type": bank.holder_type,
        "account_type": bank.account_type,
        "bank_name": bank.name,
        "fingerprint": bank.fingerprint,
        "last4": bank.last4,
        "routing_number": bank.routing,
    }


def _card(card: Card) -> Object:
    return {
        "brand": card.brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": card.country,
        "exp_month": card.exp_month,
        "exp_year": card.exp_year,
        "fingerprint": card.fingerprint,
        "funding": card.funding,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def _billing(billing: Billing) -> Object:
    return {
        "address": _address(billing.address),
        "email": billing.email or None,
        "name": billing.name or None,
        "phone": billing.phone or None,
        "tax_id": None,
    }


def _address(address: Address) -> Object:
    return {
        "city": address.city or None,
        "country": address.country or None,
        "line1": address.line1 or None,
        "line2": address.line2 or None,
        "postal_code": address.postal_code or None,
        "state": address.state or None,
    }


def _metadata(references: References) -> dict[str, str]:
    return dict(references)


def _when(moment: datetime | None) -> int | None:
    return None if moment is None else seconds(moment)
