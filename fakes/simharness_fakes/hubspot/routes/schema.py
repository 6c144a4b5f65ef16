"""What a portal is made of: property definitions, their groups, pipelines and stages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from simharness.domain.exchange import Response
from simharness.fakekit.bodies import Json
from simharness.fakekit.fake import Call, Handler
from simharness_fakes.crm.stages import Stage, StageKind
from simharness_fakes.hubspot import wire
from simharness_fakes.hubspot.definitions import Property, group_of, property_key
from simharness_fakes.hubspot.kinds import DEALS, Kind
from simharness_fakes.hubspot.routes.batch import multi_status
from simharness_fakes.hubspot.state.portal import Pipeline, Portal
from simharness_fakes.hubspot.state.refusals import DefinitionExists, NoSuchDefinition, NotPossible

if TYPE_CHECKING:
    from simharness_fakes.hubspot.fake import Hubspot


def list_properties(fake: Hubspot, call: Call) -> Response:
    """Every property of a kind; nothing is ever in the recycling bin of definitions."""
    kind = wire.kind_of(call.path["objectType"])
    found = [] if call.query.get("archived") else fake.portal.definitions.find("kind", kind.name)
    return wire.answer({"results": [wire.definition(one) for one in found]})


def get_property(fake: Hubspot, call: Call) -> Response:
    """One property of a kind."""
    return wire.answer(wire.definition(_property(fake.portal, call)))


def create_property(fake: Hubspot, call: Call) -> Response:
    """A new property of a kind."""
    kind = wire.kind_of(call.path["objectType"])
    return wire.answer(wire.definition(fake.portal.definitions.put(_made(fake.portal, kind, call.body))), 201)


def update_property(fake: Hubspot, call: Call) -> Response:
    """A property with another label, description or other options."""
    before, body = _property(fake.portal, call), call.body
    if before.built_in:
        raise NotPossible(f"Property {before.name} is defined by HubSpot and cannot be changed")
    after = Property(
        kind=before.kind,
        name=before.name,
        label=body.get("label", before.label),
        type=before.type,
        field_type=body.get("fieldType", before.field_type),
        group=body.get("groupName", before.group),
        description=body.get("description", before.description),
        options=_options(body) if "options" in body else before.options,
        unique=before.unique,
        built_in=False,
        hidden=body.get("hidden", before.hidden),
        form_field=body.get("formField", before.form_field),
        display_order=wire.whole(body.get("displayOrder", before.display_order)),
        created_at=before.created_at,
        updated_at=fake.setup.clock.now,
    )
    return wire.answer(wire.definition(fake.portal.definitions.put(after)))


def archive_property(fake: Hubspot, call: Call) -> Response:
    """A property of one's own is gone; values that objects have under it are no longer shown."""
    one = _property(fake.portal, call)
    if one.built_in:
        raise NotPossible(f"Property {one.name} is defined by HubSpot and cannot be archived")
    fake.portal.definitions.remove(one.key)
    return wire.nothing()


def batch_create_properties(fake: Hubspot, call: Call) -> Response:
    """Many new properties of a kind, all or none."""
    kind = wire.kind_of(call.path["objectType"])
    made = [_made(fake.portal, kind, one) for one in call.body["inputs"]]
    if len({one.name for one in made}) < len(made):
        raise NotPossible("A property is named twice in the batch")
    for one in made:
        fake.portal.definitions.put(one)
    return multi_status(fake, [wire.definition(one) for one in made], [], status=201)


def batch_read_properties(fake: Hubspot, call: Call) -> Response:
    """Many properties of a kind by name."""
    kind = wire.kind_of(call.path["objectType"])
    results: list[Json] = []
    errors: list[Json] = []
    for one in call.body["inputs"]:
        found = fake.portal.definition(kind, one["name"])
        if found is not None:
            results.append(wire.definition(found))
        else:
            message = f"Property {one['name']} does not exist"
            context = {"name": [one["name"]]}
            errors.append({"status": "error", "category": "OBJECT_NOT_FOUND", "message": message, "context": context})
    return multi_status(fake, results, errors)


def list_property_groups(fake: Hubspot, call: Call) -> Response:
    """The groups that properties of a kind are filed into."""
    kind = wire.kind_of(call.path["objectType"])
    found = dict.fromkeys(one.group for one in fake.portal.definitions.find("kind", kind.name) if one.group)
    rows = [
        {"name": name, "label": name.capitalize(), "displayOrder": order, "archived": False}
        for order, name in enumerate(found)
    ]
    return wire.answer({"results": rows})


def list_pipelines(fake: Hubspot, call: Call) -> Response:
    """Every pipeline of deals."""
    _deals_only(call)
    return wire.answer({"results": [wire.pipeline(one) for one in _in_order(fake.portal)]})


def get_pipeline(fake: Hubspot, call: Call) -> Response:
    """One pipeline."""
    _deals_only(call)
    return wire.answer(wire.pipeline(fake.portal.pipeline(call.path["pipelineId"])))


def create_pipeline(fake: Hubspot, call: Call) -> Response:
    """A new pipeline with its stages."""
    _deals_only(call)
    now = fake.setup.clock.now
    one = Pipeline(
        id=str(fake.setup.ids.next("hubspot:pipeline", start=88000001)),
        label=call.body["label"],
        order=wire.whole(call.body["displayOrder"]),
        stages=tuple(_stage(fake, body) for body in call.body["stages"]),
        created_at=now,
        updated_at=now,
    )
    return wire.answer(wire.pipeline(fake.portal.put_pipeline(one)), 201)


def list_stages(fake: Hubspot, call: Call) -> Response:
    """The stages of a pipeline in order."""
    _deals_only(call)
    pipeline = fake.portal.pipeline(call.path["pipelineId"])
    return wire.answer({"results": [wire.stage(pipeline, one) for one in pipeline.stages]})


def get_stage(fake: Hubspot, call: Call) -> Response:
    """One stage of a pipeline."""
    _deals_only(call)
    pipeline = fake.portal.pipeline(call.path["pipelineId"])
    found = pipeline.stage(call.path["stageId"])
    if found is None:
        raise NoSuchDefinition(f"No stage with ID: {call.path['stageId']}")
    return wire.answer(wire.stage(pipeline, found))


def create_stage(fake: Hubspot, call: Call) -> Response:
    """A further stage of a pipeline."""
    _deals_only(call)
    before = fake.portal.pipeline(call.path["pipelineId"])
    made = _stage(fake, call.body)
    after = Pipeline(
        id=before.id,
        label=before.label,
        order=before.order,
        stages=tuple(sorted((*before.stages, made), key=lambda stage: stage.order)),
        created_at=before.created_at,
        updated_at=fake.setup.clock.now,
    )
    return wire.answer(wire.stage(fake.portal.put_pipeline(after), made), 201)


def _property(portal: Portal, call: Call) -> Property:
    kind = wire.kind_of(call.path["objectType"])
    found = portal.definitions.get(property_key(kind.name, call.path["propertyName"]))
    if found is None:
        raise NoSuchDefinition(f'Property "{call.path["propertyName"]}" does not exist')
    return found


def _made(portal: Portal, kind: Kind, body: Mapping[str, Json]) -> Property:
    if portal.definition(kind, body["name"]) is not None:
        raise DefinitionExists(f"A property named '{body['name']}' already exists.")
    groups = {one.group for one in portal.definitions.find("kind", kind.name)} | {group_of(kind)}
    if body["groupName"] not in groups:
        raise NotPossible(f"Property group {body['groupName']} does not exist")
    if body["type"] == "enumeration" and not body.get("options"):
        raise NotPossible("An enumeration property needs options")
    now = portal.clock.now
    return Property(
        kind=kind.name,
        name=body["name"],
        label=body["label"],
        type=body["type"],
        field_type=body["fieldType"],
        group=body["groupName"],
        description=body.get("description", ""),
        options=_options(body),
        unique=body.get("hasUniqueValue", False),
        built_in=False,
        hidden=body.get("hidden", False),
        form_field=body.get("formField", False),
        display_order=wire.whole(body.get("displayOrder", -1)),
        created_at=now,
        updated_at=now,
    )


def _options(body: Mapping[str, Json]) -> tuple[tuple[str, str], ...]:
    return tuple((one["value"], one["label"]) for one in body.get("options") or ())


def _in_order(portal: Portal) -> list[Pipeline]:
    return sorted(portal.pipelines, key=lambda one: one.order)


def _deals_only(call: Call) -> None:
    if wire.kind_of(call.path["objectType"]) is not DEALS:
        raise NotPossible(f"Objects of type {call.path['objectType']} have no pipelines")


def _stage(fake: Hubspot, body: Mapping[str, Json]) -> Stage:
    metadata = body["metadata"]
    probability = wire.text(metadata.get("probability", "0.5"))
    closed = wire.text(metadata.get("isClosed", "false")) == "true" or probability in ("0", "0.0", "1", "1.0")
    won = probability in ("1", "1.0")
    kind = StageKind.OPEN if not closed else StageKind.WON if won else StageKind.LOST
    return Stage(
        id=str(fake.setup.ids.next("hubspot:stage", start=89000001)),
        label=body["label"],
        order=wire.whole(body["displayOrder"]),
        kind=kind,
        probability=probability,
    )


ROUTES: Mapping[str, Handler] = MappingProxyType(
    {
        "listProperties": list_properties,
        "getProperty": get_property,
        "createProperty": create_property,
        "updateProperty": update_property,
        "archiveProperty": archive_property,
        "batchCreateProperties": batch_create_properties,
        "batchReadProperties": batch_read_properties,
        "listPropertyGroups": list_property_groups,
        "listPipelines": list_pipelines,
        "getPipeline": get_pipeline,
        "createPipeline": create_pipeline,
        "listStages": list_stages,
        "getStage": get_stage,
        "createStage": create_stage,
    }
)
