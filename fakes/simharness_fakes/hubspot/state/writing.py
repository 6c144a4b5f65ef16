"""Creating, changing, archiving and merging objects: validation, computed values, the log and the events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from simharness_fakes.crm.merging import merged_values
from simharness_fakes.hubspot.definitions import Property
from simharness_fakes.hubspot.kinds import COMPANIES, CONTACTS, DEALS, LINE_ITEMS, QUOTES, Kind
from simharness_fakes.hubspot.state import links
from simharness_fakes.hubspot.state.derived import derived, filled_in
from simharness_fakes.hubspot.state.names import canonical_fields
from simharness_fakes.hubspot.state.portal import Event, Link, Portal, link_key
from simharness_fakes.hubspot.state.refusals import AlreadyExists, NotPossible, PropertiesInvalid
from simharness_fakes.hubspot.state.things import Thing
from simharness_fakes.hubspot.values import Invalid, instant_text, kept

#: What a created line item gives to the deal's lines: whoever holds it has changed with it.
_HOLDERS = (DEALS, QUOTES)


def create(portal: Portal, kind: Kind, values: Mapping[str, str], actor: str) -> Thing:
    """A new object. Raises `PropertiesInvalid` or `AlreadyExists`; nothing is kept then."""
    now = portal.clock.now
    given = {name: text for name, text in checked(portal, kind, values).items() if text}
    properties = filled_in(portal, kind, given)
    keys = _keys(portal, kind, properties)
    _refuse_taken(portal, kind, keys, "")
    thing_id = portal.next_id(kind)
    made = instant_text(now)
    stamps = {"hs_object_id": thing_id, "hs_createdate": made, "createdate": made, kind.modified: made}
    properties = derived(portal, kind, None, {**properties, **stamps})
    thing = Thing(
        kind=kind.name, id=thing_id, properties=properties, created_at=now, updated_at=now, keys=keys, previous=None
    )
    portal.shelf(kind).put(thing)
    portal.log(kind, thing_id, "create", canonical_fields(kind, given), actor)
    _announce(portal, thing, "creation", actor)
    _announce_values(portal, thing, given, actor)
    return thing


def update(portal: Portal, kind: Kind, thing: Thing, values: Mapping[str, str], actor: str) -> Thing:
    """The object with other values; an empty text clears one. The last change moves on even if no value did.

    Raises `PropertiesInvalid` or `AlreadyExists`; nothing is changed then.
    """
    given = checked(portal, kind, values, thing)
    changed = {name: text for name, text in given.items() if thing.get(name) != text}
    properties = {name: text for name, text in {**thing.properties, **given}.items() if text}
    keys = _keys(portal, kind, properties)
    _refuse_taken(portal, kind, keys, thing.id)
    after = _revised(portal, kind, thing, properties, keys)
    if changed:
        portal.log(kind, thing.id, "update", canonical_fields(kind, changed), actor)
        _announce_values(portal, after, changed, actor)
    if kind is LINE_ITEMS and changed:
        _touch_holders(portal, after)
    return after


def touch(portal: Portal, kind: Kind, thing: Thing) -> Thing:
    """The object as changed now: what HubSpot computes for it from its associations is computed again."""
    return _revised(portal, kind, thing, dict(thing.properties), thing.keys)


def archive(portal: Portal, kind: Kind, thing: Thing, actor: str) -> Thing:
    """The object into the recycling bin; its associations are gone."""
    holders = [(holder, one) for holder in _HOLDERS for one in portal.linked(thing, holder)] if _is_line(kind) else []
    gone = _version(portal, thing, archived_at=portal.clock.now)
    portal.shelf(kind).put(gone)
    links.detach(portal, gone)
    portal.log(kind, thing.id, "delete", (), actor)
    _announce(portal, gone, "deletion", actor)
    for holder, one in holders:
        touch(portal, holder, one)
        portal.log(holder, one.id, "update", ("lines",), actor)
    return gone


def merge(portal: Portal, kind: Kind, survivor: Thing, absorbed: Thing, actor: str) -> Thing:
    """One object out of two: the survivor's values, the absorbed one's where it has none, the associations of both.

    The absorbed id finds the survivor from now on. By profile the survivor keeps its id or gets a new one.
    """
    if kind not in (COMPANIES, CONTACTS, DEALS):
        raise NotPossible(f"Objects of type {kind.name} cannot be merged")
    if survivor.id == absorbed.id:
        raise NotPossible("The primary object and the object to merge must be different")
    taken = {
        name: value
        for name, value in merged_values(survivor.properties, absorbed.properties).items()
        if not _read_only(portal, kind, name)
    }
    merged_ids = ";".join(
        dict.fromkeys(
            one
            for thing in (survivor, absorbed)
            for one in (*thing.get("hs_merged_object_ids").split(";"), thing.id)
            if one
        )
    )
    moving = [(survivor, link) for link in portal.links.find("source", (kind.name, survivor.id))]
    moving += [(absorbed, link) for link in portal.links.find("source", (kind.name, absorbed.id))]
    _retire(portal, kind, absorbed)
    properties = {**survivor.properties, **taken, "hs_merged_object_ids": merged_ids}
    target = _merged_target(portal, kind, survivor, properties)
    for source, link in moving:
        if source.id == target.id:
            continue
        _carry(portal, source, link, target)
    portal.aliases[kind.name, absorbed.id] = target.id
    if target.id != survivor.id:
        _retire(portal, kind, survivor)
        portal.aliases[kind.name, survivor.id] = target.id
    for alias, old in list(portal.aliases.items()):
        if alias[0] == kind.name and old in (absorbed.id, survivor.id):
            portal.aliases[alias] = target.id
    portal.log(kind, target.id, "merge", canonical_fields(kind, taken), actor)
    _announce(portal, target, "merge", actor, other_id=absorbed.id)
    return target


def associate(
    portal: Portal, one: Thing, other: Thing, wanted: tuple[tuple[str, int], ...], actor: str
) -> list[links.LinkType]:
    """Associate two objects (see `links.associate`); a deal or quote that gains a line item has changed with it."""
    types = links.associate(portal, one, other, wanted, actor)
    _touch_pair(portal, one, other)
    return types


def dissociate(portal: Portal, one: Thing, other: Thing, actor: str) -> None:
    """Remove every association between two objects; a deal or quote that loses a line item has changed with it."""
    if links.dissociate(portal, one, other, actor):
        _touch_pair(portal, one, other)


def remove_types(portal: Portal, one: Thing, other: Thing, type_ids: frozenset[int]) -> None:
    """Take single types off an association (see `links.remove_types`); who loses a line item has changed with it."""
    links.remove_types(portal, one, other, type_ids)
    _touch_pair(portal, one, other)


def precheck(
    portal: Portal, kind: Kind, values: Mapping[str, str], thing: Thing | None, seen: set[tuple[str, str]]
) -> None:
    """Raise what `create` or `update` would raise, without doing it.

    `seen` collects the unique values of one batch, which may not hold the same one twice.
    """
    given = checked(portal, kind, values, thing)
    keys = _keys(portal, kind, given)
    _refuse_taken(portal, kind, keys, thing.id if thing is not None else "")
    for name, value in keys:
        if (name, value) in seen:
            raise NotPossible(f"Duplicate values found in batch input: [{value}]. {name} must be unique")
        seen.add((name, value))


def checked(portal: Portal, kind: Kind, values: Mapping[str, str], thing: Thing | None = None) -> dict[str, str]:
    """The values as they are kept; raises `PropertiesInvalid` with every value that is not taken."""
    taken: dict[str, str] = {}
    invalid: list[Invalid] = []
    for name, text in values.items():
        definition = portal.definition(kind, name)
        result = _unknown(name) if definition is None else _taken(definition, text)
        if isinstance(result, Invalid):
            invalid.append(result)
        else:
            taken[name] = result
    if kind is DEALS and not invalid:
        invalid += _stage_invalid(portal, taken, thing)
    if invalid:
        raise PropertiesInvalid(tuple(invalid))
    return taken


def _unknown(name: str) -> Invalid:
    return Invalid(name=name, message=f'Property "{name}" does not exist', code="PROPERTY_DOESNT_EXIST")


def _taken(definition: Property, text: str) -> str | Invalid:
    if definition.read_only:
        message = f'"{definition.name}" is a read only property; its value cannot be set.'
        return Invalid(name=definition.name, message=message, code="READ_ONLY_VALUE", value=text)
    if definition.type != "string" and text != text.strip():
        message = f"{text!r} has leading or trailing whitespace, which {definition.type} properties do not take."
        return Invalid(name=definition.name, message=message, code="INVALID_VALUE", value=text)
    return kept(definition, text)


def _stage_invalid(portal: Portal, given: Mapping[str, str], thing: Thing | None) -> list[Invalid]:
    before = thing.properties if thing is not None else {}
    pipeline_id = given.get("pipeline") or before.get("pipeline") or "default"
    stage_id = given.get("dealstage") or before.get("dealstage") or ""
    pipeline = portal.pipelines.get(pipeline_id)
    if pipeline is None:
        allowed = ", ".join(p.id for p in portal.pipelines)
        message = f"{pipeline_id} was not one of the allowed options: [{allowed}]"
        return [Invalid(name="pipeline", message=message, code="INVALID_OPTION", value=pipeline_id)]
    if stage_id and pipeline.stage(stage_id) is None:
        allowed = ", ".join(stage.id for stage in pipeline.stages)
        message = f"{stage_id} was not one of the allowed options: [{allowed}]"
        return [Invalid(name="dealstage", message=message, code="INVALID_OPTION", value=stage_id)]
    return []


def _keys(portal: Portal, kind: Kind, properties: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    unique = portal.definitions.find("unique", kind.name)
    return tuple((p.name, properties[p.name].lower()) for p in unique if properties.get(p.name))


def _refuse_taken(portal: Portal, kind: Kind, keys: tuple[tuple[str, str], ...], own_id: str) -> None:
    for name, value in keys:
        other = portal.shelf(kind).by_key(name, value)
        if other is not None and other.id != own_id:
            raise AlreadyExists(kind.singular, other.id, name, value)


def _revised(
    portal: Portal, kind: Kind, thing: Thing, properties: dict[str, str], keys: tuple[tuple[str, str], ...]
) -> Thing:
    properties[kind.modified] = instant_text(portal.clock.now)
    properties = derived(portal, kind, thing, properties)
    after = _version(portal, thing, properties=properties, keys=keys)
    return portal.shelf(kind).put(after)


def _version(
    portal: Portal,
    thing: Thing,
    *,
    properties: Mapping[str, str] | None = None,
    keys: tuple[tuple[str, str], ...] | None = None,
    archived_at: datetime | None = None,
) -> Thing:
    now = portal.clock.now
    return Thing(
        kind=thing.kind,
        id=thing.id,
        properties=thing.properties if properties is None else properties,
        created_at=thing.created_at,
        updated_at=now,
        archived_at=archived_at,
        keys=thing.keys if keys is None else keys,
        previous=_remembered(portal, thing),
    )


def _remembered(portal: Portal, thing: Thing) -> Thing | None:
    lag = max(portal.profile.lag, portal.profile.remembered)
    if not lag:
        return None
    # Older versions than the one that was current a lag ago are never shown again.
    settled = thing.updated_at <= portal.clock.now - lag
    return _without_past(thing) if settled else thing


def _without_past(thing: Thing) -> Thing:
    return Thing(
        kind=thing.kind,
        id=thing.id,
        properties=thing.properties,
        created_at=thing.created_at,
        updated_at=thing.updated_at,
        archived_at=thing.archived_at,
        keys=thing.keys,
    )


def _is_line(kind: Kind) -> bool:
    return kind is LINE_ITEMS


def _touch_holders(portal: Portal, line: Thing) -> None:
    for holder in _HOLDERS:
        for one in portal.linked(line, holder):
            touch(portal, holder, one)


def _touch_pair(portal: Portal, one: Thing, other: Thing) -> None:
    for a, b in ((one, other), (other, one)):
        holder = next((kind for kind in _HOLDERS if kind.name == a.kind), None)
        if holder is not None and b.kind == LINE_ITEMS.name:
            current = portal.find(holder, a.id)
            if current is not None:
                touch(portal, holder, current)


def _read_only(portal: Portal, kind: Kind, name: str) -> bool:
    definition = portal.definition(kind, name)
    return definition is None or definition.read_only


def _retire(portal: Portal, kind: Kind, thing: Thing) -> None:
    links.detach(portal, thing)
    portal.shelf(kind).put(_version(portal, thing, archived_at=portal.clock.now, keys=()))


def _merged_target(portal: Portal, kind: Kind, survivor: Thing, properties: dict[str, str]) -> Thing:
    keys = _keys(portal, kind, properties)
    if not portal.profile.merge_makes_new:
        return _revised(portal, kind, survivor, properties, keys)
    now = portal.clock.now
    new_id = portal.next_id(kind)
    properties = {**properties, "hs_object_id": new_id, kind.modified: instant_text(now)}
    # The survivor gives its unique values to the new object, so it must let go of them first.
    portal.shelf(kind).put(_version(portal, survivor, keys=()))
    made = Thing(
        kind=kind.name, id=new_id, properties=properties, created_at=survivor.created_at, updated_at=now, keys=keys
    )
    return portal.shelf(kind).put(made)


def _carry(portal: Portal, source: Thing, link: Link, target: Thing) -> None:
    other = portal.shelves[link.to_kind].get(link.to_id)
    if other is None or other.archived:
        return
    for a, b in ((source, other), (other, source)):
        portal.links.remove(link_key(a.kind, a.id, b.kind, b.id))
    links.restore(portal, target, other, link.types)


def _announce(portal: Portal, thing: Thing, name: str, actor: str, *, other_id: str = "") -> None:
    portal.outbox.append(
        Event(kind=thing.kind, name=name, object_id=thing.id, at=portal.clock.now, source=actor, other_id=other_id)
    )


def _announce_values(portal: Portal, thing: Thing, values: Mapping[str, str], actor: str) -> None:
    for name, value in values.items():
        portal.outbox.append(
            Event(
                kind=thing.kind,
                name="propertyChange",
                object_id=thing.id,
                at=portal.clock.now,
                source=actor,
                property_name=name,
                property_value=value,
            )
        )
