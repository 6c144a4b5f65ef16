"""What makes two moments of a story the same: state folder, world and requests, without instants and credentials.

Two runs that differ by a fault differ by seconds at least, so instants are masked; days stay, since figures depend on
them. Databases are compared by their rows, not by their bytes.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

from msgspec.structs import replace

from simharness.checks.convergence.told import open_rows
from simharness.domain.base import encode
from simharness.domain.evidence import Evidence
from simharness.domain.exchange import Request, Response
from simharness.domain.write import Write
from simharness.world.world import World

#: Instants in ISO form, and since 1970 in seconds or milliseconds. Each begins with a letter of its own, not with what
#: must not be before it: so they are found many times faster, and they are looked for more often than anything.
_INSTANTS = (
    re.compile(rb"2\d{3}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"),
    re.compile(rb"1(?<![\d.]1)[6-9]\d{8}(?:\d{3})?(?![\d.])"),
)
#: What a chain of rows is linked by depends on the instants in them.
_DIGEST = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
#: Every hexadecimal digit as one letter: where there are never enough of it in a row, no digest need be looked for.
_HEX = bytes(ord("x") if each in b"0123456789abcdef" else 0 for each in range(256))
_LONG = b"x" * 64
_TOKEN = re.compile(rb'"(?:access|refresh)_token"\s*:\s*"([^"]+)"')
#: What headers say of the client and its credential, not of what it wants.
_BESIDE = frozenset(
    {"authorization", "accept", "accept-encoding", "connection", "content-length", "host", "user-agent"}
)
_SQLITE = b"SQLite format 3\0"
_SIDE_FILES = ("-wal", "-shm", "-journal")
_SHORT = 16
#: The head of a database, and that of the index of its log, hold a number that every commit changes.
_HEAD = 136


class Likeness:
    """Digests of moments of one run. `incidental` are patterns of what tells, in the state of a connector, how it got
    there and not what it knows, such as how often something was tried. Of its evidence, in the file of this name, only
    what is open counts.

    It learns the tokens that vendors issue, which differ with every refresh.
    """

    def __init__(self, incidental: Iterable[str] = (), evidence: str = "") -> None:
        self._incidental = [re.compile(pattern.encode()) for pattern in incidental]
        self._evidence = evidence
        self._tokens: set[bytes] = set()
        self._known: tuple[object, str] = ((), "")
        #: Rows as they count. Most of them stand from one moment to the next.
        self._rows: dict[tuple[object, ...], bytes] = {}

    def learn(self, response: Response) -> None:
        """Remember the tokens of an answer."""
        if b"_token" in response.body:
            self._tokens.update(_TOKEN.findall(response.body))
            self._rows.clear()

    def request(self, vendor: str, request: Request) -> str:
        """What a request asks for."""
        headers = sorted((name, value) for name, value in request.headers.items() if name not in _BESIDE)
        head = f"{vendor}\0{request.method}\0{request.host}\0{request.path}\0{request.query}\0{headers}\0"
        return _digest(self._masked(head.encode() + request.body))

    def answer(self, response: Response) -> str:
        """What an answer says."""
        return _digest(self._masked(str(response.status).encode() + response.body))

    def writes(self, writes: Iterable[Write]) -> str:
        """What was written by whom, whenever that was."""
        texts = (
            f"{w.vendor}\0{w.dataset}\0{w.record_id}\0{w.action}\0{w.fields}\0{w.actor}\0{w.entity}" for w in writes
        )
        return _digest("\n".join(texts).encode())

    def world(self, world: World) -> str:
        """Everything canonical in all systems with its ids, the present day, and what is on the agenda."""
        agenda = "\n".join(label for _, label in world.clock.pending())
        snapshot = world.snapshot()
        desk = snapshot.operations
        if desk is not None:  # that somebody was told, and that it is over, changes nothing any more
            raised = tuple(replace(alert, id="", repeats=0) for alert in desk.alerts if alert.cleared_at is None)
            snapshot = replace(snapshot, operations=replace(desk, alerts=raised))
        return _digest(self._masked(encode(snapshot)) + f"\0{world.clock.now.date()}\0{agenda}".encode())

    def told(self, evidence: Iterable[Evidence]) -> str:
        """What the connector says is open: refusals, dead letters and alerts, whenever and however often said."""
        rows = sorted(self._masked(encode(replace(row, previous="", digest=""))) for row in open_rows(evidence))
        return _digest(b"\n".join(rows))

    def folder(self, folder: Path) -> str:
        """Everything a connector keeps in the folder of its present life: of databases the rows, of files the bytes."""
        stamp = (_stamp(folder), len(self._tokens))
        if self._known[0] != stamp:
            digest = hashlib.blake2b()
            for name, content in self.contents(folder):
                digest.update(f"{name}\0".encode() + content)
            self._known = stamp, digest.hexdigest()[:_SHORT]
        return self._known[1]

    def contents(self, folder: Path) -> Iterator[tuple[str, bytes]]:
        """What `folder` looks at by the path of the file, for whoever asks why two moments differ."""
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            if not path.name.endswith((*_SIDE_FILES, self._evidence or _SIDE_FILES[0])):
                tables = _tables(path)
                content = self._masked(path.read_bytes()) if tables is None else self._rows_of(tables)
                yield str(path.relative_to(folder)), content

    def _rows_of(self, tables: Mapping[str, list[tuple[object, ...]]]) -> bytes:
        """Rows without what is incidental. A table has no order: what was inserted first is no knowledge, unless a
        column numbers it.
        """
        lines: list[bytes] = []
        for table, rows in sorted(tables.items()):
            found = []
            for row in rows:
                line = self._rows.get((table, *row))
                if line is None:
                    line = self._rows[table, *row] = self._masked(f"{table}{row}\n".encode())
                found.append(line)
            lines += sorted(found)
        return b"".join(lines)

    def _masked(self, data: bytes) -> bytes:
        for pattern in self._incidental:
            data = pattern.sub(b"", data)
        if _LONG in data.translate(_HEX):  # before instants: ten digits of a digest may look like one
            data = _DIGEST.sub(b"<digest>", data)
        for instant in _INSTANTS:
            data = instant.sub(b"<instant>", data)
        for token in self._tokens:
            data = data.replace(token, b"<token>")
        return data


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data).hexdigest()[:_SHORT]


def _stamp(folder: Path) -> list[tuple[str, int, int, bytes]]:
    """What cannot stay while a file changes: its size, when it was written, and the head in which a database counts."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb", buffering=0) as stream:
            status = path.stat()
            found.append((path.name, status.st_size, status.st_mtime_ns, stream.read(_HEAD)))
    return found


def _tables(path: Path) -> dict[str, list[tuple[object, ...]]] | None:
    """The rows of a database by table; None for another file, or a database that cannot be read."""
    with path.open("rb") as stream:
        if stream.read(len(_SQLITE)) != _SQLITE:
            return None
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        try:
            names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: database.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}  # noqa: S608 - its own
        except sqlite3.Error:
            return None
