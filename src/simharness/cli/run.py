"""`simharness run`: play the chosen stories one after another and leave the record, JUnit and tables of the run."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from simharness import __version__
from simharness.cli.choosing import usable
from simharness.cli.interrupt import interruptible
from simharness.cli.metrics import own_metrics
from simharness.connectors.manifest import Attachment, builtin_manifest, load_manifest
from simharness.core.errors import HarnessFault, UsageError
from simharness.domain.played import Broken, Played
from simharness.fakekit.idempotency.choosing import profiles_of
from simharness.report.aside import claimed
from simharness.report.database import DatabaseFile
from simharness.report.junit import JunitFile
from simharness.report.ndjson import RecordFile
from simharness.report.tally import Tally
from simharness.report.terminal import PlainConsole, Terminal
from simharness.report.words import counted
from simharness.stories.playing import Setting, attempt
from simharness.stories.unusable import Unusable
from simharness.world.plans import read_plans
from simharness.world.registry import installed_packs

if TYPE_CHECKING:
    from simharness.bi.transform import Transform

#: Folder for bodies that memory should not hold, a file a story.
_BODIES = "bodies"
#: What the team's transform said, story after story.
_TRANSFORM = "transform.log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What was asked for on the command line."""

    paths: tuple[Path, ...]
    connector: Path | None
    mapping: Path | None
    junit: Path | None
    out: Path
    rng_seed: int
    name: str
    tags: frozenset[str]
    bi: str = ""
    metrics: Path | None = None
    transform: str = ""
    show_personal: bool = False
    profiles: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    http: bool = False
    reasons: bool = False


class Sink(Protocol):
    """Something that takes story after story and, in the end, is kept or dropped."""

    def add(self, played: Played | Broken) -> None:
        """Take the next story."""

    def keep(self) -> None:
        """Put what was written in place."""

    def drop(self) -> None:
        """Leave no trace."""


def run_stories(order: Order) -> int:
    """Play the stories and return the exit code; raises `HarnessError` before the first story if it cannot begin.

    Stories that cannot be used for a mistake in their file are told with the others, and the others are played.
    """
    setting = _setting(order)
    found = usable(order.paths, setting, order.name, order.tags)
    stories = found.stories
    targets = (order.out / "run.ndjson", order.junit or order.out / "junit.xml", order.out / "run.duckdb")
    tally = Tally()
    console = PlainConsole()
    # Where both go to the same screen, one console has to know of lines and progress, or they overwrite each other.
    progress = console if console.is_terminal else PlainConsole(stderr=True)
    terminal = Terminal(console, progress, http=order.http, reasons=order.reasons)
    with claimed(order.out), _files(order, targets) as sinks, interruptible() as interrupts:
        info = setting.attachment.manifest
        subject = f"connector {info.connector} {info.release}".rstrip()
        terminal.begin(
            f"simharness {__version__}: {counted(len(stories), 'story', 'stories')}, {subject}", len(stories)
        )
        try:
            for unusable in map(_broken, found.unusable):
                tally.add(unusable)
                for sink in (terminal, *sinks):
                    sink.add(unusable)
            for number, story in enumerate(stories, start=1):
                terminal.playing(story.name)
                played = attempt(story, setting, spill_file=order.out / _BODIES / f"{number:04d}.bin")
                tally.add(played)
                for sink in (terminal, *sinks):
                    sink.add(played)
                interrupts.heed()
        finally:
            terminal.drop()
    log = order.out / _TRANSFORM
    terminal.end((*targets, log) if log.exists() else targets)
    return tally.exit_code


def _broken(found: Unusable) -> Broken:
    """A story that its mistakes keep from being played."""
    return Broken(story=found.title, where=str(found.where), message=found.message, unusable=True)


def _setting(order: Order) -> Setting:
    if order.mapping is not None and not order.mapping.is_dir():
        raise UsageError(
            f"there is no mapping folder {order.mapping}", mend="give the folder of a mapping to --mapping"
        )
    flags = [
        f"--{name} {shlex.quote(str(value))}"
        for name, value in (
            ("connector", order.connector),
            ("mapping", order.mapping),
            ("metrics", order.metrics),
            ("transform", order.transform),
        )
        if value
    ]
    flags += [f"--profile {shlex.quote(each)}" for each in order.profiles]
    flags += [f"--fault {shlex.quote(each)}" for each in order.faults]
    attachment = load_manifest(order.connector or builtin_manifest())
    return Setting(
        attachment=attachment,
        mapping=order.mapping,
        rng_seed=order.rng_seed,
        flags=" ".join(flags),
        bi=_bi(order.bi),
        metrics=own_metrics(order.metrics),
        transform=_transform(order, attachment),
        show_personal=order.show_personal,
        profiles=profiles_of(order.profiles, installed_packs()),
        plan=read_plans(order.faults),
    )


def _bi(url: str) -> str:
    """The database for BI; raises `UsageError` when it is none, before the first story."""
    if url:
        from simharness.bi.postgres import PostgresSink

        if not PostgresSink.fits(url):
            raise UsageError("--bi takes a PostgreSQL database", mend="write postgresql+psycopg://user@host/database")
        try:
            PostgresSink(url).latest()
        except HarnessFault as fault:
            raise UsageError(fault.what, mend=fault.mend) from fault
    return url


def _transform(order: Order, attachment: Attachment) -> Transform | None:
    """The command of the command line, which works where it was given, else that of the manifest, beside it."""
    text, folder = order.transform, Path.cwd()
    if not text:
        text, folder = attachment.manifest.transform, attachment.file.resolve().parent
    if not text:
        return None
    from simharness.bi.transform import Transform

    return Transform.parse(text, folder, log=order.out.resolve() / _TRANSFORM)


@contextmanager
def _files(order: Order, targets: tuple[Path, Path, Path]) -> Iterator[list[Sink]]:
    """The files of a run: all put in place at the end, or none of them."""
    for old in (order.out / _BODIES).glob("*.bin"):
        old.unlink()
    (order.out / _TRANSFORM).unlink(missing_ok=True)
    sinks: list[Sink] = []
    try:
        record, junit, database = targets
        sinks.append(RecordFile(record))
        sinks.append(JunitFile(junit, http=order.http))
        sinks.append(DatabaseFile(database))
        yield sinks
        for sink in sinks:
            sink.keep()
    except BaseException:
        for sink in sinks:
            sink.drop()
        raise
