from __future__ import annotations

from pathlib import Path

import pytest

from simharness.cli.choosing import usable
from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.core.errors import NothingToTest
from simharness.stories.playing import Setting
from tests.unit.stories.gherkin.features import GOOD


def names(folder: Path, *tags: str, name: str = "") -> list[str]:
    (folder / "a.feature").write_text(GOOD, encoding="utf-8")
    setting = Setting(attachment=load_manifest(builtin_manifest()))
    return [story.name for story in usable([folder], setting, name, tags).stories]


def test_a_tag_chooses_with_or_without_its_sign(tmp_path: Path) -> None:
    assert names(tmp_path, "money") == names(tmp_path, "@money") == ["A deal is billed"]
    assert names(tmp_path, "@control:REC-01", name="deal") == ["A deal is billed"]
    with pytest.raises(NothingToTest, match="none of 1 story fits -k deal --tag @fault"):
        names(tmp_path, "@fault", name="deal")
