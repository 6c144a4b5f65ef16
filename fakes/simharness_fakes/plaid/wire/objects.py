"""Records as Plaid's JSON objects. Amounts are turned round: Plaid counts money that leaves an account as positive."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from simharness.core.money import Money
from simharness_fakes.banking.lines import PENDING, Account, Line
from simharness_fakes.plaid import errors
from simharness_fakes.plaid.state import Item

Object = dict[str, Any]

#: ISO 4217 codes are three capital letters; what is none is told as an unofficial code.
_ISO = 3
_MASK = 4
_NOWHERE: Mapping[str, None] = dict.fromkeys(
    ("address", "city", "country", "lat", "lon", "postal_code", "region", "store_number")
)
_NO_PAYMENT: Mapping[str, None] = dict.fromkeys(
    ("by_order_of", "payee", "payer", "payment_method", "payment_processor", "ppd_id", "reason", "reference_number")
)


def outflow(money: Money) -> Decimal:
    """The amount as Plaid signs it: positive when money leaves the account; exact."""
    return Decimal(0) - money.amount


def from_outflow(amount: Decimal | int, currency: str) -> Money:
    """Money, signed from the account holder's side, with the decimals of its currency where they suffice."""
    zero = Money.zero(currency)
    return zero - Money(amount, currency)


def codes(currency: str) -> Object:
    """The pair of currency codes, of which one is null."""
    official = len(currency) == _ISO and currency.isascii() and currency.isupper()
    return {
        "iso_currency_code": currency if official else None,
        "unofficial_currency_code": None if official else currency,
    }


def moment(instant: datetime) -> str:
    """An instant as `2026-01-05T17:00:00Z`."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def account(record: Account) -> Object:
    """An account with its balances: `current` counts posted lines, `available` pending ones too."""
    return {
        "account_id": record.id,
        "balances": {
            "available": (record.booked + record.announced).amount,
            "current": record.booked.amount,
            "limit": None,
            **codes(record.currency),
        },
        "holder_category": "business",
        "mask": record.number[-_MASK:],
        "name": record.name,
        "official_name": record.name,
        "subtype": "checking",
        "type": "depository",
    }


def transaction(line: Line, *, original: bool) -> Object:
    """A line; `original` adds the bank's own description. The counterparty is told once it is recognised."""
    known = line.counterparty if line.recognised and line.counterparty else None
    incoming = line.amount.amount > 0
    party = {"payer": known} if incoming else {"payee": known}
    return {
        "account_id": line.account,
        "account_owner": None,
        "amount": outflow(line.amount),
        "authorized_date": line.announced_on.isoformat() if line.announced_on else None,
        "authorized_datetime": None,
        "category": None,
        "category_id": None,
        "check_number": None,
        "counterparties": [_counterparty(known)] if known else [],
        "date": line.date.isoformat(),
        "datetime": None,
        **codes(line.amount.currency),
        "location": dict(_NOWHERE),
        "logo_url": None,
        "merchant_entity_id": None,
        "merchant_name": known,
        "name": line.description or line.counterparty or line.reference,
        "original_description": line.description if original and line.description else None,
        "payment_channel": "other",
        "payment_meta": {**_NO_PAYMENT, "reference_number": line.reference or None, **party},
        "pending": line.status == PENDING,
        "pending_transaction_id": line.replaces or None,
        "personal_finance_category": None,
        "transaction_code": None,
        "transaction_id": line.id,
        "transaction_type": "special",
        "website": None,
    }


def removed(line: Line) -> Object:
    """A line that is there no more."""
    return {"account_id": line.account, "transaction_id": line.id}


def item(record: Item, institution_name: str) -> Object:
    """An item; `error` says why Plaid cannot update it, if it cannot."""
    return {
        "available_products": ["balance"],
        "billed_products": list(record.products),
        "consent_expiration_time": None,
        "consented_products": list(record.products),
        "created_at": moment(record.created_at),
        "error": dict(errors.login_required()) if record.login_required else None,
        "institution_id": record.institution,
        "institution_name": institution_name,
        "item_id": record.id,
        "products": list(record.products),
        "update_type": "background",
        "webhook": record.webhook or None,
    }


def status(record: Item) -> Object:
    """When Plaid last looked at the bank for an item, and what it last told about it."""
    told = None
    if record.last_webhook_at is not None:
        told = {"code_sent": record.last_webhook, "sent_at": moment(record.last_webhook_at)}
    looked = moment(record.fetched_at) if record.fetched_at else None
    return {
        "last_webhook": told,
        "transactions": {"last_failed_update": None, "last_successful_update": looked},
    }


def _counterparty(name: str) -> Object:
    return {
        "confidence_level": "HIGH",
        "entity_id": None,
        "logo_url": None,
        "name": name,
        "phone_number": None,
        "type": "merchant",
        "website": None,
    }
