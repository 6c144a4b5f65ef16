"""The fake portal: its pipeline hooks, its two neutral ports, and what belongs to one world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from types import MappingProxyType

import msgspec

from simharness.domain.acts import Act, ActRefused
from simharness.domain.events import DomainEvent
from simharness.domain.exchange import Request, Response
from simharness.domain.personal import Personal
from simharness.domain.snapshot import FamilySnapshot
from simharness.fakekit.auth import Credential, Grant, TokenBook
from simharness.fakekit.bodies import Unreadable, read_pairs
from simharness.fakekit.contract import Operation, load
from simharness.fakekit.failing import Deed
from simharness.fakekit.fake import Call, Fake, bearer
from simharness.fakekit.pack import Pack, Setup
from simharness.fakekit.problems import NoRoute, Problem, Unauthenticated
from simharness_fakes.crm.people import People
from simharness_fakes.hubspot import acts, canonical, faults
from simharness_fakes.hubspot.errors import Wording
from simharness_fakes.hubspot.hooks import App, Delivery, WebhookDesk
from simharness_fakes.hubspot.kinds import BY_NAME, ELSEWHERE, KINDS
from simharness_fakes.hubspot.persons import persons
from simharness_fakes.hubspot.quota import Quota
from simharness_fakes.hubspot.routes import ROUTES
from simharness_fakes.hubspot.state.portal import Portal, Profile
from simharness_fakes.hubspot.state.refusals import Refusal

PACKAGE = "simharness_fakes.hubspot"
HOST = "api.hubapi.com"
SCOPES: tuple[str, ...] = (
    "oauth",
    "crm.objects.owners.read",
    *(f"crm.objects.{kind.name}.{what}" for kind in KINDS for what in ("read", "write")),
    *(f"crm.schemas.{kind.name}.{what}" for kind in KINDS for what in ("read", "write")),
)


class Hubspot(Fake):
    """One portal with one connected app. `of` makes an independent copy of another one on the new setup's clock."""

    routes = ROUTES
    vital = ("closedate", "amount")

    def __init__(self, pack: Pack, setup: Setup, *, of: Hubspot | None = None) -> None:
        super().__init__(pack, setup, load(PACKAGE))
        self._options = MappingProxyType({**{o.name: o.default for o in pack.options}, **setup.options})
        portal_id = self.number("portal_id")
        self.words = Wording(setup.ids, portal_id)
        if of is not None:
            self._copy(of)
            return
        self.quota = Quota(
            self.number("rate_limit_per_10_s"), self.number("daily_limit"), self.number("search_limit_per_s")
        )
        self.people = People(setup.rng, setup.locale, awkward_every=self.number("awkward_every"))
        self.app = _app(setup)
        self.portal = Portal(setup.clock, setup.ids, self._profile(portal_id), self.writes)
        self.picture = canonical.Picture(self.portal)
        self.hooks = WebhookDesk(setup.clock, setup.ids, setup.post, self.app, portal_id, self._delivery())
        self.tokens = TokenBook(setup.clock)
        grant = Grant(
            refresh_token=setup.ids.token("hubspot:refresh", 36),
            actor="connector",
            client_id=self.app.client_id,
            scopes=("oauth", *setup.scopes) if setup.scopes else SCOPES,
        )
        self._grant = self.tokens.add_grant(grant)
        lifetime = timedelta(seconds=self.number("access_token_lifetime_s"))
        self._first = self.tokens.issue(grant, self.new_access_token(), lifetime)

    def older_news(self, request: Request) -> Request | None:
        """A delivery whose changed properties have the values before."""
        return self.hooks.older(request)

    def move_on(self, request: Request) -> Deed | None:
        """Somebody edits what a delivery tells of."""
        return faults.move_on(self, request)

    # -- the neutral ports ------------------------------------------------------------------------------------------

    def operate(self, act: Act, actor: str) -> tuple[DomainEvent, ...]:
        """Somebody acts in the portal; what HubSpot would refuse raises `ActRefused` with its reason."""
        try:
            return acts.perform(self, act, actor)
        except Refusal as refusal:
            raise ActRefused(str(refusal)) from refusal
        finally:
            self.hooks.tell(self.portal.drain())

    def snapshot(self) -> tuple[FamilySnapshot, ...]:
        """The portal as canonical records."""
        return (self.picture.snapshot(),)

    def connection(self, base_url: str) -> Mapping[str, str]:
        """Where the portal is and the credentials of the connected app."""
        return {
            "base_url": base_url or f"https://{HOST}",
            "access_token": self._first.token,
            "refresh_token": self._grant.refresh_token,
            "client_id": self.app.client_id,
            "client_secret": self.app.client_secret,
            "portal_id": str(self.portal.profile.portal_id),
            "app_id": str(self.app.app_id),
            "developer_api_key": self.app.developer_key,
        }

    def issue(self, actor: str, scopes: tuple[str, ...]) -> Mapping[str, str]:
        """A further private app of the portal with these scopes alone."""
        key = Credential(token=self.new_access_token(), actor=actor, scopes=scopes or ("oauth",))
        return {"authorization": f"Bearer {self.tokens.add(key).token}"}

    def rotate(self, what: str, *, at_once: bool) -> None:
        """The app is installed anew: another refresh token, while access tokens of the old one live on unless they die
        `at_once`; or its client secret is another, under which webhooks are signed from now on.
        """
        if what == "webhook_secret":
            self.app = msgspec.structs.replace(self.app, client_secret=self.setup.ids.uuid("hubspot:secret"))
            self.hooks.connect(self.app)
            return
        self.tokens.revoke(self._grant.refresh_token)
        if at_once:
            for credential in self.tokens.credentials():
                if credential.actor == self._grant.actor:
                    self.tokens.revoke(credential.token)
        token = self.setup.ids.token("hubspot:refresh", 36)
        self._grant = self.tokens.add_grant(msgspec.structs.replace(self._grant, refresh_token=token))
        lifetime = timedelta(seconds=self.number("access_token_lifetime_s"))
        self._first = self.tokens.issue(self._grant, self.new_access_token(), lifetime)

    def personal(self) -> tuple[Personal, ...]:
        """Contacts and users of the portal."""
        return tuple(persons(self.portal))

    def fork(self, setup: Setup) -> Hubspot:
        """An independent copy in another world; webhooks under way stay with this one."""
        return Hubspot(self.pack, setup, of=self)

    # -- the vendor's forms -----------------------------------------------------------------------------------------

    def handle(self, request: Request) -> Response:
        """Answer one request; a kind of object the vendor has and this fake does not is answered loudly."""
        response = self._elsewhere(request) or super().handle(request)
        if self.portal.outbox:
            self.hooks.tell(self.portal.drain())
        return response

    def refuse(self, problem: Problem, request: Request) -> Response:
        """The vendor's answer to a problem of the pipeline."""
        return self.words.problem(problem)

    def authenticate(self, request: Request, operation: Operation) -> Credential | Problem:
        """Who calls: by bearer token, or by the developer's key where webhooks are set up."""
        if "Webhooks" in operation.tags:
            return self._developer(request)
        return self.tokens.find(bearer(request))

    def scope_of(self, operation: Operation, request: Request) -> str:
        """The scope of the operation, for the kind of object that the address names."""
        return _scope(operation, request)

    def throttle(self, credential: Credential, request: Request, operation: Operation) -> Problem | Mapping[str, str]:
        """The limits of the app; open operations and the setting-up of webhooks are not counted."""
        if operation.open or "Webhooks" in operation.tags:
            return {}
        return self.quota.take(self.setup.clock.now, searching=operation.id == "searchObjects")

    # -- what faults ask for ---------------------------------------------------------------------------------------

    @property
    def stale_for(self) -> timedelta:
        """How far a search runs behind that does."""
        return timedelta(seconds=self.number("stale_search_s"))

    def expire_tokens(self) -> None:
        """The app's access tokens end now; it may refresh."""
        self.tokens.expire(self._grant.actor)

    def meddle(self, request: Request) -> Deed | None:
        """Somebody edits an object that the request updates."""
        return faults.meddle(self, request)

    def partly(self, request: Request) -> Callable[[], Response] | None:
        """A batch that goes well in parts."""
        return faults.partly(self, request)

    def lags(self, request: Request) -> bool:
        """Searches; lists and reads by id are always right."""
        return self.operation_of(request) == "searchObjects"

    def stale(self, request: Request, since: datetime) -> Response:
        """Search an index that stands still."""
        self.portal.stands_at = since
        try:
            return self.handle(request)
        finally:
            self.portal.stands_at = None

    def shift_page(self, request: Request) -> Deed | None:
        """What a search pages through moves."""
        return faults.shift_page(self, request)

    # -- what handlers ask for --------------------------------------------------------------------------------------

    def number(self, option: str) -> int:
        """A profile constant as a number."""
        return int(self._options[option])

    def flag(self, option: str) -> bool:
        """A profile constant as yes or no."""
        return self._options[option].lower() == "true"

    def new_access_token(self) -> str:
        """A token nobody has seen."""
        return f"C{self.setup.ids.token('hubspot:access', 40)}"

    def _run(self, call: Call) -> Response:
        try:
            return super()._run(call)
        except Refusal as refusal:
            return self.words.refusal(refusal)

    def _elsewhere(self, request: Request) -> Response | None:
        segments = request.path.strip("/").split("/")
        if ELSEWHERE.isdisjoint(segments) or segments[0] != "crm":
            return None
        named = segments[3:5] if segments[2:3] == ["associations"] else segments[3:4]
        named += segments[6:8] if segments[5:6] == ["associations"] else []
        if not ELSEWHERE.isdisjoint(named):
            return self._loud(NoRoute(method=request.method, path=request.path), request)
        return None

    def _developer(self, request: Request) -> Credential | Problem:
        try:
            key = dict(read_pairs(request.query)).get("hapikey", "")
        except Unreadable:
            key = ""
        if key == self.app.developer_key:
            return Credential(token=key, actor="connector", scopes=("developer",))
        return Unauthenticated(cause="unknown" if key else "missing", token=key)

    def _profile(self, portal_id: int) -> Profile:
        return Profile(
            portal_id=portal_id,
            currency=self._options["currency"],
            time_zone=self._options["time_zone"],
            lag=timedelta(seconds=self.number("search_lag_s")),
            remembered=self.stale_for,
            merge_makes_new=self.flag("merge_makes_new_id"),
        )

    def _delivery(self) -> Delivery:
        return Delivery(
            latency=timedelta(milliseconds=self.number("webhook_latency_ms")),
            schedule=tuple(timedelta(seconds=n) for n in _numbers(self._options["webhook_retry_delays_s"])),
            patience=timedelta(milliseconds=self.number("webhook_timeout_ms")),
            final=frozenset(_numbers(self._options["webhook_final_statuses"])),
        )

    def _copy(self, of: Hubspot) -> None:
        setup = self.setup
        self.quota, self.people, self.app = of.quota.fork(), of.people.fork(), of.app
        self.portal = of.portal.fork(setup.clock, setup.ids, self.writes)
        self.picture = canonical.Picture(self.portal)
        self.hooks = of.hooks.fork(setup.clock, setup.ids, setup.post)
        self.tokens = of.tokens.fork(setup.clock)
        self._grant, self._first = of._grant, of._first


def _app(setup: Setup) -> App:
    return App(
        app_id=setup.ids.next("hubspot:app", start=1660001),
        client_id=setup.ids.uuid("hubspot:client"),
        client_secret=setup.ids.uuid("hubspot:secret"),
        developer_key=setup.ids.uuid("hubspot:developer"),
    )


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part.strip()]


def _scope(operation: Operation, request: Request) -> str:
    scope = operation.scope
    if "{" not in scope:
        return scope
    name, place = _kind_in(scope, operation.template)
    kind = BY_NAME.get(request.path.strip("/").split("/")[place])
    # An unknown kind is refused by the operation itself, in its own words.
    return scope.replace(name, kind.name) if kind is not None else ""


@lru_cache(maxsize=256)
def _kind_in(scope: str, template: str) -> tuple[str, int]:
    """The variable in a scope, and which segment of the operation's path has its value."""
    name = scope[scope.index("{") : scope.index("}") + 1]
    return name, template.strip("/").split("/").index(name)
