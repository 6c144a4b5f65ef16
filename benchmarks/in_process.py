"""What the calls of the story pack cost through a world, beside the same calls answered with canned bytes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import httpx

from benchmarks import setting
from benchmarks.figures import Figure
from simharness.stories import discovery
from simharness.stories.playing import play
from simharness.stories.story import Story

_ROUNDS = 3
_send = httpx.Client.send


@dataclass(frozen=True, slots=True)
class Call:
    """One call as the connector made it, with the answer it got."""

    method: str
    url: str
    headers: list[tuple[bytes, bytes]]
    content: bytes
    status: int
    answer_headers: list[tuple[bytes, bytes]]
    answer: bytes


class Canned(httpx.BaseTransport):
    """Answers the calls in their order with the bytes they once got."""

    def __init__(self, calls: list[Call]) -> None:
        self._calls = iter(calls)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The next answer."""
        call = next(self._calls)
        return httpx.Response(call.status, headers=call.answer_headers, content=call.answer, request=request)


def measure() -> list[Figure]:
    """Wall of `Client.send` over all calls of all shipped stories, best round on both sides."""
    stories = discovery.load()
    calls, world_s = _through_worlds(stories)
    for _ in range(_ROUNDS - 1):
        world_s = min(world_s, _through_worlds(stories)[1])
    canned_s = min(_through_canned(calls) for _ in range(_ROUNDS))
    per_call = f"{world_s / len(calls) * 1000:.3f} ms / {canned_s / len(calls) * 1000:.3f} ms a call"
    note = f"{len(calls)} calls of {len(stories)} stories, {per_call}"
    return [Figure(name="calls through a world ÷ calls answered with canned bytes", value=world_s / canned_s, goal=1.5,
                   note=note)]  # fmt: skip


def _through_worlds(stories: list[Story]) -> tuple[list[Call], float]:
    calls: list[Call] = []
    spent_s = 0.0

    def timed(client: httpx.Client, request: httpx.Request, **options: Any) -> httpx.Response:
        nonlocal spent_s
        began = time.perf_counter()
        response = _send(client, request, **options)
        spent_s += time.perf_counter() - began
        answer_headers = [pair for pair in response.headers.raw if pair[0].lower() != b"content-length"]
        calls.append(
            Call(request.method, str(request.url), request.headers.raw, request.content, response.status_code,
                 answer_headers, response.content)
        )  # fmt: skip
        return response

    with patch.object(httpx.Client, "send", timed):
        for story in stories:
            play(story, setting.reference())
    return calls, spent_s


def _through_canned(calls: list[Call]) -> float:
    requests = [httpx.Request(c.method, c.url, headers=c.headers, content=c.content) for c in calls]
    with httpx.Client(transport=Canned(calls)) as client:
        began = time.perf_counter()
        for request in requests:
            _send(client, request)
        return time.perf_counter() - began
