"""What the README shows is what the commands print; counts of checks may differ, which grow with every new check."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.functional.command import simharness
from tests.repo import tree

_COUNT = re.compile(r"\d+(?= (checks|passed|not exercised|not applicable))")


def _masked(text: str) -> list[str]:
    return [
        _COUNT.sub("N", line).rstrip() for line in text.splitlines() if not re.match(r"  [VRC]\d+ +in \d+ stor", line)
    ]


def _shown(command: str) -> str:
    """The output that the README shows for a command."""
    text = (tree.ROOT / "README.md").read_text(encoding="utf-8")
    return text.partition(f"$ {command}\n")[2].partition("```")[0]


def test_the_stories_of_a_folder_come_out_as_the_readme_shows(tmp_path: Path) -> None:
    shutil.copytree(tree.ROOT / "scenarios", tmp_path / "scenarios")
    done = simharness("run", "scenarios/payments", cwd=tmp_path)
    assert _masked(done.stdout) == _masked(_shown("simharness run scenarios/payments"))


def test_a_wrong_mapping_comes_out_as_the_readme_shows(tmp_path: Path) -> None:
    shutil.copytree(tree.ROOT / "scenarios", tmp_path / "scenarios")
    shutil.copytree(tree.ROOT / "src/simharness/reference/mappings/us-saas", tmp_path / "wrong")
    taxes = tmp_path / "wrong" / "taxes.yaml"
    right = taxes.read_text(encoding="utf-8")
    taxes.write_text(right.replace("{goods: CA San Francisco}", "{goods: TX Austin}"), encoding="utf-8")
    command = "simharness run scenarios/payments/three_instalments.yaml --mapping wrong"
    done = simharness(*command.split()[1:], cwd=tmp_path)
    printed, (above, below) = _masked(done.stdout), _shown(command).split("  ...\n")
    above_lines, below_lines = _masked(above), _masked(below)
    assert printed[: len(above_lines)] == above_lines
    assert [line for line in below_lines if line not in printed] == []


def test_the_readers_own_story_holds_and_its_mistake_is_told_as_shown(tmp_path: Path) -> None:
    readme = (tree.ROOT / "README.md").read_text(encoding="utf-8")
    story = readme.partition("```yaml\n")[2].partition("```")[0]
    (tmp_path / "mine.yaml").write_text(story, encoding="utf-8")
    done = simharness("run", "mine.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    (tmp_path / "mine.yaml").write_text(story.replace("deal_won", "deal_one"), encoding="utf-8")
    assert simharness("run", "mine.yaml", cwd=tmp_path).stderr == _shown("simharness run mine.yaml")
