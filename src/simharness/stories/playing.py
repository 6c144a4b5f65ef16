"""One story from nothing to a judged record: a fresh world, a fresh connector state, the steps, the checks.

Every door that runs stories comes through here, so that a story means the same at each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from simharness.checks import CHECKS, compare, compare_orders, judge
from simharness.checks.findings import not_applicable
from simharness.connectors.inprocess import InProcessConnector
from simharness.connectors.listening import BASE_URL
from simharness.connectors.manifest import Attachment
from simharness.connectors.port import ConnectorFailed
from simharness.core.errors import HarnessError, UsageError, Where
from simharness.domain.connector import ConnectorInfo
from simharness.domain.dictionary import Dictionary
from simharness.domain.fault import Plan
from simharness.domain.finding import CheckResult
from simharness.domain.played import Broken, Played
from simharness.domain.record import RunRecord
from simharness.fakekit.faults import Injector
from simharness.fakekit.idempotency import Profile
from simharness.stories.readings import BiReader
from simharness.stories.session import Run, opening
from simharness.stories.story import Story
from simharness.world.world import World

if TYPE_CHECKING:
    from simharness.bi.metrics import Metric
    from simharness.bi.transform import Transform

#: Fewer deliveries than these have one order only.
_PERMUTABLE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What stories are played with. `mapping` overrides the connector's own; `options` are profile constants by vendor.

    `bi` is the PostgreSQL database in which BI is published, "" for DuckDB in the story's own folder; `metrics` are a
    team's own beside the shipped ones, and `transform` its command that works on the curated tables.
    `show_personal` leaves in the record what identifies persons.
    `plan` are the faults that strike each story; `profiles` are ways with idempotency keys by vendor, in the place of
    the vendors' own.
    `flags` bring the setting back on the command line and end every reproduction line.
    """

    attachment: Attachment
    mapping: Path | None = None
    rng_seed: int = 0
    options: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    flags: str = ""
    bi: str = ""
    metrics: Mapping[str, Metric] = field(default_factory=lambda: MappingProxyType({}))
    transform: Transform | None = None
    show_personal: bool = False
    plan: Plan = Plan()  # noqa: RUF009 - an immutable value
    profiles: Mapping[str, Profile] = field(default_factory=lambda: MappingProxyType({}))

    def mapping_for(self, story: Story) -> Path | None:
        """The mapping folder for a story's company; raises `UsageError` when the connector has none for it."""
        folder = self.attachment.mapping_for(story.dictionary.name, self.mapping)
        if folder is not None and not folder.is_dir():
            raise UsageError(
                f"the connector has no mapping for the dictionary {story.dictionary.name!r}: {folder} is missing",
                where=Where(str(self.attachment.file)),
                mend="add the folder, or name one with --mapping",
            )
        return folder


class WrongRelease(HarnessError):
    """A story is about another release of the mapping than the one that is installed."""

    exit_code = 2


def check_release(story: Story, setting: Setting) -> None:
    """Nothing, where the mapping is of the release that a story pins or it pins none; raises `WrongRelease`."""
    if not story.overlay.release:
        return
    folder = setting.mapping_for(story)
    found = setting.attachment.mapping_release(folder)
    if found == story.overlay.release:
        return
    if found:
        what = f"the story is about mapping release {story.overlay.release!r}, and {found!r} is installed in {folder}"
        raise WrongRelease(what, where=story.where, mend="install the other with --mapping, or pin the one there is")
    raise WrongRelease(
        f"the story is about mapping release {story.overlay.release!r}, and the mapping states none",
        where=story.where,
        mend=f"say mapping_release: with file and key in {setting.attachment.file}, and the release in the mapping",
    )


def values_for(attachment: Attachment, world: World, *, listens: str = "", sink: str = "") -> dict[str, str]:
    """The values for the templates of a manifest in a world; `sink` is where BI is published, "" for nowhere."""
    ears = {"listens": attachment.listens(listens), "webhooks.base_url": BASE_URL}
    return {**world.connections(), **ears, "bi.url": sink}


@contextmanager
def session(
    story: Story,
    setting: Setting,
    *,
    spill_file: Path | None = None,
    world: World | None = None,
    shuffled: bool = False,
    port: Injector | None = None,
    make: Callable[..., InProcessConnector] = InProcessConnector,
) -> Iterator[Run]:
    """A run of a story that is about to begin, in a new world (or a given one) and a temporary state folder.

    `shuffled`: webhooks come in another order than they were sent. `port` lets faults act (else one made of the
    setting's plan); it learns how the connector is killed. `make` builds the connector. Raises `UsageError` when the
    connector cannot be started.
    """
    check_release(story, setting)
    port = port or Injector(setting.plan)
    world = world or World(
        port=port,
        now=opening(story),
        rng_seed=setting.rng_seed,
        scopes=setting.attachment.manifest.scopes,
        stack=story.systems,
        options=setting.options,
        locale=story.dictionary.locale,
        spill_file=spill_file,
        shuffled=shuffled,
        profiles={vendor: each for vendor, each in setting.profiles.items() if vendor in story.systems.values()},
    )
    connector = make(setting.attachment, world, mapping=setting.mapping_for(story))
    port.on_crash = connector.kill
    with ExitStack() as stack:
        stack.callback(world.exchange_log.close)
        scratch = Path(stack.enter_context(TemporaryDirectory(prefix="simharness-", ignore_cleanup_errors=True)))
        sink = stack.enter_context(_bi_sink(story, setting, scratch)) if story.asks_for_bi else ""
        reader, of_entity = _bi_readers(story, connector.info, world, setting, sink)
        told = setting.attachment.subscriptions(story.listens)
        run = Run(
            world,
            connector,
            story,
            env=values_for(setting.attachment, world, listens=story.listens, sink=sink),
            state_dir=scratch / "state",
            bi=reader,
            bi_further=of_entity,
            subscriptions=told,
            show_personal=setting.show_personal,
            plan=port.plan,
        )
        try:
            stack.enter_context(run)
        except ConnectorFailed as failed:
            raise _unstarted(failed, setting) from failed
        yield run


def _unstarted(failed: ConnectorFailed, setting: Setting) -> UsageError:
    """What to tell of a connector that does not start: the place that it names itself comes first."""
    manifest = str(setting.attachment.file)
    file, _, line = failed.place.rpartition(":")
    if not file or not line.isdecimal():
        return UsageError(
            f"the connector cannot be started: {failed.what}",
            where=Where(manifest),
            mend="look at its manifest, its mapping and the settings it is given",
        )
    return UsageError(
        f"the connector cannot be started: {failed.what.replace(f'{failed.place}: ', '')}",
        where=Where(file, int(line)),
        mend=f"correct it there; the connector is that of {manifest}",
    )


def play(story: Story, setting: Setting, *, spill_file: Path | None = None) -> Played:
    """Play and judge a story. The replay that V3 needs happens in the same world, after the record was taken; the other
    order of delivery that V4 needs in a world of its own, for a connector to which anything was delivered.

    Raises `UsageError` when the connector cannot be started, `HarnessFault` when the story cannot be played to its end.
    """
    with session(story, setting, spill_file=spill_file) as run:
        for step in story.steps:
            run.do(step)
        record, replayed = _ended(run)
    results = _results(record, (replayed, _in_another_order(story, setting, record)), setting.flags)
    return Played(record=record, results=results)


def judged(run: Run, setting: Setting, *, again: str) -> Played:
    """What came of a run whose steps somebody did one by one, others of their own between them. It must not go on
    afterwards. What others did cannot be done once more, so V4 is not applicable. `again` is what brings it back.
    """
    record, replayed = _ended(run)
    once = not_applicable("V4", "steps of others stand between those of the story, which can be done once only")
    results = _results(record, (replayed, once), setting.flags)
    return Played(record=record, results=tuple(_reproduced(result, again) for result in results))


def _ended(run: Run) -> tuple[RunRecord, CheckResult]:
    """The record of a run, and what reading every feed from its beginning changes, which is no part of the record."""
    record = run.record()
    if "rewind" in run.connector.info.acts:
        return record, compare(*run.replay())
    return record, not_applicable("V3", "the manifest names no act rewind, by which the feeds are read anew")


def _in_another_order(story: Story, setting: Setting, record: RunRecord) -> CheckResult:
    """What a second run shows whose news comes in another order."""
    if not setting.attachment.subscriptions(story.listens):
        return not_applicable("V4", "the connector polls: nothing is delivered to it")
    if len(record.deliveries) < _PERMUTABLE:
        return compare_orders(record, record)
    with session(story, setting, shuffled=True) as run:
        for step in story.steps:
            run.do(step)
        return compare_orders(record, run.record())


def attempt(story: Story, setting: Setting, *, spill_file: Path | None = None) -> Played | Broken:
    """Play and judge a story; what simharness itself could not do is told as data, so that other stories go on.

    A `UsageError` is raised: it would meet every other story as well.
    """
    try:
        return play(story, setting, spill_file=spill_file)
    except UsageError:
        raise
    except HarnessError as fault:
        return Broken(story=story.name, where=str(story.where), message=str(fault))


@contextmanager
def _bi_sink(story: Story, setting: Setting, scratch: Path) -> Iterator[str]:
    """The address of a sink of this story's own, which is gone after it."""
    if not setting.bi:
        yield f"duckdb://{scratch / 'bi'}"
        return
    from simharness.bi.postgres import PostgresSink

    # The scratch folder is this story's alone, and so is a schema of its name.
    sink = PostgresSink(setting.bi).with_schema(scratch.name.lower().replace("-", "_"))
    try:
        yield sink.url
    finally:
        for _, address in _sinks(story, sink.url):
            PostgresSink(address).drop()


def _sinks(story: Story, address: str) -> list[tuple[Dictionary, str]]:
    """Where each entity's BI is published; an entity alone publishes at the address itself."""
    from simharness.bi.sink import address_of  # BI is heavy, and most stories do not ask for it

    books = (story.dictionary, *story.further)
    return [(each, address_of(address, each.entity) if story.further else address) for each in books]


def _bi_readers(
    story: Story, connector: ConnectorInfo, world: World, setting: Setting, sink: str
) -> tuple[BiReader | None, dict[str, BiReader]]:
    """The reader of the (first) entity's BI, None for a story that asks for none, and those of the others by entity."""
    if not sink:
        return None, {}
    (_, address), *further = _sinks(story, sink)
    others = {each.entity: _bi_reader(story, each, connector, world, setting, found) for each, found in further}
    return _bi_reader(story, story.dictionary, connector, world, setting, address), others


def _bi_reader(
    story: Story, dictionary: Dictionary, connector: ConnectorInfo, world: World, setting: Setting, address: str
) -> BiReader:
    """The connector's own BI where it publishes some, else tables that the harness loads itself."""
    # DuckDB is heavy, and most stories do not ask for BI.
    from simharness.bi.metrics import metrics_in
    from simharness.bi.reader import HarnessReader, SinkReader
    from simharness.bi.sink import sink_at

    own = setting.metrics
    if story.metrics is not None:
        own = {**own, **metrics_in(story.metrics)}
    if connector.publishes_bi:
        return SinkReader(sink_at(address), own=own, transform=setting.transform)
    lasting = setting.bi or setting.transform is not None
    return HarnessReader(
        world.snapshot,
        dictionary,
        sink=sink_at(address) if lasting else None,
        own=own,
        transform=setting.transform,
    )


def _results(record: RunRecord, compared: tuple[CheckResult, ...], flags: str) -> tuple[CheckResult, ...]:
    """All results: those of the checks, the comparisons of two runs among them, in the order of the registry, then the
    story's own statements.
    """
    order = {check.id: position for position, check in enumerate(CHECKS)}
    results = sorted((*judge(record), *compared), key=lambda result: order.get(result.check, len(order)))
    return tuple(_with_flags(result, flags) for result in results)


def _with_flags(result: CheckResult, flags: str) -> CheckResult:
    if not flags or not result.findings:
        return result
    return _reproduced(result, "{} " + flags)


def _reproduced(result: CheckResult, form: str) -> CheckResult:
    """A result whose findings are brought back in another way; `{}` in it is what brought them back before."""
    findings = tuple(
        msgspec.structs.replace(finding, reproduce=form.replace("{}", finding.reproduce))
        if finding.reproduce
        else finding
        for finding in result.findings
    )
    return msgspec.structs.replace(result, findings=findings)
