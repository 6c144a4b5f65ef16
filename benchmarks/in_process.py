"""What the calls of the story pack cost through a world, beside the same calls answered with canned bytes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import httpx

from benchmarks import setting
from benchmarks.figures import Figure
from simharness.stories import discovery
from simharness.stories.playing import play
from simharness.stories.story import Story
from simharness.world.doors.transport import WorldTransport

_ROUNDS = 3
_send = httpx.Client.send
_through_world = WorldTransport.handle_request
_Handle = Callable[[WorldTransport, httpx.Request], httpx.Response]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call once got."""

    url: httpx.URL
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


def measure() -> list[Figure]:
    """Wall of `Client.send` over all calls of all shipped stories, best round on both sides.

    The canned answers are given where the world would give them, between the same work of the same connector: a call
    that comes after other work costs more than one that follows its like, whoever answers it. Both sides take turns.
    """
    stories = discovery.load()
    answers: list[Answer] = []
    _played(stories, _recording(answers))
    world_s = canned_s = float("inf")
    for _ in range(_ROUNDS):
        world_s = min(world_s, _played(stories, _through_world))
        canned_s = min(canned_s, _played(stories, _canned(answers)))
    per_call = f"{world_s / len(answers) * 1000:.3f} ms / {canned_s / len(answers) * 1000:.3f} ms a call"
    note = f"{len(answers)} calls of {len(stories)} stories, {per_call}"
    return [Figure(name="calls through a world ÷ calls answered with canned bytes", value=world_s / canned_s, goal=1.5,
                   note=note)]  # fmt: skip


def _recording(answers: list[Answer]) -> _Handle:
    def handle(transport: WorldTransport, request: httpx.Request) -> httpx.Response:
        response = _through_world(transport, request)
        headers = [pair for pair in response.headers.raw if pair[0].lower() != b"content-length"]
        answers.append(Answer(request.url, response.status_code, headers, response.content))
        return response

    return handle


def _canned(answers: list[Answer]) -> _Handle:
    coming = iter(answers)

    def handle(transport: WorldTransport, request: httpx.Request) -> httpx.Response:
        answer = next(coming)
        assert answer.url == request.url, f"{request.url} was asked where {answer.url} was asked before"
        return httpx.Response(answer.status, headers=answer.headers, content=answer.body, request=request)

    return handle


def _played(stories: list[Story], handle: _Handle) -> float:
    spent_s = 0.0

    def timed(client: httpx.Client, request: httpx.Request, **options: Any) -> httpx.Response:
        nonlocal spent_s
        began = time.perf_counter()
        try:
            return _send(client, request, **options)
        finally:
            spent_s += time.perf_counter() - began

    with patch.object(WorldTransport, "handle_request", handle), patch.object(httpx.Client, "send", timed):
        for story in stories:
            play(story, setting.reference())
    return spent_s
