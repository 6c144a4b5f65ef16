"""Stripe's test cards: by the token of a payment method (`pm_card_visa`), of a card (`tok_visa`) or by number.

Source: Stripe's public page on testing. Cards that ask for authentication are not modelled and refused by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from simharness_fakes.stripe.state import Card, Decline

_GENERIC = Decline(code="card_declined", decline_code="generic_decline", message="Your card was declined.")


def _declined(decline_code: str, message: str = "Your card was declined.", code: str = "card_declined") -> Decline:
    return Decline(code=code, decline_code=decline_code, message=message)


def _card(brand: str, last4: str, decline: Decline | None = None, **more: Any) -> Card:
    return Card(brand=brand, last4=last4, exp_month=12, exp_year=2034, decline=decline, **more)


_FUNDS = _declined("insufficient_funds", "Your card has insufficient funds.")
_EXPIRED = _declined("", "Your card has expired.", "expired_card")
_CVC = _declined("", "Your card's security code is incorrect.", "incorrect_cvc")
_PROCESSING = _declined(
    "", "An error occurred while processing your card. Try again in a little bit.", "processing_error"
)

#: Name of the test card (as in `pm_card_NAME` and `tok_NAME`) → number and card.
_NAMED: Mapping[str, tuple[str, Card]] = MappingProxyType(
    {
        "visa": ("4242424242424242", _card("visa", "4242")),
        "visa_debit": ("4000056655665556", _card("visa", "5556", funding="debit")),
        "mastercard": ("5555555555554444", _card("mastercard", "4444")),
        "mastercard_debit": ("5200828282828210", _card("mastercard", "8210", funding="debit")),
        "amex": ("378282246310005", _card("amex", "0005")),
        "discover": ("6011111111111117", _card("discover", "1117")),
        "diners": ("3056930009020004", _card("diners", "0004")),
        "jcb": ("3566002020360505", _card("jcb", "0505")),
        "chargeDeclined": ("4000000000000002", _card("visa", "0002", _GENERIC)),
        "visa_chargeDeclined": ("4000000000000002", _card("visa", "0002", _GENERIC)),
        "chargeDeclinedInsufficientFunds": ("4000000000009995", _card("visa", "9995", _FUNDS)),
        "visa_chargeDeclinedInsufficientFunds": ("4000000000009995", _card("visa", "9995", _FUNDS)),
        "visa_chargeDeclinedLostCard": ("4000000000009987", _card("visa", "9987", _declined("lost_card"))),
        "visa_chargeDeclinedStolenCard": ("4000000000009979", _card("visa", "9979", _declined("stolen_card"))),
        "chargeDeclinedFraudulent": ("4100000000000019", _card("visa", "0019", _declined("fraudulent"))),
        "chargeDeclinedExpiredCard": ("4000000000000069", _card("visa", "0069", _EXPIRED)),
        "chargeDeclinedIncorrectCvc": ("4000000000000127", _card("visa", "0127", _CVC)),
        "chargeDeclinedProcessingError": ("4000000000000119", _card("visa", "0119", _PROCESSING)),
        "bypassPending": ("4000000000000077", _card("visa", "0077", bypass=True)),
        "pendingRefund": ("4000000000007726", _card("visa", "7726", refund_course="pending")),
        "refundFail": ("4000000000005126", _card("visa", "5126", refund_course="fails")),
        "createDispute": ("4000000000000259", _card("visa", "0259", dispute_reason="fraudulent")),
        "createDisputeProductNotReceived": (
            "4000000000002685",
            _card("visa", "2685", dispute_reason="product_not_received"),
        ),
        # Attaches to a customer like a good card and is declined only when it is charged.
        "chargeCustomerFail": ("4000000000000341", _card("visa", "0341", _GENERIC)),
    }
)

_BY_NUMBER: Mapping[str, Card] = MappingProxyType(dict(_NAMED.values()))

#: Test cards whose behaviour the fake does not have: what they would need.
UNMODELLED: Mapping[str, str] = MappingProxyType(
    {
        "pm_card_authenticationRequired": "3-D Secure",
        "pm_card_authenticationRequiredOnSetup": "3-D Secure",
        "pm_card_threeDSecure2Required": "3-D Secure",
        "pm_card_createDisputeInquiry": "inquiries",
        "pm_usBankAccount_dispute": "bank accounts whose debits are disputed by themselves",
    }
)


def by_token(token: str) -> Card | None:
    """The test card behind `pm_card_NAME` or `tok_NAME`, or None."""
    for prefix in ("pm_card_", "tok_"):
        if token.startswith(prefix) and (found := _NAMED.get(token[len(prefix) :])) is not None:
            return found[1]
    return None


def by_number(number: str) -> Card | None:
    """The test card with this number (blanks ignored), or None: no other number is a card in test mode."""
    return _BY_NUMBER.get(number.replace(" ", ""))
