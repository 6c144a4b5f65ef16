"""Customers: create, retrieve, update, delete, list and search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from simharness.domain.exchange import Response
from simharness.fakekit.bodies import Json
from simharness.fakekit.fake import Call
from simharness_fakes.payments.chronicle import Span
from simharness_fakes.stripe import clocks, errors, paying
from simharness_fakes.stripe import search as queries
from simharness_fakes.stripe.events import tell
from simharness_fakes.stripe.routes.answers import answer, merged, page, too_many_keys
from simharness_fakes.stripe.routes.methods import attachable
from simharness_fakes.stripe.state import Address, Customer, Method, TestClock
from simharness_fakes.stripe.wire import objects

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe


def create(fake: Stripe, call: Call) -> Response:
    """A new customer; with a payment method, that method is attached."""
    body = call.body
    method = attachable(fake, body["payment_method"], param="payment_method") if body.get("payment_method") else None
    blank = Customer(
        id="",
        created_at=fake.setup.clock.now,
        invoice_prefix=fake.setup.ids.token("stripe invoice prefix", 8).upper(),
    )
    clock = _clock(fake, body)
    record = replace(
        _changed(fake, blank, body, joining=method),
        test_clock=clock.id if clock is not None else "",
        clocked_at=clock.frozen_at if clock is not None else None,
    )
    record = replace(record, id=fake.new_id("cus"))
    fake.state.customers.put(record)
    named = [name for name in ("name", "email", "phone", "description", "references") if getattr(record, name)]
    fake.wrote("customer", record.id, "create", tuple(named))
    tell(fake, "customer.created", record)
    if method is not None:
        attached = fake.state.methods.put(replace(method, customer=record.id))
        fake.wrote("payment_method", method.id, "update", ("customer",))
        tell(fake, "payment_method.attached", attached)
    return answer(fake, call, objects.customer(record))


def retrieve(fake: Stripe, call: Call) -> Response:
    """A customer, or what is left of a deleted one."""
    if call.path["id"] in fake.state.deleted_customers:
        return answer(fake, call, objects.deleted("customer", call.path["id"]))
    return answer(fake, call, objects.customer(_customer(fake, call)))


def update(fake: Stripe, call: Call) -> Response:
    """Change the fields that are given; an empty text clears one."""
    before = _customer(fake, call)
    after = _changed(fake, before, call.body)
    if after != before:
        fake.state.customers.put(after)
        fake.wrote("customer", after.id, "update", paying.changed(before, after))
        tell(fake, "customer.updated", after, before)
    return answer(fake, call, objects.customer(after))


def delete(fake: Stripe, call: Call) -> Response:
    """Delete for good; the customer's payment methods are of no more use."""
    record = _customer(fake, call)
    removed(fake, record)
    return answer(fake, call, objects.deleted("customer", record.id))


def removed(fake: Stripe, record: Customer) -> None:
    """Take a customer out of the account."""
    for method in fake.state.methods.page(len(fake.state.methods), where={"customer": record.id}).items:
        fake.state.methods.put(replace(method, customer="", spent=True))
    fake.state.customers.remove(record.id)
    fake.state.deleted_customers[record.id] = None
    fake.wrote("customer", record.id, "delete", ())
    tell(fake, "customer.deleted", record)


def listed(fake: Stripe, call: Call) -> Response:
    """Customers, newest first, filtered by `email` (as written), `created` and `test_clock`.

    Without that filter no customer of a test clock is listed. Source: Stripe's reference of the operation. Those of one
    were created when it says.
    """
    clock = call.query.get("test_clock", "")
    if clock and clock not in fake.state.clocks:
        raise errors.missing(fake, "test clock", clock, param="test_clock", status=400)
    where = {"test_clock": clock, **({"email": call.query["email"]} if "email" in call.query else {})}
    since = (lambda record: record.clocked_at or record.created_at) if clock else None
    return page(fake, call, "customer", fake.state.customers, objects.customer, where=where, since=since)


def search(fake: Stripe, call: Call) -> Response:
    """Customers that match a search query, newest first, in pages of `limit`."""
    try:
        matches = queries.parse(call.query["query"])
    except queries.BadQuery as error:
        raise errors.refusal(fake, str(error), param="query") from error
    after = str(call.query.get("page", ""))
    if after and after not in fake.state.customers:
        raise errors.refusal(fake, f"Invalid page: {after!r}", param="page")
    found = fake.state.customers.page(
        call.query.get("limit", 10),
        span=Span(until=fake.stands_at),
        after=after,
        keep=lambda record: matches(objects.customer(record)),
    )
    value = {
        "object": "search_result",
        "data": [objects.customer(record) for record in found.items],
        "has_more": found.more,
        "next_page": found.items[-1].id if found.more else None,
        "url": call.operation.template,
    }
    return answer(fake, call, value)


def _clock(fake: Stripe, body: Json) -> TestClock | None:
    """The test clock a new customer is bound to."""
    clock = str((body or {}).get("test_clock", ""))
    if not clock:
        return None
    found = fake.state.clocks.get(clock)
    if found is None:
        raise errors.missing(fake, "test clock", clock, param="test_clock", status=400)
    if (
        len(fake.state.customers.page(clocks.MOST_CUSTOMERS, where={"test_clock": clock}).items)
        == clocks.MOST_CUSTOMERS
    ):
        message = f"A test clock can have at most {clocks.MOST_CUSTOMERS} customers."
        raise errors.refusal(fake, message, param="test_clock")
    return found


def _customer(fake: Stripe, call: Call) -> Customer:
    record = fake.state.customers.get(call.path["id"])
    if record is None:
        raise errors.missing(fake, "customer", call.path["id"])
    return record


def _changed(fake: Stripe, record: Customer, body: Json, *, joining: Method | None = None) -> Customer:
    changes: dict[str, Any] = {
        name: body[name] for name in ("name", "email", "phone", "description", "tax_exempt") if name in body
    }
    if "address" in body:
        address = body["address"]
        changes["address"] = msgspec.convert(address, Address) if address else None
    if "preferred_locales" in body:
        changes["locales"] = tuple(body["preferred_locales"])
    if "metadata" in body:
        changes["references"] = merged(record.references, body["metadata"])
        too_many_keys(fake, changes["references"])
    settings = body.get("invoice_settings", {})
    if "default_payment_method" in settings:
        wanted = settings["default_payment_method"]
        same = joining is not None and wanted in (joining.id, body["payment_method"])
        changes["default_method"] = joining.id if joining and same else _default_method(fake, record, wanted)
    if changes.get("tax_exempt") == "":
        changes["tax_exempt"] = "none"
    return replace(record, **changes)


def _default_method(fake: Stripe, record: Customer, method_id: str) -> str:
    if not method_id:
        return ""
    method = fake.state.methods.get(method_id)
    param = "invoice_settings[default_payment_method]"
    if method is None:
        raise errors.missing(fake, "PaymentMethod", method_id, param=param, status=400)
    if method.customer != record.id or not record.id:
        raise errors.refusal(fake, "The customer does not have a payment method with this ID.", param=param)
    return method_id
