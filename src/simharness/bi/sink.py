"""Where BI lies: a folder with one DuckDB file per published version, or a schema of a PostgreSQL database.

DuckDB refuses a second process while a writer holds a file, and a published version never changes: hence a copy is
read, and a team's transform works on that copy.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import duckdb

from simharness.bi.session import DuckDbSession, Session
from simharness.bi.transform import Transform
from simharness.core.errors import HarnessFault

SCHEME = "duckdb://"
SUFFIX = ".duckdb"


class Sink(Protocol):
    """Published versions; the greatest is the latest."""

    def latest(self) -> str:
        """The latest published version, or empty."""

    def open(self, version: str, transform: Transform | None = None) -> AbstractContextManager[Session]:
        """A session on a published version, after a team's transform of it."""

    def publish(self, version: str, fill: Callable[[Session], None]) -> None:
        """Show a version that `fill` made, whole."""


class DuckDbSink:
    """Published versions in a folder, named so that the greatest name is the latest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

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
    def open(self, version: str, transform: Transform | None = None) -> Iterator[Session]:
        """A session, one thread, on a copy of a published version. Raises `HarnessFault` if it is no database."""
        with TemporaryDirectory(prefix="simharness-bi-") as scratch:
            copy = Path(scratch) / f"copy{SUFFIX}"
            shutil.copyfile(self.folder / f"{version}{SUFFIX}", copy)
            if transform is not None:
                transform.run({"SIMHARNESS_BI_URL": f"{SCHEME}{copy}", "SIMHARNESS_BI_FILE": str(copy)})
            try:
                connection = duckdb.connect(str(copy), read_only=True, config={"threads": 1})
            except duckdb.Error as error:
                raise HarnessFault(f"BI version {version} cannot be opened: {error}") from error
            try:
                yield DuckDbSession(connection)
            finally:
                connection.close()

    def publish(self, version: str, fill: Callable[[Session], None]) -> None:
        """Show a version that `fill` made, whole: built in a file aside and renamed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        aside = self.folder / f"{version}{SUFFIX}.tmp"
        aside.unlink(missing_ok=True)
        with in_duckdb(str(aside)) as session:
            fill(session)
        aside.rename(self.folder / f"{version}{SUFFIX}")


@contextmanager
def in_duckdb(file: str = ":memory:") -> Iterator[Session]:
    """A session on a DuckDB file of its own, one thread."""
    connection = duckdb.connect(file, config={"threads": 1})
    try:
        yield DuckDbSession(connection)
    finally:
        connection.close()


def address_of(url: str, entity: str) -> str:
    """Where an entity of a group publishes within a sink: a folder of its name, or a schema that ends with it.

    A connector of several entities derives its addresses in the same way.
    """
    if url.startswith(SCHEME):
        return f"{url.rstrip('/')}/{entity}"
    from simharness.bi.postgres import PostgresSink

    sink = PostgresSink(url)
    return sink.with_schema(f"{sink.schema}_{entity.lower().replace('-', '_')}").url


def sink_at(url: str) -> Sink:
    """The sink of a URL: `duckdb:///folder`, or `postgresql+psycopg://host/database?schema=bi`.

    Raises `HarnessFault` for any other scheme.
    """
    from simharness.bi.postgres import PostgresSink

    if url.startswith(SCHEME):
        return DuckDbSink(Path(url.removeprefix(SCHEME)))
    if PostgresSink.fits(url):
        return PostgresSink(url)
    shown = f"{url.partition('://')[0]}://…" if "://" in url else repr(url)
    mend = "use duckdb:///folder or postgresql+psycopg://user:password@host/database?schema=bi"
    raise HarnessFault(f"{shown} is no sink", mend=mend)
