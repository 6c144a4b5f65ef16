"""A webhook is sent after its latency and repeated on schedule until somebody takes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from simharness.core.clock import Clock
from simharness.domain.exchange import Request, Response
from simharness.fakekit.webhooks import Hooks, addressed

START = datetime(2026, 1, 5, tzinfo=UTC)
SCHEDULE = (timedelta(seconds=10), timedelta(seconds=60))


def sent(answers: list[int | None], *, refuse_410: bool = False) -> list[tuple[int, int]]:
    """The attempts as (number, seconds after the event) for a receiver that answers so, one after the other."""
    clock, told = Clock(START), []
    pending = iter(answers)

    def post(request: Request) -> Response | None:
        told.append((int(request.headers["attempt"]), int((clock.now - START).total_seconds())))
        status = next(pending)
        return None if status is None else Response(status=status)

    def make(number: int, now: datetime) -> Request:
        assert now == clock.now
        return Request(method="POST", host="h", path="/", headers={"attempt": str(number)})

    hooks = Hooks(clock, post, latency=timedelta(seconds=2), schedule=SCHEDULE)
    retry_on = (lambda answer: answer is None or answer.status == 503) if refuse_410 else None
    hooks.send(make, "label", retry_on=retry_on)
    assert told == []
    assert clock.pending() == ((START + timedelta(seconds=2), "label"),)
    clock.advance(timedelta(days=1))
    assert clock.pending() == ()
    return told


@pytest.mark.parametrize(
    ("answers", "attempts"),
    [
        ([200], [(0, 2)]),
        ([204], [(0, 2)]),
        ([500, 200], [(0, 2), (1, 12)]),
        ([None, 302, 404], [(0, 2), (1, 12), (2, 72)]),
    ],
)
def test_attempts_go_on_until_one_is_taken_or_the_schedule_ends(
    answers: list[int | None], attempts: list[tuple[int, int]]
) -> None:
    assert sent(answers) == attempts


def test_a_vendor_may_say_which_answers_are_worth_another_attempt() -> None:
    assert sent([410], refuse_410=True) == [(0, 2)]
    assert sent([503, 410], refuse_410=True) == [(0, 2), (1, 12)]


def test_what_is_posted_goes_where_its_url_says() -> None:
    request = addressed("http://books.test:8090/hooks?team=ar", {"x-signature": "s"}, b"{}")
    assert (request.method, request.host, request.path, request.query) == (
        "POST",
        "books.test:8090",
        "/hooks",
        "team=ar",
    )
    assert dict(request.headers) == {"host": "books.test:8090", "x-signature": "s"}
    assert addressed("https://books.test", {}, b"").path == "/"
