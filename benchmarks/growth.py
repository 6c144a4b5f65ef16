"""A story in books that hold fifty thousand invoices, beside the same story in empty books."""

from __future__ import annotations

import gc
from contextlib import ExitStack

from benchmarks import setting
from benchmarks.figures import Figure, best_s, timed_s
from benchmarks.invoices import Ledger
from benchmarks.stopwatches import Stopwatches
from simharness.bi.reader import SinkReader
from simharness.checks import judge
from simharness.domain.record import RunRecord
from simharness.stories.playing import session
from simharness.stories.session import opening
from simharness.stories.story import Story
from simharness.world.doors.transport import WorldTransport
from simharness.world.world import World

_MANY = 50_000
#: Sizes between which snapshot, checks and BI must grow no faster than the books.
_HALF, _WHOLE = 5_000, 10_000
_LINEAR = 2.2
#: How often the large books are filled and read; the other sizes take turns, so that noise meets both.
_FULL_ROUNDS, _ROUNDS = 3, 3


def measure() -> list[Figure]:
    """Acts and calls against their goal; snapshot, checks and BI apart, for they read the whole books."""
    plain = setting.plain_story()
    empty_s = full_s = collected_s = float("inf")
    for _ in range(_FULL_ROUNDS):
        full, filled_s = _filled(plain, _MANY)
        full_s = min(full_s, _played(plain, full)[1])
        collected_s = min(collected_s, timed_s(gc.collect))
        del full
        empty_s = min(empty_s, _played(plain, _books(plain, 0))[1])
    name = f"acts and calls with {_MANY:,} invoices ÷ empty books"
    note = f"{full_s * 1000:.1f} ms / {empty_s * 1000:.1f} ms; {_MANY:,} invoices entered in {filled_s:.0f} s"
    figures = [Figure(name=name, value=full_s / empty_s, goal=1.2, note=note)]
    name = f"one full pass of the garbage collector with {_MANY:,} invoices"
    figures.append(Figure(name=name, value=collected_s * 1000, unit="ms"))
    half, whole = _grown()
    for part in half:
        note = f"{whole[part] * 1000:.0f} ms / {half[part] * 1000:.0f} ms"
        name = f"{part}: {_WHOLE:,} ÷ {_HALF:,} invoices"
        figures.append(Figure(name=name, value=whole[part] / half[part], goal=_LINEAR, note=note))
    return figures


def _books(story: Story, invoices: int) -> World:
    world = World(now=opening(story), options=setting.UNLIMITED)
    world.furnish(story.dictionary)
    if invoices:
        Ledger(world).bill(invoices)
    return world


def _filled(story: Story, invoices: int) -> tuple[World, float]:
    made: list[World] = []
    took_s = timed_s(lambda: made.append(_books(story, invoices)))
    return made[0], took_s


def _played(story: Story, world: World) -> tuple[RunRecord, float, Stopwatches]:
    """A story in a world; seconds of people's acts and of the connector's calls together, and all parts.

    The garbage collector waits meanwhile: where one of its passes falls is chance, and it is reported apart.
    """
    watches = Stopwatches()
    with ExitStack() as stack:
        run = stack.enter_context(session(story, setting.reference(), world=world))
        stack.enter_context(watches.watching("acts", World, "operate"))
        stack.enter_context(watches.watching("calls", WorldTransport, "handle_request"))
        stack.enter_context(watches.watching("BI", SinkReader, "read"))
        gc.disable()
        stack.callback(gc.enable)
        for step in story.steps:
            run.do(step)
        record = run.record()
    return record, watches.seconds["acts"] + watches.seconds["calls"], watches


def _grown() -> tuple[dict[str, float], dict[str, float]]:
    """The best seconds of every part at both sizes."""
    rounds = [(_whole_books(_HALF), _whole_books(_WHOLE)) for _ in range(_ROUNDS)]
    half, whole = zip(*rounds, strict=True)
    return _best(half), _best(whole)


def _best(rounds: tuple[dict[str, float], ...]) -> dict[str, float]:
    return {part: min(seconds[part] for seconds in rounds) for part in rounds[0]}


def _whole_books(invoices: int) -> dict[str, float]:
    """Seconds of everything that reads the whole books, at one size."""
    story = setting.small_story()
    world = _books(story, invoices)
    snapshot_s = timed_s(world.snapshot)
    record, _, watches = _played(story, world)
    return {"snapshot": snapshot_s, "checks": best_s(lambda: judge(record), 2), "BI": watches.seconds["BI"]}
