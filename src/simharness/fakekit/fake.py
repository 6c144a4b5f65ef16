"""A fake vendor: one synchronous `handle` on in-memory state, led by its contract, with two neutral ports beside it.

The pipeline of `handle`: route → credential → limits → read and validate → idempotency → handler. Each refusal is
worded
by the pack (`refuse`), each finance rule by the pack's handlers and its family engine.
"""

from __future__ import annotations

import abc
import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, ClassVar

import msgspec

from simharness.core.errors import HarnessFault
from simharness.domain.acts import Act, ActRefused
from simharness.domain.events import DomainEvent
from simharness.domain.exchange import UNMODELLED, Notes, Request, Response
from simharness.domain.personal import Personal
from simharness.domain.snapshot import FamilySnapshot
from simharness.domain.write import Write
from simharness.fakekit.auth import Credential
from simharness.fakekit.bodies import Json
from simharness.fakekit.contract import Contract, Operation
from simharness.fakekit.failing import Failing
from simharness.fakekit.idempotency import Key, KeyRefusal, KeyStore, Opening, Tells, Verdict
from simharness.fakekit.idempotency.store import marked
from simharness.fakekit.pack import Pack, Setup
from simharness.fakekit.problems import (
    NoRoute,
    Problem,
    Unauthenticated,
    Unmodelled,
    VendorError,
    WrongMethod,
)
from simharness.fakekit.reading import Reading, read_request


class Call(msgspec.Struct, kw_only=True, gc=False):
    """A validated request on its way to a handler: decoded parameters and body, who calls, and what to
    note about it.
    """

    request: Request
    operation: Operation
    path: Mapping[str, str]
    query: Mapping[str, Json]
    headers: Mapping[str, Json]
    body: Json
    media_type: str
    credential: Credential
    inert: list[str]
    idempotency_key: str = ""

    @property
    def actor(self) -> str:
        """Whose credential this is."""
        return self.credential.actor


Handler = Callable[[Any, Call], Response]
_NOBODY = Credential(token="", actor="")


class Fake(Failing):
    """One vendor in one world. Subclasses set `routes` (operation id → handler) and the vendor's forms.

    A fake never sleeps, never opens a socket and reads time, ids and randomness only from its setup.
    """

    routes: ClassVar[Mapping[str, Handler]]
    #: The fields without which a record of this vendor says nothing, under the vendor's names.
    vital: ClassVar[tuple[str, ...]] = ()

    def __init__(self, pack: Pack, setup: Setup, contract: Contract) -> None:
        self.pack = pack
        self.setup = setup
        self.contract = contract
        self.writes: list[Write] = setup.writes
        self.keys: KeyStore | None = None

    @property
    def vendor(self) -> str:
        """The pack's vendor name."""
        return self.pack.vendor

    # -- the vendor-neutral ports ---------------------------------------------------------------------------------

    @abc.abstractmethod
    def operate(self, act: Act, actor: str) -> tuple[DomainEvent, ...]:
        """Somebody acts in the system; raises `ActRefused` with the vendor's reason. Other families'
        acts are refused.
        """

    @abc.abstractmethod
    def snapshot(self) -> tuple[FamilySnapshot, ...]:
        """Everything canonical the system holds, one snapshot an entity."""

    @abc.abstractmethod
    def connection(self, base_url: str) -> Mapping[str, str]:
        """What a connector needs to reach and use this fake: `base_url` and the credentials of the connector's app.

        An empty `base_url` means the vendor's real hosts (in-process doors).
        """

    def issue(self, actor: str, scopes: tuple[str, ...]) -> Mapping[str, str]:
        """A further key, with these scopes alone: the headers with which somebody sends it."""
        raise HarnessFault(f"the fake of {self.vendor} issues no further keys to {actor}")

    def rotate(self, what: str, *, at_once: bool) -> None:
        """Issue the connector's `keys`, or the `webhook_secret` under which its news are signed, anew: `connection`
        tells them from now on. What was valid before stays so for as long as the vendor lets it, or dies `at_once`.
        Raises `ActRefused` where the vendor has nothing of the kind.
        """
        raise ActRefused(f"{self.vendor} does not issue its {what} anew")

    def posting(self, headers: Mapping[str, str]) -> Request | None:
        """The request by which a program enters a small posting of its own, where the vendor is a ledger."""
        return None

    def personal(self) -> tuple[Personal, ...]:
        """Every personal field of every person this fake holds: the canaries that must not turn up elsewhere.

        A fake that makes up persons says so here, those included that have left; one without any has none.
        """
        return ()

    def keep_write(
        self, dataset: str, record_id: str, action: str, fields: Iterable[str], actor: str, entity: str = ""
    ) -> None:
        """Keep a committed write with the actor on whose behalf it happened; `entity`: whose record it is, if it has
        several.
        """
        self.writes.append(
            Write(
                at=self.setup.clock.now,
                family=self.pack.family,
                vendor=self.vendor,
                dataset=dataset,
                record_id=record_id,
                action=action,
                fields=tuple(sorted(fields)),
                actor=actor,
                entity=entity,
            )
        )

    # -- the vendor's forms ---------------------------------------------------------------------------------------

    @abc.abstractmethod
    def refuse(self, problem: Problem, request: Request) -> Response:
        """The vendor's answer to a problem of the pipeline."""

    @abc.abstractmethod
    def authenticate(self, request: Request, operation: Operation) -> Credential | Problem:
        """Who calls, or why nobody may."""

    def scope_of(self, operation: Operation, request: Request) -> str:
        """The scope that a key needs for a request, "" for none."""
        return operation.scope

    def contract_for(self, request: Request) -> Contract | Problem:
        """The contract a request is read by, where a vendor has several versions of its API; a problem for none.

        An overlay over the contract is loaded by `contract.load(package, version)`. It keeps the operations' ids.
        """
        return self.contract

    def throttle(self, credential: Credential, request: Request, operation: Operation) -> Problem | Mapping[str, str]:
        """A problem if a limit is reached, else the limit headers every answer carries."""
        return {}

    def idempotency_key(self, call: Call) -> Key | None:
        """The key of a request where the vendor takes one."""
        return None

    def key_of(self, request: Request) -> str:
        """The idempotency key that a request carries, "" for none and for one that cannot be read."""
        contract = self.contract_for(request)
        operation, found = (None, ()) if isinstance(contract, Problem) else contract.find(request.method, request.path)
        if self.keys is None or operation is None or not isinstance(found, dict):
            return ""
        reading = read_request(operation, request, found)
        if isinstance(reading, Problem):
            return ""
        key = self.idempotency_key(_call(request, operation, reading, _NOBODY))
        return key.value if key is not None else ""

    def key_conflict(self, refusal: KeyRefusal, call: Call) -> Response:
        """The vendor's envelope for a request that is refused for its key, with the status of the key's profile."""
        raise NotImplementedError(f"{self.vendor} keeps keys but has no words for one that {refusal.why.value}")

    def as_update(self, call: Call, first: Response) -> Request | None:
        """The request that makes of a repeated creation an update of what the first one made; None where the vendor
        has none. Asked for by the profile under which a key names the object itself.
        """
        return None

    def remembers(self, call: Call, response: Response) -> bool:
        """Whether an answer may be kept under its key at all; the key's profile decides about the rest."""
        return True

    def answered_later(self, at: datetime) -> None:
        """What was handled last has its answer at an instant only: its key is in flight until then."""
        if self.keys is not None:
            self.keys.hold(at)

    def answered_instead(self, response: Response) -> None:
        """What was handled last was done and then answered otherwise, by an error of the vendor itself."""
        if self.keys is not None:
            self.keys.instead(response, self.setup.clock.now)

    # -- the pipeline ---------------------------------------------------------------------------------------------

    def handle(self, request: Request) -> Response:
        """Answer one request. Pure but for this fake's state; never raises for anything a client can send."""
        if self.keys is not None:
            self.keys.release()
        contract = self.contract_for(request)
        if isinstance(contract, Problem):
            return self.refuse(contract, request)
        operation, found = contract.find(request.method, request.path)
        if operation is None:
            return self._no_operation(request, found)
        assert isinstance(found, dict)  # noqa: S101 - narrows the pair that `find` returns together
        credential = _NOBODY if operation.open else self.authenticate(request, operation)
        if isinstance(credential, Problem):
            return _noted(self.refuse(credential, request), operation, _NOBODY, {})
        scope = "" if operation.open else self.scope_of(operation, request)
        if (lacking := credential.lacks(scope)) is not None:
            return _noted(self.refuse(lacking, request), operation, credential, {}, scope=scope, lacks=scope)
        limited = self.throttle(credential, request, operation)
        if isinstance(limited, Problem):
            return _noted(self.refuse(limited, request), operation, credential, {}, scope=scope)
        reading = read_request(operation, request, found)
        if isinstance(reading, Problem):
            response = self._unmodelled_or(reading, request)
            return _noted(response, operation, credential, limited, violation=reading, scope=scope)
        call = _call(request, operation, reading, credential)
        return _noted(
            self._execute(call), operation, credential, limited, call=call, scope=scope, codes=self.pack.again
        )

    def _execute(self, call: Call) -> Response:
        key = self.idempotency_key(call) if self.keys is not None else None
        if key is None or self.keys is None:
            return self._run(call)
        call.idempotency_key = key.value
        opening = self.keys.begin(key, self.setup.clock.now)
        if opening.verdict is Verdict.REPLAY and opening.first is not None:
            return _with_notes(marked(opening.first, opening.rule), replayed=True)
        if opening.verdict is Verdict.UPDATE and opening.first is not None:
            return self._update(call, opening.first)
        if opening.verdict is Verdict.ANEW:
            return self._run(call)
        if opening.verdict is not Verdict.NEW:
            return self._conflict(opening, key, call)
        response = self._run(call)
        self.keys.finish(response, self.setup.clock.now, remembers=self.remembers(call, response))
        return response

    def _update(self, call: Call, first: Response) -> Response:
        request = self.as_update(call, first)
        return self._run(call) if request is None else self.handle(request)

    def _conflict(self, opening: Opening, key: Key, call: Call) -> Response:
        tells = opening.rule.tells if opening.rule is not None else Tells.NOTHING
        made = record_id(opening.first) if opening.first is not None else ""
        existing = made if tells is Tells.EXISTING else ""
        refusal = KeyRefusal(why=opening.verdict, status=opening.status, key=key.value, existing=existing)
        response = self.key_conflict(refusal, call)
        if tells is not Tells.LOCATION or not made:
            return response
        request = call.request
        location = {"location": f"https://{request.host}{request.path}/{made}"}
        return msgspec.structs.replace(response, headers={**response.headers, **location})

    def _run(self, call: Call) -> Response:
        handler = self.routes.get(call.operation.id)
        if handler is None:
            return self._loud(Unmodelled(what=f"operation {call.operation.id}"), call.request)
        try:
            return handler(self, call)
        except VendorError as error:
            return error.response

    def _no_operation(self, request: Request, allowed: object) -> Response:
        if isinstance(allowed, tuple) and allowed:
            problem = WrongMethod(method=request.method, path=request.path, allowed=allowed)
            response = self.refuse(problem, request)
            return _with_notes(response, unmodelled=(f"{request.method} {request.path}",))
        return self._loud(NoRoute(method=request.method, path=request.path), request)

    def _unmodelled_or(self, problem: Problem, request: Request) -> Response:
        if isinstance(problem, Unmodelled):
            return self._loud(problem, request)
        return self.refuse(problem, request)

    def _loud(self, problem: NoRoute | Unmodelled, request: Request) -> Response:
        what = problem.what if isinstance(problem, Unmodelled) else f"{problem.method} {problem.path}"
        refusal = self.refuse(problem, request)
        headers = {**refusal.headers, UNMODELLED: _ascii(what)}
        return Response(status=501, headers=headers, body=refusal.body, notes=Notes(unmodelled=(what,)))


def _call(request: Request, operation: Operation, reading: Reading, credential: Credential) -> Call:
    return Call(
        request=request,
        operation=operation,
        path=reading.path,
        query=reading.query,
        headers=reading.headers,
        body=reading.body,
        media_type=reading.media_type,
        credential=credential,
        inert=[*reading.inert],
    )


def fingerprint(request: Request) -> str:
    """A digest of method, path and body: whether two requests under one key are the same request."""
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    digest.update(request.body)
    return digest.hexdigest()


def record_id(response: Response) -> str:
    """The id of the object that a JSON answer holds, at its top or under its one name; "" for none."""
    try:
        told = msgspec.json.decode(response.body)
    except msgspec.DecodeError:
        return ""
    for one in (told, *(told.values() if isinstance(told, dict) else ())):
        if isinstance(one, dict) and (found := one.get("id") or one.get("Id")):
            return str(found)
    return ""


def bearer(request: Request) -> str:
    """The token of an `Authorization: Bearer` header, or empty."""
    value = request.headers.get("authorization", "")
    if value.startswith("Bearer "):
        return value[7:].strip()
    scheme, _, token = value.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def missing_credential() -> Unauthenticated:
    """The problem of a request without any credential."""
    return Unauthenticated(cause="missing")


def _noted(
    response: Response,
    operation: Operation,
    credential: Credential,
    headers: Mapping[str, str],
    *,
    call: Call | None = None,
    violation: Problem | None = None,
    scope: str = "",
    lacks: str = "",
    codes: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    """The answer with the limit's headers, and with all that is to be noted about the request."""
    notes = response.notes
    told = Notes(
        operation=operation.id,
        actor=credential.actor,
        inert=tuple(call.inert) if call is not None else (),
        unmodelled=notes.unmodelled,
        violations=notes.violations if violation is None else notes.violations or _violation_texts(violation),
        idempotency_key=call.idempotency_key if call is not None else "",
        replayed=notes.replayed,
        scope=scope,
        lacks=lacks,
        again=_again(response, codes),
    )
    merged = {**headers, **response.headers} if headers else response.headers
    return Response(status=response.status, headers=merged, body=response.body, notes=told)


def _again(response: Response, codes: Mapping[str, str]) -> str:
    """When a refused request may be sent again, by the code in its body."""
    if not 400 <= response.status < 500:
        return ""
    return next((when for code, when in codes.items() if f'"{code}"'.encode() in response.body), "")


def _with_notes(response: Response, *, replayed: bool = False, unmodelled: tuple[str, ...] = ()) -> Response:
    notes = Notes(replayed=replayed, unmodelled=unmodelled)
    return Response(status=response.status, headers=response.headers, body=response.body, notes=notes)


def _violation_texts(problem: Problem) -> tuple[str, ...]:
    items = getattr(problem, "items", None)
    if items is None:
        return (type(problem).__name__,)
    return tuple(f"{v.location}.{v.dotted}: {v.fit.value}" for v in items)


def _ascii(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode().replace("\n", " ").replace("\r", " ")
