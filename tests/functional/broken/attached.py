"""The reference connector, broken in one way and attached from a folder like any other connector."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import yaml

from simharness.connectors.manifest import load_manifest
from simharness.domain.played import Played
from simharness.stories.discovery import load
from simharness.stories.playing import Setting, play


def setting(folder: Path, factory: str, fault: str = "none", mapping: str = "") -> Setting:
    """What the factory builds with a fault; `mapping` names that of other books than the story's."""
    home = Path(str(files("simharness"))) / "reference"
    manifest = yaml.safe_load((home / "connector.yaml").read_text())
    manifest["factory"] = f"tests.functional.broken.{factory}"
    manifest["env"]["FAULT"] = fault
    if mapping:
        manifest["mapping"] = f"mappings/{mapping}"
    shutil.copytree(home / "mappings", folder / "mappings")
    file = folder / "connector.yaml"
    file.write_text(yaml.safe_dump(manifest))
    return Setting(attachment=load_manifest(file))


def told(path: Path, setting: Setting) -> Played:
    """The one story of a file, played."""
    (story,) = load([path])
    return play(story, setting)


def found(run: Played) -> set[str]:
    """The checks that have a finding."""
    return {finding.check for result in run.results for finding in result.findings}
