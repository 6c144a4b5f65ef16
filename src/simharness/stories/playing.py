"""One story from nothing to a judged record: a fresh world, a fresh connector state, the steps, the checks.

Every door that runs stories comes through here, so that a story means the same at each of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

import msgspec

from simharness.checks import judge
from simharness.connectors.inprocess import ConnectorFailed, InProcessConnector
from simharness.connectors.manifest import Attachment
from simharness.core.errors import HarnessError, UsageError, Where
from simharness.domain.finding import CheckResult
from simharness.domain.played import Broken, Played
from simharness.domain.record import RunRecord
from simharness.stories.session import Run, opening
from simharness.stories.story import Story
from simharness.world.registry import DEFAULT_STACK
from simharness.world.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What stories are played with. `mapping` overrides the connector's own; `options` are profile constants by vendor.

    `flags` bring the setting back on the command line and end every reproduction line.
    """

    attachment: Attachment
    mapping: Path | None = None
    rng_seed: int = 0
    options: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    flags: str = ""

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


def play(story: Story, setting: Setting, *, spill_file: Path | None = None) -> RunRecord:
    """Play a story in a world of its own and return its record. The connector's state lives in a temporary folder.

    Raises `UsageError` when the connector cannot be started, `HarnessFault` when the story cannot be played to its end.
    """
    world = World(
        now=opening(story),
        rng_seed=setting.rng_seed,
        stack={**DEFAULT_STACK, **story.stack},
        options=setting.options,
        locale=story.dictionary.locale,
        spill_file=spill_file,
    )
    connector = InProcessConnector(setting.attachment, world, mapping=setting.mapping_for(story))
    with ExitStack() as stack:
        stack.callback(world.exchange_log.close)
        scratch = Path(stack.enter_context(TemporaryDirectory(prefix="simharness-", ignore_cleanup_errors=True)))
        bi = f"duckdb://{scratch / 'bi'}" if story.asks_for_bi else ""
        env = {**world.connections(), "bi.url": bi}
        run = _enter(stack, Run(world, connector, story, env=env, state_dir=scratch / "state"), setting)
        for step in story.steps:
            run.do(step)
        return run.record()


def judged(record: RunRecord, setting: Setting) -> Played:
    """The record with the results of all checks."""
    return Played(record=record, results=tuple(_with_flags(result, setting.flags) for result in judge(record)))


def attempt(story: Story, setting: Setting, *, spill_file: Path | None = None) -> Played | Broken:
    """Play and judge a story; what simharness itself could not do is told as data, so that other stories go on.

    A `UsageError` is raised: it would meet every other story as well.
    """
    try:
        return judged(play(story, setting, spill_file=spill_file), setting)
    except UsageError:
        raise
    except HarnessError as fault:
        return Broken(story=story.name, where=str(story.where), message=str(fault))


def _enter(stack: ExitStack, run: Run, setting: Setting) -> Run:
    try:
        return stack.enter_context(run)
    except ConnectorFailed as failed:
        raise UsageError(
            f"the connector cannot be started: {failed.what}",
            where=Where(str(setting.attachment.file)),
            mend="look at its manifest, its mapping and the settings it is given",
        ) from failed


def _with_flags(result: CheckResult, flags: str) -> CheckResult:
    if not flags or not result.findings:
        return result
    findings = tuple(
        msgspec.structs.replace(finding, reproduce=f"{finding.reproduce} {flags}") if finding.reproduce else finding
        for finding in result.findings
    )
    return msgspec.structs.replace(result, findings=findings)
