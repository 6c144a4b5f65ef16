"""Disputes: read, answered with evidence, accepted. Customers open them and banks decide them, not the API."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from simharness.domain.exchange import Response
from simharness.fakekit.fake import Call
from simharness_fakes.payments import disputes as engine
from simharness_fakes.stripe import disputing, errors
from simharness_fakes.stripe.routes.answers import answer, merged, page, too_many_keys
from simharness_fakes.stripe.state import Dispute
from simharness_fakes.stripe.wire import money

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe

#: Evidence with which a dispute in test mode is decided at once. Source: Stripe's page on testing disputes.
_DECIDES: Mapping[str, bool] = MappingProxyType({"winning_evidence": True, "losing_evidence": False})
_MOST_EVIDENCE = 150_000


def retrieve(fake: Stripe, call: Call) -> Response:
    """One dispute."""
    return _answer(fake, call, _dispute(fake, call))


def update(fake: Stripe, call: Call) -> Response:
    """Stage evidence, or submit it (which is what happens unless `submit` is false) and let the bank review it."""
    before, body = _dispute(fake, call), call.body or {}
    changes: dict[str, Any] = {}
    if "metadata" in body:
        changes["references"] = merged(before.references, body["metadata"])
        too_many_keys(fake, changes["references"])
    if "evidence" in body or body.get("submit"):
        changes |= _evidence(fake, before, body)
    after = replace(before, **changes)
    disputing.answer(fake, before, after)
    decided = _DECIDES.get(dict(after.evidence).get("uncategorized_text", ""))
    if after.submissions > before.submissions and decided is not None:
        after, _ = disputing.close(fake, after, won=decided)
    return _answer(fake, call, after)


def close(fake: Stripe, call: Call) -> Response:
    """Accept a dispute: it is lost, for good."""
    record = _dispute(fake, call)
    if record.status not in engine.OPEN:
        raise _closed(fake, record)
    after, _ = disputing.close(fake, record, won=False)
    return _answer(fake, call, after)


def listed(fake: Stripe, call: Call) -> Response:
    """Disputes, newest first, filtered by `charge`, `payment_intent` and `created`."""
    names = {"charge": "charge", "payment_intent": "intent"}
    where = {field: call.query[name] for name, field in names.items() if name in call.query}
    now = fake.setup.clock.now
    return page(fake, call, "dispute", fake.state.disputes, lambda record: money.dispute(record, now), where=where)


def _evidence(fake: Stripe, before: Dispute, body: dict[str, Any]) -> dict[str, Any]:
    if before.status not in engine.OPEN:
        raise _closed(fake, before)
    if before.submissions:
        message = f"Evidence of dispute {before.id} was submitted before; it can be submitted once."
        raise errors.refusal(fake, message, param="evidence")
    evidence = merged(before.evidence, body.get("evidence"))
    if sum(len(text) for _, text in evidence) > _MOST_EVIDENCE:
        message = f"The evidence has more than {_MOST_EVIDENCE} characters."
        raise errors.refusal(fake, message, param="evidence")
    if body.get("submit", True):
        return {"evidence": evidence, "submissions": before.submissions + 1, "status": engine.UNDER_REVIEW}
    return {"evidence": evidence}


def _closed(fake: Stripe, record: Dispute) -> Exception:
    return errors.refusal(fake, f"This dispute is already closed: its status is {record.status}.")


def _answer(fake: Stripe, call: Call, record: Dispute) -> Response:
    return answer(fake, call, money.dispute(record, fake.setup.clock.now))


def _dispute(fake: Stripe, call: Call) -> Dispute:
    record = fake.state.disputes.get(call.path["id"])
    if record is None:
        raise errors.missing(fake, "dispute", call.path["id"])
    return record
