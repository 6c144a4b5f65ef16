"""What the options and the ini file of pytest say: which connector is under test, and where stories lie."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.core.errors import HarnessError, UsageError
from simharness.stories.playing import Setting

_SETTING = pytest.StashKey[Setting]()


def setting_of(config: pytest.Config) -> Setting:
    """The setting of a session of pytest, read once; raises `pytest.UsageError` for a manifest that cannot be used."""
    if _SETTING not in config.stash:
        try:
            config.stash[_SETTING] = _read(config)
        except HarnessError as error:
            raise pytest.UsageError(f"simharness: {error}") from error
    return config.stash[_SETTING]


def holds_stories(config: pytest.Config, file: Path) -> bool:
    """Whether a file is where stories are to be looked for: everywhere, unless the ini file names places."""
    places = [place.resolve() for place in config.getini("simharness_paths")]
    return not places or any(file.resolve().is_relative_to(place) for place in places)


def _read(config: pytest.Config) -> Setting:
    manifest, mapping = _path(config, "connector"), _path(config, "mapping")
    if mapping is not None and not mapping.is_dir():
        raise UsageError(f"there is no mapping folder {mapping}", mend="give the folder of a mapping")
    flags = [
        f"--{name} {shlex.quote(str(value))}"
        for name, value in (("connector", manifest), ("mapping", mapping))
        if value
    ]
    return Setting(attachment=load_manifest(manifest or builtin_manifest()), mapping=mapping, flags=" ".join(flags))


def _path(config: pytest.Config, name: str) -> Path | None:
    """The path of an option as it was given, else that of the ini file, beside which it lies."""
    given = config.getoption(f"simharness_{name}")
    if given:
        return Path(given)
    said = config.getini(f"simharness_{name}")
    return (config.inipath.parent if config.inipath else config.rootpath) / said if said else None
