"""Objects by the hundred: each input for itself where ids are missing, all or nothing where values are wrong.

Inputs that each carry their own `objectWriteTraceId` are always judged one by one.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from simharness.domain.exchange import Response
from simharness.fakekit.bodies import Json
from simharness.fakekit.fake import Call, Handler
from simharness_fakes.hubspot import wire
from simharness_fakes.hubspot.kinds import Kind
from simharness_fakes.hubspot.routes.objects import associations_of, created, located, written
from simharness_fakes.hubspot.state import writing
from simharness_fakes.hubspot.state.refusals import NoSuchObject, NotPossible, Refusal
from simharness_fakes.hubspot.state.things import Thing
from simharness_fakes.hubspot.values import instant_text

if TYPE_CHECKING:
    from simharness_fakes.hubspot.fake import Hubspot

_One = Callable[[Mapping[str, Json]], dict[str, Json]]
_Check = Callable[[Mapping[str, Json], set[tuple[str, str]]], None]


def batch_read(fake: Hubspot, call: Call) -> Response:
    """Many objects by id or by a unique property; those that do not exist are named in the errors."""
    kind, body = wire.kind_of(call.path["objectType"]), call.body
    asked = wire.names(body.get("properties")) or None
    id_property = body.get("idProperty") or ""
    archived = bool(call.query.get("archived", False))

    def read(one: Mapping[str, Json]) -> dict[str, Json]:
        found = located(fake.portal, kind, wire.reference(one["id"]), id_property, archived=archived)
        return wire.thing(kind, found, asked, known=fake.portal)

    return _each(fake, body["inputs"], read)


def batch_create(fake: Hubspot, call: Call) -> Response:
    """Many new objects."""
    kind = wire.kind_of(call.path["objectType"])

    def make(one: Mapping[str, Json]) -> dict[str, Json]:
        thing = created(fake.portal, kind, one, call.actor)
        return written(fake.portal, kind, thing, one.get("properties") or {})

    def check(one: Mapping[str, Json], seen: set[tuple[str, str]]) -> None:
        associations_of(fake.portal, kind, one)
        writing.precheck(fake.portal, kind, wire.texts(one.get("properties") or {}), None, seen)

    return _each(fake, call.body["inputs"], make, check, status=201)


def batch_update(fake: Hubspot, call: Call) -> Response:
    """Many objects with other values."""
    kind = wire.kind_of(call.path["objectType"])

    def change(one: Mapping[str, Json]) -> dict[str, Json]:
        thing = located(fake.portal, kind, wire.reference(one["id"]), one.get("idProperty") or "")
        thing = writing.update(fake.portal, kind, thing, wire.texts(one["properties"]), call.actor)
        return written(fake.portal, kind, thing, one["properties"])

    def check(one: Mapping[str, Json], seen: set[tuple[str, str]]) -> None:
        thing = located(fake.portal, kind, wire.reference(one["id"]), one.get("idProperty") or "")
        writing.precheck(fake.portal, kind, wire.texts(one["properties"]), thing, seen)

    _refuse_twins(call.body["inputs"])
    return _each(fake, call.body["inputs"], change, check)


def batch_upsert(fake: Hubspot, call: Call) -> Response:
    """Many objects by a unique property: changed where they exist, created where they do not."""
    kind = wire.kind_of(call.path["objectType"])

    def put(one: Mapping[str, Json]) -> dict[str, Json]:
        before, values = _upserted(fake, kind, one)
        if before is None:
            thing = writing.create(fake.portal, kind, values, call.actor)
        else:
            thing = writing.update(fake.portal, kind, before, values, call.actor)
        return {**written(fake.portal, kind, thing, one["properties"]), "new": before is None}

    def check(one: Mapping[str, Json], seen: set[tuple[str, str]]) -> None:
        before, values = _upserted(fake, kind, one)
        writing.precheck(fake.portal, kind, values, before, seen)

    _refuse_twins(call.body["inputs"])
    return _each(fake, call.body["inputs"], put, check)


def batch_archive(fake: Hubspot, call: Call) -> Response:
    """Many objects into the recycling bin; ids that do not exist are passed over."""
    kind = wire.kind_of(call.path["objectType"])
    for one in call.body["inputs"]:
        thing = fake.portal.find(kind, wire.reference(one["id"]))
        if thing is not None:
            writing.archive(fake.portal, kind, thing, call.actor)
    return wire.nothing()


def multi_status(
    fake: Hubspot, results: Sequence[Json], errors: Sequence[Json], *, status: int = 200, count: int | None = None
) -> Response:
    """The answer of a batch: as asked, or 207 with the errors of the inputs that failed."""
    now = instant_text(fake.setup.clock.now)
    body: dict[str, Json] = {"status": "COMPLETE", "results": list(results), "startedAt": now, "completedAt": now}
    if errors:
        body["numErrors"] = len(errors) if count is None else count
        body["errors"] = list(errors)
        return wire.answer(body, 207)
    return wire.answer(body, status)


def _upserted(fake: Hubspot, kind: Kind, one: Mapping[str, Json]) -> tuple[Thing | None, dict[str, str]]:
    key, id_property, values = wire.reference(one["id"]), one.get("idProperty") or "", wire.texts(one["properties"])
    if not id_property:
        raise NotPossible("idProperty is required in every input of an upsert")
    try:
        return located(fake.portal, kind, key, id_property), values
    except NoSuchObject:
        if id_property == "hs_object_id":
            raise
        return None, {id_property: key, **values}


def _refuse_twins(inputs: Sequence[Mapping[str, Json]]) -> None:
    ids = [wire.reference(one["id"]) for one in inputs]
    twins = sorted({one for one in ids if ids.count(one) > 1})
    if twins:
        raise NotPossible(f"Duplicate IDs found in batch input: [{', '.join(twins)}]. IDs must be unique")


def _each(
    fake: Hubspot, inputs: Sequence[Mapping[str, Json]], do: _One, check: _Check | None = None, *, status: int = 200
) -> Response:
    traced = [one.get("objectWriteTraceId") or "" for one in inputs]
    one_by_one = all(traced) and len(set(traced)) == len(traced)
    if check is not None and not one_by_one:
        seen: set[tuple[str, str]] = set()
        for one in inputs:
            with contextlib.suppress(NoSuchObject):
                check(one, seen)
    results: list[Json] = []
    errors: list[dict[str, Json]] = []
    for one, trace in zip(inputs, traced, strict=True):
        try:
            results.append({**do(one), **({"objectWriteTraceId": trace} if trace else {})})
        except Refusal as refusal:
            told = fake.words.standard(refusal)
            if trace:
                told["context"] = {**told.get("context", {}), "objectWriteTraceId": [trace]}
            errors.append(told)
    return multi_status(fake, results, _together(errors), status=status, count=len(errors))


def _together(errors: Sequence[dict[str, Json]]) -> list[dict[str, Json]]:
    """Objects that do not exist are named together in one error."""
    out: list[dict[str, Json]] = []
    missing: dict[str, Json] | None = None
    for one in errors:
        if one["category"] == "OBJECT_NOT_FOUND" and "objectWriteTraceId" not in one.get("context", {}):
            if missing is None:
                missing = one
                out.append(one)
            else:
                missing["context"]["ids"] += one["context"]["ids"]
        else:
            out.append(one)
    return out


ROUTES: Mapping[str, Handler] = MappingProxyType(
    {
        "batchReadObjects": batch_read,
        "batchCreateObjects": batch_create,
        "batchUpdateObjects": batch_update,
        "batchUpsertObjects": batch_upsert,
        "batchArchiveObjects": batch_archive,
    }
)
