"""A whole small story, warm, part by part: the budget that later cases have to keep is milliseconds."""

from __future__ import annotations

from contextlib import ExitStack

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
_WHOLE = "whole story"


def measure() -> list[Figure]:
    """The quickest of several rounds, with the parts of that round."""
    story, reference = setting.small_story(), setting.reference()
    best: Stopwatches | None = None
    for _ in range(_ROUNDS):
        watches = Stopwatches()
        with ExitStack() as stack:
            stack.enter_context(watches.watching("make the world", World, "__init__"))
            stack.enter_context(watches.watching("furnish it", World, "furnish"))
            stack.enter_context(watches.watching("acts of people", World, "operate"))
            stack.enter_context(watches.watching("BI: read tables and metrics", SinkReader, "read"))
            stack.enter_context(watches.watching("snapshots", World, "snapshot"))
            stack.enter_context(watches.watching("calls: door and fakes", WorldTransport, "handle_request"))
            stack.enter_context(watches.watching("connector: start and stop", InProcessConnector, "start", "stop"))
            stack.enter_context(watches.watching("connector: its own work", InProcessConnector, "trigger", "quiet"))
            with watches.running("session: everything else"):
                record = _record(story, reference)
            with watches.running("checks"):
                judge(record)
            with watches.running("write the record"):
                b"".join(lines(record))
        if best is None or sum(watches.seconds.values()) < sum(best.seconds.values()):
            best = watches
    assert best is not None
    total_s = sum(best.seconds.values())
    parts = [
        Figure(name=f"  {name}", value=seconds * 1000, unit="ms", note=f"{best.calls[name]} times")
        for name, seconds in sorted(best.seconds.items(), key=lambda item: -item[1])
    ]
    note = f"best of {_ROUNDS}, {len(story.steps)} steps; a case is to stay under 20 ms"
    return [Figure(name=f"{_WHOLE} {story.name!r}", value=total_s * 1000, unit="ms", note=note), *parts]


def _record(story: Story, reference: Setting) -> RunRecord:
    with session(story, reference) as run:
        for step in story.steps:
            run.do(step)
        return run.record()
