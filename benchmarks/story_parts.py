"""A whole small story, warm, part by part, so that a case can be kept under twenty milliseconds."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from benchmarks import setting
from benchmarks.figures import Figure
from benchmarks.stopwatches import Stopwatches
from simharness.bi.reader import SinkReader
from simharness.checks import judge
from simharness.connectors.inprocess import InProcessConnector
from simharness.domain.record import RunRecord, lines
from simharness.stories.playing import Setting, session
from simharness.stories.story import Story
from simharness.world.doors.transport import WorldTransport
from simharness.world.world import World

_ROUNDS = 12
_WATCHED: tuple[tuple[Any, ...], ...] = (
    ("make the world", World, "__init__"),
    ("acts of people and furnishing", World, "operate"),
    ("snapshots", World, "snapshot"),
    ("calls: door and fakes", WorldTransport, "handle_request"),
    ("connector: start and stop", InProcessConnector, "start", "stop"),
    ("connector: its own work", InProcessConnector, "trigger", "quiet"),
    ("BI: read tables and metrics", SinkReader, "read"),
)


def measure() -> list[Figure]:
    """A story without BI, which is the case that is played by the thousand, and one that publishes and reads BI."""
    return [*_parts(setting.plain_story()), *_parts(setting.small_story())]


def _parts(story: Story) -> list[Figure]:
    """The quickest of several rounds, with the parts of that round."""
    best = min((_round(story) for _ in range(_ROUNDS)), key=lambda watches: sum(watches.seconds.values()))
    note = f"best of {_ROUNDS}, {len(story.steps)} steps, {'with' if story.asks_for_bi else 'without'} BI"
    total_s = sum(best.seconds.values())
    return [
        Figure(name=f"story: {story.name}"[:57], value=total_s * 1000, unit="ms", note=note),
        *(
            Figure(name=f"  {name}", value=seconds * 1000, unit="ms", note=f"{best.calls[name]} times")
            for name, seconds in sorted(best.seconds.items(), key=lambda item: -item[1])
        ),
    ]


def _round(story: Story) -> Stopwatches:
    watches, reference = Stopwatches(), setting.reference()
    with ExitStack() as stack:
        for name, owner, *methods in _WATCHED:
            stack.enter_context(watches.watching(name, owner, *methods))
        with watches.running("session: everything else"):
            record = _record(story, reference)
        with watches.running("checks"):
            judge(record)
        with watches.running("write the record"):
            b"".join(lines(record))
    return watches


def _record(story: Story, reference: Setting) -> RunRecord:
    with session(story, reference) as run:
        for step in story.steps:
            run.do(step)
        return run.record()
