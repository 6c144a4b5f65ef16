"""The DuckDB sink: a folder with one file per published version; readers take the greatest and read a copy.

DuckDB refuses a second process while a writer holds a file, and a published version never changes: hence the copy.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from simharness.core.errors import HarnessFault

SCHEME = "duckdb://"
SUFFIX = ".duckdb"


class DuckDbSink:
    """Published versions in a folder, named so that the greatest name is the latest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def at(cls, url: str) -> DuckDbSink:
        """The sink of a URL such as `duckdb:///var/bi`; raises `HarnessFault` for any other scheme."""
        if not url.startswith(SCHEME):
            raise HarnessFault(f"{url!r} is no sink", mend="use duckdb:///folder")
        return cls(Path(url.removeprefix(SCHEME)))

    def versions(self) -> tuple[str, ...]:
        """The published versions, oldest first; what is being built aside is not among them."""
        if not self.folder.is_dir():
            return ()
        return tuple(sorted(f.name.removesuffix(SUFFIX) for f in self.folder.iterdir() if f.name.endswith(SUFFIX)))

    def latest(self) -> str:
        """The latest published version, or empty."""
        versions = self.versions()
        return versions[-1] if versions else ""

    @contextmanager
    def open(self, version: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection, one thread, on a copy of a published version. Raises `HarnessFault` if it is no database."""
        with TemporaryDirectory(prefix="simharness-bi-") as scratch:
            copy = Path(scratch) / f"copy{SUFFIX}"
            shutil.copyfile(self.folder / f"{version}{SUFFIX}", copy)
            try:
                connection = duckdb.connect(str(copy), read_only=True, config={"threads": 1})
            except duckdb.Error as error:
                raise HarnessFault(f"BI version {version} cannot be opened: {error}") from error
            try:
                yield connection
            finally:
                connection.close()
