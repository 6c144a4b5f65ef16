"""The files of the repository, as its own rules read them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Files that are not text for people or programs of ours.
_BINARY = frozenset({".duckdb", ".png", ".sqlite", ".gz"})


def files(*folders: str, suffix: str = "", root: Path = ROOT) -> list[Path]:
    """Files that git tracks or would add, below some folders (all of them by default), sorted.

    Files that are new and not yet added count too, so that a rule speaks before a commit and not after it.
    """
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *folders],
        cwd=root, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    paths = sorted({root / name for name in listed.split("\0") if name.endswith(suffix) and name})
    return [path for path in paths if path.is_file() and path.suffix not in _BINARY]


def texts(*folders: str, suffix: str = "", root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """Each file as (path from the root with slashes, text)."""
    for path in files(*folders, suffix=suffix, root=root):
        yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
