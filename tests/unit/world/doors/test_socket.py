"""The socket doors: real connections, answered, lost, reset and cut for real; and the control plane beside them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
import pytest

from simharness.core.errors import UsageError
from simharness.domain.exchange import COMPLETE, Delivery, DeliveryKind
from simharness.domain.fault import Plan
from simharness.fakekit.faults import Injector
from simharness.world.doors.control import control
from simharness.world.doors.host import WorldHost
from simharness.world.doors.server import Served
from simharness.world.world import World
from tests.unit.world.tiny import NOW, Interfering, kiosk_pack

pytestmark = pytest.mark.socket

PACKS = {"kiosk": kiosk_pack(), "shed": kiosk_pack("shed", "accounting")}


def a_host(delivery: Delivery = COMPLETE) -> WorldHost:
    stack = {"payments": "kiosk", "accounting": "shed"}
    return WorldHost(lambda: World(now=NOW, stack=stack, packs=PACKS, port=Interfering(delivery)))


@contextmanager
def served(delivery: Delivery = COMPLETE) -> Iterator[tuple[Served, WorldHost]]:
    host = a_host(delivery)
    with Served(host, shared_port=0) as doors:
        yield doors, host


def test_every_fake_has_a_port_and_the_shared_port_routes_by_host() -> None:
    with served() as (doors, host):
        httpx.post(doors.urls["kiosk"] + "/notes", json="direct")
        httpx.post(doors.shared_url + "/notes", json="routed", headers={"host": "shed.example"})
        assert httpx.get(doors.urls["kiosk"] + "/notes").json() == ["direct"]
        assert httpx.get(doors.urls["shed"] + "/notes").json() == ["routed"]
        foreign = httpx.get(doors.shared_url + "/notes", headers={"host": "evil.example"})
        assert foreign.status_code == 421
        assert [e.vendor for e in host.world.exchange_log] == ["kiosk", "shed", "kiosk", "shed", ""]


@pytest.mark.parametrize(
    ("delivery", "error"),
    [
        (Delivery(kind=DeliveryKind.LOST), httpx.RemoteProtocolError),
        (Delivery(kind=DeliveryKind.RESET_BEFORE), httpx.ReadError),
        (Delivery(kind=DeliveryKind.CUT_AT, cut_bytes=3), httpx.RemoteProtocolError),
        (Delivery(kind=DeliveryKind.NO_ANSWER), httpx.ReadTimeout),
    ],
)
def test_a_delivery_is_enacted_on_the_real_connection_and_nobody_calls_it_an_error_of_the_server(
    delivery: Delivery, error: type[Exception], capfd: pytest.CaptureFixture[str]
) -> None:
    with served(delivery) as (doors, host):
        with pytest.raises(error):
            httpx.post(doors.urls["kiosk"] + "/notes", json="kept", timeout=0.3)
        assert host.world.exchange_log[0].response is not None
    assert "ASGI" not in capfd.readouterr().err


def test_an_answer_leaves_in_one_piece() -> None:
    with served() as (doors, _), socket.create_connection(_address(doors.urls["kiosk"]), timeout=5) as client:
        head = b"POST /notes HTTP/1.1\r\nhost: kiosk.example\r\ncontent-type: application/json\r\n"
        client.sendall(head + b'content-length: 6\r\n\r\n"kept"')
        answer = client.recv(65536)
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b'\r\n\r\n["kept"]')


def test_a_client_that_asks_to_close_gets_its_whole_answer_first() -> None:
    with served() as (doors, _), socket.create_connection(_address(doors.urls["kiosk"]), timeout=5) as client:
        client.sendall(b"GET /notes HTTP/1.1\r\nhost: kiosk.example\r\nconnection: close\r\n\r\n")
        parts = list(iter(lambda: client.recv(65536), b""))
    assert b"".join(parts).endswith(b"\r\n\r\n[]")


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return str(parts.hostname), int(parts.port or 0)


def test_the_control_plane_shows_moves_and_resets_the_world() -> None:
    with served() as (doors, host):
        plane = doors.urls["kiosk"] + "/_sim"
        httpx.post(doors.urls["kiosk"] + "/notes", json="first")
        assert httpx.get(plane + "/").json()["systems"] == {"accounting": "shed", "payments": "kiosk"}
        moved = httpx.post(plane + "/clock", json={"advance_s": 90})
        assert moved.json()["now"] == "2026-01-05T12:01:30Z"
        assert httpx.post(plane + "/clock", json={"to": "2026-01-05T12:00:00Z"}).status_code == 409
        log = httpx.get(plane + "/exchanges").json()
        assert (log["total"], log["exchanges"][0]["vendor"]) == (1, "kiosk")
        assert [log["exchanges"][0][part]["body"] for part in ("request", "response")] == ['"first"', '["first"]']
        assert httpx.get(plane).json() == httpx.get(plane + "/").json()
        acted = {"family": "accounting", "actor": "me", "act": {"type": "ClosePeriod", "until": "2026-01-01"}}
        assert httpx.post(plane + "/operate", json=acted).json() == {
            "events": [{"type": "PeriodClosed", "until": "2026-01-01"}]
        }
        assert httpx.get(plane + "/state").json()["at"] == "2026-01-05T12:01:30Z"
        assert httpx.post(plane + "/reset").json()["now"] == "2026-01-05T12:00:00Z"
        assert httpx.get(doors.urls["kiosk"] + "/notes").json() == []
        assert host.world.clock.now == NOW


def test_the_control_plane_lets_things_go_wrong_tells_what_struck_and_ends_it() -> None:
    stack = {"payments": "kiosk", "accounting": "shed"}
    host = WorldHost(lambda: World(now=NOW, stack=stack, packs=PACKS, port=Injector(Plan())))
    with Served(host) as doors:
        plane, notes = doors.urls["kiosk"] + "/_sim/faults", doors.urls["kiosk"] + "/notes"
        plan = "reply_lost@kiosk.addNote#2 + reset_before@shed"
        said = httpx.post(plane, json={"plan": plan}).json()
        assert said == {"faults": ["reply_lost@kiosk.addNote#2", "reset_before@shed#1"], "struck": []}
        assert httpx.post(notes, json="one").json() == ["one"]
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.post(notes, json="two")
        (struck,) = httpx.get(plane).json()["struck"]
        assert (struck["fault"], struck["operation"]) == ("reply_lost@kiosk.addNote#2", "addNote")
        assert httpx.request("DELETE", plane).json()["faults"] == []
        assert httpx.get(doors.urls["shed"] + "/notes").json() == []
        assert httpx.get(notes).json() == ["one", "two"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/_sim/clock", b"{", 400),
        ("POST", "/_sim/clock", b"{}", 400),
        ("POST", "/_sim/clock", b'{"advance_s": -1}', 409),
        ("POST", "/_sim/clock", b'{"advance_s": 1e30}', 400),
        ("POST", "/_sim/clock", b'{"advance_s": 300000000000}', 400),
        ("GET", "/_sim/exchanges", b"", 200),
        ("POST", "/_sim/faults", b'{"plan": "reply_lots@kiosk"}', 400),
        ("POST", "/_sim/faults", b'{"plan": "reply_lost@stripe"}', 400),
        ("POST", "/_sim/faults", b'{"plan": "reply_lost@kiosk.saveNote"}', 400),
        ("POST", "/_sim/faults", b'{"plan": "crash_after@#1"}', 400),
        ("POST", "/_sim/faults", b'{"fault": "reply_lost"}', 400),
        ("POST", "/_sim/faults", b'{"plan": "reply_lost@kiosk"}', 409),  # this world was made without an injector
        ("DELETE", "/_sim/clock", b"", 404),
        ("POST", "/_sim/operate", b'{"family": "crm", "act": {"type": "WinDeal", "deal_id": "1"}}', 409),
        ("POST", "/_sim/operate", b'{"family": "payments", "act": {"type": "Unheard"}}', 400),
    ],
)
def test_a_bad_control_request_is_refused_in_words(method: str, path: str, body: bytes, status: int) -> None:
    answer = control(a_host(), method, path, "", body, "127.0.0.1")
    assert answer.status == status
    assert status == 200 or b'"error"' in answer.body


@pytest.mark.parametrize(
    ("word", "says"), [("WinDael", "did you mean WinDeal"), ("Refund", "RefundPayment"), ("zzz", "there are ")]
)
def test_an_act_that_nobody_knows_is_refused_with_the_nearest_there_are(word: str, says: str) -> None:
    body = f'{{"family": "crm", "act": {{"type": "{word}", "deal_id": "1"}}}}'.encode()
    answer = control(a_host(), "POST", "/_sim/operate", "", body, "127.0.0.1")
    assert answer.status == 400
    assert f"Invalid value '{word}'" in answer.body.decode()
    assert says in answer.body.decode()


@pytest.mark.parametrize("query", ["after=-1", "limit=0", "limit=x"])
def test_a_bad_page_of_exchanges_is_refused(query: str) -> None:
    assert control(a_host(), "GET", "/_sim/exchanges", query, b"", "::1").status == 400


def test_who_calls_is_told_by_the_connection_and_not_by_a_header() -> None:
    with served() as (doors, _):
        for told in ("192.0.2.7", "127.0.0.1"):
            answer = httpx.get(doors.urls["kiosk"] + "/_sim/", headers={"x-forwarded-for": told})
            assert answer.status_code == 200


def test_the_control_plane_answers_to_loopback_only() -> None:
    assert control(a_host(), "GET", "/_sim/", "", b"", "192.0.2.7").status == 403


def test_a_taken_port_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port} of 127.0.0.1 is in use"):
            Served(a_host(), ports={"kiosk": port})
