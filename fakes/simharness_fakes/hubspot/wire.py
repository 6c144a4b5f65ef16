"""How a portal's records look on the wire, and how a request's texts become values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from simharness.domain.exchange import Response
from simharness.fakekit.bodies import Json, write_json
from simharness_fakes.crm.stages import Stage, StageKind
from simharness_fakes.hubspot.definitions import Property
from simharness_fakes.hubspot.errors import JSON
from simharness_fakes.hubspot.kinds import BY_NAME, Kind
from simharness_fakes.hubspot.search import Filter, Search
from simharness_fakes.hubspot.state.links import LinkType, types_of
from simharness_fakes.hubspot.state.portal import Owner, Pipeline, Portal
from simharness_fakes.hubspot.state.refusals import NotPossible
from simharness_fakes.hubspot.state.things import Thing
from simharness_fakes.hubspot.values import instant_text


def answer(body: Json, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(status=status, headers={"content-type": JSON}, body=write_json(body))


def nothing() -> Response:
    """An answer without a body."""
    return Response(status=204)


def text(value: Json) -> str:
    """A scalar of a request as the text HubSpot keeps: numbers in plain digits, booleans as true and false."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return "" if value is None else str(value)


def whole(value: Json) -> int:
    """A whole number of a request: JSON may write 100 as 100.0."""
    return int(value)


def reference(value: Json) -> str:
    """An id of a request, which may come as a number, as the text it is."""
    return str(int(value)) if isinstance(value, Decimal) else str(value)


def texts(values: Mapping[str, Json]) -> dict[str, str]:
    """The properties of a request as texts."""
    return {name: text(value) for name, value in values.items()}


def names(listed: Sequence[str] | None) -> tuple[str, ...]:
    """Property or kind names as a query gives them: repeated, comma separated, or both."""
    return tuple(filter(None, map(str.strip, ",".join(listed).split(",")))) if listed else ()


def thing(kind: Kind, one: Thing, asked: Iterable[str] | None = None, *, known: Portal) -> dict[str, Json]:
    """An object with the properties that were asked for (unknown ones are left out), or with the usual ones."""
    wanted, values = kind.shown if asked is None else asked, one.properties
    shown: dict[str, str | None] = {}
    for name in (*wanted, "createdate", kind.modified, "hs_object_id"):
        value = values.get(name)
        # A value is never empty; what has none is shown if there is such a property.
        if value or (name not in shown and known.definition(kind, name) is not None):
            shown[name] = value
    told: dict[str, Json] = {
        "id": one.id,
        "properties": shown,
        "createdAt": instant_text(one.created_at),
        "updatedAt": instant_text(one.updated_at),
        "archived": one.archived_at is not None,
    }
    if one.archived_at is not None:
        told["archivedAt"] = instant_text(one.archived_at)
    return told


def associations(portal: Portal, one: Thing, kinds: Iterable[Kind]) -> dict[str, Json]:
    """The associations of an object by kind, in the older form of an answer; kinds without any are left out."""
    found: dict[str, Json] = {}
    for kind in kinds:
        results = [
            {"id": link.to_id, "type": link_type.name}
            for link in portal.links.find("start", (one.kind, one.id, kind.name))
            for link_type in types_of(portal, link)
        ]
        if results:
            found[kind.associated_as or kind.name] = {"results": results}
    return found


def link_types(types: Iterable[LinkType]) -> list[Json]:
    """The types of one association."""
    return [{"category": t.category, "typeId": t.type_id, "label": t.label or None} for t in types]


def paging(after: str) -> dict[str, Json]:
    """The pointer to the next page."""
    return {"next": {"after": after, "link": f"?after={after}"}}


def search(body: Mapping[str, Json]) -> Search:
    """The search a body asks for; `after` may be a number or a text. Raises `NotPossible`."""
    after = reference(body.get("after", 0)) or "0"
    if not after.isascii() or not after.isdigit() or len(after) > 9:
        raise NotPossible(f"after: {after} is not an offset")
    sort_by, descending = _sort(body.get("sorts") or [])
    groups = tuple(tuple(map(_filter, group.get("filters") or ())) for group in body.get("filterGroups") or ())
    return Search(
        groups=groups,
        words=body.get("query") or "",
        sort_by=sort_by,
        descending=descending,
        limit=whole(body.get("limit") or 10),
        offset=int(after),
    )


def _filter(one: Mapping[str, Json]) -> Filter:
    return Filter(
        name=one["propertyName"],
        operator=one["operator"],
        value=None if one.get("value") is None else text(one["value"]),
        high=None if one.get("highValue") is None else text(one["highValue"]),
        values=tuple(text(value) for value in one.get("values") or ()),
    )


def _sort(sorts: Sequence[Json]) -> tuple[str, bool]:
    if not sorts:
        return "", False
    if len(sorts) > 1:
        raise NotPossible("Only one sort is possible")
    one = sorts[0]
    if isinstance(one, str):
        return one.lstrip("-"), one.startswith("-")
    return one["propertyName"], one.get("direction") == "DESCENDING"


def definition(one: Property) -> dict[str, Json]:
    """The definition of a property."""
    stamps = {
        name: instant_text(moment)
        for name, moment in (("createdAt", one.created_at), ("updatedAt", one.updated_at))
        if moment is not None
    }
    return {
        "name": one.name,
        "label": one.label,
        "type": one.type,
        "fieldType": one.field_type,
        "description": one.description,
        "groupName": one.group,
        "options": [
            {"label": label, "value": value, "displayOrder": order, "hidden": False, "description": ""}
            for order, (value, label) in enumerate(one.options)
        ],
        "displayOrder": one.display_order,
        "calculated": one.read_only,
        "externalOptions": False,
        "hasUniqueValue": one.unique,
        "hidden": one.hidden,
        "hubspotDefined": one.built_in,
        "formField": one.form_field,
        "archived": False,
        "modificationMetadata": {
            "archivable": not one.built_in,
            "readOnlyDefinition": one.built_in,
            "readOnlyValue": one.read_only,
        },
        **stamps,
    }


def stage(pipeline: Pipeline, one: Stage) -> dict[str, Json]:
    """One stage of a pipeline."""
    closed = "true" if one.kind is not StageKind.OPEN else "false"
    return {
        "id": one.id,
        "label": one.label,
        "displayOrder": one.order,
        "metadata": {"isClosed": closed, "probability": one.probability},
        "createdAt": instant_text(pipeline.created_at),
        "updatedAt": instant_text(pipeline.updated_at),
        "archived": False,
        "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
    }


def pipeline(one: Pipeline) -> dict[str, Json]:
    """A pipeline with its stages."""
    return {
        "id": one.id,
        "label": one.label,
        "displayOrder": one.order,
        "stages": [stage(one, each) for each in one.stages],
        "createdAt": instant_text(one.created_at),
        "updatedAt": instant_text(one.updated_at),
        "archived": False,
    }


def owner(one: Owner) -> dict[str, Json]:
    """An owner."""
    return {
        "id": one.id,
        "email": one.email,
        "type": "PERSON",
        "firstName": one.first_name,
        "lastName": one.last_name,
        "userId": one.user_id,
        "userIdIncludingInactive": one.user_id,
        "createdAt": instant_text(one.created_at),
        "updatedAt": instant_text(one.created_at),
        "archived": False,
        "teams": [],
    }


def kind_of(name: str) -> Kind:
    """The kind a path names; raises `NotPossible`."""
    kind = BY_NAME.get(name)
    if kind is None:
        raise NotPossible(f"Unable to infer object type from: {name}")
    return kind
