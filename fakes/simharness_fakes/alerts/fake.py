"""The fake of an alert sink: the pipeline's hooks in the event API's words, and the neutral ports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import ClassVar

from simharness.domain.acts import Act, ActRefused, Furnish
from simharness.domain.events import DomainEvent, Furnished
from simharness.domain.exchange import Request, Response
from simharness.domain.snapshot import FamilySnapshot
from simharness.fakekit.auth import Credential
from simharness.fakekit.bodies import Unreadable, read_json
from simharness.fakekit.contract import Operation, load
from simharness.fakekit.fake import Fake, Handler
from simharness.fakekit.limits import Limit, Limiter
from simharness.fakekit.pack import Pack, Setup
from simharness.fakekit.problems import Problem, Unauthenticated
from simharness_fakes.alerts import errors
from simharness_fakes.alerts.profile import Profile
from simharness_fakes.alerts.routes import ROUTES
from simharness_fakes.alerts.state import State
from simharness_fakes.operations.desk import Service

_KEY_LENGTH = 32


class Alerts(Fake):
    """One account with one service, to which the connector's routing key leads."""

    routes: ClassVar[Mapping[str, Handler]] = ROUTES

    def __init__(self, pack: Pack, setup: Setup) -> None:
        super().__init__(pack, setup, load(pack.package))
        self.profile = Profile.read(setup.options)
        self.state = State(setup.clock)
        per_minute = self.profile.requests_per_minute
        limit = Limit(name=f"{per_minute} events a minute", count=per_minute, window=timedelta(minutes=1))
        self.limiter = Limiter(limit) if per_minute else None
        self.routing_key = setup.ids.token("alerts routing key", _KEY_LENGTH).lower()
        self.state.desk.services.put(Service(name=self.profile.service, routing_key=self.routing_key))

    # -- the neutral ports ----------------------------------------------------------------------------------------

    def operate(self, act: Act, actor: str) -> tuple[DomainEvent, ...]:
        """Furnish, for which there is nothing to do; the acts of other families are refused."""
        del actor
        if isinstance(act, Furnish):
            return (Furnished(dictionary=act.dictionary.name),)
        raise ActRefused(
            f"the alert sink does not know how to {type(act).__name__}", mend="give the act to the family it names"
        )

    def snapshot(self) -> tuple[FamilySnapshot, ...]:
        """Every incident, open or cleared, in order of first raising."""
        return (self.state.desk.snapshot(self.vendor),)

    def connection(self, base_url: str) -> Mapping[str, str]:
        """`base_url`, `routing_key`, and the `service` it leads to."""
        return {
            "base_url": base_url or f"https://{self.pack.hosts[0]}",
            "routing_key": self.routing_key,
            "service": self.profile.service,
        }

    def fork(self, setup: Setup) -> Alerts:
        """An independent copy in another world."""
        twin = Alerts(self.pack, setup)
        twin.state = self.state.fork(setup.clock)
        twin.limiter = self.limiter.fork() if self.limiter is not None else None
        twin.routing_key = self.routing_key
        return twin

    # -- the event API's forms ------------------------------------------------------------------------------------

    def refuse(self, problem: Problem, request: Request) -> Response:
        """A problem of the pipeline in the event API's form."""
        return errors.respond(self, problem, request)

    def authenticate(self, request: Request, operation: Operation) -> Credential | Problem:
        """The routing key in the body is the whole credential; it names the service."""
        del operation
        key = _routing_key(request.body)
        if not key:
            return Unauthenticated(cause="missing")
        service = self.state.service(key)
        if service is None:
            return Unauthenticated(cause="unknown", token=key)
        return Credential(token=key, actor="connector", scopes=("events",), entity=service.name)

    def throttle(self, credential: Credential, request: Request, operation: Operation) -> Problem | Mapping[str, str]:
        """So many events a minute and routing key, where the profile says so."""
        del request, operation
        if self.limiter is None:
            return {}
        taken = self.limiter.take(credential.token, self.setup.clock.now)
        return taken if isinstance(taken, Problem) else {}

    immune: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "token_expired": "a routing key does not expire",
            "forbidden": "a routing key has no scopes",
            "conflict": "events are not changed",
            "stale_read": "there is nothing to be read",
            "partial_batch": "it takes one event a request",
            "page_shift": "there is nothing to be read",
        }
    )

    def wrote(self, record_id: str, action: str, fields: tuple[str, ...], actor: str) -> None:
        """Keep a committed write about an alert with the actor whose routing key it came with."""
        self.keep_write("alert", record_id, action, fields, actor)


def build(setup: Setup) -> Fake:
    """A fresh account with one service and nothing raised."""
    from simharness_fakes.alerts import PACK

    return Alerts(PACK, setup)


def _routing_key(body: bytes) -> str:
    try:
        read = read_json(body)
    except Unreadable:
        return ""
    found = read.get("routing_key") if isinstance(read, dict) else None
    return found.strip() if isinstance(found, str) else ""
