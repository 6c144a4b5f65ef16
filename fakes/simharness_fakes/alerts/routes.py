"""Operation id → handler: the whole of what this fake of an event API does."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from simharness.domain.exchange import Response
from simharness.fakekit.bodies import write_json
from simharness.fakekit.fake import Call, Handler
from simharness_fakes.alerts import errors, wire
from simharness_fakes.operations.desk import Incident

if TYPE_CHECKING:
    from simharness_fakes.alerts.fake import Alerts


def enqueue(fake: Alerts, call: Call) -> Response:
    """Open or repeat an incident, take it on, or clear it; what is not open is accepted and changes nothing."""
    service, key = call.credential.entity, str(call.body.get("dedup_key") or "")
    action = call.body["event_action"]
    if action == "trigger":
        key = key or fake.setup.ids.token("alerts dedup key", 32).lower()
        _trigger(fake, call, service, key)
    elif action == "acknowledge":
        taken = fake.state.desk.acknowledge(service, key)
        if taken is not None:
            fake.wrote(taken.id, "update", ("alerts:acknowledged_at",), call.actor)
    else:
        cleared = fake.state.desk.clear(service, key)
        if cleared is not None:
            fake.wrote(cleared.id, "update", ("cleared_at",), call.actor)
    return Response(status=202, headers={"content-type": errors.JSON}, body=write_json(wire.accepted(key)))


def _trigger(fake: Alerts, call: Call, service: str, key: str) -> None:
    payload, details = call.body["payload"], wire.details(call.body)
    known = fake.state.desk.open_incident(service, key)
    incident, is_new = fake.state.desk.raise_(
        Incident(
            id=known.id if known is not None else fake.setup.ids.token("alerts incident", 14).upper(),
            key=key,
            service=service,
            raised_at=fake.setup.clock.now,
            owner=wire.text(details, wire.OWNER) or service,
            text=payload["summary"],
            severity=payload["severity"],
            item=wire.text(details, wire.ITEM),
            amount=wire.amount(details),
        )
    )
    if not is_new:
        fake.wrote(incident.id, "update", ("repeats",), call.actor)
        return
    named = tuple(name for name in ("amount", "item") if getattr(incident, name))
    fake.wrote(incident.id, "create", ("incident", "owner", "raised_at", "text", *named), call.actor)


ROUTES: Mapping[str, Handler] = MappingProxyType({"EnqueueEvent": enqueue})
