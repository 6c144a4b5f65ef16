"""Payment methods: cards made from test tokens or test numbers, attached to customers and detached from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from simharness.domain.exchange import Response
from simharness.fakekit.bodies import Json
from simharness.fakekit.fake import Call
from simharness.fakekit.problems import VendorError
from simharness_fakes.stripe import banks, cards, errors, paying
from simharness_fakes.stripe.events import tell
from simharness_fakes.stripe.routes.answers import answer, merged, page, too_many_keys
from simharness_fakes.stripe.state import Address, Bank, Billing, Card, Method
from simharness_fakes.stripe.wire import objects

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe

_CENTURY = 100
#: The one test card that attaches although every charge on it is declined.
_ATTACHES = "0341"


def create(fake: Stripe, call: Call) -> Response:
    """A payment method from `card[token]`, a test card's number or a test bank account's number."""
    body = call.body
    instrument = _card(fake, body["card"]) if body["type"] == "card" else _bank(fake, body["us_bank_account"])
    references = merged((), body.get("metadata"))
    method = paying.new_method(fake, instrument, billing=_billing(Billing(), body), references=references)
    return answer(fake, call, objects.payment_method(method))


def retrieve(fake: Stripe, call: Call) -> Response:
    """One payment method."""
    return answer(fake, call, objects.payment_method(_method(fake, call)))


def update(fake: Stripe, call: Call) -> Response:
    """Change billing details, metadata or the date of expiry of an attached method."""
    before = _method(fake, call)
    if not before.customer:
        raise errors.refusal(fake, "You must save this PaymentMethod to a customer before you can update it.")
    references = merged(before.references, call.body.get("metadata"))
    too_many_keys(fake, references)
    after = replace(before, billing=_billing(before.billing, call.body), references=references)
    expiry, card = call.body.get("card", {}), before.instrument
    if expiry and not isinstance(card, Card):
        raise errors.refusal(fake, "You cannot update `card` on a payment method of another type.", param="card")
    if expiry and isinstance(card, Card):
        month, year = expiry.get("exp_month", card.exp_month), expiry.get("exp_year", card.exp_year)
        after = replace(after, instrument=_with_expiry(fake, card, month, year))
    if after != before:
        fake.state.methods.put(after)
        fake.wrote("payment_method", after.id, "update", paying.changed(before, after))
        tell(fake, "payment_method.updated", after, before)
    return answer(fake, call, objects.payment_method(after))


def attach(fake: Stripe, call: Call) -> Response:
    """Give a method to a customer; `pm_card_…` makes a new method of that test card."""
    customer = fake.state.customers.get(call.body["customer"])
    if customer is None:
        raise errors.missing(fake, "customer", call.body["customer"], param="customer", status=400)
    method = attachable(fake, call.path["id"], param="id", status=404, to=customer.id)
    if method.customer != customer.id:
        method = fake.state.methods.put(replace(method, customer=customer.id))
        fake.wrote("payment_method", method.id, "update", ("customer",))
        tell(fake, "payment_method.attached", method)
    return answer(fake, call, objects.payment_method(method))


def detach(fake: Stripe, call: Call) -> Response:
    """Take a method from its customer; it can never be used again."""
    before = _method(fake, call)
    if not before.customer:
        message = "The payment method you provided is not attached to a customer so detachment is impossible."
        raise errors.refusal(fake, message)
    after = fake.state.methods.put(replace(before, customer="", spent=True))
    owner = fake.state.customers.get(before.customer)
    if owner is not None and owner.default_method == before.id:
        fake.state.customers.put(replace(owner, default_method=""))
    fake.wrote("payment_method", after.id, "update", ("customer",))
    tell(fake, "payment_method.detached", after, before)
    return answer(fake, call, objects.payment_method(after))


def listed(fake: Stripe, call: Call) -> Response:
    """Attached methods, newest first, filtered by `customer` and `type`."""
    customer = call.query.get("customer")
    if customer is not None and customer not in fake.state.customers:
        raise errors.missing(fake, "customer", customer, param="customer", status=400)
    return _page(fake, call, customer)


def listed_of_customer(fake: Stripe, call: Call) -> Response:
    """The methods of the customer in the path, newest first."""
    customer = call.path["id"]
    if customer not in fake.state.customers:
        raise errors.missing(fake, "customer", customer)
    return _page(fake, call, customer, url=f"/v1/customers/{customer}/payment_methods")


def attachable(fake: Stripe, token: str, *, param: str, status: int = 400, to: str = "") -> Method:
    """The method a customer is to get, or the new one that a test token stands for; refuses what cannot be attached."""
    method = usable(fake, token, param=param, status=status)
    if method.customer not in ("", to):
        message = "The payment method you provided has already been attached to a customer."
        raise errors.refusal(fake, message)
    card = method.instrument
    decline = card.decline if isinstance(card, Card) else None
    if decline is not None and card.last4 != _ATTACHES:
        raise VendorError(
            errors.error(
                fake,
                402,
                decline.message,
                kind="card_error",
                code=decline.code,
                decline_code=decline.decline_code or None,
            )
        )
    return method


def usable(fake: Stripe, token: str, *, param: str, status: int = 400) -> Method:
    """The method of an id, or a new one for `pm_card_…`; refuses an unknown or spent one."""
    method = fake.state.methods.get(token)
    if method is None and token.startswith(("pm_card_", "pm_usBankAccount_")):
        if (why := cards.UNMODELLED.get(token)) is not None:
            raise VendorError(errors.unmodelled(fake, f"payment method {token}: {why}"))
        if (instrument := cards.by_token(token) or banks.by_token(token)) is not None:
            return paying.new_method(fake, instrument)
    if method is None:
        raise errors.missing(fake, "PaymentMethod", token, param=param, status=status)
    if method.spent:
        message = (
            "The provided PaymentMethod was used without being attached to a customer, or was detached from one. "
            "It may not be used again."
        )
        raise errors.refusal(fake, message, code="payment_method_unexpected_state", param=param)
    return method


def _page(fake: Stripe, call: Call, customer: str | None, url: str = "") -> Response:
    where = {"customer": customer} if customer else None
    return page(
        fake,
        call,
        "PaymentMethod",
        fake.state.methods,
        objects.payment_method,
        where=where,
        keep=lambda method: bool(method.customer) and method.kind == call.query.get("type", method.kind),
        url=url,
    )


def _method(fake: Stripe, call: Call) -> Method:
    record = fake.state.methods.get(call.path["id"])
    if record is None:
        raise errors.missing(fake, "PaymentMethod", call.path["id"])
    return record


def _card(fake: Stripe, given: Json) -> Card:
    return _from_token(fake, given["token"]) if "token" in given else _from_number(fake, given)


def _bank(fake: Stripe, given: Json) -> Bank:
    if given["routing_number"] != banks.ROUTING:
        message = f"In test mode the routing number of a US bank account is {banks.ROUTING}."
        raise errors.refusal(fake, message, code="routing_number_invalid", param="us_bank_account[routing_number]")
    bank = banks.by_number(given["account_number"])
    if bank is None:
        message = "This account number cannot be used in test mode: use one of the test bank accounts."
        raise errors.refusal(fake, message, code="account_number_invalid", param="us_bank_account[account_number]")
    return replace(
        bank,
        account_type=given.get("account_type", bank.account_type),
        holder_type=given.get("account_holder_type", bank.holder_type),
    )


def _from_token(fake: Stripe, token: str) -> Card:
    card = cards.by_token(token) if token.startswith("tok_") else None
    if card is None:
        raise errors.missing(fake, "token", token, param="card[token]", status=400)
    return card


def _from_number(fake: Stripe, given: Json) -> Card:
    card = cards.by_number(given["number"])
    if card is None:
        raise _bad_number(fake, given["number"])
    return _with_expiry(fake, card, given["exp_month"], given["exp_year"])


def _bad_number(fake: Stripe, number: str) -> VendorError:
    digits = number.replace(" ", "")
    if _luhn(digits):
        message = "Your card was declined. The request was in test mode, but used a card that is not a test card."
        code, more = "card_declined", {"decline_code": "test_mode_live_card"}
    else:
        message, code, more = "Your card number is incorrect.", "incorrect_number", {}
    return VendorError(errors.error(fake, 402, message, kind="card_error", code=code, param="card[number]", **more))


def _luhn(digits: str) -> bool:
    if not digits.isascii() or not digits.isdigit():
        return False
    doubled = [int(d) * (2 if place % 2 else 1) for place, d in enumerate(reversed(digits))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def _with_expiry(fake: Stripe, card: Card, month: int, year: int) -> Card:
    year = year + 2000 if year < _CENTURY else year
    now = fake.setup.clock.now
    if (year, month) < (now.year, now.month):
        part = "year" if year < now.year else "month"
        message = f"Your card's expiration {part} is invalid."
        code = f"invalid_expiry_{part}"
        raise VendorError(errors.error(fake, 402, message, kind="card_error", code=code, param=f"card[exp_{part}]"))
    return replace(card, exp_month=month, exp_year=year)


def _billing(before: Billing, body: Json) -> Billing:
    given = body.get("billing_details")
    if not given:
        return before
    changes = {name: given[name] for name in ("name", "email", "phone") if name in given}
    if "address" in given:
        changes["address"] = msgspec.convert(given["address"] or {}, Address)
    return replace(before, **changes)
