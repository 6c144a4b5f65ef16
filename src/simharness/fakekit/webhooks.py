"""Webhook delivery on virtual time: at least once, retried on the vendor's schedule, every attempt recorded by the
world.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from simharness.core.clock import Clock
from simharness.domain.exchange import Request, Response

#: Posts one attempt towards a receiver and returns its answer, or None if nobody answered. Given by the world.
Post = Callable[[Request], Response | None]
#: Makes the signed request of one attempt: attempt number from 0, and the instant of sending.
Make = Callable[[int, datetime], Request]


def addressed(url: str, headers: Mapping[str, str], body: bytes) -> Request:
    """The request that posts a body to a URL, with its `host` before the other headers."""
    parts = urlsplit(url)
    return Request(
        method="POST",
        host=parts.netloc,
        path=parts.path or "/",
        query=parts.query,
        headers={"host": parts.netloc, **headers},
        body=body,
    )


class PutOff(Exception):
    """An attempt does not leave now. `keep` is given what makes it anew, signed as at the instant of that time."""

    def __init__(self, keep: Callable[[Callable[[], None]], None]) -> None:
        super().__init__()
        self.keep = keep


class Sent:
    """What a fake sent, so that it can be sent once more: the last thousand."""

    def __init__(self) -> None:
        self._begun: deque[Callable[[], None]] = deque(maxlen=1000)

    def keep(self, begin: Callable[[], None]) -> None:
        """Remember a sending by what begins it."""
        self._begun.append(begin)

    def again(self) -> int:
        """Begin every sending anew, as a vendor does that is not sure it was heard; gives how many there are."""
        for begin in tuple(self._begun):
            begin()
        return len(self._begun)


class Hooks:
    """Sends webhooks of one fake. `schedule` lists the delays before the second, third, … attempt; then it gives up.

    `patience`: an answer that takes longer is not waited for, and the attempt has failed; None waits for ever. `sent`
    remembers what is sent, where it is to be sent again.
    """

    def __init__(
        self,
        clock: Clock,
        post: Post,
        *,
        latency: timedelta,
        schedule: tuple[timedelta, ...],
        patience: timedelta | None = None,
        sent: Sent | None = None,
    ) -> None:
        self._clock = clock
        self._patience = patience
        self._sent = sent
        self._post = post
        self._latency = latency
        self._schedule = schedule

    def send(self, make: Make, label: str, *, retry_on: Callable[[Response | None], bool] | None = None) -> None:
        """Put the first attempt on the agenda. An attempt fails if `retry_on` says so (default: no
        answer or not 2xx).
        """
        failed = retry_on or _not_ok

        def attempt(number: int) -> None:
            begun = self._clock.now
            try:
                answer = self._post(make(number, begun))
            except PutOff as late:
                late.keep(lambda: attempt(number))
                return
            if self._patience is not None and self._clock.now - begun > self._patience:
                answer = None
            if failed(answer) and number < len(self._schedule):
                again = f"{label} retry {number + 1}"
                self._clock.after(self._schedule[number], lambda: attempt(number + 1), again, awaited=True)

        def begin() -> None:
            self._clock.after(self._latency, lambda: attempt(0), label, awaited=True)

        if self._sent is not None:
            self._sent.keep(begin)
        begin()


def _not_ok(answer: Response | None) -> bool:
    return answer is None or not 200 <= answer.status < 300
