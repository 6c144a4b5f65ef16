from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simharness.cli.choosing import chosen, usable
from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.core.errors import NothingToTest, UsageError
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


@pytest.mark.parametrize("choose", [usable, chosen])
def test_where_nothing_can_be_played_every_mistake_of_every_file_is_told_once(tmp_path: Path, choose: Any) -> None:
    (tmp_path / "a.feature").write_text(GOOD.replace("USD 3,910.50", "3,910.50"), encoding="utf-8")
    (tmp_path / "b.feature").write_text(GOOD.replace("us-saas", "nowhere").replace("@money", "@mony"), encoding="utf-8")
    with pytest.raises(UsageError) as wrong:
        choose([tmp_path], Setting(attachment=load_manifest(builtin_manifest())), "", ())
    told = str(wrong.value)
    for mistake in (
        "a.feature:15: '3,910.50' has no",
        "b.feature:1: unknown tag 'mony'",
        "b.feature:5: there is no dict",
    ):
        assert told.count(mistake) == 1, told
    assert told.endswith("\n3 mistakes")
    assert wrong.value.exit_code == 2
