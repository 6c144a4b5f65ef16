"""The in-process door for httpx code whose vendor hosts are hard-coded: every httpx client of this
process is routed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

import httpx
import respx

from simharness.world.doors.transport import WorldTransport
from simharness.world.world import World


@contextmanager
def routed(world: World, *, client: str = "connector", passing: Collection[str] = ()) -> Iterator[respx.MockRouter]:
    """Inside the block every httpx request of this process reaches the world, whatever its host.

    A host that belongs to no fake is recorded as an `outside` exchange and fails as a refused connection; the record
    stays, whatever the caller does with the exception. Requests to `passing` hosts go out as without the block.
    """
    door = WorldTransport(world, client=client)

    def carry(request: httpx.Request) -> httpx.Response:
        return door.handle_request(request)

    with respx.mock(assert_all_called=False, assert_all_mocked=True) as router:
        for host in passing:
            router.route(host=host).pass_through()
        router.route().mock(side_effect=carry)
        yield router
