"""Which stories there are in files and folders: all of them to play, or all their problems to mend."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from simharness.core.content import content_folder
from simharness.core.errors import ContentError, NothingToTest, UsageError, Where
from simharness.stories import dictionaries
from simharness.stories.dictionaries import Shelf
from simharness.stories.positions import shown_path
from simharness.stories.story import Story
from simharness.stories.telling import Reading
from simharness.stories.yaml_story import read_file

_FEATURE = ".feature"
_ENDINGS = (".yaml", ".yml", _FEATURE)
_DICTIONARIES = "dictionaries"


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
            inside = sorted(file for file in path.rglob("*") if file.suffix in _ENDINGS and file.is_file())
            found.update((file.resolve(), file) for file in inside)
        elif not path.exists():
            raise UsageError(f"there is no file or folder {str(path)!r}", mend="look at the spelling of the path")
        elif path.suffix not in _ENDINGS:
            raise UsageError(
                f"{str(path)!r} is neither a story nor a feature",
                mend="give files ending in .yaml or .feature, or their folder",
            )
        else:
            found[path.resolve()] = path
    return list(found.values())


def load(paths: Iterable[Path] = (), own_metrics: Collection[str] = ()) -> list[Story]:
    """Every story under the paths (the shipped ones without any), in order of file and line.

    `own_metrics` are the names of a team's metrics that stories may claim beside the shipped ones.
    Raises the first `ContentError`, or `NothingToTest` when there is no story at all.
    """
    asked = list(paths) or [shipped()]
    stories: list[Story] = []
    for file, shelf in _story_files(files_in(asked)):
        reading = reading_of(file, shelf, own_metrics)
        if reading.problems:
            raise reading.problems[0]
        stories += reading.stories
    if not stories:
        raise _nothing(asked)
    return stories


def lint(paths: Iterable[Path] = (), own_metrics: Collection[str] = ()) -> list[ContentError]:
    """Every problem of every story and dictionary under the paths, in order of file; an empty list means all is well.

    Raises `NothingToTest` when there is neither story nor dictionary.
    """
    asked = list(paths) or [shipped()]
    files = files_in(asked)
    if not files:
        raise _nothing(asked)
    problems: list[ContentError] = []
    for file in files:
        if file.resolve().parent.name == _DICTIONARIES:
            problems += dictionaries.problems_of(file)
    known = {str(problem) for problem in problems}
    for file, shelf in _story_files(files):
        reading = reading_of(file, shelf, own_metrics)
        for problem in reading.problems:
            # What is wrong with a dictionary is told once, however many stories use it.
            key = str(problem.cause if isinstance(problem, dictionaries.UnusableDictionary) else problem)
            if key not in known:
                known.add(key)
                problems.append(problem)
        if not reading.problems and not reading.stories:
            problems.append(ContentError("holds no story", where=Where(shown_path(file))))
    return sorted(problems, key=_place)


def is_story_file(file: Path) -> bool:
    """Whether a file is one that holds stories by its name and place; dictionaries lie beside them in a folder."""
    return file.suffix in _ENDINGS and file.resolve().parent.name != _DICTIONARIES


def reading_of(file: Path, shelf: Shelf, own_metrics: Collection[str] = ()) -> Reading:
    """What one file holds, whichever way it is written; `shelf` are the dictionaries of its folder."""
    if file.suffix != _FEATURE:
        return read_file(file, shelf, own_metrics)
    # All sentences are compiled with the import, and who has no features need not wait for that.
    from simharness.stories.feature_story import read_feature

    return read_feature(file, shelf, own_metrics)


def _story_files(files: list[Path]) -> Iterator[tuple[Path, Shelf]]:
    shelves: dict[Path | None, Shelf] = {}
    by_parent: dict[Path, Shelf] = {}
    for file in files:
        parent = file.resolve().parent
        if parent.name == _DICTIONARIES:
            continue
        if parent not in by_parent:
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
