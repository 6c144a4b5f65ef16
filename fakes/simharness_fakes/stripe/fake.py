"""The fake of Stripe: the pipeline's hooks in Stripe's words, the neutral ports, and what its handlers share."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import ClassVar

import msgspec

from simharness.domain.acts import Act, ActRefused, Subscribe, TellAgain
from simharness.domain.events import DomainEvent
from simharness.domain.exchange import Request, Response
from simharness.domain.snapshot import FamilySnapshot
from simharness.fakekit.auth import Credential, TokenBook
from simharness.fakekit.contract import Operation, load
from simharness.fakekit.failing import Deed
from simharness.fakekit.fake import Call, Fake, Handler, bearer, record_id
from simharness.fakekit.idempotency import PROFILES, Key, KeyRefusal, KeyStore
from simharness.fakekit.limits import Limit, Limiter
from simharness.fakekit.pack import Pack, Setup
from simharness.fakekit.problems import Problem, Unauthenticated, Unmodelled
from simharness.fakekit.webhooks import Sent
from simharness_fakes.payments.exchange import Exchange
from simharness_fakes.payments.refusals import Refused
from simharness_fakes.payments.till import Till
from simharness_fakes.stripe import (
    agenda,
    capturing,
    clocks,
    disputing,
    errors,
    events,
    faults,
    operate,
    paying,
    paying_out,
    refunding,
    reserve,
)
from simharness_fakes.stripe.profile import Profile
from simharness_fakes.stripe.routes import ROUTES
from simharness_fakes.stripe.state import Endpoint, Plan, State
from simharness_fakes.stripe.wire import expand
from simharness_fakes.stripe.wire.amounts import unit
from simharness_fakes.stripe.wire.money import Bankside

_HOST = "https://api.stripe.com"
#: Answers that are not remembered under a key: the parameters did not pass, so no work was begun.
_NOT_BEGUN = frozenset({400, 404})


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """On whose behalf something happens: the actor, and the request if it came over the wire."""

    actor: str = ""
    request_id: str = ""
    idempotency_key: str = ""


class Stripe(Fake):
    """One Stripe account in test mode."""

    routes: ClassVar[Mapping[str, Handler]] = ROUTES
    vital = ("amount", "amount_captured")

    def __init__(self, pack: Pack, setup: Setup) -> None:
        super().__init__(pack, setup, load(pack.package))
        self.profile = Profile.read(setup.options)
        self.state = State()
        self.till = Till(
            self.profile.card,
            {"ach": self.profile.ach},
            unit=unit,
            strict_availability=self.profile.strict_availability,
            exchange=Exchange(kept=self.profile.settlement),
        )
        self.tokens = TokenBook(setup.clock)
        self.keys = KeyStore(setup.profile or PROFILES["stripe_v1"])
        self.origin = Origin()
        self.sent = Sent()
        self.request_id = ""
        per_second, second = self.profile.requests_per_second, timedelta(seconds=1)
        self.limiter = Limiter(Limit(name="rate_limit", count=per_second, window=second)) if per_second else None
        kind = "rk" if setup.scopes else "sk"  # a restricted key, or the secret key that may do everything
        self.api_key = f"{kind}_test_{setup.ids.token('stripe api key', 40)}"
        self.webhook_secret = f"whsec_{setup.ids.token('stripe webhook secret', 32)}"
        self.bank_account = f"ba_{setup.ids.token('stripe bank account', 24)}"
        self.tokens.add(Credential(token=self.api_key, actor="connector", scopes=_permissions(setup.scopes)))
        if self.profile.webhook_url:
            self.register(self.profile.webhook_url)
        self.state.collects = self.profile.payouts.collects
        paying_out.schedule(self, self.profile.schedule)

    # -- the neutral ports ----------------------------------------------------------------------------------------

    def operate(self, act: Act, actor: str) -> tuple[DomainEvent, ...]:
        """What people do at a gateway; the acts of other families are refused."""
        self.origin = Origin(actor=actor)
        if isinstance(act, Subscribe):
            self._subscribe(act)
            return ()
        if isinstance(act, TellAgain):
            self.sent.again()
            return ()
        return operate.perform(self, act)

    def older_news(self, request: Request) -> Request | None:
        """A delivery whose object is as the event before told it."""
        return events.older(self, request)

    def move_on(self, request: Request) -> Deed | None:
        """Somebody edits what a delivery tells of."""
        return faults.move_on(self, request)

    def by_itself(self, plan: Plan) -> None:
        """What was planned happens now."""
        self.origin, self.request_id = Origin(actor=self.vendor), ""
        _HAPPENINGS[plan.what](self, plan.subject)

    def snapshot(self) -> tuple[FamilySnapshot, ...]:
        """The account's charges, what went back of them, its payouts and its balance."""
        contested = [dispute.canonical() for dispute in self.state.disputes]
        returned = [disputing.canonical_return(self, charge) for charge in self.state.charges if charge.returned]
        return (
            self.till.snapshot(
                self.vendor,
                self.setup.clock.now,
                charges=self.state.charges,
                refunds=[refund.canonical() for refund in self.state.refunds],
                disputes=sorted([*contested, *returned], key=lambda dispute: dispute.created_at),
                payouts=[payout.canonical() for payout in self.state.payouts],
            ),
        )

    def connection(self, base_url: str) -> Mapping[str, str]:
        """`base_url`, `api_key` and `webhook_secret` of the endpoint registered for the connector."""
        return {"base_url": base_url or _HOST, "api_key": self.api_key, "webhook_secret": self.webhook_secret}

    def issue(self, actor: str, scopes: tuple[str, ...]) -> Mapping[str, str]:
        """A further restricted key with these permissions alone."""
        token = f"rk_test_{self.setup.ids.token('stripe restricted key', 40)}"
        self.tokens.add(Credential(token=token, actor=actor, scopes=_permissions(scopes) or ("none",)))
        return {"authorization": f"Bearer {token}"}

    def rotate(self, what: str, *, at_once: bool) -> None:
        """Roll the API key, or the secret of the connector's endpoint. The old one expires after the hours that were
        chosen on the dashboard; until then events are signed under both.
        """
        now = self.setup.clock.now
        until = now if at_once else now + self.profile.roll_overlap
        if what == "webhook_secret":
            old, self.webhook_secret = self.webhook_secret, f"whsec_{self.setup.ids.token('stripe webhook secret', 32)}"
            for each in [one for one in self.state.endpoints if one.secret == old]:
                self.state.endpoints.put(
                    msgspec.structs.replace(each, secret=self.webhook_secret, old_secret=old, old_until=until)
                )
            return
        before = self.tokens.find(self.api_key)
        if isinstance(before, Unauthenticated):
            raise ActRefused(f"the key is dead already: {before.cause}")
        self.tokens.add(msgspec.structs.replace(before, expires_at=until))
        self.api_key = f"{self.api_key[:8]}{self.setup.ids.token('stripe api key', 40)}"
        self.tokens.add(msgspec.structs.replace(before, token=self.api_key, expires_at=None))

    def register(self, url: str, events: tuple[str, ...] = ("*",)) -> Endpoint:
        """A webhook endpoint for the connector, signed with the secret that `connection` tells."""
        return self.state.endpoints.put(
            Endpoint(
                id=self.new_id("we"),
                created_at=self.setup.clock.now,
                url=url,
                events=events,
                secret=self.webhook_secret,
            )
        )

    def _subscribe(self, act: Subscribe) -> None:
        """Enter, change or disable the connector's own endpoint, as one does on the dashboard."""
        own = next((each for each in self.state.endpoints if each.secret == self.webhook_secret), None)
        if own is None:
            if act.url:
                self.register(act.url, act.events or ("*",))
            return
        status = "enabled" if act.url else "disabled"
        events = act.events or (("*",) if act.url else own.events)
        self.state.endpoints.put(msgspec.structs.replace(own, url=act.url or own.url, events=events, status=status))

    def fork(self, setup: Setup) -> Stripe:
        """An independent copy in another world, whose setup has the log of writes; planned deliveries stay behind.

        What the account will do by itself (payouts, answers of banks) is planned in the other world too.
        """
        twin = Stripe(self.pack, setup)
        twin.state, twin.till = self.state.fork(), self.till.fork()
        twin.tokens = self.tokens.fork(setup.clock)
        twin.limiter = self.limiter.fork() if self.limiter is not None else None
        twin.keys = self.keys.fork() if self.keys is not None else None
        twin.bank_account = self.bank_account
        twin.api_key, twin.webhook_secret = self.api_key, self.webhook_secret
        agenda.resume(twin)
        return twin

    # -- Stripe's forms -------------------------------------------------------------------------------------------

    def handle(self, request: Request) -> Response:
        """Answer one request; every answer carries its request id and the API version it was made for."""
        self.request_id = f"req_{self.setup.ids.token('stripe request', 14)}"
        return self._headed(super().handle(request), request)

    def fail(self, problem: Problem, request: Request) -> Response:
        """A problem as an answer of its own; what stands before the API knows no request ids."""
        self.request_id = f"req_{self.setup.ids.token('stripe request', 14)}"
        response = super().fail(problem, request)
        return response if response.headers["content-type"] != errors.JSON else self._headed(response, request)

    def _headed(self, response: Response, request: Request) -> Response:
        headers = {**response.headers, "request-id": self.request_id, "stripe-version": self.version_of(request)}
        if response.notes.idempotency_key:
            headers["idempotency-key"] = response.notes.idempotency_key
            headers.setdefault("original-request", self.request_id)
        return Response(status=response.status, headers=headers, body=response.body, notes=response.notes)

    def version_of(self, request: Request) -> str:
        """The API version of a request: its header, else the account's."""
        return request.headers.get("stripe-version") or self.profile.version

    def refuse(self, problem: Problem, request: Request) -> Response:
        """A problem of the pipeline in Stripe's envelope."""
        return errors.respond(self, problem, request)

    def authenticate(self, request: Request, operation: Operation) -> Credential | Problem:
        """The secret key as Bearer token or as the user name of Basic auth."""
        found = self.tokens.find(bearer(request) or _basic_user(request))
        account = request.headers.get("stripe-account", "")
        if not isinstance(found, Unauthenticated) and account not in ("", self.profile.account):
            return Unmodelled(what="header Stripe-Account: connected accounts")
        return found

    def throttle(self, credential: Credential, request: Request, operation: Operation) -> Problem | Mapping[str, str]:
        """So many requests a second and account."""
        if self.limiter is None:
            return {}
        taken = self.limiter.take(self.profile.account, self.setup.clock.now)
        return taken if isinstance(taken, Problem) else {}

    def idempotency_key(self, call: Call) -> Key | None:
        """The key of a POST; compared are path and parameters, whatever their order."""
        value = call.request.headers.get("idempotency-key", "")
        if call.operation.method != "POST" or not value:
            return None
        parts = msgspec.json.encode([call.request.path, call.body], order="sorted")
        return Key(value=value, scope=self.profile.account, fingerprint=hashlib.sha256(parts).hexdigest())

    def key_conflict(self, refusal: KeyRefusal, call: Call) -> Response:
        """An idempotency error in Stripe's envelope."""
        return errors.key_conflict(self, refusal)

    def as_update(self, call: Call, first: Response) -> Request | None:
        """The same parameters for the object that was created, which Stripe updates at its own address."""
        made, request = record_id(first), call.request
        path = f"{request.path}/{made}"
        if not made or self.contract.find("POST", path)[0] is None:
            return None
        headers = {name: value for name, value in request.headers.items() if name != "idempotency-key"}
        return msgspec.structs.replace(request, path=path, headers=headers)

    def remembers(self, call: Call, response: Response) -> bool:
        """Everything but parameters that did not pass."""
        return response.status not in _NOT_BEGUN

    def _run(self, call: Call) -> Response:
        self.origin = Origin(actor=call.actor, request_id=self.request_id, idempotency_key=call.idempotency_key)
        kind, listed = str(call.operation.spec.get("x-sim-object", "")), call.operation.id.endswith(("List", "Search"))
        for path in wanted_expansions(call):
            if (why := expand.impossible(path, kind, listed=listed)) is not None:
                return errors.error(self, 400, why, param="expand")
        try:
            response = super()._run(call)
        except Refused as refused:
            response = errors.refused(self, refused)
        if call.idempotency_key:
            # A later replay names the request that was really executed.
            response = msgspec.structs.replace(
                response, headers={**response.headers, "original-request": self.request_id}
            )
        return response

    # -- what faults ask for --------------------------------------------------------------------------------------

    immune: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "token_expired": "its secret keys live until somebody rolls them",
            "conflict": "its objects have no version: the last write wins",
            "partial_batch": "it takes one object a request",
            "page_shift": "its pages go on after an object, so what comes before it moves nothing",
        }
    )

    @property
    def stale_for(self) -> timedelta:
        """How far a list or search runs behind that does."""
        return self.profile.stale_list

    def lags(self, request: Request) -> bool:
        """Lists and searches; an object that is read by its id is always the present one."""
        return self.operation_of(request).endswith(("List", "Search"))

    # -- what handlers share --------------------------------------------------------------------------------------

    @property
    def bankside(self) -> Bankside:
        """How this account's payouts look."""
        return Bankside(account=self.bank_account, traced_early=self.profile.traced_early)

    def new_id(self, prefix: str) -> str:
        """The next id of a kind of object, for example `ch_…`."""
        return f"{prefix}_{self.setup.ids.token(f'stripe {prefix}', 24)}"

    def wrote(self, dataset: str, record_id: str, action: str, fields: tuple[str, ...]) -> None:
        """Keep a committed write with the actor on whose behalf it happened."""
        self.keep_write(dataset, record_id, action, fields, self.origin.actor)


_HAPPENINGS: Mapping[str, Callable[[Stripe, str], None]] = MappingProxyType(
    {
        refunding.SUCCEEDS: refunding.succeed,
        refunding.FAILS: refunding.fail,
        paying.DEBITED: capturing.debited,
        paying.EXPIRES: capturing.expire,
        paying.DISPUTED: capturing.disputed,
        reserve.RELEASES: reserve.release,
        clocks.READY: clocks.ready,
        clocks.OVER: clocks.over,
        paying_out.RUNS: paying_out.run,
        paying_out.SUBMITTED: paying_out.submit,
        paying_out.ARRIVES: paying_out.arrive,
    }
)


def build(setup: Setup) -> Fake:
    """A fresh Stripe account."""
    from simharness_fakes.stripe import PACK

    return Stripe(PACK, setup)


def wanted_expansions(call: Call) -> list[str]:
    """What the request asks to expand, from the query or the form."""
    body = call.body if isinstance(call.body, dict) else {}
    return [str(path) for path in (*call.query.get("expand", ()), *body.get("expand", ()))]


def _permissions(scopes: tuple[str, ...]) -> tuple[str, ...]:
    """Permissions with what they include: whoever may write a resource may read it."""
    read = tuple(f"{each.removesuffix('_write')}_read" for each in scopes if each.endswith("_write"))
    return tuple(dict.fromkeys((*scopes, *read)))


def _basic_user(request: Request) -> str:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value.strip(), validate=True).decode().partition(":")[0]
    except (binascii.Error, ValueError):
        return ""
