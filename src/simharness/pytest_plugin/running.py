"""Playing a story from a test."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from simharness.core.errors import UsageError
from simharness.domain.played import Played
from simharness.pytest_plugin.words import in_words, refuse_frozen
from simharness.report.tally import Tally
from simharness.report.verdict import complaint
from simharness.report.words import counted
from simharness.stories.dictionaries import Shelf, folder_for
from simharness.stories.discovery import files_in, reading_of
from simharness.stories.nearest import suggestion
from simharness.stories.playing import Setting, attempt
from simharness.stories.story import Story
from simharness.world.plans import read_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    file: Path
    shelf: Path | None


class Runner:
    """Plays stories for one test. `beside` is the file of the test: paths and dictionaries are looked for from there;
    texts are kept in `scratch`.
    """

    def __init__(self, setting: Setting, *, beside: Path, scratch: Path) -> None:
        self._setting, self._beside, self._scratch = setting, beside, scratch

    def __call__(self, story: Story | Path | str, *, name: str = "", faults: str = "", check: bool = True) -> Played:
        """Play a story and give its record with the results of all checks.

        `story` is a file, the text of a story or a feature, or a story that was read; `name` chooses one of several,
        `faults` is a plan. With `check` the test fails in words if anything is wrong, or if a fault never struck.
        """
        __tracebackhide__ = True
        with in_words():
            refuse_frozen()
            chosen = story if isinstance(story, Story) else self._read(story, name)
            setting = replace(self._setting, plan=read_plan(faults)) if faults else self._setting
            played = attempt(chosen, setting)
        wrong = complaint(played)
        if not isinstance(played, Played) or (check and wrong):
            pytest.fail(wrong, pytrace=False)
        if check:
            _must_strike(played)
        return played

    def _read(self, story: Path | str, name: str) -> Story:
        told = self._told(story)
        reading = reading_of(told.file, Shelf(told.shelf), tuple(self._setting.metrics))
        if reading.problems:
            raise reading.problems[0]
        names = [each.name for each in reading.stories]
        found = [each for each in reading.stories if name in ("", each.name)]
        if name and not found:
            raise UsageError(f"there is no story {name!r} in {told.file}", mend=suggestion(name, names))
        if len(found) != 1:
            raise UsageError(
                f"{told.file} holds {counted(len(found), 'story', 'stories')}",
                mend=f"name one of them: {', '.join(names) or 'write one'}",
            )
        return found[0]

    def _told(self, story: Path | str) -> _Told:
        """The file of a story; a text is one once it is written down, with the dictionaries of the test's folder."""
        if isinstance(story, str) and "\n" in story:
            is_feature = any(line.lstrip().startswith("Feature:") for line in story.splitlines())
            file = self._scratch / ("story.feature" if is_feature else "story.yaml")
            file.write_text(story, encoding="utf-8")
            return _Told(file=file, shelf=folder_for(self._beside))
        beside = self._beside.parent / story
        path = beside if beside.exists() else Path(story)
        files = files_in([path])
        if len(files) != 1:
            raise UsageError(f"{path} holds {counted(len(files), 'file')} of stories", mend="give one file")
        return _Told(file=files[0], shelf=folder_for(files[0]))


def _must_strike(played: Played) -> None:
    """A fault that met nothing shows nothing."""
    __tracebackhide__ = True
    tally = Tally()
    tally.add(played)
    if tally.idle:
        idle = ", ".join(str(fault) for fault in tally.idle)
        pytest.fail(f"{idle} struck nowhere in this story: what it was to show was not tried", pytrace=False)
