"""The pipeline: route, credential, limits, reading, idempotency, handler, in this order and with notes of each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from simharness.core.clock import Clock
from simharness.core.ids import Ids
from simharness.core.rng import Rng
from simharness.domain.acts import Act
from simharness.domain.events import DomainEvent
from simharness.domain.exchange import UNMODELLED, Request, Response
from simharness.domain.snapshot import FamilySnapshot
from simharness.fakekit.auth import Credential, TokenBook
from simharness.fakekit.bodies import write_json
from simharness.fakekit.contract import Contract, Operation
from simharness.fakekit.fake import Call, Fake, Handler, bearer, fingerprint
from simharness.fakekit.idempotency import PROFILES, Key, KeyRefusal, KeyStore
from simharness.fakekit.limits import Limit, Limiter
from simharness.fakekit.pack import Pack, Setup
from simharness.fakekit.problems import Problem, UnknownVersion, VendorError

NAMED = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}},
    "additionalProperties": False,
}
BODY = {"content": {"application/json": {"schema": NAMED}}}
DOCUMENT: dict[str, Any] = {
    "info": {"title": "Acme", "version": "v1"},
    "paths": {
        "/things": {
            "get": {"operationId": "List", "responses": {}},
            "post": {"operationId": "Create", "requestBody": BODY, "responses": {}},
        },
        "/forgotten": {"get": {"operationId": "Forgotten", "responses": {}}},
        "/token": {"post": {"operationId": "Token", "x-sim-open": True, "responses": {}}},
    },
}


class Acme(Fake):
    """A vendor of things, as small as a fake can be."""

    routes: ClassVar[Mapping[str, Handler]] = {
        "List": lambda fake, call: fake.told("list", call),
        "Create": lambda fake, call: fake.create(call),
        "Token": lambda fake, call: fake.told("token", call),
    }

    def __init__(self, pack: Pack, setup: Setup) -> None:
        super().__init__(pack, setup, Contract(DOCUMENT))
        self.keys = KeyStore(PROFILES["stripe_v1"])
        self.tokens = TokenBook(setup.clock)
        self.tokens.add(Credential(token="good", actor="connector"))
        self.limiter = Limiter(Limit(name="burst", count=20, window=timedelta(seconds=10)))
        self.things: list[str] = []

    def told(self, what: str, call: Call) -> Response:
        return Response(status=200, body=write_json({"did": what, "actor": call.actor}))

    def create(self, call: Call) -> Response:
        name = call.body["name"]
        if name == "bad":
            raise VendorError(Response(status=422, body=b"bad"))
        self.things.append(name)
        return Response(status=500 if name == "broken" else 201, body=str(len(self.things)).encode())

    def operate(self, act: Act, actor: str) -> tuple[DomainEvent, ...]:
        return ()

    def snapshot(self) -> tuple[FamilySnapshot, ...]:
        return ()

    def connection(self, base_url: str) -> Mapping[str, str]:
        return {}

    def refuse(self, problem: Problem, request: Request) -> Response:
        status = {"Unauthenticated": 401, "Throttled": 429, "WrongMethod": 405}.get(type(problem).__name__, 400)
        return Response(status=status, body=type(problem).__name__.encode())

    def authenticate(self, request: Request, operation: Operation) -> Credential | Problem:
        return self.tokens.find(bearer(request))

    def throttle(self, credential: Credential, request: Request, operation: Operation) -> Problem | Mapping[str, str]:
        taken = self.limiter.take(credential.actor, self.setup.clock.now)
        return taken if isinstance(taken, Problem) else {"x-left": str(taken.remaining)}

    def idempotency_key(self, call: Call) -> Key | None:
        value = call.request.headers.get("x-key", "")
        return Key(value=value, scope="acct", fingerprint=fingerprint(call.request)) if value else None

    def key_conflict(self, refusal: KeyRefusal, call: Call) -> Response:
        return Response(status=refusal.status, body=refusal.told.encode())

    def remembers(self, call: Call, response: Response) -> bool:
        return response.status != 422


@pytest.fixture
def acme() -> Acme:
    rng = Rng(1)
    pack = Pack(
        vendor="acme", family="crm", title="Acme", package="", hosts=(), versions=(), build=lambda s: Acme(pack, s)
    )
    setup = Setup(clock=Clock(datetime(2026, 1, 5, tzinfo=UTC)), rng=rng, ids=Ids(rng), post=lambda request: None)
    return Acme(pack, setup)


def ask(fake: Acme, method: str, path: str, body: bytes = b"", **headers: str) -> Response:
    named = {"authorization": "Bearer good", "content-type": "application/json"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    return fake.handle(Request(method=method, host="h", path=path, headers=named, body=body))


def make(fake: Acme, name: str, **headers: str) -> Response:
    return ask(fake, "POST", "/things", write_json({"name": name}), **headers)


def test_a_handler_is_called_for_whom_the_credential_names(acme: Acme) -> None:
    answer = ask(acme, "GET", "/things")
    assert (answer.status, answer.body) == (200, b'{"did":"list","actor":"connector"}')
    assert (answer.notes.operation, answer.notes.actor, answer.notes.violations) == ("List", "connector", ())
    assert answer.headers["x-left"] == "19"


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer bad", "Basic good", "good"])
def test_nobody_gets_in_without_the_right_token_but_through_an_open_door(acme: Acme, header: str) -> None:
    assert ask(acme, "GET", "/things", authorization=header).status == 401
    assert ask(acme, "POST", "/token", authorization=header).status == 200


def test_a_refused_credential_is_neither_counted_nor_read(acme: Acme) -> None:
    for _ in range(30):
        assert ask(acme, "POST", "/things", b"{", authorization="Bearer bad").status == 401
    assert make(acme, "a").status == 201


def test_the_limit_stands_before_the_contract(acme: Acme) -> None:
    statuses = [ask(acme, "POST", "/things", b"{}").status for _ in range(21)]
    assert statuses == [400] * 20 + [429]
    acme.setup.clock.advance(timedelta(seconds=10))
    assert make(acme, "a").status == 201


def test_what_misfits_is_noted_and_never_reaches_the_handler(acme: Acme) -> None:
    answer = ask(acme, "POST", "/things", b'{"nane": "a"}')
    assert answer.status == 400
    assert set(answer.notes.violations) == {"body.name: missing", "body.nane: unknown"}
    assert acme.things == []


def test_what_is_not_modelled_is_loud_whatever_the_vendor_says(acme: Acme) -> None:
    for method, path in (("GET", "/nowhere"), ("GET", "/forgotten")):
        answer = ask(acme, method, path)
        assert answer.status == 501
        assert answer.headers[UNMODELLED]
        assert answer.notes.unmodelled


def test_a_strange_path_makes_no_strange_header(acme: Acme) -> None:
    answer = ask(acme, "GET", "/nowhere/ü\r\nx-evil: 1")
    assert answer.headers[UNMODELLED].isascii()
    assert not set(answer.headers[UNMODELLED]) & set("\r\n")


def test_a_wrong_method_is_the_vendors_refusal_and_noted(acme: Acme) -> None:
    answer = ask(acme, "PATCH", "/things")
    assert (answer.status, answer.body) == (405, b"WrongMethod")
    assert answer.notes.unmodelled == ("PATCH /things",)
    assert UNMODELLED not in answer.headers


def test_a_handlers_refusal_is_its_answer(acme: Acme) -> None:
    answer = make(acme, "bad")
    assert (answer.status, answer.body, answer.notes.operation) == (422, b"bad", "Create")


def test_a_key_makes_the_second_call_a_replay(acme: Acme) -> None:
    first, again, other = make(acme, "a", x_key="k"), make(acme, "a", x_key="k"), make(acme, "b", x_key="k")
    assert (first.status, first.body) == (again.status, again.body) == (201, b"1")
    assert (first.notes.replayed, again.notes.replayed) == (False, True)
    assert (other.status, other.body) == (400, b"k was used with another body")
    assert acme.things == ["a"]
    assert first.notes.idempotency_key == "k"


def test_a_failure_is_remembered_but_not_what_the_vendor_never_began(acme: Acme) -> None:
    assert [make(acme, "broken", x_key="k").status for _ in range(2)] == [500, 500]
    assert acme.things == ["broken"]
    assert [make(acme, "bad", x_key="k2").status for _ in range(2)] == [422, 422]
    assert make(acme, "good", x_key="k2").status == 201


def test_a_request_that_misfits_leaves_its_key_unused(acme: Acme) -> None:
    assert ask(acme, "POST", "/things", b"{}", x_key="k").status == 400
    assert make(acme, "a", x_key="k").status == 201


def test_a_key_in_flight_is_a_conflict(acme: Acme) -> None:
    assert acme.keys is not None
    acme.keys.begin(Key(value="k", scope="acct", fingerprint="any"), acme.setup.clock.now)
    assert make(acme, "a", x_key="k").body == b"k is still being processed"


def test_the_fingerprint_tells_method_path_and_body_apart() -> None:
    base = {"method": "POST", "host": "h", "path": "/a", "body": b"x"}
    changes = [{}, {"method": "PUT"}, {"path": "/b"}, {"body": b"y"}]
    prints = {fingerprint(Request(**{**base, **change})) for change in changes}
    assert len(prints) == 4
    assert fingerprint(Request(**base)) == fingerprint(Request(**base, headers={"x": "1"}))


class Dated(Acme):
    """The vendor with a second version of its API, in which one operation has moved and takes nothing new."""

    newer = Contract({**DOCUMENT, "paths": {"/v2/things": {"get": {"operationId": "List", "responses": {}}}}})

    def contract_for(self, request: Request) -> Contract | Problem:
        version = request.headers.get("x-version", "v1")
        if version not in ("v1", "v2"):
            return UnknownVersion(version=version, known=("v1", "v2"))
        return self.newer if version == "v2" else self.contract


def test_a_request_is_read_by_the_contract_of_the_version_it_names(acme: Acme) -> None:
    dated = Dated(acme.pack, acme.setup)
    assert ask(dated, "GET", "/things").status == 200
    assert ask(dated, "GET", "/v2/things").status == 501
    assert ask(dated, "GET", "/v2/things", x_version="v2").notes.operation == "List"
    assert ask(dated, "GET", "/things", x_version="v2").status == 501


def test_a_version_that_there_is_not_is_refused_before_anything_else(acme: Acme) -> None:
    refused = ask(Dated(acme.pack, acme.setup), "GET", "/things", x_version="v3", authorization="")
    assert (refused.status, refused.body) == (400, b"UnknownVersion")
