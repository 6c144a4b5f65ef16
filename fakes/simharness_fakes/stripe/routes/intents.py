"""Payment intents: create, confirm, change and cancel; captured as soon as they succeed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from simharness.core.money import Money
from simharness.domain.exchange import Response
from simharness.fakekit.bodies import Json
from simharness.fakekit.fake import Call
from simharness_fakes.stripe import errors, paying
from simharness_fakes.stripe.events import tell
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
        method_types=tuple(body.get("payment_method_types") or ("card",)),
        automatic_methods=_automatic(body),
        capture_method=body.get("capture_method", "automatic_async"),
        confirmation_method=body.get("confirmation_method", "automatic"),
        **fields,
    )
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
    changes = {"receipt_email": body["receipt_email"]} if "receipt_email" in body else {}
    intent = fake.state.intents.put(replace(before, **changes))
    return answer(fake, call, objects.payment_intent(_confirmed(fake, intent, method)))


def cancel(fake: Stripe, call: Call) -> Response:
    """Give up an intent that is not through yet."""
    before = _intent(fake, call)
    if before.status not in _OPEN:
        raise paying.wrong_state(fake, before, "cancel")
    reason = call.body.get("cancellation_reason", "")
    after = replace(before, status=paying.CANCELED, canceled_at=fake.setup.clock.now, cancellation_reason=reason)
    _save(fake, before, after)
    tell(fake, "payment_intent.canceled", after)
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
