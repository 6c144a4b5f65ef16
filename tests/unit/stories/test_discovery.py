"""Files and folders are searched once each and in one order; nothing to test is said as such."""

from __future__ import annotations

from pathlib import Path

import pytest

from simharness.core.errors import NothingToTest, UsageError
from simharness.stories import discovery
from tests.unit.stories.company import STORY, folder


def test_a_folder_gives_its_stories_sorted_and_no_dictionary(tmp_path: Path) -> None:
    root = folder(tmp_path)
    (root / "a").mkdir()
    (root / "a" / "z.yml").write_text(STORY.replace("A deal", "Z"))
    assert [story.name for story in discovery.load([root])] == ["Z", "A deal"]


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    root = folder(tmp_path)
    assert len(discovery.load([root, root / "story.yaml"])) == 1


@pytest.mark.parametrize("read", [discovery.load, discovery.lint])
def test_an_empty_folder_is_nothing_to_test(tmp_path: Path, read: type) -> None:
    with pytest.raises(NothingToTest, match="there is no story in") as caught:
        read([tmp_path])
    assert caught.value.exit_code == 4


def test_a_path_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no file or folder"):
        discovery.load([tmp_path / "nowhere"])


def test_a_file_of_another_kind_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text(STORY)
    with pytest.raises(UsageError, match="is neither a story nor a feature"):
        discovery.load([tmp_path / "story.txt"])


def test_the_nearest_dictionaries_above_a_story_are_its_own(tmp_path: Path) -> None:
    root = folder(tmp_path)
    deep = root / "a" / "b"
    deep.mkdir(parents=True)
    (deep / "story.yaml").write_text(STORY)
    (story,) = discovery.load([deep])
    assert story.dictionary.name == "tiny"


def test_a_broken_dictionary_is_told_once_however_many_stories_use_it(tmp_path: Path) -> None:
    root = folder(tmp_path)
    (root / "other.yaml").write_text(STORY)
    broken = root / "dictionaries" / "tiny.yaml"
    broken.write_text(broken.read_text().replace("time_zone: America/Los_Angeles", "time_zone: America/Los_Angels"))
    (own,) = discovery.lint([root])
    assert "America/Los_Angeles" in (own.mend or "")
    (once,) = discovery.lint([root / "other.yaml", *root.glob("[!o]*.yaml")])
    assert once.rule == "dictionary"
    assert "the dictionary 'tiny' cannot be used" in once.what, "who names no dictionary to check is told whose it is"
    with pytest.raises(UsageError, match="cannot be used"):
        discovery.load([root])
