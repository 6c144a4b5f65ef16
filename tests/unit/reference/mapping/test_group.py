"""A mapping of several entities is read whole or refused with the way to mend it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from simharness.reference import mapping as package
from simharness.reference.errors import ConfigurationError
from simharness.reference.mapping.group import is_group, load_group

SHIPPED = Path(package.__file__).parent.parent / "mappings"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(SHIPPED, tmp_path / "mappings") / "us-group"


def test_the_shipped_group_loads(folder: Path) -> None:
    group = load_group(folder)
    assert (group.group, group.gateway, list(group.entities)) == ("us-group", "west", ["west", "east"])
    assert is_group(folder)
    assert not is_group(folder / "west")


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("group.yaml", "gateway: west ", "gateway: north ", "belongs to 'north', which is no entity.*west, east"),
        ("group.yaml", "  east: east", "  east: west", "is of the entities west, not of 'east'"),
        ("group.yaml", "gateway: west ", "getaway: west ", '"gateway" is a required property'),
        ("group.yaml", "  east: east\n", "", "mapping_schema/group.json"),
        ("group.yaml", "  east: east", "  east: south", "no such mapping folder"),
        ("west/accounts.yaml", "due_to_east", "due_to_eats", "'west' has no account with the role due_to_east"),
        ("east/accounts.yaml", "due_from_west", "due_from_weste", "'east' has no account with the role due_from_west"),
        ("east/company.yaml", "entities: [east]", 'entities: ["", east]', "not of 'east'"),
    ],
)
def test_what_is_wrong_is_refused(folder: Path, file: str, old: str, new: str, says: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=says):
        load_group(folder)
