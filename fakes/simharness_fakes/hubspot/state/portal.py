"""Everything one portal holds, in one place that can be forked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from simharness.core.clock import Clock
from simharness.core.ids import Ids
from simharness.domain.base import Record
from simharness.domain.write import Write
from simharness.fakekit.tables import Table
from simharness_fakes.crm.stages import Stage, StageKind
from simharness_fakes.hubspot.definitions import BUILT_IN, Property, property_key, stage_dates
from simharness_fakes.hubspot.kinds import KINDS, Kind
from simharness_fakes.hubspot.state.refusals import NoSuchDefinition, NoSuchObject
from simharness_fakes.hubspot.state.things import Shelf, Thing


class Owner(Record, frozen=True, kw_only=True):
    """A user of the portal to whom objects can be assigned."""

    id: str
    user_id: int
    email: str
    first_name: str
    last_name: str
    created_at: datetime


class Pipeline(Record, frozen=True, kw_only=True):
    """A pipeline of deals with its stages in order."""

    id: str
    label: str
    order: int
    stages: tuple[Stage, ...]
    created_at: datetime
    updated_at: datetime

    def stage(self, stage_id: str) -> Stage | None:
        """The stage with this id, or None."""
        return next((stage for stage in self.stages if stage.id == stage_id), None)


class Label(Record, frozen=True, kw_only=True):
    """A label somebody defined for associations of two kinds, in one direction."""

    type_id: int
    inverse_id: int
    from_kind: str
    to_kind: str
    label: str
    name: str


class Link(Record, frozen=True, kw_only=True):
    """One direction of an association with its type ids; the other direction is a link of its own."""

    from_kind: str
    from_id: str
    to_kind: str
    to_id: str
    types: tuple[int, ...]


class Event(Record, frozen=True, kw_only=True):
    """Something that webhooks may tell: `name` is creation, propertyChange, deletion, merge or associationChange."""

    kind: str
    name: str
    object_id: str
    at: datetime
    source: str
    property_name: str = ""
    property_value: str = ""
    other_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a portal is set up with.

    `lag` is how far a search runs behind, and `remembered` for how long an object's former versions are kept for one
    that runs further behind; `merge_makes_new` says whether a merge makes a new id.
    """

    portal_id: int
    currency: str = "USD"
    time_zone: str = "UTC"
    lag: timedelta = timedelta(0)
    remembered: timedelta = timedelta(0)
    merge_makes_new: bool = False


#: The default pipeline of a new portal; ids and labels are the vendor's (background knowledge).
_STAGES = (
    ("appointmentscheduled", "Appointment Scheduled", "0.2", StageKind.OPEN),
    ("qualifiedtobuy", "Qualified To Buy", "0.4", StageKind.OPEN),
    ("presentationscheduled", "Presentation Scheduled", "0.6", StageKind.OPEN),
    ("decisionmakerboughtin", "Decision Maker Bought-In", "0.8", StageKind.OPEN),
    ("contractsent", "Contract Sent", "0.9", StageKind.OPEN),
    ("closedwon", "Closed Won", "1.0", StageKind.WON),
    ("closedlost", "Closed Lost", "0.0", StageKind.LOST),
)


def link_key(from_kind: str, from_id: str, to_kind: str, to_id: str) -> str:
    """What a link is filed under."""
    return f"{from_kind}/{from_id}/{to_kind}/{to_id}"


class Portal:
    """The records of one portal. `outbox` collects events until somebody sends them; `writes` is the log of writes."""

    def __init__(self, clock: Clock, ids: Ids, profile: Profile, writes: list[Write]) -> None:
        self.clock = clock
        self.ids = ids
        self.profile = profile
        self.writes = writes
        self.outbox: list[Event] = []
        #: The instant at which the index of searches stands still, None for one that is as the profile says.
        self.stands_at: datetime | None = None
        self.shelves = {kind.name: Shelf(kind) for kind in KINDS}
        self.definitions: Table[Property] = Table(
            lambda p: p.key, kind=lambda p: p.kind, unique=lambda p: p.kind if p.unique else None
        )
        self.pipelines: Table[Pipeline] = Table(lambda p: p.id)
        self.links: Table[Link] = Table(
            lambda x: link_key(x.from_kind, x.from_id, x.to_kind, x.to_id),
            start=lambda x: (x.from_kind, x.from_id, x.to_kind),
            source=lambda x: (x.from_kind, x.from_id),
        )
        self.labels: Table[Label] = Table(lambda x: str(x.type_id), pair=lambda x: (x.from_kind, x.to_kind))
        self.owners: Table[Owner] = Table(lambda o: o.id)
        self.aliases: dict[tuple[str, str], str] = {}
        for definition in BUILT_IN:
            self.definitions.put(definition)
        self.put_pipeline(_default_pipeline(clock.now))

    @property
    def searched_until(self) -> datetime | None:
        """Until when a search sees what was written; None where it sees everything."""
        if self.stands_at is None:
            return self.clock.now - self.profile.lag if self.profile.lag else None
        return min(self.stands_at, self.clock.now - self.profile.lag)

    # -- finding ---------------------------------------------------------------------------------------------------

    def shelf(self, kind: Kind) -> Shelf:
        """The objects of a kind."""
        return self.shelves[kind.name]

    def find(self, kind: Kind, thing_id: str, *, archived: bool = False) -> Thing | None:
        """The live (or archived) object with this id; the id of an object that was merged away finds the survivor."""
        thing_id = self.aliases.get((kind.name, thing_id), thing_id)
        thing = self.shelf(kind).get(thing_id)
        return thing if thing is not None and thing.archived == archived else None

    def need(self, kind: Kind, thing_id: str) -> Thing:
        """The live object with this id; raises `NoSuchObject`."""
        thing = self.find(kind, thing_id)
        if thing is None:
            raise NoSuchObject(kind.name, thing_id)
        return thing

    def definition(self, kind: Kind, name: str) -> Property | None:
        """The definition of a property, or None."""
        return self.definitions.get(property_key(kind.name, name))

    def linked(self, thing: Thing, to: Kind) -> list[Thing]:
        """The live objects of a kind that are associated with one, in the order in which they were."""
        links = self.links.find("start", (thing.kind, thing.id, to.name))
        found = (self.shelf(to).get(link.to_id) for link in links)
        return [other for other in found if other is not None and not other.archived]

    def stage_of(self, thing: Thing) -> Stage | None:
        """The stage a deal is in, or None if it was never put into one."""
        pipeline = self.pipelines.get(thing.get("pipeline"))
        return pipeline.stage(thing.get("dealstage")) if pipeline is not None else None

    def pipeline(self, pipeline_id: str) -> Pipeline:
        """The pipeline with this id; raises `NoSuchDefinition`."""
        found = self.pipelines.get(pipeline_id)
        if found is None:
            raise NoSuchDefinition(f"No pipeline with ID: {pipeline_id}")
        return found

    # -- changing --------------------------------------------------------------------------------------------------

    def put_pipeline(self, pipeline: Pipeline) -> Pipeline:
        """Add or replace a pipeline; every stage gets the properties that keep when a deal entered and left it."""
        for stage in pipeline.stages:
            for definition in stage_dates(stage.id):
                if definition.key not in self.definitions:
                    self.definitions.put(definition)
        return self.pipelines.put(pipeline)

    def next_id(self, kind: Kind) -> str:
        """The next id of a kind."""
        return str(self.ids.next(f"hubspot:{kind.name}", start=kind.first_id))

    def log(self, kind: Kind, thing_id: str, action: str, fields: tuple[str, ...], actor: str) -> None:
        """Note a write of canonical fields."""
        self.writes.append(
            Write(
                at=self.clock.now,
                family="crm",
                vendor="hubspot",
                dataset=kind.canonical,
                record_id=thing_id,
                action=action,
                fields=tuple(sorted(set(fields))),
                actor=actor,
            )
        )

    def drain(self) -> Iterator[Event]:
        """The events since the last time, oldest first; the outbox is empty afterwards."""
        events, self.outbox = self.outbox, []
        return iter(events)

    def fork(self, clock: Clock, ids: Ids, writes: list[Write]) -> Portal:
        """An independent copy on another clock that shares the records."""
        twin = Portal(clock, ids, self.profile, writes)
        twin.outbox = list(self.outbox)
        twin.shelves = {name: shelf.fork() for name, shelf in self.shelves.items()}
        twin.definitions, twin.pipelines = self.definitions.fork(), self.pipelines.fork()
        twin.links, twin.labels, twin.owners = self.links.fork(), self.labels.fork(), self.owners.fork()
        twin.aliases = dict(self.aliases)
        return twin


def _default_pipeline(now: datetime) -> Pipeline:
    stages = tuple(
        Stage(id=name, label=label, order=order, kind=kind, probability=probability)
        for order, (name, label, probability, kind) in enumerate(_STAGES)
    )
    return Pipeline(id="default", label="Sales Pipeline", order=0, stages=stages, created_at=now, updated_at=now)
