"""Associations between objects: their types, both directions at once, the one primary company of a deal or contact."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from simharness_fakes.hubspot.kinds import BY_NAME, COMPANIES, CONTACTS, DEALS, KINDS, LINE_ITEMS, QUOTES, Kind
from simharness_fakes.hubspot.state.portal import Event, Link, Portal, link_key
from simharness_fakes.hubspot.state.refusals import NotPossible
from simharness_fakes.hubspot.state.things import Thing

HUBSPOT_DEFINED = "HUBSPOT_DEFINED"
USER_DEFINED = "USER_DEFINED"


class LinkType(NamedTuple):
    """A type of association in one direction. `name` is its spelling in the older form; `label` may be empty."""

    type_id: int
    inverse_id: int
    from_kind: str
    to_kind: str
    name: str
    label: str = ""
    category: str = HUBSPOT_DEFINED

    @property
    def primary(self) -> bool:
        """Whether an object may have only one association of this type."""
        return self.label == "Primary"


def _pair(kinds: tuple[Kind, Kind], ids: tuple[int, int], label: str = "", suffix: str = "") -> Iterator[LinkType]:
    one, other = kinds
    yield LinkType(ids[0], ids[1], one.name, other.name, f"{one.singular}_to_{other.singular}{suffix}", label)
    yield LinkType(ids[1], ids[0], other.name, one.name, f"{other.singular}_to_{one.singular}{suffix}", label)


#: The built-in types, the default of each pair first. Source: the ids in the vendor's own SDK, where it lists them;
#: the unlabelled ids 279, 280, 341 and 342 from background knowledge.
LINK_TYPES: tuple[LinkType, ...] = (
    *_pair((CONTACTS, COMPANIES), (279, 280), suffix="_unlabeled"),
    *_pair((CONTACTS, COMPANIES), (1, 2), "Primary"),
    *_pair((DEALS, COMPANIES), (341, 342), suffix="_unlabeled"),
    *_pair((DEALS, COMPANIES), (5, 6), "Primary"),
    *_pair((DEALS, CONTACTS), (3, 4)),
    *_pair((DEALS, LINE_ITEMS), (19, 20)),
    *_pair((DEALS, QUOTES), (63, 64)),
    *_pair((QUOTES, LINE_ITEMS), (67, 68)),
    *_pair((QUOTES, CONTACTS), (69, 70)),
    *_pair((QUOTES, COMPANIES), (71, 72)),
)


def types_between(portal: Portal, from_kind: str, to_kind: str) -> list[LinkType]:
    """Every type of association from one kind to another, the default first."""
    built_in = [t for t in LINK_TYPES if (t.from_kind, t.to_kind) == (from_kind, to_kind)]
    own = [
        LinkType(x.type_id, x.inverse_id, from_kind, to_kind, x.name, x.label, USER_DEFINED)
        for x in portal.labels.find("pair", (from_kind, to_kind))
    ]
    return built_in + own


def target_of(portal: Portal, kind: Kind, wanted: tuple[tuple[str, int], ...]) -> Kind:
    """The kind to which associations of these (category, type id) pairs lead from a kind; raises `NotPossible`."""
    known = [t for other in KINDS for t in types_between(portal, kind.name, other.name)]
    for category, type_id in wanted:
        found = next((t for t in known if (t.category, t.type_id) == (category, type_id)), None)
        if found is None:
            raise NotPossible(f"{category} association type {type_id} does not start from {kind.name}")
        return BY_NAME[found.to_kind]
    raise NotPossible("An association needs at least one type")


def types_of(portal: Portal, link: Link) -> list[LinkType]:
    """The types one association has."""
    return [t for t in types_between(portal, link.from_kind, link.to_kind) if t.type_id in link.types]


def associate(
    portal: Portal, one: Thing, other: Thing, wanted: tuple[tuple[str, int], ...], actor: str
) -> list[LinkType]:
    """Associate two objects under the wanted (category, type id) pairs, or under the default type when there are none.

    The first company of a deal or contact becomes its primary one; naming another one primary takes it from the first.
    Returns the types the association now has. Raises `NotPossible` for a type these kinds do not have.
    """
    known = types_between(portal, one.kind, other.kind)
    if not known:
        raise NotPossible(f"{one.kind} cannot be associated with {other.kind}")
    by_id = {(t.category, t.type_id): t for t in known}
    missing = next((pair for pair in wanted if pair not in by_id), None)
    if missing is not None:
        raise NotPossible(
            f"{missing[0]} association type {missing[1]} is not valid between {one.kind} and {other.kind}"
        )
    types = {by_id[pair] for pair in wanted} | {known[0]}
    primary = next((t for t in known if t.primary), None)
    if primary is not None:
        _settle_primary(portal, one, other, types, primary)
    before = portal.links.get(link_key(one.kind, one.id, other.kind, other.id))
    for chosen in sorted(types):
        _add(portal, one, other, chosen)
    if before is None:
        _tell(portal, one, other, actor)
    link = portal.links.get(link_key(one.kind, one.id, other.kind, other.id))
    return types_of(portal, link) if link is not None else []


def dissociate(portal: Portal, one: Thing, other: Thing, actor: str) -> bool:
    """Remove every association between two objects; False if there was none."""
    gone = portal.links.remove(link_key(one.kind, one.id, other.kind, other.id))
    portal.links.remove(link_key(other.kind, other.id, one.kind, one.id))
    if gone is not None:
        _tell(portal, one, other, actor)
    return gone is not None


def remove_types(portal: Portal, one: Thing, other: Thing, type_ids: frozenset[int]) -> None:
    """Take single types off an association; the rest stays."""
    inverse = frozenset(t.inverse_id for t in types_between(portal, one.kind, other.kind) if t.type_id in type_ids)
    for a, b, gone in ((one, other, type_ids), (other, one, inverse)):
        link = portal.links.get(link_key(a.kind, a.id, b.kind, b.id))
        if link is None:
            continue
        left = tuple(t for t in link.types if t not in gone)
        if left:
            portal.links.put(_with_types(link, left))
        else:
            portal.links.remove(link_key(a.kind, a.id, b.kind, b.id))


def restore(portal: Portal, one: Thing, other: Thing, type_ids: tuple[int, ...]) -> None:
    """Give two objects the associations that one of them had under another id; a primary company they have stays."""
    known = {t.type_id: t for t in types_between(portal, one.kind, other.kind)}
    types = {known[type_id] for type_id in type_ids if type_id in known}
    primary = next((t for t in types if t.primary), None)
    if primary is not None:
        types.discard(primary)
        _settle_primary(portal, one, other, types, primary)
    for chosen in sorted(types):
        _add(portal, one, other, chosen)


def detach(portal: Portal, thing: Thing) -> None:
    """Remove every association of an object, without telling anybody: the object itself is going."""
    for link in portal.links.find("source", (thing.kind, thing.id)):
        portal.links.remove(link_key(link.from_kind, link.from_id, link.to_kind, link.to_id))
        portal.links.remove(link_key(link.to_kind, link.to_id, link.from_kind, link.from_id))


def _settle_primary(portal: Portal, one: Thing, other: Thing, types: set[LinkType], primary: LinkType) -> None:
    # Companies have many deals: only the deal's (or contact's) side is limited to one primary.
    owner, kind = (one, other.kind) if other.kind == COMPANIES.name else (other, one.kind)
    own_type = primary.type_id if owner is one else primary.inverse_id
    holder = next((x for x in portal.links.find("start", (owner.kind, owner.id, kind)) if own_type in x.types), None)
    if primary in types and holder is not None:
        target = portal.shelf(BY_NAME[kind]).get(holder.to_id)
        if target is not None and target.id not in (one.id, other.id):
            remove_types(portal, owner, target, frozenset({own_type}))
    elif holder is None:
        types.add(primary)


def _add(portal: Portal, one: Thing, other: Thing, chosen: LinkType) -> None:
    for a, b, type_id in ((one, other, chosen.type_id), (other, one, chosen.inverse_id)):
        key = link_key(a.kind, a.id, b.kind, b.id)
        link = portal.links.get(key) or Link(from_kind=a.kind, from_id=a.id, to_kind=b.kind, to_id=b.id, types=())
        if type_id not in link.types:
            portal.links.put(_with_types(link, (*link.types, type_id)))


def _with_types(link: Link, types: tuple[int, ...]) -> Link:
    return Link(from_kind=link.from_kind, from_id=link.from_id, to_kind=link.to_kind, to_id=link.to_id, types=types)


#: The canonical field of the one kind that an association with the other changes.
_FIELDS = (
    (DEALS, COMPANIES, "company_id"),
    (DEALS, LINE_ITEMS, "lines"),
    (DEALS, CONTACTS, "contacts"),
    (CONTACTS, COMPANIES, "company_id"),
    (QUOTES, DEALS, "deal_id"),
    (QUOTES, LINE_ITEMS, "lines"),
    (QUOTES, COMPANIES, "company_id"),
    (QUOTES, CONTACTS, "contacts"),
)


def _tell(portal: Portal, one: Thing, other: Thing, actor: str) -> None:
    for holder, held, field in _FIELDS:
        for a, b in ((one, other), (other, one)):
            if (a.kind, b.kind) == (holder.name, held.name):
                portal.log(holder, a.id, "update", (field,), actor)
    for a, b in ((one, other), (other, one)):
        portal.outbox.append(
            Event(
                kind=a.kind,
                name="associationChange",
                object_id=a.id,
                at=portal.clock.now,
                source=actor,
                other_id=b.id,
            )
        )
