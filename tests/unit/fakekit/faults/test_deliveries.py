"""Attempts are counted by vendor; what a fault put off or copied counts no second time, and leaves without a further
fault.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest

from simharness.core.clock import Clock
from simharness.core.errors import HarnessFault
from simharness.domain.exchange import Delivery, Request, Response
from simharness.domain.fault import Fault, Trigger, parse_plan
from simharness.fakekit.faults import Injector
from simharness.fakekit.faults.deliveries import KINDS_OF_DELIVERY, LATE_S
from simharness.fakekit.port import FaultPort, Hand
from simharness.fakekit.webhooks import Hooks
from simharness.world.world import World
from tests.unit.world.tiny import NOW, Kiosk, kiosk_pack

START = datetime(2026, 1, 5, tzinfo=UTC)


class Post:
    """A vendor's way to send, and whoever listens: keeps (seconds, what, fault) of everything that was attempted."""

    def __init__(self, plan: str, status: int = 200, *, only_acts: bool = False) -> None:
        self.clock, self.status = Clock(START), status
        self.port = Injector(parse_plan(plan), only_acts=only_acts)
        self.port.attach(self.clock, self.clock.advance_to)
        self.kept: list[tuple[int, str, str]] = []
        fake = World(now=NOW, stack={"payments": "kiosk"}, packs={"kiosk": kiosk_pack()}).fake("payments")
        self._hand = Hand(fake=fake, receive=lambda _: Response(status=self.status), keep=self._keep)

    def send(self, what: str, vendor: str = "kiosk") -> None:
        def make(attempt: int, now: datetime) -> Request:
            return Request(method="POST", host="h", path="/", body=f"{what}{attempt}".encode())

        def post(request: Request) -> Response | None:
            return self.port.deliver(vendor, request, self._hand)

        Hooks(self.clock, post, latency=timedelta(0), schedule=(timedelta(seconds=10),)).send(make, what)
        self.clock.advance(timedelta(0))

    def later(self, seconds: int) -> None:
        self.clock.advance(timedelta(seconds=seconds))

    def _keep(self, request: Request, answer: Response | None, delivery: Delivery, fault: str) -> None:
        self.kept.append((int((self.clock.now - START).total_seconds()), request.body.decode(), fault))


def test_an_attempt_that_was_put_off_is_not_counted_again_and_suffers_no_more() -> None:
    post = Post("webhook_delay:60@kiosk#1 + webhook_lost@kiosk#2")
    post.send("a")
    post.later(100)
    assert post.kept == [(60, "a0", "webhook_delay")]
    post.send("b")
    assert post.kept[1:] == [(100, "b0", "webhook_lost")]


def test_copies_are_not_counted() -> None:
    post = Post("webhook_duplicate:2@kiosk#1 + webhook_lost@kiosk#2")
    post.send("a")
    post.later(100)
    post.send("b")
    copy = "webhook_duplicate"
    assert post.kept == [(0, "a0", ""), (0, "a0", copy), (60, "a0", copy), (100, "b0", "webhook_lost")]


def test_an_attempt_that_is_repeated_counts_and_what_is_put_off_keeps_its_number() -> None:
    post = Post("webhook_delay:60@kiosk#2", status=500)
    post.send("a")
    post.later(100)
    assert post.kept == [(0, "a0", ""), (70, "a1", "webhook_delay")]


def test_each_vendor_is_counted_by_itself_unless_the_trigger_names_none() -> None:
    named, any_vendor = Post("webhook_lost@kiosk#2"), Post("webhook_lost@#2")
    for post in (named, any_vendor):
        post.send("a")
        post.send("b", vendor="other")
        post.send("c")
    assert [fault for *_, fault in named.kept] == ["", "", "webhook_lost"]
    assert [fault for *_, fault in any_vendor.kept] == ["", "webhook_lost", ""]


def test_every_second_delivery_is_overtaken_where_all_are_to_come_out_of_order() -> None:
    post = Post("webhook_reorder*9@kiosk")
    for what in "abcd":
        post.send(what)
        post.later(10)
    assert [what for _, what, _ in post.kept] == ["b0", "a0", "d0", "c0"]
    assert [str(struck.fault) for struck in post.port.struck] == ["webhook_reorder*9@kiosk#1"] * 2


def test_what_does_not_come_soon_is_withheld_until_it_comes_or_is_found() -> None:
    for plan, withheld in (("webhook_delay:600@kiosk", False), ("webhook_delay@kiosk", True)):
        post = Post(plan)
        post.send("a")
        assert post.port.withheld is withheld
        post.later(LATE_S)
        assert not post.port.withheld
        assert [what for _, what, _ in post.kept] == ["a0"]
    post = Post("webhook_lost@kiosk")
    post.send("a")
    assert post.port.withheld
    post.port.found()
    assert not post.port.withheld


@pytest.mark.parametrize(("status", "refused"), [(200, False), (401, True)])
def test_a_forged_delivery_is_withheld_news_only_if_it_is_refused(status: int, refused: bool) -> None:
    post = Post("webhook_tampered@kiosk", status)
    post.send("a9 19 ")
    assert post.kept == [(0, "a0 10 1", "webhook_tampered")]
    assert (post.port.withheld, post.port.refused) == (refused, refused)
    post.status = 200
    post.later(10)
    assert not post.port.refused
    assert len(post.kept) == 1 + refused


def test_what_was_added_counts_from_then_on_and_ends_when_the_vendor_is_well() -> None:
    post = Post("webhook_lost@kiosk#4")
    post.send("a")
    post.port.add(Fault(kind="webhook_duplicate", amount=1, times=9, trigger=Trigger(nth=2, vendor="kiosk")))
    post.send("b")
    post.send("c")
    post.port.end("kiosk")
    post.send("d")
    assert [f"{what}{fault}" for _, what, fault in post.kept] == [
        "a0", "b0", "c0", "c0webhook_duplicate", "d0webhook_lost",
    ]  # fmt: skip


def test_with_its_acts_alone_a_plan_leaves_every_delivery_as_it_was_sent() -> None:
    post = Post("webhook_lost@kiosk#1 + webhook_duplicate@kiosk#2 + webhook_stale@kiosk#3", only_acts=True)
    with (
        mock.patch.object(Kiosk, "older_news", return_value=Request(method="POST", host="h", path="/", body=b"old")),
        mock.patch.object(Kiosk, "move_on", return_value=lambda: "somebody edited it"),
    ):
        for what in "abc":
            post.send(what)
        post.later(LATE_S)
    assert post.kept == [(0, "a0", ""), (0, "b0", ""), (0, "c0", "")]
    assert [(struck.fault.kind, struck.acts) for struck in post.port.struck] == [
        ("webhook_stale", "somebody edited it")
    ]


def test_a_port_without_faults_withholds_nothing_and_takes_none() -> None:
    port = FaultPort()
    assert not port.withheld
    assert not port.refused
    with pytest.raises(HarnessFault, match="webhook_lost"):
        port.add(Fault(kind="webhook_lost"))


def test_the_kinds_of_deliveries_are_those_of_the_table() -> None:
    assert set(KINDS_OF_DELIVERY) == {
        "webhook_duplicate", "webhook_reorder", "webhook_delay", "webhook_lost", "webhook_stale", "webhook_tampered",
    }  # fmt: skip
