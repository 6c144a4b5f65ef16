"""What faults meet in a portal: batches that go well in parts, objects that somebody edits, an index that lags."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from simharness.domain.exchange import Request, Response
from simharness.fakekit.bodies import Json, Unreadable, read_json, write_json
from simharness.fakekit.failing import SOMEBODY, Deed
from simharness_fakes.hubspot import search as searching
from simharness_fakes.hubspot import wire
from simharness_fakes.hubspot.kinds import BY_NAME, Kind
from simharness_fakes.hubspot.routes.batch import multi_status
from simharness_fakes.hubspot.state import writing
from simharness_fakes.hubspot.state.refusals import NotPossible

if TYPE_CHECKING:
    from simharness_fakes.hubspot.fake import Hubspot

#: The batches that answer for each input by itself.
BATCHES = frozenset({"batchReadObjects", "batchCreateObjects", "batchUpdateObjects", "batchUpsertObjects"})
_UPDATES = frozenset({"updateObject", "batchUpdateObjects"})
_TROUBLE = "There was a problem with this input. Please try it again."
_SINGULAR: Mapping[str, Kind] = MappingProxyType({kind.singular: kind for kind in BY_NAME.values()})
_NOTE = "Called them today: nothing new."


def partly(fake: Hubspot, request: Request) -> Callable[[], Response] | None:
    """A batch of objects of which every second input is not carried out; 207 names them in its errors."""
    body, operation = _body(request), fake.operation_of(request)
    inputs = body.get("inputs")
    if operation not in BATCHES or not isinstance(inputs, list) or not inputs:
        return None

    def answer() -> Response:
        spared = [one for number, one in enumerate(inputs) if number % 2]
        told = [_error(one) for number, one in enumerate(inputs) if not number % 2]
        if not spared:
            done = multi_status(fake, [], told)
            return replace(done, notes=fake.notes_of(request))
        response = fake.handle(replace(request, body=write_json({**body, "inputs": spared})))
        if response.status >= 300:
            return response
        found = read_json(response.body)
        merged = multi_status(fake, found["results"], [*found.get("errors", ()), *told])
        return replace(response, status=merged.status, body=merged.body)

    return answer


def meddle(fake: Hubspot, request: Request) -> Deed | None:
    """Somebody edits the first object that a request updates: HubSpot knows no versions, so the last one wins."""
    kind, operation = _kind(request), fake.operation_of(request)
    if kind is None or operation not in _UPDATES:
        return None
    inputs = _body(request).get("inputs")
    first = inputs[0] if isinstance(inputs, list) and inputs and isinstance(inputs[0], dict) else {}
    thing_id = wire.reference(first.get("id", "")) if first else request.path.rstrip("/").rsplit("/", 1)[-1]
    if fake.portal.find(kind, thing_id) is None:
        return None
    return lambda: _edit(fake, kind, thing_id)


def move_on(fake: Hubspot, delivery: Request) -> Deed | None:
    """Somebody edits the first object that a delivery tells of, if it is still there."""
    told: Any = read_json(delivery.body)
    for one in told:
        kind = _SINGULAR.get(str(one.get("subscriptionType", "")).partition(".")[0])
        thing_id = str(one.get("objectId", ""))
        if kind is not None and fake.portal.find(kind, thing_id) is not None:
            return partial(_edit_and_tell, fake, kind, thing_id)
    return None


def _edit_and_tell(fake: Hubspot, kind: Kind, thing_id: str) -> str:
    told = _edit(fake, kind, thing_id)
    fake.hooks.tell(fake.portal.drain())
    return told


def shift_page(fake: Hubspot, request: Request) -> Deed | None:
    """Of a search by the last change, the first object found is edited and moves behind all others: whoever goes on by
    offset passes one over.
    """
    kind = _kind(request)
    if kind is None or fake.operation_of(request) != "searchObjects":
        return None
    try:
        wanted = wire.search(_body(request))
        if not wanted.offset or wanted.sort_by != kind.modified or wanted.descending:
            return None
        unset = fake.flag("search_not_equal_matches_unset")
        _, found = searching.run(fake.portal, kind, replace(wanted, offset=0, limit=1), unset_differs=unset)
    except NotPossible:
        return None
    return (lambda: _edit(fake, kind, found[0].id)) if found else None


def _edit(fake: Hubspot, kind: Kind, thing_id: str) -> str:
    portal = fake.portal
    thing = portal.need(kind, thing_id)
    if portal.definition(kind, "description") is None:
        writing.touch(portal, kind, thing)
    else:
        before = thing.get("description")
        writing.update(portal, kind, thing, {"description": f"{before} {_NOTE}".strip()}, SOMEBODY)
    return f"somebody edited the {kind.name} object {thing_id}"


def _error(one: Mapping[str, Json]) -> dict[str, Json]:
    context: dict[str, Json] = {"ids": [wire.reference(one["id"])]} if "id" in one else {}
    if trace := one.get("objectWriteTraceId"):
        context["objectWriteTraceId"] = [trace]
    return {"status": "error", "category": "INTERNAL_ERROR", "message": _TROUBLE, "context": context}


def _kind(request: Request) -> Kind | None:
    parts = request.path.strip("/").split("/")
    return BY_NAME.get(parts[3]) if len(parts) > 3 and parts[2] == "objects" else None


def _body(request: Request) -> Mapping[str, Json]:
    try:
        read = read_json(request.body)
    except Unreadable:
        return {}
    return read if isinstance(read, dict) else {}
