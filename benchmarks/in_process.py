"""What the calls of the story pack cost through a world, beside the same calls answered with canned bytes."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import httpx

from benchmarks import setting
from benchmarks.figures import Figure
from simharness.core.errors import HarnessError
from simharness.stories import discovery
from simharness.stories.playing import play
from simharness.stories.story import Story
from simharness.world.doors.transport import WorldTransport

_ROUNDS = 3
#: One story in so many is played: each is eight times, and their calls are alike.
_EVERY = 4
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


@dataclass(slots=True)
class Tape:
    """A story with the answers it once got; `strayed` says that a canned play asked for something else."""

    story: Story
    answers: list[Answer]
    strayed: bool = False


def measure() -> list[Figure]:
    """Wall of `Client.send` over all calls of a part of the shipped stories, best round on both sides.

    The canned answers are given where the world would give them, between the same work of the same connector: a call
    that comes after other work costs more than one that follows its like, whoever answers it. Both sides take turns.
    Where a story's people look into the systems before they act, canned answers lead elsewhere, for nothing was written
    there: such a story is left out on both sides.
    """
    taped = [_taped(story) for story in discovery.load()[::_EVERY]]
    tapes = [tape for tape in taped if _leads_the_same_way(tape)]
    world_s = canned_s = float("inf")
    for _ in range(_ROUNDS):
        world_s = min(world_s, sum(_played(tape.story, _through_world) for tape in tapes))
        canned_s = min(canned_s, sum(_played(tape.story, _canned(tape)) for tape in tapes))
    strayed = sum(tape.strayed for tape in tapes)
    assert not strayed, f"{strayed} stories asked for other things than before"
    calls = sum(len(tape.answers) for tape in tapes)
    per_call = f"{world_s / calls * 1000:.3f} ms / {canned_s / calls * 1000:.3f} ms a call"
    note = f"{calls} calls of {len(tapes)} stories of {len(taped)}, {per_call}"
    return [Figure(name="calls through a world ÷ calls answered with canned bytes", value=world_s / canned_s, goal=1.5,
                   note=note)]  # fmt: skip


def _taped(story: Story) -> Tape:
    answers: list[Answer] = []

    def handle(transport: WorldTransport, request: httpx.Request) -> httpx.Response:
        response = _through_world(transport, request)
        headers = [pair for pair in response.headers.raw if pair[0].lower() != b"content-length"]
        answers.append(Answer(request.url, response.status_code, headers, response.read()))
        return response

    _played(story, handle)
    return Tape(story, answers)


def _leads_the_same_way(tape: Tape) -> bool:
    asked = 0
    canned = _canned(tape)

    def handle(transport: WorldTransport, request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        return canned(transport, request)

    # Away from its way a play may end anywhere.
    with suppress(HarnessError):
        _played(tape.story, handle)
    return not tape.strayed and asked == len(tape.answers)


def _canned(tape: Tape) -> _Handle:
    coming = iter(tape.answers)

    def handle(transport: WorldTransport, request: httpx.Request) -> httpx.Response:
        answer = next(coming, None)
        if answer is None or answer.url != request.url:
            # A connector may well survive what is raised here.
            tape.strayed = True
            raise httpx.ConnectError(f"{request.url} was not asked here before", request=request)
        return httpx.Response(answer.status, headers=answer.headers, content=answer.body, request=request)

    return handle


def _played(story: Story, handle: _Handle) -> float:
    spent_s = 0.0

    def timed(client: httpx.Client, request: httpx.Request, **options: Any) -> httpx.Response:
        nonlocal spent_s
        began = time.perf_counter()
        try:
            return _send(client, request, **options)
        finally:
            spent_s += time.perf_counter() - began

    with patch.object(WorldTransport, "handle_request", handle), patch.object(httpx.Client, "send", timed):
        play(story, setting.reference())
    return spent_s
