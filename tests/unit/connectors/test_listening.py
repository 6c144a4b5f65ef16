"""News reaches a connector that listens, at its own address, whatever it is doing; one that polls is told nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from simharness.connectors.inprocess import InProcessConnector
from simharness.connectors.listening import HOST, Listening, Subscription
from simharness.connectors.manifest import load_manifest
from simharness.core.errors import ContentError, UsageError
from simharness.domain.exchange import Request
from simharness.world.registry import DEFAULT_STACK
from simharness.world.world import World
from tests.unit.connectors.test_inprocess import MANIFEST, attached, seen
from tests.unit.world.tiny import NOW, kiosk_pack

HOOKS = """\
listens: {}
webhooks:
  stripe: {{path: /stripe, events: [charge.succeeded]}}
  plaid: {{path: /plaid}}
"""


def with_hooks(folder: Path, hooks: str) -> Path:
    file = folder / "connector.yaml"
    file.write_text(MANIFEST + hooks)
    return file


def posted(host: str = HOST, path: str = "/hook") -> Request:
    return Request(method="POST", host=host, path=path, query="x=1", body=b"abc")


def test_news_comes_while_it_sleeps_and_its_wall_clock_is_that_of_the_news(tmp_path: Path) -> None:
    connector, world = attached(tmp_path)
    told = []

    def post() -> None:
        answer = connector.deliver(posted())
        told.append((answer.status if answer else None, datetime.now(UTC)))

    world.clock.after(timedelta(seconds=30), post)
    connector.trigger("publish")
    assert told == [(202, NOW + timedelta(seconds=30))]
    assert seen(tmp_path) == ["nap 2026-01-05T12:01:30+00:00"]
    assert world.clock.now == NOW + timedelta(seconds=90)


def test_the_path_has_the_query_and_nobody_answers_for_a_connector_that_is_down(tmp_path: Path) -> None:
    connector, _ = attached(tmp_path)
    answer = connector.deliver(posted())
    assert answer is not None
    assert answer.headers == {"x-path": "/hook?x=1"}
    connector.kill()
    assert connector.deliver(posted()) is None


@pytest.mark.parametrize(
    ("listens", "wanted", "mode", "told"),
    [
        ("poll", "", "poll", 0),
        ("poll", "webhooks", "webhooks", 2),
        ("poll", "both", "both", 2),
        ("both", "", "both", 2),
        ("webhooks", "poll", "poll", 0),
    ],
)
def test_a_story_says_how_it_listens_else_the_manifest(
    tmp_path: Path, listens: str, wanted: str, mode: str, told: int
) -> None:
    attachment = load_manifest(with_hooks(tmp_path, HOOKS.format(listens)))
    assert attachment.listens(wanted) == mode
    subscriptions = attachment.subscriptions(wanted)
    assert len(subscriptions) == told
    assert not told or subscriptions[0] == Subscription(
        vendor="stripe", url=f"https://{HOST}/stripe", events=("charge.succeeded",)
    )


def test_a_connector_that_can_be_told_nothing_polls_whatever_a_story_says(tmp_path: Path) -> None:
    attachment = load_manifest(with_hooks(tmp_path, ""))
    assert attachment.listens("webhooks") == "poll"
    assert attachment.subscriptions("webhooks") == ()


@pytest.mark.parametrize(
    ("hooks", "line", "says"),
    [
        ("listens: webhook\n", 9, "'webhook' is no way to listen"),
        ("listens: both\n", 9, "says nowhere to what"),
        ("webhooks: {strip: {path: /stripe}}\n", 9, "no pack for 'strip'"),
        ("webhooks: {stripe: {path: stripe}}\n", 9, "'stripe' is no path"),
        ("webhooks: {stripe: {paths: /stripe}}\n", 9, "paths"),
    ],
)
def test_a_wrong_declaration_says_where_and_what(tmp_path: Path, hooks: str, line: int, says: str) -> None:
    with pytest.raises(ContentError, match=says) as caught:
        load_manifest(with_hooks(tmp_path, hooks))
    assert caught.value.where is not None
    assert caught.value.where.line == line


def heard(folder: Path) -> tuple[InProcessConnector, World]:
    connector, world = attached(folder)
    world.receiver = Listening(world, connector, ())._receive
    return connector, world


def test_what_is_posted_to_another_address_reaches_nobody(tmp_path: Path) -> None:
    _, world = heard(tmp_path)
    assert world.receiver is not None
    assert world.receiver(posted("elsewhere.test")) is None
    answer = world.receiver(posted())
    assert answer is not None
    assert answer.status == 202


def test_what_a_handler_raises_is_a_500_that_the_vendor_sees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connector, world = heard(tmp_path)
    assert connector._app is not None
    monkeypatch.setattr(connector._app, "deliver", lambda *_: 1 // 0)
    assert world.receiver is not None
    answer = world.receiver(posted())
    assert answer is not None
    assert answer.status == 500
    assert b"ZeroDivisionError" in answer.body


def test_what_it_raised_over_news_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connector, world = attached(tmp_path)
    listening = Listening(world, connector, ())
    assert connector._app is not None
    monkeypatch.setattr(connector._app, "deliver", lambda *_: 1 // 0)
    listening._receive(posted())
    assert [reason.partition(":")[0] for reason in listening.failures()] == ["ZeroDivisionError"]
    assert listening.failures() == ()


def test_a_vendor_that_takes_no_subscription_is_named(tmp_path: Path) -> None:
    connector, world = attached(tmp_path)
    listening = Listening(world, connector, [Subscription(vendor="kiosk", url=f"https://{HOST}/kiosk")])
    with pytest.raises(UsageError, match="kiosk does not take the subscription"):
        listening.begin()
    assert world.receiver is None


def test_a_vendor_that_is_not_part_of_the_world_is_passed_over(tmp_path: Path) -> None:
    connector, _ = attached(tmp_path)
    world = World(now=NOW, stack={"payments": "kiosk"}, packs={"kiosk": kiosk_pack()})
    listening = Listening(world, connector, [Subscription(vendor="stripe", url=f"https://{HOST}/stripe")])
    listening.begin()
    assert world.receiver is None
    assert not listening.hears("payments")


def test_rest_waits_for_news_that_is_near_and_not_for_a_late_attempt(tmp_path: Path) -> None:
    connector, _ = attached(tmp_path)
    world = World(now=NOW, stack=DEFAULT_STACK)
    listening = Listening(world, connector, [Subscription(vendor="stripe", url=f"https://{HOST}/stripe")])
    listening.begin()
    assert not listening.under_way()
    world.clock.after(timedelta(hours=1), lambda: None, "a late attempt", awaited=True)
    world.clock.after(timedelta(seconds=5), lambda: None, "something else")
    assert not listening.under_way()
    world.clock.after(timedelta(minutes=5), lambda: None, "news", awaited=True)
    assert listening.under_way()
    world.advance(timedelta(minutes=5))
    assert not listening.under_way()
