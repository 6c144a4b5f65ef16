"""The connector's suite runs on both databases: every test of the reference connector once on each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from simharness.reference.settings import Settings
from tests.postgres import Server

DATABASES = ("sqlite", "postgresql")
_SUITE = "test_reference_"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.module.__name__.rpartition(".")[2].startswith(_SUITE):
        metafunc.parametrize("database", DATABASES, indirect=True, scope="module")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out cases that exploration makes by the thousand on its own: here a sample on both databases is enough."""
    if config.getoption("hypothesis_profile", None) == "deep":
        return
    seen: Counter[str] = Counter()
    left_out = []
    for item in items:
        marker = item.get_closest_marker("sampled")
        if marker is None:
            continue
        name = item.nodeid.partition("[")[0]
        if seen[name] % marker.kwargs["every"]:
            left_out.append(item)
        seen[name] += 1
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="module", autouse=True)
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The database under every connector of a test: SQLite in its state folder, or a PostgreSQL one for that folder."""
    name: str = getattr(request, "param", "sqlite")
    if name == "sqlite":
        yield name
        return
    server: Server = request.getfixturevalue("postgres")
    urls: dict[Path, str] = {}
    read = Settings.from_env.__func__  # type: ignore[attr-defined]  # what lies under a class method

    def elsewhere(cls: type[Settings], env: Mapping[str, str], state_dir: Path) -> Any:
        # A killed connector goes on in another folder beside the first; its database is the same one.
        root = state_dir.resolve().parent
        if str(env.get("CONNECTOR_STATE_URL", "")).startswith("sqlite:"):
            if root not in urls:
                urls[root] = server.schema()
            env = {**env, "CONNECTOR_STATE_URL": urls[root]}
        return read(cls, env, state_dir)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Settings, "from_env", classmethod(elsewhere))
        yield name
