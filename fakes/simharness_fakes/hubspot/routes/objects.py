"""Objects one by one: list, get, create, update, archive, merge, search."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING

from simharness.domain.exchange import Response
from simharness.fakekit.bodies import Json
from simharness.fakekit.fake import Call, Handler
from simharness_fakes.hubspot import search as searching
from simharness_fakes.hubspot import wire
from simharness_fakes.hubspot.kinds import Kind
from simharness_fakes.hubspot.state import links, writing
from simharness_fakes.hubspot.state.portal import Portal
from simharness_fakes.hubspot.state.refusals import NoSuchObject, NotPossible
from simharness_fakes.hubspot.state.things import Thing

if TYPE_CHECKING:
    from simharness_fakes.hubspot.fake import Hubspot


def list_objects(fake: Hubspot, call: Call) -> Response:
    """A page of objects in order of id."""
    kind, query = wire.kind_of(call.path["objectType"]), call.query
    after, limit = query.get("after", ""), query.get("limit", 10)
    if after and not (after.isascii() and after.isdigit() and len(after) < 19):
        raise NotPossible(f"after: {after} is not a cursor of this list")
    archived = bool(query.get("archived", False))
    found = list(islice(fake.portal.shelf(kind).after(int(after or 0), archived=archived), limit + 1))
    body: dict[str, Json] = {"results": [_shown(fake, kind, one, query) for one in found[:limit]]}
    if len(found) > limit:
        body["paging"] = wire.paging(found[limit - 1].id)
    return wire.answer(body)


def get_object(fake: Hubspot, call: Call) -> Response:
    """One object by id, or by a unique property."""
    kind, query = wire.kind_of(call.path["objectType"]), call.query
    archived = bool(query.get("archived", False))
    one = located(fake.portal, kind, call.path["objectId"], query.get("idProperty", ""), archived=archived)
    return wire.answer(_shown(fake, kind, one, query))


def create_object(fake: Hubspot, call: Call) -> Response:
    """A new object with its first associations."""
    kind = wire.kind_of(call.path["objectType"])
    one = created(fake.portal, kind, call.body, call.actor)
    return wire.answer(written(fake.portal, kind, one, call.body["properties"]), 201)


def update_object(fake: Hubspot, call: Call) -> Response:
    """The object with other values."""
    kind = wire.kind_of(call.path["objectType"])
    one = located(fake.portal, kind, call.path["objectId"], call.query.get("idProperty", ""))
    one = writing.update(fake.portal, kind, one, wire.texts(call.body["properties"]), call.actor)
    return wire.answer(written(fake.portal, kind, one, call.body["properties"]))


def archive_object(fake: Hubspot, call: Call) -> Response:
    """The object into the recycling bin; one that is there already stays there."""
    kind, thing_id = wire.kind_of(call.path["objectType"]), call.path["objectId"]
    if fake.portal.find(kind, thing_id, archived=True) is None:
        writing.archive(fake.portal, kind, fake.portal.need(kind, thing_id), call.actor)
    return wire.nothing()


def merge_objects(fake: Hubspot, call: Call) -> Response:
    """One object out of two."""
    kind, portal = wire.kind_of(call.path["objectType"]), fake.portal
    survivor = portal.need(kind, call.body["primaryObjectId"])
    absorbed = portal.need(kind, call.body["objectIdToMerge"])
    return wire.answer(wire.thing(kind, writing.merge(portal, kind, survivor, absorbed, call.actor), known=portal))


def search_objects(fake: Hubspot, call: Call) -> Response:
    """The objects that filters and words find."""
    kind, portal = wire.kind_of(call.path["objectType"]), fake.portal
    wanted = wire.search(call.body)
    total, page = searching.run(portal, kind, wanted, unset_differs=fake.flag("search_not_equal_matches_unset"))
    asked = wire.names(call.body.get("properties")) or None
    body: dict[str, Json] = {
        "total": total,
        "results": [wire.thing(kind, one, asked, known=portal) for one in page],
    }
    end = wanted.offset + wanted.limit
    if end < total:
        body["paging"] = wire.paging(str(end))
    return wire.answer(body)


def located(portal: Portal, kind: Kind, key: str, id_property: str, *, archived: bool = False) -> Thing:
    """The object with this id, or with this value in the unique property that `id_property` names."""
    if id_property and id_property != "hs_object_id":
        definition = portal.definition(kind, id_property)
        if definition is None or not definition.unique:
            raise NotPossible(f"Property {id_property} is not a unique property of {kind.name}")
        found = portal.shelf(kind).by_key(id_property, key) if not archived else None
    else:
        found = portal.find(kind, key, archived=archived)
    if found is None:
        raise NoSuchObject(kind.name, key)
    return found


def created(portal: Portal, kind: Kind, body: Mapping[str, Json], actor: str) -> Thing:
    """Create an object from a body with properties and associations; nothing is kept if any part is refused."""
    wanted = associations_of(portal, kind, body)
    one = writing.create(portal, kind, wire.texts(body.get("properties") or {}), actor)
    for other, types in wanted:
        writing.associate(portal, one, other, types, actor)
    return portal.need(kind, one.id)


def written(portal: Portal, kind: Kind, one: Thing, names: Mapping[str, Json]) -> dict[str, Json]:
    """An object as a write answers: the usual properties and those that were written."""
    return wire.thing(kind, one, (*kind.shown, *names), known=portal)


def associations_of(
    portal: Portal, kind: Kind, body: Mapping[str, Json]
) -> list[tuple[Thing, tuple[tuple[str, int], ...]]]:
    """The objects a new one is to be associated with, and under which types; raises `NotPossible` or `NoSuchObject`."""
    return [_association(portal, kind, one) for one in body.get("associations") or ()]


def _association(portal: Portal, kind: Kind, body: Mapping[str, Json]) -> tuple[Thing, tuple[tuple[str, int], ...]]:
    types = tuple((one["associationCategory"], wire.whole(one["associationTypeId"])) for one in body["types"])
    target = links.target_of(portal, kind, types)
    return portal.need(target, wire.reference(body["to"]["id"])), types


def _shown(fake: Hubspot, kind: Kind, one: Thing, query: Mapping[str, Json]) -> dict[str, Json]:
    asked = wire.names(query.get("properties")) or None
    body = wire.thing(kind, one, asked, known=fake.portal)
    kinds = [wire.kind_of(name) for name in wire.names(query.get("associations"))]
    if kinds and (found := wire.associations(fake.portal, one, kinds)):
        body["associations"] = found
    return body


ROUTES: Mapping[str, Handler] = MappingProxyType(
    {
        "listObjects": list_objects,
        "getObject": get_object,
        "createObject": create_object,
        "updateObject": update_object,
        "archiveObject": archive_object,
        "mergeObjects": merge_objects,
        "searchObjects": search_objects,
    }
)
