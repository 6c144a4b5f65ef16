"""How news reaches a connector that listens: it is subscribed with each vendor, and what they post is delivered to it.

The connector has an address of its own that belongs to nobody (`.test` is reserved); what is posted elsewhere reaches
nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from simharness.connectors.port import Connector, ConnectorFailed
from simharness.core.errors import UsageError
from simharness.domain.acts import ActRefused, Subscribe, TellAgain
from simharness.domain.base import Record
from simharness.domain.exchange import Request, Response
from simharness.world.world import World

POLL, WEBHOOKS, BOTH = "poll", "webhooks", "both"
#: The ways in which a connector can hear of what happened.
LISTENS = (POLL, WEBHOOKS, BOTH)

HOST = "connector.test"
BASE_URL = f"https://{HOST}"

#: What is on its way for at most so long is waited for before a connector counts as being at rest; a later attempt of
#: a vendor that was turned away happens when the story gets there.
_HORIZON = timedelta(minutes=10)
#: The longest that a vendor waits after a first attempt that failed, among those there are, is well within this.
_PATIENCE = timedelta(hours=1)
_ADMINISTRATOR = "administrator"


class WebhookSpec(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the connector takes a vendor's webhooks, and which events it wants in the vendor's own names; all, if none
    is named.
    """

    path: str
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What a connector wants to be told by one vendor, and where."""

    vendor: str
    url: str
    events: tuple[str, ...] = ()


def subscriptions_of(webhooks: Mapping[str, WebhookSpec], listens: str) -> tuple[Subscription, ...]:
    """The subscriptions of a manifest for a way to listen; none for a connector that polls."""
    if listens == POLL:
        return ()
    return tuple(
        Subscription(vendor=vendor, url=BASE_URL + spec.path, events=spec.events) for vendor, spec in webhooks.items()
    )


class Listening:
    """The ears of one connector in one world."""

    def __init__(self, world: World, connector: Connector, subscriptions: Sequence[Subscription]) -> None:
        self._world, self._connector = world, connector
        self._failures: list[str] = []
        self._subscriptions = {
            family: one for one in subscriptions for family, fake in world.fakes.items() if fake.vendor == one.vendor
        }

    def begin(self) -> None:
        """Subscribe the connector with every vendor it wants to hear of that is part of this world.

        Raises `UsageError` where a vendor refuses.
        """
        for family, one in self._subscriptions.items():
            try:
                self._world.operate(family, Subscribe(url=one.url, events=one.events), _ADMINISTRATOR)
            except ActRefused as refused:
                raise UsageError(
                    f"{one.vendor} does not take the subscription of the connector: {refused.what}",
                    mend="look at webhooks: in its manifest",
                ) from refused
        if self._subscriptions:
            self._world.receiver = self._receive

    def hears(self, family: str) -> bool:
        """Whether the connector is subscribed in a system."""
        return family in self._subscriptions

    def switch(self, family: str, *, on: bool) -> None:
        """Take the subscription in a system back, so that what happens there is told to nobody, or enter it again."""
        one = self._subscriptions[family]
        act = Subscribe(url=one.url, events=one.events) if on else Subscribe()
        self._world.operate(family, act, _ADMINISTRATOR)

    def again(self, family: str) -> None:
        """Let a system deliver once more what it delivered."""
        self._world.operate(family, TellAgain(), _ADMINISTRATOR)

    def under_way(self) -> bool:
        """Whether news will arrive soon."""
        return self._due(_HORIZON) is not None

    def wait_for_the_refused(self) -> bool:
        """Let time pass until a vendor tries again that was turned away over a fault; False where none will soon."""
        due = self._due(_PATIENCE) if self._world.news_refused else None
        if due is not None:
            self._world.advance_to(due)
        return due is not None

    def _due(self, within: timedelta) -> datetime | None:
        due = self._world.clock.next_awaited() if self._subscriptions else None
        return due if due is not None and due <= self._world.clock.now + within else None

    def failures(self) -> tuple[str, ...]:
        """What the connector raised over news since this was asked last."""
        found, self._failures = tuple(self._failures), []
        return found

    def _receive(self, request: Request) -> Response | None:
        if request.host != HOST:
            return None
        try:
            return self._connector.deliver(request)
        except ConnectorFailed as failed:
            # What a handler raises, every web server answers with this status; the vendor then tries again.
            self._failures.append(failed.reason)
            return Response(status=500, body=failed.reason.encode())


def wrong_webhooks(
    webhooks: Mapping[str, WebhookSpec], listens: str, vendors: Sequence[str]
) -> Iterator[tuple[str, str, str]]:
    """What no run would understand in these declarations: the text to look for, what is wrong, how to mend it."""
    if listens not in LISTENS:
        yield listens, f"{listens!r} is no way to listen", f"use one of: {', '.join(LISTENS)}"
    elif listens != POLL and not webhooks:
        yield "listens:", f"the connector listens ({listens}), but says nowhere to what", "add webhooks:"
    for vendor, spec in webhooks.items():
        if vendor not in vendors:
            yield f"{vendor}:", f"there is no pack for {vendor!r}", f"use one of: {', '.join(vendors)}"
        if not spec.path.startswith("/"):
            yield spec.path, f"{spec.path!r} is no path of an address", "begin it with /"
