"""The fake QuickBooks Online: companies by realm behind one API and one OAuth server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import msgspec

from simharness.core.ids import Ids
from simharness.domain.acts import (
    Act,
    ActRefused,
    ClosePeriod,
    EditParty,
    EnterInvoice,
    EnterParty,
    Furnish,
    SetExchangeRate,
    Subscribe,
    TakeCheque,
    TellAgain,
    VoidInvoice,
)
from simharness.domain.events import DomainEvent
from simharness.domain.exchange import Request, Response
from simharness.domain.snapshot import FamilySnapshot
from simharness.fakekit.auth import Credential
from simharness.fakekit.bodies import Json, write_json
from simharness.fakekit.contract import Operation
from simharness.fakekit.failing import Deed
from simharness.fakekit.fake import Call, Fake, bearer, fingerprint
from simharness.fakekit.idempotency import Key, KeyRefusal, KeyStore
from simharness.fakekit.limits import Limit, Limiter
from simharness.fakekit.pack import Pack, Setup
from simharness.fakekit.problems import Forbidden, Problem
from simharness_fakes.accounting import chart
from simharness_fakes.accounting.exchange import rate_id
from simharness_fakes.accounting.refusals import Refusal
from simharness_fakes.quickbooks import faults, refusing, repeating
from simharness_fakes.quickbooks.errors import Refused, envelope
from simharness_fakes.quickbooks.hooks import WebhookDesk
from simharness_fakes.quickbooks.options import Options
from simharness_fakes.quickbooks.posting import small_journal
from simharness_fakes.quickbooks.state import Company
from simharness_fakes.quickbooks.tokens import Issued, Tokens
from simharness_fakes.quickbooks.writing import Writer

if TYPE_CHECKING:
    from simharness.fakekit.contract import Contract

API, OAUTH = "https://quickbooks.api.intuit.com", "https://oauth.platform.intuit.com"
DISCOVERY = "https://developer.intuit.com/.well-known/openid_configuration/"
_MINUTE = timedelta(minutes=1)


class Quickbooks(Fake):
    """One QuickBooks: the app's credentials, and the companies it was granted.

    The first furnished entity is the first realm; every further entity gets a realm of its own.
    """

    def __init__(self, pack: Pack, setup: Setup, contract: Contract) -> None:
        super().__init__(pack, setup, contract)
        options = self.options = Options.read(setup.options)
        self.tokens = Tokens(setup.clock, setup.ids, options, setup.scopes)
        self._granted: dict[str, Issued] = {}
        self.companies: dict[str, Company] = {}
        self._found(options.realm_id)
        self._limiter = Limiter(Limit(name="requests", count=options.requests_per_minute, window=_MINUTE))
        self._batches = Limiter(Limit(name="batches", count=options.batches_per_minute, window=_MINUTE))
        self.hooks = WebhookDesk(self)
        self.keys = KeyStore(setup.profile or options.profile)

    def fork(self, setup: Setup) -> Quickbooks:
        """An independent copy in another world: same state, same next ids; webhooks under way stay with this one."""
        twin = type(self).__new__(type(self))
        Fake.__init__(twin, self.pack, setup, self.contract)
        twin.options, twin._granted = self.options, dict(self._granted)
        twin.tokens = self.tokens.fork(setup.clock, setup.ids)
        twin.companies = {realm: company.fork(setup.clock) for realm, company in self.companies.items()}
        twin._limiter, twin._batches = self._limiter.fork(), self._batches.fork()
        twin.writes = list(self.writes)
        twin.hooks = self.hooks.fork(twin)
        twin.keys = self.keys.fork() if self.keys is not None else None
        return twin

    # -- the vendor-neutral ports ---------------------------------------------------------------------------------

    def operate(self, act: Act, actor: str) -> tuple[DomainEvent, ...]:
        """What people and other programs do in a company: furnish it, close it, enter and edit customers, enter their
        cheques and invoices, set a rate.
        """
        if isinstance(act, Subscribe | TellAgain):
            return self.hooks.perform(act)
        return self._in_a_company(act, actor)

    def _in_a_company(self, act: Act, actor: str) -> tuple[DomainEvent, ...]:
        if isinstance(act, Furnish):
            company = self._company_of_entity(act.dictionary.entity)
        elif entity := getattr(act, "entity", ""):
            company = self._known_entity(entity)
        elif isinstance(act, EditParty | TakeCheque | EnterInvoice):
            company = self._company_of_customer(act.party_id)
        else:
            company = self.company
        writer = self.writer(company, actor)
        mark, before = writer.mark(), company.books.customers.find(getattr(act, "party_id", ""))
        try:
            events = company.books.operate(act, company.by(actor))
        except Refusal as refusal:
            raise ActRefused(f"QuickBooks refused {type(act).__name__}: {refusal}") from refusal
        if isinstance(act, Furnish):
            writer.note_since(mark)
            self.hooks.pass_over()
        elif isinstance(act, TakeCheque):
            writer.note_since(mark, "payment")
        elif isinstance(act, EnterParty):
            writer.note_since(mark, "customer")
        elif isinstance(act, EnterInvoice):
            writer.note_since(mark, "invoice")
        elif isinstance(act, VoidInvoice):
            writer.note("invoice", act.invoice_id, "void", ["status"])
        elif isinstance(act, ClosePeriod):
            writer.note("settings", company.realm, "update", ["closed_until"])
        elif isinstance(act, SetExchangeRate):
            day = act.day or company.today
            writer.note("exchange_rate", rate_id(act.currency, day), "update", ["rate"])
        elif before is not None:
            after = company.books.customers.get(before.id)
            changed = [name for name in ("phone", "email") if getattr(before, name) != getattr(after, name)]
            if changed:
                writer.note("party", before.id, "update", changed)
        self.hooks.look()
        return events

    def snapshot(self) -> tuple[FamilySnapshot, ...]:
        """The books of every company, the first realm first."""
        return tuple(company.books.snapshot(self.vendor) for company in self.companies.values())

    def connection(self, base_url: str) -> Mapping[str, str]:
        """The app's credentials and the first realm; `discovery_url` is what intuit-oauth takes as its environment.

        Each further realm has its own keys with a number from 2: `entity_2`, `realm_id_2`, `access_token_2`,
        `refresh_token_2`.
        """
        first = self._granted[self.options.realm_id]
        more: dict[str, str] = {}
        for number, (realm, company) in enumerate(self.companies.items(), start=1):
            if realm != self.options.realm_id:
                more[f"entity_{number}"], more[f"realm_id_{number}"] = company.books.settings.entity, realm
                more[f"access_token_{number}"] = self._granted[realm].access_token
                more[f"refresh_token_{number}"] = self._granted[realm].refresh_token
        return {
            **more,
            "base_url": base_url or API,
            "oauth_url": base_url or OAUTH,
            "discovery_url": f"{base_url}/.well-known/openid_configuration/" if base_url else DISCOVERY,
            "realm_id": self.options.realm_id,
            "client_id": self.tokens.client_id,
            "client_secret": self.tokens.client_secret,
            "access_token": first.access_token,
            "refresh_token": first.refresh_token,
            "verifier_token": self.tokens.verifier_token,
        }

    def issue(self, actor: str, scopes: tuple[str, ...]) -> Mapping[str, str]:
        """A further key to the first realm: the accounting scope, its half that reads, or none of it."""
        key = self.tokens.key(actor, self.options.realm_id, scopes)
        return {"authorization": f"Bearer {key.token}"}

    def rotate(self, what: str, *, at_once: bool) -> None:
        """The app is disconnected and connected anew, so that all its tokens are others; or the verifier token is made
        anew. Intuit lets neither overlap.
        """
        if what == "webhook_secret":
            self.tokens.new_verifier_token()
            return
        for realm in list(self._granted):
            self.tokens.disconnect("connector", realm)
            self._granted[realm] = self.tokens.authorise("connector", realm)

    def posting(self, headers: Mapping[str, str]) -> Request:
        """A journal entry of one, from the second account of the first realm to the first that can take one."""
        return small_journal(self.company, headers)

    # -- companies ------------------------------------------------------------------------------------------------

    @property
    def company(self) -> Company:
        """The first realm."""
        return self.companies[self.options.realm_id]

    def writer(self, company: Company, actor: str) -> Writer:
        """Writes into a company as somebody."""
        return Writer(company, actor, self.writes, self.vendor)

    def _found(self, realm: str) -> Company:
        options = self.options
        settings = chart.Settings(tax_model=options.tax_model, automated_tax=options.automated_sales_tax)
        # Ids of records count in each company by itself.
        company = Company.founded_now(realm, settings, Ids(self.setup.rng), self.setup.clock)
        self.companies[realm] = company
        self._granted[realm] = self.tokens.authorise("connector", realm)
        return company

    def _company_of_entity(self, entity: str) -> Company:
        for company in self.companies.values():
            if company.books.settings.entity in ("", entity):
                return company
        return self._found(str(int(self.options.realm_id) + len(self.companies)))

    def _known_entity(self, entity: str) -> Company:
        for company in self.companies.values():
            if company.books.settings.entity == entity:
                return company
        raise ActRefused(f"QuickBooks has no company of the entity {entity!r}")

    def _company_of_customer(self, id: str) -> Company:
        holding = (company for company in self.companies.values() if company.books.customers.find(id) is not None)
        return next(holding, self.company)

    # -- what faults ask for --------------------------------------------------------------------------------------

    @property
    def stale_for(self) -> timedelta:
        """How far a query runs behind that does."""
        return self.options.stale_query

    def expire_tokens(self) -> None:
        """Every company's access tokens end now; the app may refresh."""
        self.tokens.book.expire("connector")

    def ends_by(self, request: Request, at: datetime) -> bool:
        """Refresh tokens die some time after their last use."""
        shown = dict(parse_qsl(request.body.decode(errors="replace"))).get("refresh_token", "")
        return self.operation_of(request) == "tokens" and self.tokens.book.ends_by(shown, at)

    def meddle(self, request: Request) -> Deed | None:
        """Somebody saves the record that the request changes."""
        return faults.meddle(self, request)

    def partly(self, request: Request) -> Callable[[], Response] | None:
        """A batch that goes well in parts."""
        return faults.partly(self, request)

    def lags(self, request: Request) -> bool:
        """Queries, alone or in a batch, and change data capture; a read by id is always right."""
        return self.operation_of(request) in faults.LAGGING

    def stale(self, request: Request, since: datetime) -> Response:
        """Query companies that stand still."""
        for company in self.companies.values():
            company.stands_at = since
        try:
            return self.handle(request)
        finally:
            for company in self.companies.values():
                company.stands_at = None

    def shift_page(self, request: Request) -> Deed | None:
        """What a query pages through moves."""
        return faults.shift_page(self, request)

    # -- the vendor's forms ---------------------------------------------------------------------------------------

    def handle(self, request: Request) -> Response:
        """Answer one request. Entities may be written in any case in an address, as the vendor takes them."""
        path = _lower_entity(request.path)
        if path != request.path:
            request = msgspec.structs.replace(request, path=path)
        response = super().handle(request)
        self.hooks.look()
        return response

    def refuse(self, problem: Problem, request: Request) -> Response:
        return refusing.refuse(self, problem, request)

    def authenticate(self, request: Request, operation: Operation) -> Credential | Problem:
        credential = self.tokens.book.find(bearer(request))
        if isinstance(credential, Problem):
            return credential
        realm = _realm(request.path)
        if realm != credential.entity or realm not in self.companies:
            return Forbidden(scope=f"company {realm}")
        return credential

    def throttle(self, credential: Credential, request: Request, operation: Operation) -> Problem | Mapping[str, str]:
        if operation.open:
            return {}
        now = self.setup.clock.now
        taken = self._limiter.take(credential.entity, now)
        if not isinstance(taken, Problem) and operation.id == "batch":
            taken = self._batches.take(credential.entity, now)
        return taken if isinstance(taken, Problem) else {}

    def idempotency_key(self, call: Call) -> Key | None:
        value = call.query.get("requestid")
        if not value or call.operation.method != "POST":
            return None
        return Key(value=str(value), scope=call.path["realmId"], fingerprint=fingerprint(call.request), header=False)

    def key_conflict(self, refusal: KeyRefusal, call: Call) -> Response:
        return self.refused(refusing.duplicate_request(refusal))

    def as_update(self, call: Call, first: Response) -> Request | None:
        """The same fields for the entity that was created, as it is now; only creations make one."""
        return repeating.as_update(self.companies[call.path["realmId"]], call, first)

    def reply(self, body: Json, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
        """An answer in JSON; every answer has a transaction id of its own."""
        found = {"content-type": "application/json;charset=UTF-8", "intuit_tid": self._transaction_id()}
        return Response(status=status, headers={**found, **headers} if headers else found, body=write_json(body))

    def refused(self, refused: Refused) -> Response:
        """The fault of a request that was refused."""
        return self.reply(envelope(refused, self.setup.clock.now), refused.status)

    def _transaction_id(self) -> str:
        number = self.setup.ids.next("intuit_tid")
        return f"1-{int(self.setup.clock.now.timestamp()):08x}-{number:024x}"


def _realm(path: str) -> str:
    """The company in `/v3/company/REALM/…`."""
    parts = path.split("/", 4)
    return parts[3] if len(parts) > 3 else ""


def _lower_entity(path: str) -> str:
    """`/v3/company/1/companyInfo/1` as `/v3/company/1/companyinfo/1`; names of reports keep their case."""
    if path.islower():
        return path
    parts = path.split("/")
    if len(parts) < 5 or parts[1] != "v3" or parts[4].lower() == "reports":
        return path
    if parts[4].lower() == "taxservice":
        return "/".join([*parts[:4], *(part.lower() for part in parts[4:])])
    return "/".join([*parts[:4], parts[4].lower(), *parts[5:]])
