"""Which stories a command is about: those under its paths whose name and tags fit, played with a mapping of use."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from simharness.core.content import located
from simharness.core.errors import NothingToTest, UsageError
from simharness.report.words import counted
from simharness.stories import discovery
from simharness.stories.playing import Setting
from simharness.stories.story import Story


def chosen(paths: Sequence[Path], setting: Setting, name: str, tags: Collection[str]) -> list[Story]:
    """The stories of a selection; raises `NothingToTest` when none fits, `UsageError` for a mapping that none uses."""
    found = discovery.load([located(path) for path in paths], tuple(setting.metrics))
    stories = [story for story in found if name.casefold() in story.name.casefold()]
    if tags:
        stories = [story for story in stories if set(tags) & set(story.tags)]
    if not stories:
        asked = [f"-k {name}"] if name else []
        asked += [f"--tag {tag}" for tag in sorted(tags)]
        raise NothingToTest(
            f"none of {counted(len(found), 'story', 'stories')} fits {' '.join(asked)}",
            mend="look at the names and tags of the stories, or leave the selection out",
        )
    _check_mapping(setting, stories)
    return stories


def _check_mapping(setting: Setting, stories: list[Story]) -> None:
    """A mapping that no story uses would be a test of something else than was meant."""
    if setting.mapping is None:
        return
    root = setting.mapping.resolve()
    used = (setting.mapping_for(story) for story in stories)
    if not any(folder is not None and folder.resolve().is_relative_to(root) for folder in used):
        names = ", ".join(sorted({story.dictionary.name for story in stories}))
        raise UsageError(
            f"the mapping {setting.mapping} fits none of the chosen stories",
            mend=f"they are about {names}: name such a mapping, or a folder that holds folders of these names",
        )
