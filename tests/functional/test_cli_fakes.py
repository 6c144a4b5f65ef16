"""`simharness fakes` lists what is installed, and `--version` and `--help` answer at once."""

from __future__ import annotations

from pathlib import Path

from simharness import __version__
from simharness.fakekit.contract import load
from simharness.world.registry import installed_packs
from tests.functional.command import simharness


def test_every_installed_pack_is_listed_with_its_operations_and_gaps(tmp_path: Path) -> None:
    done = simharness("fakes", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for pack in installed_packs().values():
        assert f"{pack.vendor}: {pack.title}" in done.stdout
        count = len(load(pack.package).operations)
        assert f", {count} operation{'' if count == 1 else 's'}\n" in done.stdout
        assert all(gap in done.stdout for gap in pack.gaps)


def test_the_markdown_table_has_a_row_a_vendor(tmp_path: Path) -> None:
    rows = simharness("fakes", "--markdown", cwd=tmp_path).stdout.splitlines()
    assert len(rows) == 2 + len(installed_packs())
    assert len({row.replace(r"\|", "").count("|") for row in rows}) == 1


def test_the_version_is_that_of_the_installed_distribution(tmp_path: Path) -> None:
    assert simharness("--version", cwd=tmp_path).stdout == f"simharness {__version__}\n"


def test_help_is_plain_text_and_names_every_command(tmp_path: Path) -> None:
    done = simharness("--help", cwd=tmp_path)
    assert done.returncode == 0
    assert all(f"  {command} " in done.stdout for command in ("run", "check", "export", "fakes", "up"))
    assert "\x1b" not in done.stdout
    assert "╭" not in done.stdout
