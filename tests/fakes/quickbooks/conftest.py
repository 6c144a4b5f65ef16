"""A client of a furnished QuickBooks company, US profile."""

from __future__ import annotations

import pytest

from simharness.world.world import World
from tests.fakes.quickbooks.driving import Client, ledger_of


@pytest.fixture
def client(world: World) -> Client:
    return Client(ledger_of(world))
