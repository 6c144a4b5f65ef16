"""Search: filters, sorting, free text and offsets over one kind of object.

A filter on the last change or on the stage picks its candidates from an index, so that the common question of a
connector (what changed since …?) costs what it finds and not what the portal holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from simharness.domain.base import Record
from simharness_fakes.hubspot.kinds import Kind
from simharness_fakes.hubspot.state.portal import Portal
from simharness_fakes.hubspot.state.refusals import NotPossible
from simharness_fakes.hubspot.state.things import Thing
from simharness_fakes.hubspot.values import read_instant, sort_key

#: Source: the vendor's documentation of search.
MAX_GROUPS, MAX_FILTERS_A_GROUP, MAX_FILTERS, MAX_RESULTS, MAX_PAGE = 5, 6, 18, 10_000, 200


class Filter(Record, frozen=True, kw_only=True):
    """One condition on one property."""

    name: str
    operator: str
    value: str | None = None
    high: str | None = None
    values: tuple[str, ...] = ()


class Search(Record, frozen=True, kw_only=True):
    """A whole search: groups are alternatives, the filters of a group must all hold."""

    groups: tuple[tuple[Filter, ...], ...] = ()
    words: str = ""
    sort_by: str = ""
    descending: bool = False
    limit: int = 10
    offset: int = 0


def run(portal: Portal, kind: Kind, search: Search, *, unset_differs: bool) -> tuple[int, list[Thing]]:
    """How many objects were found, and the page of them; oldest first unless sorted otherwise.

    `unset_differs` says whether an object without a value counts as different from a value.
    Raises `NotPossible` for what the vendor refuses.
    """
    _refuse_excess(search)
    tests = [_test(portal, kind, group, unset_differs) for group in search.groups]
    words = search.words.lower().split()
    found: dict[str, Thing] = {}
    for group, test in zip(search.groups, tests, strict=True):
        for thing in _visible(portal, _candidates(portal, kind, group)):
            if thing.id not in found and test(thing):
                found[thing.id] = thing
    if not search.groups:
        found = {thing.id: thing for thing in _visible(portal, portal.shelf(kind))}
    hits = [thing for thing in found.values() if not words or _has_words(kind, thing, words)]
    hits = _sorted(portal, kind, hits, search)
    return len(hits), hits[search.offset : search.offset + search.limit]


def _refuse_excess(search: Search) -> None:
    if len(search.groups) > MAX_GROUPS:
        raise NotPossible(f"The maximum number of filter groups is {MAX_GROUPS}")
    if any(len(group) > MAX_FILTERS_A_GROUP for group in search.groups):
        raise NotPossible(f"The maximum number of filters in a filter group is {MAX_FILTERS_A_GROUP}")
    if sum(map(len, search.groups)) > MAX_FILTERS:
        raise NotPossible(f"The maximum number of filters is {MAX_FILTERS}")
    if search.limit > MAX_PAGE:
        raise NotPossible(f"The limit must be at most {MAX_PAGE}")
    if search.offset + search.limit > MAX_RESULTS:
        raise NotPossible(f"Paging through more than {MAX_RESULTS} results is not possible")


def _visible(portal: Portal, things: Iterable[Thing]) -> Iterable[Thing]:
    edge = portal.searched_until
    if edge is None:
        return (thing for thing in things if thing.archived_at is None)
    return _seen(things, edge)


def _seen(things: Iterable[Thing], edge: datetime) -> Iterable[Thing]:
    """The objects in the versions that were the last at an instant."""
    for thing in things:
        shown: Thing | None = thing
        while shown is not None and shown.updated_at > edge:
            shown = shown.previous
        if shown is not None and not shown.archived:
            yield shown


def _candidates(portal: Portal, kind: Kind, group: tuple[Filter, ...]) -> Iterable[Thing]:
    shelf = portal.shelf(kind)
    for one in group:
        if one.name == "hs_object_id" and one.operator in ("EQ", "IN"):
            wanted = dict.fromkeys(one.values if one.operator == "IN" else (one.value or "",))
            return [thing for thing in map(shelf.get, wanted) if thing is not None]
    since, until = _period(kind, group)
    if since is not None:
        # With a lag an older version may still be shown, so the upper end cannot be taken from the index.
        return shelf.changed(since, until if portal.searched_until is None else None)
    for one in group:
        if one.name == "dealstage" and one.operator == "EQ" and portal.searched_until is None:
            return shelf.in_stage(one.value or "")
    return shelf


def _period(kind: Kind, group: tuple[Filter, ...]) -> tuple[datetime | None, datetime | None]:
    lower: list[datetime] = []
    upper: list[datetime] = []
    for one in group:
        if one.name == kind.modified and one.operator in ("GT", "GTE", "BETWEEN", "EQ"):
            _append(lower, one.value)
        if one.name == kind.modified and one.operator in ("LT", "LTE", "BETWEEN", "EQ"):
            _append(upper, one.high if one.operator == "BETWEEN" else one.value)
    if any(moment.microsecond % 1000 for moment in upper) or not upper:
        return (max(lower) if lower else None), None
    # Kept values are cut to milliseconds; the stamps of the index are not.
    return (max(lower) if lower else None), min(upper).replace(microsecond=min(upper).microsecond + 999)


def _append(moments: list[datetime], text: str | None) -> None:
    moment = read_instant(text or "")
    if moment is not None:
        moments.append(moment)


_Key = tuple[int, object, str]
_COMPARE: Mapping[str, Callable[[_Key, _Key], bool]] = MappingProxyType(
    {
        "LT": lambda a, b: a < b,
        "LTE": lambda a, b: a <= b,
        "GT": lambda a, b: a > b,
        "GTE": lambda a, b: a >= b,
        "EQ": lambda a, b: a == b,
    }
)


def _test(portal: Portal, kind: Kind, group: tuple[Filter, ...], unset_differs: bool) -> Callable[[Thing], bool]:
    parts = [_condition(portal, kind, one, unset_differs) for one in group]
    return parts[0] if len(parts) == 1 else lambda thing: all(part(thing) for part in parts)


def _condition(portal: Portal, kind: Kind, one: Filter, unset_differs: bool) -> Callable[[Thing], bool]:
    rule = portal.definition(kind, one.name)
    if rule is None:
        raise NotPossible(f"The property {one.name} does not exist on {kind.name} and cannot be filtered by")
    _refuse_arguments(one)
    name, operator = one.name, one.operator
    if operator == "HAS_PROPERTY":
        return lambda thing: name in thing.properties
    if operator == "NOT_HAS_PROPERTY":
        return lambda thing: name not in thing.properties
    if operator in ("CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN"):
        pattern, wanted = _pattern(one.value or ""), operator == "CONTAINS_TOKEN"
        return lambda thing: pattern(thing.get(name)) is wanted
    wanted_keys = [sort_key(rule, text) for text in (one.values or (one.value or "",))]
    if rule.type in ("number", "date", "datetime") and any(key[0] == 0 for key in wanted_keys):
        raise NotPossible(f"{one.value or one.values} is not a value of the {rule.type} property {name}")
    if operator in ("IN", "EQ") or operator in ("NOT_IN", "NEQ"):
        negated = operator in ("NOT_IN", "NEQ")
        return lambda thing: (
            ((sort_key(rule, thing.properties[name]) in wanted_keys) is not negated)
            if name in thing.properties
            else negated and unset_differs
        )
    low = wanted_keys[0]
    if operator == "BETWEEN":
        high = sort_key(rule, one.high or "")
        return lambda thing: name in thing.properties and low <= sort_key(rule, thing.properties[name]) <= high
    compare = _COMPARE[operator]
    return lambda thing: name in thing.properties and compare(sort_key(rule, thing.properties[name]), low)


def _refuse_arguments(one: Filter) -> None:
    if one.operator in ("HAS_PROPERTY", "NOT_HAS_PROPERTY"):
        if one.value is not None or one.values:
            raise NotPossible(f"The operator {one.operator} takes no value")
    elif one.operator in ("IN", "NOT_IN"):
        if not one.values:
            raise NotPossible(f"The operator {one.operator} needs values")
    elif one.value is None:
        raise NotPossible(f"The operator {one.operator} needs a value")
    if one.operator == "BETWEEN" and one.high is None:
        raise NotPossible("The operator BETWEEN needs a highValue")


def _pattern(text: str) -> Callable[[str], bool]:
    wanted = text.lower().strip()
    bare = wanted.strip("*")

    def matches(value: str) -> bool:
        for token in (*value.lower().replace("@", " ").split(), value.lower()):
            whole = token == bare
            start = wanted.endswith("*") and token.startswith(bare)
            end = wanted.startswith("*") and token.endswith(bare)
            inside = wanted.startswith("*") and wanted.endswith("*") and bare in token
            if whole or start or end or inside:
                return True
        return False

    return matches


def _has_words(kind: Kind, thing: Thing, words: list[str]) -> bool:
    text = " ".join(thing.get(name) for name in kind.searched).lower()
    return all(word in text for word in words)


def _sorted(portal: Portal, kind: Kind, hits: list[Thing], search: Search) -> list[Thing]:
    if not search.sort_by:
        return sorted(hits, key=lambda thing: (thing.created_at, int(thing.id))) if len(hits) > 1 else hits
    name = search.sort_by
    rule = portal.definition(kind, name)
    if rule is None:
        raise NotPossible(f"The property {name} does not exist on {kind.name} and cannot be sorted by")
    # Equal values keep the order of ids in both directions, so that pages never overlap.
    ordered = sorted(hits, key=lambda thing: int(thing.id))
    have = [thing for thing in ordered if name in thing.properties]
    lack = [thing for thing in ordered if name not in thing.properties]
    return sorted(have, key=lambda t: sort_key(rule, t.properties[name]), reverse=search.descending) + lack
