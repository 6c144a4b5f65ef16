"""Payment intents: create, confirm, capture, change and cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from simharness.core.money import Money
from simharness.domain.exchange import Response
from simharness.fakekit.bodies import Json
from simharness.fakekit.fake import Call
from simharness_fakes.stripe import capturing, errors, paying
from simharness_fakes.stripe.routes.answers import answer, merged, page, too_many_keys
from simharness_fakes.stripe.routes.methods import usable
from simharness_fakes.stripe.state import Intent, Method
from simharness_fakes.stripe.wire import objects
from simharness_fakes.stripe.wire.amounts import from_wire, to_wire

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe

_OPEN = (paying.NEEDS_METHOD, paying.NEEDS_CONFIRMATION)
#: What may still change once an intent is through: nothing about the money.
_ALWAYS = frozenset({"description", "metadata", "expand"})


def create(fake: Stripe, call: Call) -> Response:
    """A new intent; with `confirm` it is charged at once."""
    body = call.body
    amount = _amount(fake, body["amount"], body["currency"])
    _check_customer(fake, body.get("customer", ""))
    if "payment_method_types" in body and "automatic_payment_methods" in body:
        message = "You may only specify one of these parameters: automatic_payment_methods, payment_method_types."
        raise errors.refusal(fake, message, code="parameters_exclusive", param="payment_method_types")
    if body.get("confirm") and not body.get("payment_method"):
        raise _no_method(fake)
    method = _method(fake, body, body.get("customer", ""))
    fields = _fields(fake, None, body)
    wish = Intent(
        id="",
        created_at=fake.setup.clock.now,
        amount=amount,
        status=paying.NEEDS_CONFIRMATION if method else paying.NEEDS_METHOD,
        method=method.id if method else "",
        method_types=tuple(body.get("payment_method_types") or _default_types(method)),
        automatic_methods=_automatic(body),
        capture_method=body.get("capture_method", "automatic_async"),
        confirmation_method=body.get("confirmation_method", "automatic"),
        **fields,
    )
    _check_method(fake, wish, method)
    intent = paying.new_intent(fake, wish)
    if body.get("confirm") and method is not None:
        intent = _confirmed(fake, intent, method)
    return answer(fake, call, objects.payment_intent(intent))


def retrieve(fake: Stripe, call: Call) -> Response:
    """One intent; a client's secret, if given, must be its own."""
    intent = _intent(fake, call)
    if call.query.get("client_secret", intent.client_secret) != intent.client_secret:
        message = "The client_secret provided does not match the client_secret associated with this PaymentIntent."
        raise errors.refusal(fake, message, code="payment_intent_invalid_parameter", param="client_secret")
    return answer(fake, call, objects.payment_intent(intent))


def update(fake: Stripe, call: Call) -> Response:
    """Change an intent before it is through; afterwards only description and metadata."""
    before, body = _intent(fake, call), call.body
    after = replace(before, **_fields(fake, before, body))
    fixed = [name for name in body if name not in _ALWAYS]
    if fixed and before.status not in _OPEN:
        message = (
            f"This PaymentIntent's {fixed[0]} could not be updated because it has a status of {before.status}. "
            f"You may only update it while the status is one of: {', '.join(_OPEN)}."
        )
        told = objects.payment_intent(before)
        raise errors.refusal(fake, message, code="payment_intent_unexpected_state", payment_intent=told)
    if "amount" in body or "currency" in body:
        currency = body.get("currency", before.amount.currency)
        after = replace(after, amount=_amount(fake, body.get("amount", to_wire(before.amount)), currency))
    _check_customer(fake, after.customer)
    method = _method(fake, body, after.customer)
    _check_method(fake, after, method)
    if method is not None:
        after = replace(after, method=method.id, status=paying.NEEDS_CONFIRMATION)
    _save(fake, before, after)
    return answer(fake, call, objects.payment_intent(after))


def confirm(fake: Stripe, call: Call) -> Response:
    """Charge the intent's method, or the one given here."""
    before, body = _intent(fake, call), call.body
    if before.status not in _OPEN:
        raise paying.wrong_state(fake, before, "confirm")
    method = _method(fake, body, before.customer)
    if method is None and not before.method:
        raise _no_method(fake)
    if method is None:
        method = usable(fake, before.method, param="payment_method")
    _check_method(fake, before, method)
    changes = {"receipt_email": body["receipt_email"]} if "receipt_email" in body else {}
    intent = fake.state.intents.put(replace(before, **changes))
    return answer(fake, call, objects.payment_intent(_confirmed(fake, intent, method)))


def capture(fake: Stripe, call: Call) -> Response:
    """Take what was authorised, or `amount_to_capture` of it; the rest is released."""
    before, body = _intent(fake, call), call.body or {}
    charge = fake.state.charges.get(before.latest_charge)
    if before.status != paying.NEEDS_CAPTURE or charge is None:
        raise paying.wrong_state(fake, before, "capture")
    amount = before.amount
    if "amount_to_capture" in body:
        paying.check_step(fake, body["amount_to_capture"], amount.currency, param="amount_to_capture")
        amount = from_wire(body["amount_to_capture"], amount.currency)
    if amount > before.amount:
        message = f"The amount to capture, {amount}, is more than the {before.amount} that can be captured."
        raise errors.refusal(fake, message, code="amount_too_large", param="amount_to_capture")
    changed = replace(before, **_fields(fake, before, body))
    _save(fake, before, changed)
    return answer(fake, call, objects.payment_intent(capturing.capture(fake, changed, charge, amount)))


def cancel(fake: Stripe, call: Call) -> Response:
    """Give up an intent that is not through yet; what was authorised for it is released."""
    before = _intent(fake, call)
    if before.status not in (*_OPEN, paying.NEEDS_CAPTURE):
        raise paying.wrong_state(fake, before, "cancel")
    charge = fake.state.charges.get(before.latest_charge) if before.status == paying.NEEDS_CAPTURE else None
    if charge is not None:
        capturing.release(fake, charge, told_as="charge.refunded")
    after = capturing.canceled(fake, before, (call.body or {}).get("cancellation_reason", ""))
    return answer(fake, call, objects.payment_intent(after))


def listed(fake: Stripe, call: Call) -> Response:
    """Intents, newest first, filtered by `customer` and `created`."""
    customer = call.query.get("customer")
    where = {"customer": customer} if customer else None
    return page(fake, call, "payment_intent", fake.state.intents, objects.payment_intent, where=where)


def _confirmed(fake: Stripe, intent: Intent, method: Method) -> Intent:
    intent, _ = paying.confirm(fake, intent, method)
    if (refused := paying.declined(fake, intent)) is not None:
        raise refused
    return intent


def _intent(fake: Stripe, call: Call) -> Intent:
    record = fake.state.intents.get(call.path["id"])
    if record is None:
        raise errors.missing(fake, "payment_intent", call.path["id"], param="intent")
    return record


def _amount(fake: Stripe, amount: int, currency: str) -> Money:
    paying.check_step(fake, amount, currency.upper())
    money = from_wire(amount, currency)
    paying.check_amount(fake, money)
    return money


def _check_customer(fake: Stripe, customer: str) -> None:
    if customer and customer not in fake.state.customers:
        raise errors.missing(fake, "customer", customer, param="customer", status=400)


def _method(fake: Stripe, body: Json, customer: str) -> Method | None:
    """The method a request names; one that belongs to a customer pays for that customer only."""
    if not body.get("payment_method"):
        return None
    method = usable(fake, body["payment_method"], param="payment_method")
    if method.customer and method.customer != customer:
        message = (
            f"The provided PaymentMethod ({method.id}) belongs to a customer: give that customer with the "
            "PaymentIntent, or use another PaymentMethod."
        )
        raise errors.refusal(fake, message, param="payment_method")
    return method


def _default_types(method: Method | None) -> tuple[str, ...]:
    """Cards, and beside them the type of the method that is given, as the account's settings would allow it."""
    return ("card",) if method is None or method.kind == "card" else ("card", method.kind)


def _check_method(fake: Stripe, intent: Intent, method: Method | None) -> None:
    """Refuse a method that this intent cannot be paid with."""
    if method is None:
        return
    if method.kind not in intent.method_types and not intent.automatic_methods:
        allowed = ", ".join(intent.method_types)
        message = f"The PaymentMethod provided ({method.kind}) is not allowed for this PaymentIntent: {allowed}."
        raise errors.refusal(fake, message, param="payment_method")
    if method.kind == "us_bank_account":
        paying.check_debit(fake, intent.amount.currency)
        if intent.capture_method == paying.MANUAL:
            message = "us_bank_account cannot be captured later: use capture_method automatic or automatic_async."
            raise errors.refusal(fake, message, param="capture_method")


def _no_method(fake: Stripe) -> Exception:
    message = (
        "You cannot confirm this PaymentIntent because it's missing a payment method. Update the PaymentIntent with "
        "a payment method, or provide one when confirming."
    )
    return errors.refusal(fake, message, code="payment_intent_unexpected_state")


def _fields(fake: Stripe, before: Intent | None, body: Json) -> dict[str, Any]:
    names = {
        "customer": "customer",
        "description": "description",
        "receipt_email": "receipt_email",
        "statement_descriptor": "descriptor",
        "statement_descriptor_suffix": "descriptor_suffix",
    }
    fields: dict[str, Any] = {field: body[name] for name, field in names.items() if name in body}
    if "metadata" in body:
        fields["references"] = merged(before.references if before else (), body["metadata"])
        too_many_keys(fake, fields["references"])
    return fields


def _automatic(body: Json) -> bool:
    if "payment_method_types" in body:
        return False
    return bool(body.get("automatic_payment_methods", {"enabled": True})["enabled"])


def _save(fake: Stripe, before: Intent, after: Intent) -> None:
    if after != before:
        fake.state.intents.put(after)
        fake.wrote("payment_intent", after.id, "update", paying.changed(before, after))
