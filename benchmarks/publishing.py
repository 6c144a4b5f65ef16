"""BI of books of a hundred thousand journal lines, beside the same of half as many; on DuckDB and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import setting
from benchmarks.figures import Figure, timed_s
from benchmarks.invoices import Ledger
from simharness.connectors.inprocess import InProcessConnector
from simharness.stories.session import opening
from simharness.world.world import World

#: Each invoice of the benchmark makes two journal lines.
_WHOLE_LINES = 100_000
_HALF_LINES = _WHOLE_LINES // 2
_LINEAR = 2.2
_ROUNDS = 3

#: A connector's trigger by the sink it publishes to.
_Publish = dict[str, Callable[[], object]]


def measure() -> list[Figure]:
    """The connector's whole publication: reading the ledger, building aside, audit and swap. The sizes take turns."""
    with ExitStack() as stack:
        half, whole = (stack.enter_context(_books(lines)) for lines in (_HALF_LINES, _WHOLE_LINES))
        best = {(sink, size): float("inf") for sink in half for size in ("half", "whole")}
        for _ in range(_ROUNDS):
            for sink in half:
                for size, publish in (("half", half[sink]), ("whole", whole[sink])):
                    best[(sink, size)] = min(best[(sink, size)], timed_s(publish))
        return [_figure(sink, best[(sink, "half")], best[(sink, "whole")]) for sink in half]


def _figure(sink: str, half_s: float, whole_s: float) -> Figure:
    name = f"publish to {sink}: {_WHOLE_LINES:,} ÷ {_HALF_LINES:,} journal lines"
    return Figure(name=name, value=whole_s / half_s, goal=_LINEAR, note=f"{whole_s:.1f} s / {half_s:.1f} s")


@contextmanager
def _books(lines: int) -> Iterator[_Publish]:
    """Books of so many lines, and a connector on them for each sink."""
    from tests.postgres import Server

    story = setting.small_story()
    world = World(now=opening(story), options=setting.UNLIMITED)
    world.furnish(story.dictionary)
    Ledger(world).bill(lines // 2)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="simharness-")))
        server = Server()
        stack.callback(server.stop)
        sinks = {"DuckDB": f"duckdb://{folder / 'bi'}", "PostgreSQL": server.database()}
        numbers = count(1)
        publishers: _Publish = {}
        for name, sink in sinks.items():
            attachment = setting.reference().attachment
            mapping = attachment.mapping_for(story.dictionary.name, None)
            connector = InProcessConnector(attachment, world, mapping=mapping)
            connector.start({**world.connections(), "bi.url": sink}, folder / f"state{next(numbers)}")
            stack.callback(connector.stop)
            publishers[name] = _publisher(connector)
        yield publishers


def _publisher(connector: InProcessConnector) -> Callable[[], object]:
    def publish() -> None:
        before = len(connector.evidence())
        connector.trigger("publish")
        assert len(connector.evidence()) == before, "nobody was alerted: the version was published"

    return publish
