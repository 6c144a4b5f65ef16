"""`simharness dictionaries`: the companies whose books a feature may be about, and the words that each one knows."""

from __future__ import annotations

import sys
from pathlib import Path

from simharness.core.content import content_folder
from simharness.core.errors import UsageError
from simharness.domain.dictionary import Dictionary
from simharness.report.dictionary import described, listing
from simharness.stories.dictionaries import folder_for, load_dictionary, names_in, preface
from simharness.stories.nearest import suggestion


def list_dictionaries(name: str, near: Path) -> int:
    """Print every dictionary that a feature in a folder can load, or all that one of them holds; the exit code is 0.

    Raises `UsageError` with the nearest name for one that there is not.
    """
    folder = folder_for(near / "story.yaml") or content_folder("scenarios") / "dictionaries"
    names = names_in(folder)
    if not name:
        lines = [*listing(_told(folder, each) for each in names)]
        lines += [
            "",
            "simharness dictionaries NAME tells what one of them holds: products, accounts, departments and more",
        ]
    elif name in names:
        lines = [*described(*_told(folder, name))]
    else:
        raise UsageError(f"there is no dictionary {name!r} in {folder}", mend=suggestion(name, names))
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


def _told(folder: Path, name: str) -> tuple[Dictionary, str, str]:
    path = folder / f"{name}.yaml"
    extends, about = preface(path)
    return load_dictionary(path), extends, about
