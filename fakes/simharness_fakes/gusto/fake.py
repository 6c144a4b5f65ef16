"""The fake of Gusto: the pipeline's hooks in Gusto's words, the neutral ports, and what its handlers share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import ClassVar

from msgspec.structs import replace

from simharness.core.clock import day_in
from simharness.domain.acts import Act, ActRefused, Subscribe, TellAgain
from simharness.domain.events import DomainEvent
from simharness.domain.exchange import Request, Response
from simharness.domain.payroll import Department
from simharness.domain.personal import Personal
from simharness.domain.snapshot import FamilySnapshot
from simharness.fakekit.auth import Credential
from simharness.fakekit.contract import Contract, Operation, load
from simharness.fakekit.failing import Deed
from simharness.fakekit.fake import Call, Fake, Handler, bearer
from simharness.fakekit.limits import Limit, Limiter
from simharness.fakekit.pack import Pack, Setup
from simharness.fakekit.problems import Problem, Throttled, UnknownVersion
from simharness.fakekit.webhooks import Sent
from simharness_fakes.gusto import acts, companies, errors, faults, hooks, watching
from simharness_fakes.gusto.persons import Persons
from simharness_fakes.gusto.profile import Profile
from simharness_fakes.gusto.routes import ROUTES
from simharness_fakes.gusto.state import Company, Person, State
from simharness_fakes.gusto.tokens import Tokens
from simharness_fakes.payroll.authority import Tables
from simharness_fakes.payroll.employees import Employee
from simharness_fakes.payroll.office import Office
from simharness_fakes.payroll.refusals import Refusal
from simharness_fakes.payroll.state import Settings, Stamp

BASE, OVERLAYS = "2024-04-01", ("2025-06-15",)
_HOST = "https://api.gusto-demo.com"
_VERSION = "x-gusto-api-version"
_WINDOW = timedelta(seconds=60)


class Gusto(Fake):
    """One company in Gusto and the app that its connector is. Of a group the first company is the face of all: the
    others are `beside` it, of the same app, each with its own tokens, people and payrolls (see companies.py).
    """

    routes: ClassVar[Mapping[str, Handler]] = ROUTES

    def __init__(self, pack: Pack, setup: Setup, first: Gusto | None = None) -> None:
        super().__init__(pack, setup, first.contract if first else load(pack.package))
        self.profile: Profile = first.profile if first else Profile.read(setup.options)
        self.beside: tuple[Gusto, ...] = ()
        # A department without a cost centre is nothing that Gusto knows of: its payrolls are processed all the same.
        settings = Settings(debit_days=self.profile.debit_days or 2, needs_cost_centres=False)
        own_id = self.profile.company_uuid if first is None else ""
        company = Company(id=own_id or setup.ids.uuid("gusto company"), zone=self.profile.time_zone or "UTC")
        # Nobody works for two companies: those of a group invent their people from one stream.
        persons = first.state.persons if first else Persons(setup.rng, self.profile.awkward_every)
        self.state: State = State(company, Office(settings, Tables(), self.new_id), persons)
        self.tokens: Tokens = first.tokens if first else Tokens(setup.clock, setup.ids, self.profile.token_lifetime)
        self.issued = self.tokens.grant("connector", setup.scopes or self.every_scope(), company.id)
        count = self.profile.requests_per_minute
        self.limiter = Limiter(Limit(name=f"{count} requests in 60 seconds", count=count, window=_WINDOW))
        self.sent: Sent = first.sent if first else Sent()
        self.own_subscription: str = first.own_subscription if first else ""
        #: The verification token of the own subscription: the app knows it before anybody enters where it listens.
        self.own_token: str = first.own_token if first else setup.ids.token("gusto verification token", 43)
        self.admin: str = first.admin if first else setup.ids.uuid("gusto admin")

    def fork(self, setup: Setup) -> Gusto:
        """An independent copy in another world; what is under way is put on its agenda too, webhooks stay behind."""
        twin = self._forked(setup, None)
        twin.beside = tuple(each._forked(setup, twin) for each in self.beside)
        for each in companies.all_of(twin):
            watching.plan_all(each)
        return twin

    def _forked(self, setup: Setup, first: Gusto | None) -> Gusto:
        twin = type(self).__new__(type(self))
        Fake.__init__(twin, self.pack, setup, self.contract)
        twin.profile, twin.beside = self.profile, ()
        twin.state = self.state.fork(twin.new_id)
        if first is not None:
            twin.state.persons = first.state.persons
        twin.tokens = first.tokens if first else self.tokens.fork(setup.clock, setup.ids)
        twin.limiter, twin.sent = self.limiter.fork(), first.sent if first else Sent()
        twin.issued, twin.admin = self.issued, self.admin
        twin.own_subscription, twin.own_token = self.own_subscription, self.own_token
        return twin

    # -- the neutral ports ----------------------------------------------------------------------------------------

    def operate(self, act: Act, actor: str) -> tuple[DomainEvent, ...]:
        """What people do in payroll, and what concerns webhooks; the acts of other families are refused."""
        if isinstance(act, Subscribe):
            companies.subscribe(self, act)
            return ()
        if isinstance(act, TellAgain):
            self.sent.again()
            return ()
        return acts.perform(companies.meant(self, act), act, actor)

    def snapshot(self) -> tuple[FamilySnapshot, ...]:
        """The payroll of each company: departments, employees without anything personal, and all runs that were
        touched.
        """
        return tuple(each.state.office.snapshot(each.vendor, each.today) for each in companies.all_of(self))

    def connection(self, base_url: str) -> Mapping[str, str]:
        """`base_url`, the tokens of the connector and its app, `company_uuid` (also as paths spell it), and the
        `verification_token` with which what is told from the start is signed; `entity` is whose company it is.

        Each further company has its own keys with a number from 2: `entity_2`, `company_id_2`, `company_uuid_2`,
        `access_token_2`, `refresh_token_2`.
        """
        return {
            **companies.further_keys(self),
            "entity": self.state.company.entity,
            "base_url": base_url or _HOST,
            "access_token": self.issued.access_token,
            "refresh_token": self.issued.refresh_token,
            "client_id": self.tokens.client_id,
            "client_secret": self.tokens.client_secret,
            "company_uuid": self.state.company.id,
            "company_id": self.state.company.id,
            "verification_token": self.own_token,
            "api_version": BASE,
        }

    def issue(self, actor: str, scopes: tuple[str, ...]) -> Mapping[str, str]:
        """A further token of the (first) company."""
        issued = self.tokens.grant(actor, scopes, self.state.company.id)
        return {"authorization": f"Bearer {issued.access_token}"}

    def rotate(self, what: str, *, at_once: bool) -> None:
        """The app is authorised anew by every company, which leaves nothing valid of before. The token under which a
        subscription is signed is the subscription's for good.
        """
        if what != "keys":
            raise ActRefused("Gusto signs under the token of a subscription, which lasts as long as that does")
        self.tokens.book.revoke_all("connector")
        for each in companies.all_of(self):
            each.issued = self.tokens.grant("connector", each.issued.scopes, each.state.company.id)

    def personal(self) -> tuple[Personal, ...]:
        """Who the people are: surname and whole name, number, birth date, account, street, mail, telephone, and the
        salary (an hourly wage is too short a number to be told from any other).
        """
        return tuple(each for company in companies.all_of(self) for each in acts.personal(company))

    # -- Gusto's forms --------------------------------------------------------------------------------------------

    def handle(self, request: Request) -> Response:
        """The answer of the company that the token opens."""
        company = companies.opened_by(self, bearer(request))
        return company.handle(request) if company is not self else super().handle(request)

    def contract_for(self, request: Request) -> Contract | Problem:
        """The contract of the version that the header names; without one, the app's minimum version."""
        version = request.headers.get(_VERSION) or self.profile.minimum_version
        if version == BASE:
            return self.contract
        if version in OVERLAYS:
            return load(self.pack.package, version)
        return UnknownVersion(version=version, known=(BASE, *OVERLAYS))

    def version_of(self, request: Request) -> str:
        """The API version of a request that got this far."""
        return request.headers.get(_VERSION) or self.profile.minimum_version

    def refuse(self, problem: Problem, request: Request) -> Response:
        """A problem of the pipeline in Gusto's form; whoever asked too often is told how much there is, and when."""
        refused = errors.respond(problem)
        if not isinstance(problem, Throttled):
            return refused
        again = self.setup.clock.now + timedelta(seconds=problem.retry_after_s)
        return replace(refused, headers={**refused.headers, **_allowance(self.profile.requests_per_minute, 0, again)})

    def authenticate(self, request: Request, operation: Operation) -> Credential | Problem:
        """The access token of the company."""
        return self.tokens.used(bearer(request))

    def throttle(self, credential: Credential, request: Request, operation: Operation) -> Problem | Mapping[str, str]:
        """So many requests in a minute with one token; every answer says how many are left."""
        if not self.profile.requests_per_minute or not credential.token:
            return {}
        now = self.setup.clock.now
        taken = self.limiter.take(credential.token, now)
        if isinstance(taken, Problem):
            return taken
        return _allowance(taken.limit.count, taken.remaining, now + _WINDOW)

    def _run(self, call: Call) -> Response:
        try:
            return super()._run(call)
        except Refusal as refused:
            return errors.engines(refused).response

    # -- what faults ask for --------------------------------------------------------------------------------------

    immune: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "partial_batch": "it takes no batches",
            "page_shift": "new records come last in its lists and move nothing",
        }
    )

    @property
    def stale_for(self) -> timedelta:
        """How far a list runs behind that does."""
        return self.profile.stale_list

    def expire_tokens(self) -> None:
        """The access tokens of all companies end now; the app may refresh."""
        self.tokens.book.expire("connector")

    def meddle(self, request: Request) -> Deed | None:
        """Somebody changes what the request updates."""
        return faults.meddle(self, request)

    def lags(self, request: Request) -> bool:
        """Lists of payrolls, employees and departments; one of them that is read by its id is the present one."""
        return self.operation_of(request) in faults.LAGGING

    def stale(self, request: Request, since: datetime) -> Response:
        """The list of the company that the token opens."""
        company = companies.opened_by(self, bearer(request))
        return company.stale(request, since) if company is not self else super().stale(request, since)

    # -- what handlers share --------------------------------------------------------------------------------------

    @property
    def today(self) -> date:
        """The company's local day."""
        return day_in(self.setup.clock.now, self.state.company.zone)

    def day_of(self, moment: datetime) -> date:
        """The company's local day of an instant."""
        return day_in(moment, self.state.company.zone)

    def stamp(self, actor: str) -> Stamp:
        """Who does something now."""
        return Stamp(at=self.setup.clock.now, today=self.today, actor=actor)

    def new_id(self, kind: str) -> str:
        """A new id, unlike any other."""
        return self.setup.ids.uuid(f"gusto {kind}")

    def every_scope(self) -> tuple[str, ...]:
        """All scopes that some operation needs, sorted."""
        return tuple(sorted({operation.scope for operation in self.contract if operation.scope}))

    def person(self, id: str) -> Person:
        """Somebody's file; raises the refusal of an id that nobody has."""
        found = self.state.people.get(id)
        if found is None:
            raise errors.missing()
        return found

    def paid(self, id: str) -> Employee | None:
        """What the payroll knows of somebody, None as long as there is no job."""
        return self.state.office.state.employees.get(id)

    def job_of(self, employee: str) -> str:
        """The id of somebody's job."""
        found = self.state.people.get(employee)
        return found.job if found is not None else ""

    def department_of(self, person: Person) -> Department | None:
        """The department somebody is in today."""
        paid = self.paid(person.id)
        wanted = paid.place_on(self.today).department if paid else person.department
        return self.state.office.state.departments.get(wanted)

    def is_in(self, person: Person, department: str) -> bool:
        """Whether somebody is in a department today."""
        found = self.department_of(person)
        return found is not None and found.id == department

    def wrote(self, dataset: str, record_id: str, action: str, fields: tuple[str, ...], actor: str) -> None:
        """Keep a committed write with the actor on whose behalf it happened."""
        self.keep_write(dataset, record_id, action, fields, actor, self.state.company.entity)


def _allowance(count: int, remaining: int, reset: datetime) -> dict[str, str]:
    """The headers that say how many requests there are in a window, how many are left, and when it begins anew."""
    return {
        "x-ratelimit-limit": str(count),
        "x-ratelimit-remaining": str(remaining),
        "x-ratelimit-reset": f"{reset:%Y-%m-%d %H:%M:%S} UTC",
    }


def build(setup: Setup) -> Fake:
    """A fresh company with its app, and the subscription that the profile asks for."""
    from simharness_fakes.gusto import PACK

    fake = Gusto(PACK, setup)
    if fake.profile.webhook_url:
        hooks.verified(fake, fake.profile.webhook_url, ())
    return fake
