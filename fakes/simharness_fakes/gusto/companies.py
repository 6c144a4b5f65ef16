"""The companies of a group in one Gusto: which of them an act or a token means.

They are of one app, so that what it is told of each is signed with the one verification token it knows; everything else
each has for itself. The first is the face of all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from simharness.domain.acts import Act, ActRefused, Furnish, Subscribe
from simharness.fakekit.auth import Credential
from simharness_fakes.gusto import hooks

if TYPE_CHECKING:
    from simharness_fakes.gusto.fake import Gusto


def all_of(first: Gusto) -> tuple[Gusto, ...]:
    """Every company, the first one first."""
    return (first, *first.beside)


def meant(first: Gusto, act: Act) -> Gusto:
    """The company that an act means: that of its entity, its employee or its payroll, else the first.

    An entity that furnishes its payroll and has no company yet gets one. Raises `ActRefused` for an entity without one.
    """
    if isinstance(act, Furnish):
        return _furnished(first, act)
    companies = all_of(first)
    if entity := getattr(act, "entity", ""):
        found = next((each for each in companies if each.state.company.entity == entity), None)
        if found is None:
            names = ", ".join(each.state.company.entity for each in companies)
            raise ActRefused(f"no company in Gusto is of the entity {entity!r}", mend=f"there are those of {names}")
        return found
    employee, payroll = getattr(act, "employee_id", ""), getattr(act, "payroll_id", "")
    for each in first.beside:
        if each.state.people.get(employee) is not None or each.state.office.state.runs.get(payroll) is not None:
            return each
    return first


def opened_by(first: Gusto, token: str) -> Gusto:
    """The company that an access token opens; the first for one that opens none."""
    if not first.beside:
        return first
    found = first.tokens.book.find(token)
    return of_uuid(first, found.entity) if isinstance(found, Credential) else first


def of_uuid(first: Gusto, company: str) -> Gusto:
    """The company of an id; the first for an id of none."""
    return next((each for each in first.beside if each.state.company.id == company), first)


def subscribe(first: Gusto, act: Subscribe) -> None:
    """Enter where the connected app is told of news, of whichever company."""
    for each in all_of(first):
        each.own_subscription = first.own_subscription
        hooks.subscribe(each, act)


def further_keys(first: Gusto) -> Mapping[str, str]:
    """What opens each company beside the first, numbered from 2."""
    keys: dict[str, str] = {}
    for number, each in enumerate(first.beside, start=2):
        keys[f"entity_{number}"] = each.state.company.entity
        keys[f"company_id_{number}"] = keys[f"company_uuid_{number}"] = each.state.company.id
        keys[f"access_token_{number}"] = each.issued.access_token
        keys[f"refresh_token_{number}"] = each.issued.refresh_token
    return keys


def _furnished(first: Gusto, act: Furnish) -> Gusto:
    entity = act.dictionary.entity
    known = next((each for each in all_of(first) if each.state.company.entity in ("", entity)), None)
    if known is not None or act.dictionary.payroll is None:
        return known or first
    founded = type(first)(first.pack, first.setup, first)
    listening = first.state.subscriptions.get(first.own_subscription)
    if listening is not None:
        founded.state.subscriptions.put(listening)
    first.beside = (*first.beside, founded)
    return founded
