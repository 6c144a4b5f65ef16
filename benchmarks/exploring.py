"""Exploring: cases a minute, where a case's milliseconds go, what a second process brings, and that memory is flat."""

from __future__ import annotations

import gc
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import Figure, timed_s
from simharness import __version__
from simharness.connectors.manifest import builtin_manifest
from simharness.domain.fault_kinds import KINDS
from simharness.explore.labour import Labour
from simharness.explore.orders import Order
from simharness.explore.pool import explored
from simharness.explore.stopwatch import now_us
from simharness.explore.store import Folder, Work
from simharness.explore.units import Exploration, Terms, Unit, exploration
from simharness.stories import discovery

#: Stories of similar length, so that what is measured is not who gets the longest one last.
_AREA = "payments"
_STORIES = 2
#: Rounds of one story before memory is looked at, and after.
_WARM, _ROUNDS = 1, 6
#: The run that memory has to be flat over; it is extrapolated to, and the note says from how many cases.
_MANY = 100_000


def measure() -> list[Figure]:
    """A finance area with every kind of fault and crashes, by one process and by two; and one story over and over."""
    work = _work()
    one_s, one = _explored(work, jobs=1)
    two_s, two = _explored(work, jobs=2)
    cases = one.pop("cases")
    parts = "; ".join(f"{part} {us / cases / 1000:.1f}" for part, us in one.most_common() if us > cases * 100)
    return [
        Figure(name="cases a minute, two processes", value=two["cases"] * 60 / two_s, note=f"{cases} cases of {_AREA}"),
        Figure(name="a case, one process", value=one_s * 1000 / cases, unit="ms", goal=20, note=f"ms: {parts}"),
        Figure(
            name="two processes ÷ one",
            value=one_s / two_s,
            goal=1.8,
            at_least=True,
            note=f"{one_s:.0f} s / {two_s:.0f} s, start of the processes included",
        ),
        _growth(work),
    ]


def _work() -> Exploration:
    terms = Terms(
        release=__version__, harness="", connector="", contracts="", faults=tuple(KINDS)
    )  # nothing is kept, so that it need not be told from other work
    stories = sorted(discovery.load([discovery.shipped() / _AREA]), key=lambda story: len(story.steps))[:_STORIES]
    return exploration(
        terms,
        (
            Unit(story=each.name, story_key=each.fingerprint, where=str(each.where), steps=len(each.steps))
            for each in stories
        ),
    )


def _order(work: Exploration, out: Path) -> Order:
    return Order(terms=work.terms, connector=str(builtin_manifest()), mapping="", out=str(out))


def _explored(work: Exploration, jobs: int) -> tuple[float, Counter[str]]:
    """Seconds of an exploration; the number of its cases, and microseconds by part."""
    found: Counter[str] = Counter()
    with TemporaryDirectory() as out:
        folder = Folder(Path(out))
        folder.begin(Work(exploration=work))

        def explore() -> None:
            for unit, report in explored(_order(work, Path(out)), work.units, jobs):
                if report.failure:
                    raise RuntimeError(f"{unit.title}: {report.failure}")
                found["cases"] += report.results if report.done else 0

        took_s = timed_s(explore)
        for cost in folder.costs():
            found.update(cost.parts_us)
    return took_s, found


def _growth(work: Exploration) -> Figure:
    """How much larger the process that divides is after many cases, by the slope of its size over the later rounds."""
    unit = min(work.units, key=lambda each: each.steps)
    with TemporaryDirectory() as out:
        labour = Labour(_order(work, Path(out)).setting(), work.terms, Path(out))
        began_us, cases, sizes = now_us(), 0, []
        for number in range(_WARM + _ROUNDS):
            count = sum(1 for _ in labour.results(unit))
            gc.collect()
            if number >= _WARM:
                cases += count
                sizes.append(_resident())
    half = len(sizes) // 2
    per_case = (sum(sizes[half:]) / (len(sizes) - half) - sum(sizes[:half]) / half) / (cases / 2)
    note = f"{sizes[0] >> 20} MB to {sizes[-1] >> 20} MB over {cases:,} cases, {(now_us() - began_us) / 1e6:.0f} s"
    return Figure(
        name=f"memory: growth over {_MANY:,} cases, extrapolated",
        value=max(per_case * _MANY / sizes[0] * 100, 0),
        unit="%",
        goal=5,
        note=note,
    )


def _resident() -> int:
    """Bytes of memory that this process holds."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024
