"""A condition stands from the instant it was set until it is over or ended, and touches one vendor only."""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType

import msgspec
import pytest

from simharness.core.errors import HarnessFault
from simharness.domain.exchange import DeliveryKind, Notes, Outcome, Request, Response
from simharness.domain.fault import Fault, Plan, Trigger, parse_plan
from simharness.fakekit.fake import Call
from simharness.fakekit.faults import Injector
from simharness.fakekit.faults.standing import Condition, Down, Quota, Refusing, Slow, Spoiled, Unanswered, spoiled
from simharness.fakekit.pack import Pack, Setup
from simharness.world.world import World
from tests.unit.world.tiny import NOW, Kiosk, kiosk_pack


class Shop(Kiosk):
    """A kiosk whose added notes are committed writes."""

    vital = ("amount",)
    told: bytes = b""

    def read(self, call: Call) -> Response:
        return Response(status=200, body=self.told or b"[]", notes=Notes(actor="connector"))

    def add(self, call: Call) -> Response:
        self.keep_write("note", "1", "create", ("text",), "connector")
        return Response(status=200, body=b"{}", notes=Notes(actor="connector"))

    routes = MappingProxyType({"listNotes": read, "addNote": add})


def world(port: Injector | None = None) -> World:
    def pack(vendor: str, family: str) -> Pack:
        plain = kiosk_pack(vendor, family)

        def build(setup: Setup) -> Shop:
            return Shop(made, setup)

        made = Pack(**{name: getattr(plain, name) for name in Pack.__slots__ if name != "build"}, build=build)
        return made

    packs = {"shop": pack("shop", "payments"), "shed": pack("shed", "accounting")}
    stack = {"payments": "shop", "accounting": "shed"}
    return World(now=NOW, stack=stack, packs=packs, port=port or Injector(Plan()))


def of_shop(kind: str, amount: int = 0) -> Fault:
    return Fault(kind=kind, amount=amount, trigger=Trigger(vendor="shop"))


def ask(there: World, method: str = "GET", vendor: str = "shop") -> Outcome:
    body = b'"text"' if method == "POST" else b""
    headers = {"content-type": "application/json"} if body else {}
    request = Request(method=method, host=f"{vendor}.example", path="/notes", headers=headers, body=body)
    outcome = there.exchange(request)
    assert outcome is not None
    return outcome


def stand(condition: Condition) -> World:
    there = world()
    there.stand(condition)
    return there


@pytest.mark.parametrize("kind", ["slow", "clock_jump", "reply_truncated"])
def test_what_stands_is_met_by_a_call_that_a_fault_strikes_as_well(kind: str) -> None:
    there = world(Injector(parse_plan(f"{kind}@shop")))
    shop = there.fake("payments")
    assert isinstance(shop, Shop)
    shop.told = b'[{"id":"ch_1","amount":100}]'
    there.stand(spoiled(shop, "ch_1"))
    outcome = ask(there)
    assert outcome.fault == kind
    assert msgspec.json.decode(outcome.response.body) == [{"id": "ch_1", "amount": "???"}]


def test_a_system_that_is_down_fails_for_that_long_and_only_it_does() -> None:
    there = stand(Down(of_shop("outage", 600), NOW))
    assert ask(there).response.status == 400  # how this fake words its trouble
    assert ask(there, vendor="shed").fault == ""
    there.advance(timedelta(seconds=599))
    assert there.blocked
    assert ask(there, "POST").fault == "outage"
    assert there.writes == ()
    there.advance(timedelta(seconds=1))
    assert not there.blocked
    assert (ask(there).response.status, ask(there).fault) == (200, "")
    assert [each.fault.kind for each in there.struck] == ["outage", "outage"]


def test_a_limit_lets_so_many_pass_in_a_window_and_says_how_long_to_wait() -> None:
    there = stand(Quota(of_shop("quota", 2), timedelta(minutes=1)))
    assert [ask(there).fault for _ in range(3)] == ["", "", "quota"]
    there.advance(timedelta(seconds=20))
    assert ask(there).response.headers["retry-after"] == "40"
    there.advance(timedelta(seconds=40))
    assert ask(there).fault == ""
    assert not there.blocked


def test_a_slow_system_does_what_it_is_asked_and_answers_late() -> None:
    there = stand(Slow(of_shop("slow", 20), requests=1))
    outcome = ask(there, "POST")
    assert (outcome.delivery.kind, outcome.delivery.delay) == (DeliveryKind.AFTER, timedelta(seconds=20))
    assert len(there.writes) == 1
    assert ask(there).fault == ""


def test_what_is_saved_without_an_answer_is_the_first_that_writes() -> None:
    there = stand(Unanswered(of_shop("timeout_after_commit")))
    assert [ask(there, method).delivery.kind for method in ("GET", "POST", "POST")] == [
        DeliveryKind.COMPLETE,
        DeliveryKind.NO_ANSWER,
        DeliveryKind.COMPLETE,
    ]
    assert len(there.writes) == 2


def test_an_unanswered_operation_is_the_one_that_was_named() -> None:
    fault = Fault(kind="timeout_after_commit", trigger=Trigger(vendor="shop", operation="somethingElse"))
    assert ask(stand(Unanswered(fault)), "POST").fault == ""


def test_refused_credentials_are_over_once_somebody_is_recognised() -> None:
    condition = Refusing(of_shop("credentials_refused"))
    there = stand(condition)
    fake = there.fake("payments")
    assert condition.after(fake, Response(status=401), wrote=False) is not None
    assert condition.after(fake, Response(status=503), wrote=False) is None
    assert there.blocked
    known = Notes(actor="connector")
    assert condition.after(fake, Response(status=400, notes=known), wrote=False) is None
    assert not there.blocked


def test_a_spoiled_record_cannot_be_read_wherever_it_occurs_and_its_neighbours_can() -> None:
    there = stand(Spoiled(of_shop("malformed"), "7", ("amount", "day")))
    fake = there.fake("payments")
    assert isinstance(fake, Shop)
    records = [
        {"id": "7", "properties": {"amount": 12.10, "name": "x"}},
        {"id": 8, "amount": 7, "of": "7"},
        {"found": {"Id": "7", "day": "2026-01-05"}},
    ]
    fake.told = msgspec.json.encode(records)
    outcome = ask(there)
    assert msgspec.json.decode(outcome.response.body) == [
        {"id": "7", "properties": {"amount": "???", "name": "x"}},
        {"id": 8, "amount": 7, "of": "7"},
        {"found": {"Id": "7", "day": "???"}},
    ]
    assert outcome.fault == "malformed"


@pytest.mark.parametrize("body", [b"", b"7 is no JSON {", b'[{"id": "9", "amount": 7}]', b'{"id": "7", "name": 1}'])
def test_an_answer_without_such_a_field_of_the_record_stays_as_it_is(body: bytes) -> None:
    there = stand(Spoiled(of_shop("malformed"), "7", ("amount",)))
    fake = there.fake("payments")
    assert isinstance(fake, Shop)
    fake.told = body
    assert (ask(there).response.body, ask(there).fault) == (body or b"[]", "")
    assert not there.struck


def test_a_pack_that_names_no_vital_field_cannot_send_a_spoiled_record() -> None:
    assert spoiled(world().fake("payments"), "7").fault.kind == "malformed"
    plain = World(now=NOW, stack={"payments": "kiosk"}, packs={"kiosk": kiosk_pack()})
    with pytest.raises(HarnessFault, match="which fields a record cannot do without"):
        spoiled(plain.fake("payments"), "7")


def test_a_fault_of_the_plan_comes_before_a_condition_and_ending_leaves_the_plan() -> None:
    there = world(Injector(parse_plan("reset_before@shop#2")))
    there.stand(Slow(of_shop("slow", 5)))
    there.add_fault(parse_plan("reply_lost*9@shop#1").faults[0])
    assert ask(there).fault == "reply_lost"
    there.end_faults("shop")
    assert [ask(there).fault for _ in range(2)] == ["reset_before", ""]


def test_what_was_cleared_strikes_no_longer_and_stays_in_the_log() -> None:
    there = world(Injector(parse_plan("reset_before*9@shop#1")))
    there.stand(Slow(of_shop("slow", 5)))
    assert ask(there).fault == "reset_before"
    assert [str(fault) for fault in there.faults] == ["reset_before*9@shop#1"]
    there.clear_faults()
    assert ask(there).fault == ""
    assert (there.faults, len(there.struck)) == ((), 1)
