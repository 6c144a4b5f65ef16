"""The factory: one connector, or a group of them, from an environment and a state folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import httpx

from simharness.reference.connector import Connector
from simharness.reference.group import Group, is_group
from simharness.reference.settings import Settings


def build(env: Mapping[str, str], state_dir: Path, transport: httpx.BaseTransport | None = None) -> Connector | Group:
    """The factory the manifest names: one connector, or a group of them where the mapping is one of several entities.

    Raises `ConfigurationError` or `StateError`, each saying what to mend.
    """
    settings = Settings.from_env(env or os.environ, state_dir)
    return Group(settings, transport) if is_group(settings.mapping) else Connector(settings, transport)
