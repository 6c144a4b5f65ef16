"""What the benchmarks share: the shipped dictionary, worlds of the default stack, and a small whole story."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.domain.dictionary import Dictionary
from simharness.stories import discovery
from simharness.stories.dictionaries import load_dictionary
from simharness.stories.playing import Setting
from simharness.stories.story import Story
from simharness.world.world import World

NOW = datetime(2026, 1, 5, 17, tzinfo=UTC)
#: The machine, not a vendor's limit, shall be what is measured.
UNLIMITED = {"quickbooks": {"requests_per_minute": "1000000000"}}
#: One deal, three card payments, claims about invoice, balances and BI.
SMALL_STORY = Path("payments") / "three_instalments.yaml"


def dictionary() -> Dictionary:
    """The company the benchmarks are about."""
    return load_dictionary(discovery.shipped() / "dictionaries" / "us-saas.yaml")


def world(*, furnished: Dictionary | None = None, options: dict[str, dict[str, str]] | None = None) -> World:
    """A world of the default stack, furnished if a dictionary is given."""
    made = World(now=NOW, options=options or {})
    if furnished is not None:
        made.furnish(furnished)
    return made


def plain_story() -> Story:
    """The first shipped story that does not ask for BI."""
    return next(story for story in discovery.load() if not story.asks_for_bi)


def small_story() -> Story:
    """A story that publishes and reads BI."""
    return discovery.load([discovery.shipped() / SMALL_STORY])[0]


def reference() -> Setting:
    """The reference connector with its own mapping."""
    return Setting(attachment=load_manifest(builtin_manifest()))
