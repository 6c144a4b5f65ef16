"""The record of a run: everything that happened, and the only thing checks and reports ever read.

On disk it is NDJSON: a header line, then one line an item in a fixed order. Law: `load(save(r)) == r`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from simharness.core.errors import HarnessFault
from simharness.domain.base import Record, decode, encode
from simharness.domain.bi import BiReading
from simharness.domain.connector import ConnectorInfo
from simharness.domain.dictionary import Dictionary
from simharness.domain.evidence import Evidence
from simharness.domain.exchange import Exchange
from simharness.domain.expectation import Expectation
from simharness.domain.fact import Fact
from simharness.domain.fault import Plan, Struck
from simharness.domain.personal import Watch
from simharness.domain.snapshot import Checkpoint
from simharness.domain.write import Write

#: Grows by one when a reader of the older form would misread the newer.
SCHEMA_VERSION = 1


class RunHeader(Record, frozen=True, kw_only=True, omit_defaults=False):
    """Under which conditions the run took place. `stack` maps family to vendor; `vendors` maps vendor to API version.

    `file` is relative to where the run was started; `fingerprint` identifies the story text.
    """

    story: str
    file: str = ""
    line: int = 0
    rng_seed: int = 0
    schema_version: int = SCHEMA_VERSION
    tags: tuple[str, ...] = ()
    started_at: datetime
    today: date
    stack: tuple[tuple[str, str], ...]
    connector: ConnectorInfo
    dictionary: Dictionary
    plan: Plan = Plan()
    fingerprint: str = ""


class ToldStep(Record, frozen=True, kw_only=True):
    """A step as it stands in the story's file: `text` are its lines there, "" for a story without a file."""

    step: int
    phase: str
    verb: str
    where: str = ""
    text: str = ""


class RunRecord(Record, frozen=True, kw_only=True):
    """A whole run. Exchanges in sequence, checkpoints and BI readings in step order, evidence as the connector wrote
    it.

    `deliveries` are webhook attempts towards the connector; `writes` are what every system saw written, in order.
    `watches` are the searches for personal data, whose texts are in no record.
    `further`: the dictionaries of the group's other entities; that of the first is in the header.
    `steps` are what the story said, for people: checks read facts and expectations. Older records have none.
    """

    header: RunHeader
    further: tuple[Dictionary, ...] = ()
    facts: tuple[Fact, ...] = ()
    expectations: tuple[Expectation, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    deliveries: tuple[Exchange, ...] = ()
    writes: tuple[Write, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    bi: tuple[BiReading, ...] = ()
    fault_log: tuple[Struck, ...] = ()
    watches: tuple[Watch, ...] = ()
    steps: tuple[ToldStep, ...] = ()

    @property
    def dictionaries(self) -> tuple[Dictionary, ...]:
        """One an entity, that of the first entity first."""
        return (self.header.dictionary, *self.further)

    @property
    def final(self) -> Checkpoint | None:
        """The last checkpoint, or None if the run never reached one."""
        return self.checkpoints[-1] if self.checkpoints else None

    def checkpoint(self, step: int) -> Checkpoint | None:
        """The last checkpoint taken at or before a step."""
        return next((c for c in reversed(self.checkpoints) if c.step <= step), None)

    def reading(self, step: int) -> BiReading | None:
        """The last BI reading taken at or before a step."""
        return next((b for b in reversed(self.bi) if b.step <= step), None)


class _Line(Record, frozen=True, kw_only=True, omit_defaults=True):
    header: RunHeader | None = None
    dictionary: Dictionary | None = None
    fact: Fact | None = None
    expectation: Expectation | None = None
    checkpoint: Checkpoint | None = None
    exchange: Exchange | None = None
    delivery: Exchange | None = None
    write: Write | None = None
    evidence: Evidence | None = None
    bi: BiReading | None = None
    fault: Struck | None = None
    watch: Watch | None = None
    step: ToldStep | None = None


#: Line name and field of every group, in the one canonical order.
_GROUPS = MappingProxyType(
    {
        "dictionary": "further",
        "fact": "facts",
        "expectation": "expectations",
        "checkpoint": "checkpoints",
        "exchange": "exchanges",
        "delivery": "deliveries",
        "write": "writes",
        "evidence": "evidence",
        "bi": "bi",
        "fault": "fault_log",
        "watch": "watches",
        "step": "steps",
    }
)


def lines(record: RunRecord) -> Iterator[bytes]:
    """The NDJSON lines of a record, each with its line end, in the one canonical order."""
    yield encode(_Line(header=record.header)) + b"\n"
    for group, field in _GROUPS.items():
        for item in getattr(record, field):
            line: dict[str, Any] = {group: item}
            yield encode(_Line(**line)) + b"\n"


def read(source: Iterable[bytes]) -> RunRecord:
    """Read what `lines` wrote; raises `HarnessFault` naming the line that cannot be read."""
    header: RunHeader | None = None
    groups: dict[str, list[Any]] = {name: [] for name in _GROUPS}
    for number, raw in enumerate(source, start=1):
        try:
            line = decode(raw, _Line)
        except ValueError as error:
            raise HarnessFault(f"line {number} of the run record cannot be read: {error}") from error
        header = line.header or header
        for name in _GROUPS:
            value = getattr(line, name)
            if value is not None:
                groups[name].append(value)
    if header is None:
        raise HarnessFault("the run record has no header line")
    fields: dict[str, Any] = {field: tuple(groups[name]) for name, field in _GROUPS.items()}
    return RunRecord(header=header, **fields)
