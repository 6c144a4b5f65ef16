"""Which stories there are in files and folders: all of them to play, or all their problems to mend."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

from simharness.core.content import content_folder
from simharness.core.errors import ContentError, NothingToTest, UsageError, Where
from simharness.core.processes import shared
from simharness.stories import dictionaries
from simharness.stories.dictionaries import Shelf
from simharness.stories.positions import shown_path
from simharness.stories.story import Story
from simharness.stories.style.secrets import leaks_in
from simharness.stories.style.waivers import Expired, expired_in
from simharness.stories.telling import Reading
from simharness.stories.unusable import Unusable
from simharness.stories.yaml_story import read_file

_FEATURE = ".feature"
_ENDINGS = (".yaml", ".yml", _FEATURE)
_DICTIONARIES = "dictionaries"
#: A process is worth its while from so many files on.
_FEWEST_FILES = 50


def shipped() -> Path:
    """The folder of the stories that ship with simharness."""
    return content_folder("scenarios")


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The stories and features the paths name or hold, each once: files in the order given, those of a folder sorted.

    Raises `UsageError` for a path that does not exist or is neither.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        if path.is_dir():
            # A link that leads nowhere is among them: that it cannot be read is told, and nothing is left out unsaid.
            inside = sorted(file for file in path.rglob("*") if file.suffix.lower() in _ENDINGS and not file.is_dir())
            found.update((Path(os.path.realpath(file)), file) for file in inside)
        elif not path.exists():
            raise UsageError(f"there is no file or folder {str(path)!r}", mend="look at the spelling of the path")
        elif path.suffix.lower() not in _ENDINGS:
            raise UsageError(
                f"{str(path)!r} is neither a story nor a feature",
                mend="give files ending in .yaml or .feature, or their folder",
            )
        else:
            found[Path(os.path.realpath(path))] = path
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Found:
    """The stories that can be played, those that cannot, and everything that keeps them from it, in order of files."""

    stories: tuple[Story, ...]
    problems: tuple[ContentError, ...]
    unusable: tuple[Unusable, ...] = ()


def found(paths: Iterable[Path] = (), own_metrics: Collection[str] = ()) -> Found:
    """Every story under the paths (the shipped ones without any), beside those that cannot be used.

    `own_metrics` are the names of a team's metrics that stories may claim beside the shipped ones. Raises
    `NothingToTest` when there is no story at all, good or bad.
    """
    asked = list(paths) or [shipped()]
    stories: list[Story] = []
    problems: list[ContentError] = []
    unusable: list[Unusable] = []
    for file, shelf in _story_files(files_in(asked)):
        reading = reading_of(file, shelf, own_metrics)
        stories += reading.stories
        problems += reading.problems
        unusable += reading.unusable
    if not stories and not problems:
        raise _nothing(asked)
    return Found(tuple(stories), tuple(problems), tuple(unusable))


def load(paths: Iterable[Path] = (), own_metrics: Collection[str] = ()) -> list[Story]:
    """Every story under the paths, as `found` finds them; raises the first `ContentError` when any cannot be used."""
    every = found(paths, own_metrics)
    if every.problems:
        raise every.problems[0]
    return list(every.stories)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """How stories are looked at without being played. Waivers are compared with `today`, where it is given; hints
    about style are told if `hints`; `jobs` processes share the files.
    """

    own_metrics: Collection[str] = ()
    today: date | None = None
    hints: bool = False
    jobs: int = 1


def lint(paths: Iterable[Path] = (), how: Inspection | None = None) -> list[ContentError]:
    """Every problem of every story and dictionary under the paths, in order of file; an empty list means all is well.

    Raises `NothingToTest` when there is neither story nor dictionary.
    """
    how = how or Inspection()
    asked = list(paths) or [shipped()]
    files = files_in(asked)
    if not files:
        raise _nothing(asked)
    problems: list[ContentError] = []
    for file in files:
        if Path(os.path.realpath(file)).parent.name == _DICTIONARIES:
            problems += dictionaries.problems_of(file)
    known = {str(problem) for problem in problems}
    pairs = list(_story_files(files))
    jobs = min(how.jobs, max(1, len(pairs) // _FEWEST_FILES))
    for part in shared(lambda some: [_problems(file, shelf, how) for file, shelf in some], pairs, jobs):
        for problem in chain.from_iterable(part):
            # What is wrong with a dictionary is told once, however many stories use it.
            key = str(problem.cause if isinstance(problem, dictionaries.UnusableDictionary) else problem)
            if key not in known:
                known.add(key)
                problems.append(problem)
    return sorted(problems, key=_place)


def _problems(file: Path, shelf: Shelf, how: Inspection) -> list[ContentError]:
    """What is wrong with a file of stories, or could be better in it."""
    reading = reading_of(file, shelf, how.own_metrics)
    problems = [*reading.problems, *(reading.hints if how.hints else ())]
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return problems  # That it cannot be read was told above.
    leaks = leaks_in(text)
    expired = tuple(expired_in(text, how.today)) if how.today is not None else ()
    if (problems or reading.stories) and not leaks and not expired:
        return problems
    name = shown_path(file)
    given_away = {leak.line for leak in leaks}
    told = [_without_source(problem) if _place(problem)[1] in given_away else problem for problem in problems]
    told += [ContentError(leak.what, where=Where(name, leak.line), mend=leak.mend, rule=leak.rule) for leak in leaks]
    told += [_expired(waiver, name) for waiver in expired]
    if not told and not reading.stories:
        told.append(ContentError("holds no story", where=Where(name), rule="no-story"))
    return told


def _without_source(problem: ContentError) -> ContentError:
    """A problem without the line it stands in, for the line holds something that must not be shown."""
    what = problem.what.partition("\n")[0]
    return ContentError(what, where=problem.where, mend=problem.mend, rule=problem.rule, about=problem.about)


def _expired(waiver: Expired, file: str) -> ContentError:
    what = f"the waiver {waiver.ticket} ended on {waiver.until}"
    mend = "mend what it excuses and take the tag away, or have the waiver renewed"
    return ContentError(what, where=Where(file, waiver.line), mend=mend, rule="expired-waiver")


def is_story_file(file: Path) -> bool:
    """Whether a file is one that holds stories by its name and place; dictionaries lie beside them in a folder."""
    return file.suffix.lower() in _ENDINGS and Path(os.path.realpath(file)).parent.name != _DICTIONARIES


def reading_of(file: Path, shelf: Shelf, own_metrics: Collection[str] = ()) -> Reading:
    """What one file holds, whichever way it is written; `shelf` are the dictionaries of its folder."""
    if file.suffix.lower() != _FEATURE:
        return read_file(file, shelf, own_metrics)
    # All sentences are compiled with the import, and who has no features need not wait for that.
    from simharness.stories.feature_story import read_feature

    return read_feature(file, shelf, own_metrics)


def _story_files(files: list[Path]) -> Iterator[tuple[Path, Shelf]]:
    shelves: dict[Path | None, Shelf] = {}
    by_parent: dict[Path, Shelf] = {}
    for file in files:
        parent = Path(os.path.realpath(file)).parent if file.is_symlink() else file.parent
        if parent not in by_parent:
            if parent.resolve().name == _DICTIONARIES:
                continue
            folder = dictionaries.folder_for(file)
            by_parent[parent] = shelves.setdefault(folder, Shelf(folder))
        yield file, by_parent[parent]


def _nothing(asked: list[Path]) -> NothingToTest:
    named = ", ".join(str(path) for path in asked)
    return NothingToTest(
        f"there is no story in {named}", mend="give a folder that holds stories (*.yaml) or features (*.feature)"
    )


def _place(problem: ContentError) -> tuple[str, int]:
    return (problem.where.file, problem.where.line) if problem.where is not None else ("", 0)
