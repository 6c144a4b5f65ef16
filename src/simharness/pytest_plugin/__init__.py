"""The door for pytest: options, items and fixtures. Hooks that delegate; nothing else of simharness is imported before
somebody asks for it, because every pytest of an environment imports this module.

What the fixtures give is in `bench`, how stories become items in `items`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

if TYPE_CHECKING:
    from simharness.pytest_plugin.bench import Bench
    from simharness.pytest_plugin.running import Runner
    from simharness.stories.playing import Setting

#: The vendors that have a fixture of their name.
VENDORS = ("alerts", "gusto", "hubspot", "plaid", "quickbooks", "signon", "stripe")
#: What a test can have of a world, each a fixture of either scope, with what `pytest --fixtures` says of it.
PARTS = (
    ("world", "The world: fakes on one clock, furnished from a dictionary, every exchange recorded."),
    ("clock", "The world's clock: now, today, advance('10 minutes'), advance_to('2026-02-01'), frozen()."),
    ("faults", "Plan a fault by its text: simharness_faults('reply_lost@quickbooks.saveInvoice#1'). It has to strike."),
    ("fake", "A fake by vendor or family: simharness_fake('quickbooks') or simharness_fake('accounting')."),
    ("routes", "Every httpx request of this process reaches the world, whatever its host."),
    ("urls", "Base URLs of the fakes on this machine by vendor, served as long as the fixture lives."),
    ("connector", "The connector under test, started in the world and stopped after: trigger('work'), quiet()."),
    ("record", "Take the record of everything that happened so far: simharness_record()."),
    ("checks", "Judge a record (without one, the world's): simharness_checks(record, only=('V1',)); fails in words."),
)
_SCOPES: tuple[tuple[Literal["function", "session"], str], ...] = (("function", ""), ("session", "session_"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options and lines of the ini file."""
    group = parser.getgroup("simharness", "tests of finance integrations")
    group.addoption("--simharness", action="store_true", help="collect stories (*.yaml) and features (*.feature) too")
    group.addoption("--simharness-connector", metavar="FILE", help="manifest of the connector under test")
    group.addoption("--simharness-mapping", metavar="FOLDER", help="mapping to use instead of the connector's own")
    parser.addini("simharness_connector", "manifest of the connector under test; the reference connector without one")
    parser.addini("simharness_mapping", "mapping to use instead of the connector's own")
    parser.addini("simharness_paths", "files and folders that hold stories; everywhere without any", type="paths")


def pytest_configure(config: pytest.Config) -> None:
    """The marker of worlds."""
    config.addinivalue_line(
        "markers",
        "simharness(dictionary='us-saas', today='2026-01-05', stack={}, rng_seed=0, options={}, passing=()): "
        "what the world of the test's fixtures is like; docs/engineer.md",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Stories, when they are asked for."""
    if not parent.config.getoption("simharness"):
        return None
    from simharness.pytest_plugin.items import collected

    return collected(file_path, parent)


@pytest.fixture(scope="session")
def simharness_setting(pytestconfig: pytest.Config) -> Setting:
    """What stories are played with: the connector under test, as the options say."""
    from simharness.pytest_plugin.choosing import setting_of

    return setting_of(pytestconfig)


@pytest.fixture
def simharness_company(request: pytest.FixtureRequest) -> Mapping[str, object]:
    """What the world of a test is like: the arguments of its marker `simharness`. Override it for a whole folder."""
    marker = request.node.get_closest_marker("simharness")
    return dict(marker.kwargs) if marker is not None else {}


@pytest.fixture(scope="session")
def simharness_session_company() -> Mapping[str, object]:
    """What the one world of a session is like. Override it: a session has no marker."""
    return {}


@pytest.fixture
def simharness_bench(
    request: pytest.FixtureRequest, simharness_setting: Setting, simharness_company: Mapping[str, object]
) -> Iterator[Bench]:
    """Everything that a test has of its own world, made when it asks for it."""
    from simharness.pytest_plugin.bench import opened

    yield from opened(request.node.name, simharness_setting, simharness_company)


@pytest.fixture(scope="session")
def simharness_session_bench(
    simharness_setting: Setting, simharness_session_company: Mapping[str, object]
) -> Iterator[Bench]:
    """Everything that the tests of a session have of the one world that they share."""
    from simharness.pytest_plugin.bench import opened

    yield from opened("the session", simharness_setting, simharness_session_company)


@pytest.fixture
def simharness_run(request: pytest.FixtureRequest, simharness_setting: Setting, tmp_path: Path) -> Runner:
    """Play a story (its file, its text or the story itself) and fail in words unless all is well: docs/engineer.md."""
    from simharness.pytest_plugin.running import Runner

    return Runner(simharness_setting, beside=request.path, scratch=tmp_path)


def _part(scope: Literal["function", "session"], infix: str, name: str, says: str) -> object:
    """The fixture that gives one part of a bench; a vendor's is its fake."""

    def part(request: pytest.FixtureRequest) -> object:
        bench: Bench = request.getfixturevalue(f"simharness_{infix}bench")
        return bench.fake(name) if name in VENDORS else getattr(bench, name)

    part.__doc__ = f"{says} One world a session." if infix else says
    return pytest.fixture(scope=scope, name=f"simharness_{infix}{name}")(part)


for _scope, _infix in _SCOPES:
    for _name, _says in (*PARTS, *((vendor, f"The fake of {vendor}.") for vendor in VENDORS)):
        globals()[f"simharness_{_infix}{_name}"] = _part(_scope, _infix, _name, _says)
