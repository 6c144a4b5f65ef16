"""The folder of an exploration: what was asked for, and the results of every unit that is finished.

While work goes on there is a file a unit, put in place when it is complete: so an interruption at any moment leaves
finished units and nothing else. When all are there they become one stream, `exploration.ndjson`, in the order of the
stories, whose bytes depend on the work alone and not on who did it when.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from simharness.core.errors import HarnessFault, UsageError
from simharness.domain.base import Record, decode, encode
from simharness.explore.cases import CaseResult
from simharness.explore.memory import Held
from simharness.explore.units import Exploration, Shard, Unit

STREAM = "exploration.ndjson"
_WORK = "work.json"
_UNITS = "units"
_AGAIN = "remove it and explore again into the same folder: only what is missing is repeated"


class Work(Record, frozen=True, kw_only=True, omit_defaults=False):
    """What a folder is about: the whole exploration, and which shard of it."""

    exploration: Exploration
    shard: Shard = Shard()

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units that belong into the folder."""
        return self.exploration.of(self.shard)


class End(Record, frozen=True, kw_only=True):
    """The last line of a unit: how many results there are, the digest of their lines, and how many business events the
    story tells (what people and systems do in it).
    """

    results: int
    digest: str
    events: int = 0


class Cost(Record, frozen=True, kw_only=True):
    """What a unit took: real microseconds in all, and by part; and what its process held afterwards, by the id of that
    process. It stands beside results and is no part of them.
    """

    took_us: int
    parts_us: Mapping[str, int] = {}
    process: int = 0
    held: Held | None = None


class Line(Record, frozen=True, kw_only=True):
    """One line of a stream; exactly one of these is there."""

    work: Work | None = None
    unit: Unit | None = None
    result: CaseResult | None = None
    end: End | None = None
    cost: Cost | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Where the lines of a finished unit are: bytes of a file, from its line `unit` to its line `end`."""

    file: Path
    begin: int
    length: int

    def read(self) -> bytes:
        """These lines as they are."""
        with self.file.open("rb") as stream:
            stream.seek(self.begin)
            return stream.read(self.length)


class Folder:
    """An output folder; makes nothing before it is asked to write."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def stream(self) -> Path:
        """The one stream of a finished exploration."""
        return self.path / STREAM

    def work(self) -> Work | None:
        """What the folder is about, None if it holds no exploration; raises `UsageError` for a damaged one."""
        try:
            return decode((self.path / _WORK).read_bytes(), Work)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise UsageError(f"{self.path / _WORK} cannot be read: {error.strerror}") from error
        except ValueError as error:
            raise UsageError(
                f"{self.path / _WORK} is damaged: {error}", mend="name another folder, or remove this one"
            ) from error

    def begin(self, work: Work) -> tuple[Unit, ...]:
        """Make the folder one about this work and give the units that are left to do.

        Finished units of the same work are kept, whatever else was asked for when they were made; others go. Raises
        `UsageError` for what cannot be read or written.
        """
        if self.work() == work and self.stream.exists():
            if set(self.spans()) != {unit.id for unit in work.units}:
                raise UsageError(f"{self.stream} is damaged: units are missing in it", mend=_AGAIN)
            return ()
        wanted = {unit.id for unit in work.units}
        try:
            units = self.path / _UNITS
            units.mkdir(parents=True, exist_ok=True)
            for file in units.iterdir():
                if file.suffix == ".part" or (file.suffix == ".ndjson" and file.stem not in wanted):
                    file.unlink()
            self.stream.unlink(missing_ok=True)
            _put(self.path / _WORK, encode(work) + b"\n")
        except OSError as error:
            raise UsageError(f"{self.path} cannot be written: {error.strerror}", mend="name another folder") from error
        done = set(self.spans())
        return tuple(unit for unit in work.units if unit.id not in done)

    def add(self, unit: Unit, results: Iterable[CaseResult], close: Closing) -> None:
        """Write a unit and put it in place when it is complete. `close` is asked when its last result is written."""
        target = self.path / _UNITS / f"{unit.id}.ndjson"
        aside = target.with_suffix(f".{os.getpid()}.part")
        count, digest = 0, hashlib.sha256()
        with aside.open("wb") as stream:
            stream.write(encode(Line(unit=unit)) + b"\n")
            for result in results:
                line = encode(Line(result=result.told)) + b"\n"
                digest.update(line)
                count += 1
                stream.write(line)
                stream.flush()  # a process that forks must not have lines that are written twice
            end = End(results=count, digest=digest.hexdigest(), events=close.events)
            stream.write(encode(Line(end=end)) + b"\n" + encode(Line(cost=close.cost)) + b"\n")
        aside.replace(target)

    def spans(self) -> dict[str, Span]:
        """Every finished unit by its id. Raises `UsageError` for what is damaged, with what to do about it."""
        if self.stream.exists():
            return _index(self.stream)
        found: dict[str, Span] = {}
        for file in sorted((self.path / _UNITS).glob("*.ndjson")):
            inside = _index(file)
            if set(inside) != {file.stem}:
                raise UsageError(f"{file} does not hold the unit of its name", mend=_AGAIN)
            found.update(inside)
        return found

    def costs(self) -> Iterator[Cost]:
        """What the finished units of a folder under way took."""
        for file in sorted((self.path / _UNITS).glob("*.ndjson")):
            last = file.read_bytes().rstrip(b"\n").rpartition(b"\n")[2]
            cost = _line(file, 0, last).cost
            if cost is not None:
                yield cost

    def close(self, work: Work, spans: Mapping[str, Span]) -> None:
        """Put the stream in place, the units in their order; what it was made of in this folder is removed."""
        aside = self.stream.with_suffix(".part")
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with aside.open("wb") as stream:
                stream.write(encode(Line(work=work)) + b"\n")
                for unit in work.units:
                    stream.write(spans[unit.id].read())
            _put(self.path / _WORK, encode(work) + b"\n")
            aside.replace(self.stream)
            for file in (self.path / _UNITS).glob("*.ndjson"):
                file.unlink()
            if (self.path / _UNITS).is_dir():
                (self.path / _UNITS).rmdir()
        except OSError as error:
            raise HarnessFault(f"{self.stream} could not be put in place: {error.strerror}") from error


@dataclass(slots=True)
class Closing:
    """What is known of a unit when its last result is there."""

    cost: Cost = Cost(took_us=0)  # noqa: RUF009 - an immutable value
    events: int = 0


def read_results(spans: Iterable[Span]) -> Iterator[tuple[Unit, CaseResult | None, End | None]]:
    """The results of units one after another, each unit's end after them."""
    for span in spans:
        unit: Unit | None = None
        for number, raw in enumerate(span.read().splitlines(), start=1):
            line = _line(span.file, number, raw)
            unit = line.unit or unit
            if unit is not None and (line.result is not None or line.end is not None):
                yield unit, line.result, line.end


def _index(file: Path) -> dict[str, Span]:
    """Where the units of a file are; every line is read, and every digest held against its lines."""
    found: dict[str, Span] = {}
    unit, begin, offset, count, digest = "", 0, 0, 0, hashlib.sha256()
    with file.open("rb") as stream:
        for number, raw in enumerate(stream, start=1):
            line = _line(file, number, raw)
            if line.unit is not None:
                unit, begin, count, digest = line.unit.id, offset, 0, hashlib.sha256()
            elif line.result is not None:
                digest.update(raw)
                count += 1
            offset += len(raw)
            if line.end is not None:
                if not unit or line.end.results != count or line.end.digest != digest.hexdigest():
                    raise UsageError(f"{file} is damaged: line {number} does not fit what is before it", mend=_AGAIN)
                if unit in found:
                    raise UsageError(f"{file} holds the unit {unit} twice", mend=_AGAIN)
                found[unit] = Span(file, begin, offset - begin)
                unit = ""
    if unit or not offset:
        raise UsageError(f"{file} is damaged: it ends in the middle of a unit", mend=_AGAIN)
    return found


def _line(file: Path, number: int, raw: bytes) -> Line:
    try:
        return decode(raw, Line)
    except ValueError as error:
        raise UsageError(f"{file} is damaged: line {number}: {error}", mend=_AGAIN) from error


def _put(target: Path, content: bytes) -> None:
    aside = target.with_suffix(".part")
    aside.write_bytes(content)
    aside.replace(target)
