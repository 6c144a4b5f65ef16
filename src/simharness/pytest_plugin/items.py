"""Stories as items of pytest: a file of them, and one item a story, or a row of its examples."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from simharness.core.errors import HarnessError
from simharness.pytest_plugin.choosing import holds_stories, setting_of
from simharness.report.verdict import complaint
from simharness.stories.dictionaries import Shelf, folder_for
from simharness.stories.discovery import is_story_file, reading_of
from simharness.stories.playing import attempt
from simharness.stories.story import Story
from simharness.stories.unusable import Unusable

_SHELVES = pytest.StashKey[dict[Path | None, Shelf]]()


def collected(file: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The collector of a file that holds stories, or None for any other."""
    if not is_story_file(file) or not holds_stories(parent.config, file):
        return None
    return StoryFile.from_parent(parent, path=file)


class StoryFile(pytest.File):
    """A file of stories. Those that mistakes keep from being played are items as well, which end in an error."""

    def collect(self) -> Iterator[pytest.Item]:
        """Its stories in their order, each under its name."""
        setting = setting_of(self.config)
        reading = reading_of(self.path, self._shelf(), tuple(setting.metrics))
        for unusable in reading.unusable:
            yield UnusableItem.from_parent(self, name=unusable.title, unusable=unusable)
        for story in reading.stories:
            yield StoryItem.from_parent(self, name=story.name, story=story)

    def _shelf(self) -> Shelf:
        """The dictionaries of its folder, each read once a session."""
        shelves = self.config.stash.setdefault(_SHELVES, {})
        folder = folder_for(self.path)
        return shelves.setdefault(folder, Shelf(folder))


class UnusableItem(pytest.Item):
    """A story that cannot be played: an error in words, while the others of its file are played."""

    def __init__(self, *, unusable: Unusable, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]  # what pytest hands over to any item
        self.unusable = unusable

    def setup(self) -> None:
        """Nothing is begun."""
        pytest.fail(f"{self.unusable.title}: this cannot be used\n{self.unusable.message}", pytrace=False)

    def runtest(self) -> None:
        """Never called: the setup has failed."""

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where it stands: the line counts from 0 here."""
        line = self.unusable.where.line
        return self.path, line - 1 if line else None, self.unusable.title


class StoryItem(pytest.Item):
    """One story, played in a world and a folder of its own."""

    def __init__(self, *, story: Story, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]  # what pytest hands over to any item
        self.story = story
        self.extra_keyword_matches.update(story.tags)
        self.user_properties.extend(("tag", tag) for tag in story.tags)

    def runtest(self) -> None:
        """Play it; it fails with everything that is wrong, as `simharness run` tells it."""
        try:
            wrong = complaint(attempt(self.story, setting_of(self.config)))
        except HarnessError as error:
            wrong = str(error)
        if wrong:
            pytest.fail(wrong, pytrace=False)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where it stands: the line counts from 0 here."""
        line = self.story.where.line
        return self.path, line - 1 if line else None, self.story.name
