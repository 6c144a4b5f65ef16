"""Answers: an object or a page of a list, shaped for the request's API version and expanded as asked."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from simharness.domain.exchange import Response
from simharness.fakekit.bodies import Json, write_json
from simharness.fakekit.fake import Call
from simharness_fakes.payments.chronicle import EVER, Chronicle, Span
from simharness_fakes.stripe import errors
from simharness_fakes.stripe.wire import money, objects
from simharness_fakes.stripe.wire.amounts import moment
from simharness_fakes.stripe.wire.expand import expand
from simharness_fakes.stripe.wire.objects import Object
from simharness_fakes.stripe.wire.versions import shaper

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe

R = TypeVar("R")

_SECOND = timedelta(seconds=1)
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def answer(fake: Stripe, call: Call, value: Object) -> Response:
    """One object, or a list whose items are shaped already."""
    from simharness_fakes.stripe.fake import wanted_expansions

    shape = shaper(fake.version_of(call.request))
    if paths := wanted_expansions(call):
        value = expand(shape(value), paths, lambda kind, record_id: _shaped(fake, kind, record_id, shape))
    return Response(status=200, headers={"content-type": errors.JSON}, body=write_json(shape(value)))


def page(
    fake: Stripe,
    call: Call,
    noun: str,
    chronicle: Chronicle[R],
    encode: Callable[[R], Object],
    *,
    where: Mapping[str, Hashable] | None = None,
    keep: Callable[[R], bool] | None = None,
    since: Callable[[R], datetime] | None = None,
    url: str = "",
) -> Response:
    """A page of a list, newest first, as `limit`, `starting_after`, `ending_before` and `created` ask.

    `since`: when a record says it was created, where that is not when it was; there is no `keep` then.
    """
    query = call.query
    after, before = str(query.get("starting_after", "")), str(query.get("ending_before", ""))
    if after and before:
        message = "You can only provide one of these parameters: starting_after, ending_before."
        raise errors.refusal(fake, message, code="parameters_exclusive", param="starting_after")
    for param, record_id in (("starting_after", after), ("ending_before", before)):
        if record_id and record_id not in chronicle:
            raise errors.missing(fake, noun, record_id, param=param, status=400)
    wanted = span(query.get("created"))
    if fake.stands_at is not None:
        wanted = replace(wanted, until=min(wanted.until or _LAST, fake.stands_at))
    if since is not None and wanted != EVER:
        low, high = wanted.since or _FIRST, wanted.until or _LAST
        keep, wanted = (lambda record: low <= since(record) < high), EVER
    found = chronicle.page(query.get("limit", 10), where=where, span=wanted, after=after, before=before, keep=keep)
    shape = shaper(fake.version_of(call.request))
    data = [shape(encode(record)) for record in found.items]
    return answer(
        fake, call, {"object": "list", "data": data, "has_more": found.more, "url": url or call.operation.template}
    )


def span(created: Json) -> Span:
    """The filter `created`: unix seconds, or bounds of them. A second holds every instant within it."""
    if created is None:
        return EVER
    if isinstance(created, int):
        return Span(since=moment(created), until=moment(created) + _SECOND)
    lower = [
        moment(created[name]) + shift for name, shift in (("gte", 0 * _SECOND), ("gt", _SECOND)) if name in created
    ]
    upper = [
        moment(created[name]) + shift for name, shift in (("lt", 0 * _SECOND), ("lte", _SECOND)) if name in created
    ]
    return Span(since=max(lower, default=None), until=min(upper, default=None))


def find(fake: Stripe, kind: str, record_id: str) -> Object | None:
    """The newest-shaped object of a kind by id; a deleted customer's remains, None for what never was."""
    state = fake.state
    if kind == "customer":
        if record_id in state.deleted_customers:
            return objects.deleted("customer", record_id)
        return _encoded(state.customers.get(record_id), objects.customer)
    if kind == "payment_method":
        return _encoded(state.methods.get(record_id), objects.payment_method)
    if kind == "payment_intent":
        return _encoded(state.intents.get(record_id), objects.payment_intent)
    if kind == "charge":
        return _encoded(state.charges.get(record_id), objects.charge)
    if kind == "balance_transaction":
        now = fake.setup.clock.now
        return _encoded(fake.till.balance.movements.get(record_id), lambda m: money.balance_transaction(m, now))
    if kind == "refund":
        return _encoded(state.refunds.get(record_id), money.refund)
    if kind == "dispute":
        now = fake.setup.clock.now
        return _encoded(state.disputes.get(record_id), lambda d: money.dispute(d, now))
    if kind == "test_helpers.test_clock":
        return _encoded(state.clocks.get(record_id), money.test_clock)
    if kind == "payout":
        return _encoded(state.payouts.get(record_id), lambda p: money.payout(p, fake.bankside))
    return None


def merged(before: tuple[tuple[str, str], ...], given: Json) -> tuple[tuple[str, str], ...]:
    """Metadata after an update: given keys replace, an empty value removes its key, an empty text removes all."""
    if given == "":
        return ()
    together = {**dict(before), **(given or {})}
    return tuple(sorted((key, value) for key, value in together.items() if value != ""))


def too_many_keys(fake: Stripe, references: tuple[tuple[str, str], ...]) -> None:
    """Refuse metadata that grew beyond what an object can carry."""
    if len(references) > 50:
        message = "Metadata can have up to 50 keys; remove some by giving them an empty value."
        raise errors.refusal(fake, message, param="metadata")


def _encoded(record: R | None, encode: Callable[[R], Object]) -> Object | None:
    return None if record is None else encode(record)


def _shaped(fake: Stripe, kind: str, record_id: str, shape: Callable[[Object], Object]) -> Object | None:
    found = find(fake, kind, record_id)
    return None if found is None else shape(found)
