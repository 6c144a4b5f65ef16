"""Which stories a command is about: those under its paths whose name and tags fit, played with a mapping of use."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from simharness.core.content import located
from simharness.core.errors import NothingToTest, UsageError
from simharness.report.words import counted
from simharness.stories import discovery
from simharness.stories.discovery import Found
from simharness.stories.playing import Setting
from simharness.stories.story import Story
from simharness.stories.unusable import Mistakes


def chosen(paths: Sequence[Path], setting: Setting, name: str, tags: Collection[str]) -> list[Story]:
    """The stories of a selection, of which all must be fit to be played.

    Raises `Mistakes` with all that is wrong with those that are not, and what `usable` raises.
    """
    found = usable(paths, setting, name, tags)
    if found.problems:
        raise Mistakes(found.problems)
    return list(found.stories)


def usable(paths: Sequence[Path], setting: Setting, name: str, tags: Collection[str]) -> Found:
    """The stories of a selection, and those that cannot be played for mistakes, whether or not they were meant.

    Raises `NothingToTest` when no story fits, `Mistakes` when that may be because of them, and `UsageError` for
    a mapping that none uses.
    """
    found = discovery.found([located(path) for path in paths], tuple(setting.metrics))
    stories = [story for story in found.stories if name.casefold() in story.name.casefold()]
    if tags:
        asked_for = {tag.removeprefix("@") for tag in tags}
        stories = [story for story in stories if asked_for & set(story.tags)]
    if not stories and found.problems:
        raise Mistakes(found.problems)
    if not stories:
        asked = [f"-k {name}"] if name else []
        asked += [f"--tag {tag}" for tag in sorted(tags)]
        raise NothingToTest(
            f"none of {counted(len(found.stories), 'story', 'stories')} fits {' '.join(asked)}",
            mend="look at the names and tags of the stories, or leave the selection out",
        )
    _check_mapping(setting, stories)
    return Found(tuple(stories), found.problems, found.unusable)


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
