"""An alert desk: incidents are opened, repeated while they are open, taken on by somebody, and cleared.

An incident has a key that its sender chose. While one with the key is open, a further alert of the same key counts as
a repetition and changes nothing else; after it was cleared, the next alert of the key opens another incident.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from simharness.core.clock import Clock
from simharness.core.money import Money
from simharness.domain.base import Record
from simharness.domain.operations import OperationsSnapshot, RaisedAlert
from simharness.fakekit.tables import Table


class Service(Record, frozen=True, kw_only=True):
    """A team's inbox: its name, and the routing key that leads to it."""

    name: str
    routing_key: str


class Incident(Record, frozen=True, kw_only=True):
    """One incident as the desk holds it.

    `owner`, `item` and `amount` are what the first alert named; `owner` falls back to the service.
    """

    id: str
    key: str
    service: str
    raised_at: datetime
    owner: str
    text: str
    severity: str
    item: str = ""
    amount: Money | None = None
    repeats: int = 0
    acknowledged_at: datetime | None = None
    cleared_at: datetime | None = None

    def canonical(self) -> RaisedAlert:
        """The incident in the harness's words."""
        return RaisedAlert(
            id=self.id,
            incident=self.key,
            raised_at=self.raised_at,
            owner=self.owner,
            item=self.item,
            text=self.text,
            amount=self.amount,
            repeats=self.repeats,
            cleared_at=self.cleared_at,
        )


class Desk:
    """Services and incidents in order of first raising."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.services: Table[Service] = Table(lambda service: service.routing_key)
        self.incidents: Table[Incident] = Table(
            lambda incident: incident.id,
            open=lambda incident: (incident.service, incident.key) if incident.cleared_at is None else None,
        )

    def open_incident(self, service: str, key: str) -> Incident | None:
        """The incident with this key that is open at a service, or None."""
        return self.incidents.first("open", (service, key))

    def raise_(self, incident: Incident) -> tuple[Incident, bool]:
        """Open an incident, or count one more alert of the open one with its key; whether it is new."""
        known = self.open_incident(incident.service, incident.key)
        if known is not None:
            return self.incidents.put(replace(known, repeats=known.repeats + 1)), False
        return self.incidents.put(incident), True

    def acknowledge(self, service: str, key: str) -> Incident | None:
        """Somebody takes the open incident on; None if there is none, or somebody did before."""
        known = self.open_incident(service, key)
        if known is None or known.acknowledged_at is not None:
            return None
        return self.incidents.put(replace(known, acknowledged_at=self._clock.now))

    def clear(self, service: str, key: str) -> Incident | None:
        """The open incident is over; None if there is none."""
        known = self.open_incident(service, key)
        return self.incidents.put(replace(known, cleared_at=self._clock.now)) if known is not None else None

    def snapshot(self, vendor: str) -> OperationsSnapshot:
        """Everything in the harness's words."""
        return OperationsSnapshot(vendor=vendor, alerts=tuple(each.canonical() for each in self.incidents))

    def fork(self, clock: Clock) -> Desk:
        """An independent copy on another clock."""
        twin = Desk(clock)
        twin.services, twin.incidents = self.services.fork(), self.incidents.fork()
        return twin
