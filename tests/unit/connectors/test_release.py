"""The release of a mapping is what its folder states, however it comes to state it."""

from __future__ import annotations

from pathlib import Path

import pytest

from simharness.connectors.manifest import builtin_manifest, load_manifest

FILE = "company.yaml"


def folders(root: Path, **told: str) -> Path:
    """Folders by name with what their file says; two words make a folder in a folder."""
    for name, text in told.items():
        folder = root / name.replace("_", "/")
        folder.mkdir(parents=True)
        (folder / FILE).write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("told", "release"),
    [
        ({"own": "version: '7'"}, "7"),
        ({"own": "extends: base", "base": "version: 2026.10"}, "2026.10"),
        ({"own": "{extends: base, version: 8}", "base": "version: 7"}, "8"),
        ({"own": "extends: base", "base": "extends: own"}, ""),
        ({"own": "name: x"}, ""),
        ({"own": "- a list"}, ""),
        ({"own": "version: [7"}, ""),
        ({"own_west": "version: 7", "own_east": "version: 7"}, "7"),
        ({"own_west": "version: 7", "own_east": "version: 8"}, ""),
    ],
)
def test_a_folder_states_a_release(tmp_path: Path, told: dict[str, str], release: str) -> None:
    attachment = load_manifest(builtin_manifest())
    assert attachment.mapping_release(folders(tmp_path, **told) / "own") == release


def test_a_connector_without_mapping_has_no_release() -> None:
    assert load_manifest(builtin_manifest()).mapping_release(None) == ""


def test_every_mapping_of_the_reference_connector_states_its_release() -> None:
    attachment = load_manifest(builtin_manifest())
    mappings = builtin_manifest().parent / "mappings"
    assert [folder.name for folder in mappings.iterdir() if not attachment.mapping_release(folder)] == []
