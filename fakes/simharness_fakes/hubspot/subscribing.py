"""Where the app listens and what it wants to hear of: what the wire and whoever administers the app do alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simharness.domain.acts import Subscribe
from simharness_fakes.hubspot.hooks import Settings, Subscription
from simharness_fakes.hubspot.kinds import BY_NAME, COMPANIES, CONTACTS, DEALS, LINE_ITEMS, PRODUCTS, Kind
from simharness_fakes.hubspot.state.refusals import NotPossible

if TYPE_CHECKING:
    from simharness_fakes.hubspot.fake import Hubspot

_CHANGE = "propertyChange"
#: What the vendor tells of each kind. Source: its reference of webhooks, version 3.
_TOLD: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    *((kind, ("creation", "deletion", _CHANGE, "merge", "associationChange")) for kind in (CONTACTS, COMPANIES, DEALS)),
    (LINE_ITEMS, ("creation", "deletion", _CHANGE, "associationChange")),
    (PRODUCTS, ("creation", "deletion", _CHANGE)),
)
#: Deliveries at a time, as the page of an app has it at first. Source: background knowledge, not re-checked.
_CONCURRENT = 10


def perform(fake: Hubspot, act: Subscribe) -> None:
    """Enter the address and every subscription that is missing; an event is written `deal.creation`, or
    `deal.propertyChange dealstage`. Raises `NotPossible` for one that the vendor does not have.
    """
    if not act.url:
        fake.hooks.settings = None
        return
    settle(fake, act.url, fake.hooks.settings.concurrent if fake.hooks.settings else _CONCURRENT)
    have = {(one.event_type, one.property_name) for one in fake.hooks.subscriptions}
    for event in act.events or tuple(_everything(fake)):
        event_type, _, name = event.partition(" ")
        if (event_type, name) not in have:
            add(fake, event_type, name, active=True)


def settle(fake: Hubspot, url: str, concurrent: int) -> Settings:
    """Where the app listens from now on."""
    now, before = fake.setup.clock.now, fake.hooks.settings
    fake.hooks.settings = Settings(
        target_url=url,
        concurrent=concurrent,
        created_at=before.created_at if before is not None else now,
        updated_at=now,
    )
    return fake.hooks.settings


def add(fake: Hubspot, event_type: str, name: str, *, active: bool) -> Subscription:
    """A further event the app wants to hear of; raises `NotPossible` for one that cannot be."""
    singular, _, what = event_type.partition(".")
    kind = next((kind for kind, told in _TOLD if kind is BY_NAME.get(singular) and what in told), None)
    if kind is None:
        raise NotPossible(f"There is no event type {event_type}")
    if (what == _CHANGE) != bool(name):
        raise NotPossible("propertyName is required for propertyChange subscriptions, and only for them")
    if name and fake.portal.definition(kind, name) is None:
        raise NotPossible(f"Property {name} does not exist on {kind.name}")
    now = fake.setup.clock.now
    return fake.hooks.subscriptions.put(
        Subscription(
            id=str(fake.setup.ids.next("hubspot:subscription", start=500001)),
            event_type=event_type,
            property_name=name,
            active=active,
            created_at=now,
            updated_at=now,
        )
    )


def _everything(fake: Hubspot) -> Iterator[str]:
    for kind, told in _TOLD:
        for what in told:
            if what != _CHANGE:
                yield f"{kind.singular}.{what}"
                continue
            for definition in fake.portal.definitions.find("kind", kind.name):
                if not definition.read_only:
                    yield f"{kind.singular}.{what} {definition.name}"
