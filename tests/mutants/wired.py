"""Mutants whose requests are changed on their way: what is wrong on the wire, whoever made it so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from tests.functional.broken.connectors import Change, Wire
from tests.mutants.mutant import Override, Reach, instead

_BUILD = "simharness.reference.app:build"
Build = Callable[[Mapping[str, str], Path, httpx.BaseTransport], Any]


class _Counted(httpx.BaseTransport):
    """Counts what is sent."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner, self.sent = inner, 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.sent += 1
        return self._inner.handle_request(request)


def changed(change: Change) -> Override:
    """The connector behind a wire that changes requests, or sends more of its own first."""

    def build(
        reach: Reach, original: Build, env: Mapping[str, str], state_dir: Path, inner: httpx.BaseTransport
    ) -> Any:
        counted = _Counted(inner)

        def watched(wire: Wire, request: httpx.Request) -> httpx.Request | None:
            before = counted.sent
            try:
                other = change(wire, request)
            except httpx.TransportError:
                reach()
                raise
            if counted.sent != before or (other is not None and _says(other) != _says(request)):
                reach()
            return other

        return original(env, state_dir, Wire(counted, watched))

    return instead(_BUILD, build)


def built(factory: Callable[..., Any], **env_too: str) -> Override:
    """A connector that another factory builds around the reference connector."""

    def build(
        reach: Reach, original: Build, env: Mapping[str, str], state_dir: Path, inner: httpx.BaseTransport
    ) -> Any:
        del original  # the factory knows the reference connector itself
        reach()
        return factory({**env, **env_too}, state_dir, inner)

    return instead(_BUILD, build)


def _says(request: httpx.Request) -> tuple[str, str, bytes]:
    return request.method, str(request.url), request.content
