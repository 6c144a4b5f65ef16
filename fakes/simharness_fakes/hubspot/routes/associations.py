"""Associations, version 4: one by one, by the hundred, and their labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from simharness.domain.exchange import Response
from simharness.fakekit.bodies import Json
from simharness.fakekit.fake import Call, Handler
from simharness_fakes.hubspot import wire
from simharness_fakes.hubspot.kinds import Kind
from simharness_fakes.hubspot.routes.batch import multi_status
from simharness_fakes.hubspot.state import links, writing
from simharness_fakes.hubspot.state.portal import Label
from simharness_fakes.hubspot.state.refusals import NoSuchObject, NotPossible
from simharness_fakes.hubspot.state.things import Thing

if TYPE_CHECKING:
    from simharness_fakes.hubspot.fake import Hubspot


def list_associations(fake: Hubspot, call: Call) -> Response:
    """A page of what an object is associated with."""
    kind, to = wire.kind_of(call.path["objectType"]), wire.kind_of(call.path["toObjectType"])
    one = fake.portal.need(kind, call.path["objectId"])
    return wire.answer(_page(fake, one, to, call.query.get("after", ""), call.query.get("limit", 500)))


def put_association(fake: Hubspot, call: Call) -> Response:
    """Associate two objects under named types."""
    one, other = _both(fake, call, "objectType", "objectId")
    types = writing.associate(fake.portal, one, other, _specs(call.body), call.actor)
    wanted = {type_id for _, type_id in _specs(call.body)}
    body = {
        "fromObjectTypeId": wire.kind_of(one.kind).type_id,
        "fromObjectId": one.id,
        "toObjectTypeId": wire.kind_of(other.kind).type_id,
        "toObjectId": other.id,
        "labels": [t.label for t in types if t.label and t.type_id in wanted],
    }
    return wire.answer(body, 201)


def put_default_association(fake: Hubspot, call: Call) -> Response:
    """Associate two objects under the default type of their kinds."""
    one, other = _both(fake, call, "fromObjectType", "fromObjectId")
    writing.associate(fake.portal, one, other, (), call.actor)
    return multi_status(fake, _default(fake, one, other), [])


def delete_association(fake: Hubspot, call: Call) -> Response:
    """Remove every association between two objects; none there is no error."""
    one, other = _both(fake, call, "objectType", "objectId")
    writing.dissociate(fake.portal, one, other, call.actor)
    return wire.nothing()


def batch_read(fake: Hubspot, call: Call) -> Response:
    """What many objects are associated with."""
    kind, to = _kinds(call)
    results: list[Json] = []
    errors: list[Json] = []
    for one in call.body["inputs"]:
        thing = fake.portal.find(kind, wire.reference(one["id"]))
        page = None if thing is None else _page(fake, thing, to, wire.text(one.get("after", "")), 500)
        if page is None or not page["results"]:
            errors.append(_none(wire.reference(one["id"]), kind, to))
            continue
        found = {"from": {"id": thing.id if thing else ""}, "to": page["results"]}
        results.append({**found, **({"paging": page["paging"]} if "paging" in page else {})})
    return multi_status(fake, results, errors)


def batch_create(fake: Hubspot, call: Call) -> Response:
    """Associate many pairs under named types."""
    kind, to = _kinds(call)

    def pair(body: Mapping[str, Json]) -> list[Json]:
        one, other = _pair(fake, kind, to, body)
        types = writing.associate(fake.portal, one, other, _specs(body["types"]), call.actor)
        wanted = {type_id for _, type_id in _specs(body["types"])}
        return [
            {
                "fromObjectTypeId": kind.type_id,
                "fromObjectId": one.id,
                "toObjectTypeId": to.type_id,
                "toObjectId": other.id,
                "labels": [t.label for t in types if t.label and t.type_id in wanted],
            }
        ]

    return _each(fake, call.body["inputs"], pair, 201)


def batch_default(fake: Hubspot, call: Call) -> Response:
    """Associate many pairs under the default type of their kinds."""
    kind, to = _kinds(call)

    def pair(body: Mapping[str, Json]) -> list[Json]:
        one, other = _pair(fake, kind, to, body)
        writing.associate(fake.portal, one, other, (), call.actor)
        return _default(fake, one, other)

    return _each(fake, call.body["inputs"], pair, 200)


def batch_archive(fake: Hubspot, call: Call) -> Response:
    """Remove every association between many pairs."""
    kind, to = _kinds(call)
    for body in call.body["inputs"]:
        one = fake.portal.find(kind, wire.reference(body["from"]["id"]))
        for target in body["to"]:
            other = fake.portal.find(to, wire.reference(target["id"]))
            if one is not None and other is not None:
                writing.dissociate(fake.portal, one, other, call.actor)
    return wire.nothing()


def batch_archive_labels(fake: Hubspot, call: Call) -> Response:
    """Take single types off many associations."""
    kind, to = _kinds(call)
    for body in call.body["inputs"]:
        one = fake.portal.find(kind, wire.reference(body["from"]["id"]))
        other = fake.portal.find(to, wire.reference(body["to"]["id"]))
        if one is not None and other is not None:
            gone = frozenset(type_id for _, type_id in _specs(body["types"]))
            writing.remove_types(fake.portal, one, other, gone)
    return wire.nothing()


def list_labels(fake: Hubspot, call: Call) -> Response:
    """The types of association between two kinds."""
    kind, to = _kinds(call)
    return wire.answer({"results": wire.link_types(links.types_between(fake.portal, kind.name, to.name))})


def create_label(fake: Hubspot, call: Call) -> Response:
    """A label of one's own, for both directions."""
    kind, to = _kinds(call)
    if not links.types_between(fake.portal, kind.name, to.name):
        raise NotPossible(f"{kind.name} cannot be associated with {to.name}")
    taken = {label.name for label in fake.portal.labels.find("pair", (kind.name, to.name))}
    if call.body["name"] in taken:
        raise NotPossible(f"An association label with name {call.body['name']} already exists")
    first = fake.setup.ids.next("hubspot:label", start=1001, step=2)
    inverse = call.body.get("inverseLabel") or call.body["label"]
    rows = ((first, first + 1, kind, to, call.body["label"]), (first + 1, first, to, kind, inverse))
    for type_id, inverse_id, source, target, label in rows:
        fake.portal.labels.put(
            Label(
                type_id=type_id,
                inverse_id=inverse_id,
                from_kind=source.name,
                to_kind=target.name,
                label=label,
                name=call.body["name"],
            )
        )
    made = [t for t in links.types_between(fake.portal, kind.name, to.name) if t.type_id in (first, first + 1)]
    return wire.answer({"results": wire.link_types(made)})


def _kinds(call: Call) -> tuple[Kind, Kind]:
    return wire.kind_of(call.path["fromObjectType"]), wire.kind_of(call.path["toObjectType"])


def _both(fake: Hubspot, call: Call, kind_name: str, id_name: str) -> tuple[Thing, Thing]:
    kind, to = wire.kind_of(call.path[kind_name]), wire.kind_of(call.path["toObjectType"])
    return fake.portal.need(kind, call.path[id_name]), fake.portal.need(to, call.path["toObjectId"])


def _pair(fake: Hubspot, kind: Kind, to: Kind, body: Mapping[str, Json]) -> tuple[Thing, Thing]:
    return (
        fake.portal.need(kind, wire.reference(body["from"]["id"])),
        fake.portal.need(to, wire.reference(body["to"]["id"])),
    )


def _specs(body: Sequence[Mapping[str, Json]]) -> tuple[tuple[str, int], ...]:
    return tuple((one["associationCategory"], wire.whole(one["associationTypeId"])) for one in body)


def _page(fake: Hubspot, one: Thing, to: Kind, after: str, limit: int) -> dict[str, Json]:
    found = fake.portal.links.find("start", (one.kind, one.id, to.name))
    start = next((n + 1 for n, link in enumerate(found) if link.to_id == after), 0) if after else 0
    page = found[start : start + limit]
    body: dict[str, Json] = {
        "results": [
            # The vendor's own documentation shows a number here, its schema a text; numbers are what is sent.
            {"toObjectId": int(link.to_id), "associationTypes": wire.link_types(links.types_of(fake.portal, link))}
            for link in page
        ]
    }
    if start + limit < len(found):
        body["paging"] = wire.paging(page[-1].to_id)
    return body


def _default(fake: Hubspot, one: Thing, other: Thing) -> list[Json]:
    both = ((one, other), (other, one))
    return [
        {
            "from": {"id": a.id},
            "to": {"id": b.id},
            "associationSpec": {
                "associationCategory": t.category,
                "associationTypeId": t.type_id,
            },
        }
        for a, b in both
        for t in links.types_between(fake.portal, a.kind, b.kind)[:1]
    ]


def _none(thing_id: str, kind: Kind, to: Kind) -> dict[str, Json]:
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
        "message": f"No {to.singular} is associated with {kind.singular} {thing_id}.",
        "context": {"fromObjectId": [thing_id], "fromObjectType": [kind.singular], "toObjectType": [to.singular]},
    }


def _each(
    fake: Hubspot, inputs: Sequence[Mapping[str, Json]], do: Callable[[Mapping[str, Json]], list[Json]], status: int
) -> Response:
    results: list[Json] = []
    errors: list[Json] = []
    for one in inputs:
        try:
            results += do(one)
        except (NoSuchObject, NotPossible) as refusal:
            errors.append(fake.words.standard(refusal))
    return multi_status(fake, results, errors, status=status)


ROUTES: Mapping[str, Handler] = MappingProxyType(
    {
        "listAssociations": list_associations,
        "putAssociation": put_association,
        "putDefaultAssociation": put_default_association,
        "deleteAssociation": delete_association,
        "batchReadAssociations": batch_read,
        "batchCreateAssociations": batch_create,
        "batchDefaultAssociations": batch_default,
        "batchArchiveAssociations": batch_archive,
        "batchArchiveAssociationLabels": batch_archive_labels,
        "listAssociationLabels": list_labels,
        "createAssociationLabel": create_label,
    }
)
