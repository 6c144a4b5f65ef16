"""A furnished world for every test of a pack, in process and on a real socket."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from simharness.core.content import content_folder
from simharness.domain.dictionary import Dictionary
from simharness.stories.dictionaries import load_dictionary
from simharness.world.doors.host import WorldHost
from simharness.world.doors.server import Served
from simharness.world.registry import DEFAULT_STACK, installed_packs
from simharness.world.world import World

TODAY = datetime(2026, 1, 5, 17, 0, tzinfo=UTC)


def furnished(dictionary: Dictionary, *, vendor: str = "", **options: dict[str, str]) -> World:
    """A fresh world furnished from a dictionary: the default stack, in which `vendor` plays its family."""
    stack = {**DEFAULT_STACK, installed_packs()[vendor].family: vendor} if vendor else DEFAULT_STACK
    world = World(now=TODAY, stack=stack, options=options)
    world.furnish(dictionary)
    return world


@pytest.fixture(scope="session")
def us_saas() -> Dictionary:
    return load_dictionary(content_folder("scenarios") / "dictionaries" / "us-saas.yaml")


@pytest.fixture
def world(us_saas: Dictionary) -> World:
    return furnished(us_saas)


@pytest.fixture
def served(us_saas: Dictionary) -> Iterator[Served]:
    """The world on loopback sockets, a port a fake; `served.urls[vendor]` is the base URL."""
    with Served(WorldHost(lambda: furnished(us_saas))) as doors:
        yield doors
