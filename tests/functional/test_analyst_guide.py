"""The guide for analysts is done as it stands: its feature is written, its commands are run, its mistakes are made."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.functional.command import simharness
from tests.repo import tree

GUIDE = (tree.ROOT / "docs" / "analyst.md").read_text(encoding="utf-8")
_FEATURE = re.compile(r"^```gherkin (?P<name>\S+)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
_CONSOLE = re.compile(r"^```console\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)


def _blocks(of: str) -> list[tuple[str, str]]:
    """Every command for simharness in a part of the guide, with the output that is shown for it."""
    found = []
    for block in _CONSOLE.finditer(of):
        for one in block["text"].split("$ ")[1:]:
            command, _, shown = one.partition("\n")
            if command.startswith("simharness "):
                found.append((command.removeprefix("simharness "), shown))
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the feature of the guide."""
    block = _FEATURE.search(GUIDE)
    assert block is not None
    file = tmp_path / block["name"]
    file.parent.mkdir(parents=True)
    file.write_text(block["text"], encoding="utf-8")
    return tmp_path


def test_every_command_up_to_the_first_mistake_succeeds(folder: Path) -> None:
    for command, _ in _blocks(GUIDE.partition("## 5.")[0]):
        done = simharness(*shlex.split(command), cwd=folder)
        assert done.returncode == 0, (command, done.stdout + done.stderr)
    assert (folder / "features/payments/paid-in-part.feature").is_file()
    assert (folder / "steps.html").is_file()


def test_the_mistakes_of_the_guide_are_told_as_it_shows(folder: Path) -> None:
    file = folder / "features/billing/instalments.feature"
    right = file.read_text(encoding="utf-8")
    (check, told), (run, explained) = _blocks(GUIDE.partition("## 5.")[2])
    file.write_text(right.replace("USD 977.63", "977,63"), encoding="utf-8")
    assert simharness(*shlex.split(check), cwd=folder).stdout == told
    file.write_text(right.replace("USD 977.63", "USD 978.00"), encoding="utf-8")
    done = simharness(*shlex.split(run), cwd=folder)
    assert done.returncode == 1
    rest = done.stdout
    for part in filter(None, explained.split("...\n")):
        assert part in rest, (part, done.stdout)
        rest = rest.partition(part)[2]
