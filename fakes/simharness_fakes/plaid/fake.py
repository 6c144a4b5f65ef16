"""The fake of Plaid: the pipeline's hooks in Plaid's words, the neutral ports, and what its handlers share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import ClassVar

from msgspec.structs import replace

from simharness.domain.acts import Act, ActRefused, Furnish, MoveBankMoney, PostBankLine, Subscribe, TellAgain
from simharness.domain.events import DomainEvent
from simharness.domain.exchange import Request, Response
from simharness.domain.snapshot import FamilySnapshot
from simharness.fakekit.auth import Credential
from simharness.fakekit.bodies import Unreadable, read_json
from simharness.fakekit.contract import Operation, load
from simharness.fakekit.failing import Deed
from simharness.fakekit.fake import Fake, Handler
from simharness.fakekit.limits import Limit, Limiter
from simharness.fakekit.pack import Pack, Setup
from simharness.fakekit.problems import Problem, Unauthenticated, Unmodelled
from simharness.fakekit.signing import SigningKey
from simharness.fakekit.webhooks import Sent
from simharness_fakes.banking.bank import Bank
from simharness_fakes.plaid import errors, faults, hooks, operate, updates
from simharness_fakes.plaid.profile import Profile
from simharness_fakes.plaid.routes import ROUTES
from simharness_fakes.plaid.state import Item, PublicToken, State

_HOST = "https://sandbox.plaid.com"
_CLIENT_ID, _SECRET, _VERSION = "plaid-client-id", "plaid-secret", "plaid-version"
#: Versions that Plaid knows and this fake does not.
_OLDER = frozenset({"2017-03-08", "2018-05-22", "2019-05-29"})
_ID_LENGTH = 37


class Plaid(Fake):
    """One client in the sandbox, and the one bank that its items are logins at."""

    routes: ClassVar[Mapping[str, Handler]] = ROUTES
    vital = ("amount", "date")

    def __init__(self, pack: Pack, setup: Setup) -> None:
        super().__init__(pack, setup, load(pack.package))
        self.profile = Profile.read(setup.options)
        self.state = State(Bank(setup.clock, self.profile.time_zone or "UTC"))
        per_minute, minute = self.profile.requests_per_minute, timedelta(minutes=1)
        limit = Limit(name=f"{per_minute} requests a minute", count=per_minute, window=minute)
        self.limiter = Limiter(limit) if per_minute else None
        self.client_id = setup.ids.token("plaid client id", 24).lower()
        self.secret = setup.ids.token("plaid secret", 30).lower()
        self.cursor_secret = setup.ids.token("plaid cursor secret", 32)
        self.key = SigningKey(setup.rng, "plaid webhook key", setup.ids.uuid("plaid webhook key"))
        self.born = setup.clock.now
        self.request_id = ""
        self.own: Item | None = None
        self.sent = Sent()
        self.further: dict[tuple[str, str], Credential] = {}

    # -- the neutral ports ----------------------------------------------------------------------------------------

    def operate(self, act: Act, actor: str) -> tuple[DomainEvent, ...]:
        """Furnish, MoveBankMoney, PostBankLine and what concerns webhooks; the acts of other families are refused."""
        if isinstance(act, Furnish):
            return operate.furnish(self, act, actor)
        if isinstance(act, MoveBankMoney):
            return operate.move(self, act, actor)
        if isinstance(act, PostBankLine):
            return operate.post(self, act, actor)
        if isinstance(act, Subscribe):
            return self._subscribe(act)
        if isinstance(act, TellAgain):
            self.sent.again()
            return ()
        raise ActRefused(
            f"the bank does not know how to {type(act).__name__}", mend="give the act to the family it names"
        )

    def snapshot(self) -> tuple[FamilySnapshot, ...]:
        """The bank itself: all accounts and lines, whether Plaid has seen them yet or not."""
        return (self.state.bank.snapshot(self.vendor),)

    def connection(self, base_url: str) -> Mapping[str, str]:
        """`base_url`, `client_id`, `secret`, and the `item_id` and `access_token` of the item linked from the start."""
        return {
            "base_url": base_url or _HOST,
            "client_id": self.client_id,
            "secret": self.secret,
            "item_id": self.own.id if self.own is not None else "",
            "access_token": self.own.access_token if self.own is not None else "",
        }

    def issue(self, actor: str, scopes: tuple[str, ...]) -> Mapping[str, str]:
        """The keys of a further client, which is enabled for these products alone."""
        ids = self.setup.ids
        client_id, secret = ids.token("plaid further client", 24).lower(), ids.token("plaid further secret", 30).lower()
        self.further[client_id, secret] = Credential(token=client_id, actor=actor, scopes=scopes or ("none",))
        return {_CLIENT_ID: client_id, _SECRET: secret}

    def rotate(self, what: str, *, at_once: bool) -> None:
        """Another secret for the same client. The old one is valid until somebody deletes it, which is done `at_once`
        or never here; webhooks are signed under keys that are shown by their id, so there is no secret to hand over.
        """
        if what != "keys":
            raise ActRefused("Plaid signs under keys that it shows by their id: there is no secret to hand over")
        if not at_once:
            held = Credential(token=self.client_id, actor="connector", scopes=self.setup.scopes)
            self.further[self.client_id, self.secret] = held
        self.secret = self.setup.ids.token("plaid secret", 30).lower()

    def register(self, url: str) -> Item | None:
        """Let the item that is linked from the start tell its news to a URL; None if it was removed."""
        item = self.state.items.get(self.own.id) if self.own is not None else None
        return self.state.items.put(replace(item, webhook=url)) if item is not None else None

    def fork(self, setup: Setup) -> Plaid:
        """An independent copy in another world; planned webhooks and logins stay behind, looks are planned again."""
        twin = Plaid(self.pack, setup)
        twin.state = self.state.fork(self.state.bank.fork(setup.clock))
        twin.limiter = self.limiter.fork() if self.limiter is not None else None
        twin.client_id, twin.secret, twin.cursor_secret = self.client_id, self.secret, self.cursor_secret
        twin.further = dict(self.further)
        twin.key, twin.own, twin.born = self.key, self.own, self.born
        for item in twin.state.items:
            if item.fetched_at is None:
                updates.linked(twin, item)
            elif item.fetched < twin.state.bank.feed.end:
                updates.plan(twin, item)
        for line in twin.state.bank.lines:
            updates.recognise_later(twin, line)
        return twin

    # -- Plaid's forms --------------------------------------------------------------------------------------------

    def handle(self, request: Request) -> Response:
        """Answer one request; every answer names its request id in the body."""
        self.request_id = self.setup.ids.token("plaid request", 15)
        return super().handle(request)

    def fail(self, problem: Problem, request: Request) -> Response:
        """A problem as an answer of its own, with its own request id."""
        self.request_id = self.setup.ids.token("plaid request", 15)
        return super().fail(problem, request)

    def refuse(self, problem: Problem, request: Request) -> Response:
        """A problem of the pipeline in Plaid's envelope."""
        return errors.respond(self, problem, request)

    def authenticate(self, request: Request, operation: Operation) -> Credential | Problem:
        """Client id and secret from the headers, else from the body; a known older version is told loudly."""
        if (version := request.headers.get(_VERSION)) in _OLDER:
            return Unmodelled(what=f"API version {version}")
        given = (request.headers.get(_CLIENT_ID, ""), request.headers.get(_SECRET, ""))
        if not all(given):
            told = _from_body(request.body)
            given = (given[0] or told[0], given[1] or told[1])
        if not all(given):
            return Unauthenticated(cause="missing")
        if given == (self.client_id, self.secret):
            return Credential(token=given[0], actor="connector", scopes=self.setup.scopes)
        return self.further.get(given) or Unauthenticated(cause="unknown", token=given[0])

    def throttle(self, credential: Credential, request: Request, operation: Operation) -> Problem | Mapping[str, str]:
        """So many requests a minute and client, where the profile says so."""
        if self.limiter is None:
            return {}
        taken = self.limiter.take(self.client_id, self.setup.clock.now)
        return taken if isinstance(taken, Problem) else {}

    # -- what faults ask for --------------------------------------------------------------------------------------

    immune: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "token_expired": "its secrets and the access tokens of items do not expire",
            "conflict": "nothing at it is changed by whoever reads it",
            "partial_batch": "it takes no batches",
            "stale_read": "what it has not fetched yet comes under a later cursor and is never missed",
        }
    )

    def shift_page(self, request: Request) -> Deed | None:
        """The feed changes between two pages."""
        return faults.shift_page(self, request)

    # -- what handlers share --------------------------------------------------------------------------------------

    def new_id(self, kind: str) -> str:
        """The next id of a kind of object: letters and digits, without meaning."""
        return self.setup.ids.token(f"plaid {kind}", _ID_LENGTH)

    def link(self, webhook: str, products: tuple[str, ...] = ("transactions",)) -> Item:
        """A new login at the bank."""
        item = self.state.items.put(
            Item(
                id=self.new_id("item"),
                access_token=f"access-sandbox-{self.setup.ids.uuid('plaid access token')}",
                institution=self.profile.institution_id,
                created_at=self.setup.clock.now,
                products=products,
                webhook=webhook,
            )
        )
        return updates.linked(self, item)

    def public_token(self, item: Item) -> PublicToken:
        """A token that leads to the item for a while."""
        return self.state.public_tokens.put(
            PublicToken(
                token=f"public-sandbox-{self.setup.ids.uuid('plaid public token')}",
                item=item.id,
                expires_at=self.setup.clock.now + self.profile.public_token_lifetime,
            )
        )

    def _subscribe(self, act: Subscribe) -> tuple[DomainEvent, ...]:
        if act.events:
            raise ActRefused("Plaid tells an item's webhook everything", mend="name no events")
        if act.url and not hooks.usable(act.url):
            raise ActRefused(f"nothing can be sent to {act.url!r}", mend="give a URL with http or https")
        if self.register(act.url) is None:
            raise ActRefused("the item was removed: nobody can be told of it")
        return ()

    def wrote(self, dataset: str, record_id: str, action: str, fields: tuple[str, ...], actor: str) -> None:
        """Keep a committed write with the actor on whose behalf it happened."""
        self.keep_write(dataset, record_id, action, fields, actor)


def build(setup: Setup) -> Fake:
    """A fresh client whose account holder has gone through Link once: the connector has an item from the start."""
    from simharness_fakes.plaid import PACK

    fake = Plaid(PACK, setup)
    fake.own = fake.link(fake.profile.webhook_url)
    return fake


def _from_body(body: bytes) -> tuple[str, str]:
    try:
        read = read_json(body)
    except Unreadable:
        return "", ""
    if not isinstance(read, dict):
        return "", ""
    client_id, secret = read.get("client_id"), read.get("secret")
    return (client_id if isinstance(client_id, str) else "", secret if isinstance(secret, str) else "")
