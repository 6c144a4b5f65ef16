"""Stripe's test bank accounts: by the token of a payment method (`pm_usBankAccount_success`) or by number.

Source: Stripe's public page on testing ACH direct debit.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from simharness_fakes.stripe.state import Bank, Decline

ROUTING = "110000000"

#: Why a bank sends a debit back: Stripe's code and its message. Source: Stripe's page on failed ACH debits.
RETURNS: Mapping[str, str] = MappingProxyType(
    {
        "account_closed": "The customer's bank account has been closed.",
        "bank_account_restricted": "The customer's bank account cannot be debited.",
        "debit_not_authorized": "The customer has notified their bank that this payment was unauthorized.",
        "insufficient_funds": "The customer's account has insufficient funds to cover this payment.",
        "no_account": "The customer's bank account could not be located.",
    }
)


def returned(code: str) -> Decline:
    """A debit that comes back for a reason of `RETURNS`."""
    return Decline(code=code, decline_code="", message=RETURNS[code])


#: Name of the test account (as in `pm_usBankAccount_NAME`) → number and account.
_NAMED: Mapping[str, tuple[str, Bank]] = MappingProxyType(
    {
        "success": ("000123456789", Bank(last4="6789")),
        "accountClosed": ("000111111113", Bank(last4="1113", decline=returned("account_closed"))),
        "noAccount": ("000111111116", Bank(last4="1116", decline=returned("no_account"))),
        "insufficientFunds": ("000222222227", Bank(last4="2227", decline=returned("insufficient_funds"))),
        "debitNotAuthorized": ("000333333335", Bank(last4="3335", decline=returned("debit_not_authorized"))),
        "processing": ("000000000009", Bank(last4="0009", stuck=True)),
    }
)

_BY_NUMBER: Mapping[str, Bank] = MappingProxyType(dict(_NAMED.values()))


def by_token(token: str) -> Bank | None:
    """The test account behind `pm_usBankAccount_NAME`, or None."""
    found = _NAMED.get(token.removeprefix("pm_usBankAccount_"))
    return None if found is None or not token.startswith("pm_usBankAccount_") else found[1]


def by_number(number: str) -> Bank | None:
    """The test account with this number, or None: no other number is an account in test mode."""
    return _BY_NUMBER.get(number)
