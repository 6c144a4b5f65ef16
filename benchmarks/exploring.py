"""Exploring: how long all shipped stories take, where a case's milliseconds go, what a second process brings, and that
memory does not grow.

Nobody waits ten minutes for a benchmark. All stories are planned; every so many of them, in the order of how many cases
are tried in them, are explored and stand for the others. Memory is looked at over some rounds of one story only, and
the name says over how many cases: a page more or less is too much noise to tell from them what 100,000 would come to.
"""

from __future__ import annotations

import gc
import resource
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec.structs import replace

from benchmarks.figures import Figure, timed_s
from simharness import __version__
from simharness.connectors.manifest import builtin_manifest
from simharness.domain.fault_kinds import KINDS
from simharness.explore.labour import Labour
from simharness.explore.memory import resident_kb
from simharness.explore.orders import Order
from simharness.explore.planning import Spot, planned
from simharness.explore.pool import explored
from simharness.explore.stopwatch import now_us
from simharness.explore.store import Folder, Work
from simharness.explore.summary import is_case
from simharness.explore.units import Exploration, Terms, Unit, exploration, longest_first
from simharness.stories import discovery

#: One story in so many is explored.
_EVERY = 24
#: The finance area of the story that is explored over and over, and for how long, in real seconds.
_AREA, _MEMORY_S = "payments", 50


def measure() -> list[Figure]:
    """All stories at depth 1 with crashes by two processes, from a part of them that one process explores as well."""
    terms = Terms(
        release=__version__, harness="", connector="", contracts="", faults=tuple(KINDS)
    )  # nothing is kept, so that it need not be told from other work
    planning_s, whole = _planned(_units(terms))
    part = replace(whole, units=tuple(longest_first(whole.units))[_EVERY // 2 :: _EVERY])
    one_s, one = _explored(part, jobs=1)
    two_s, _ = _explored(part, jobs=2)
    times = _tried(whole) / _tried(part)
    cases = one.pop("cases")
    parts = "; ".join(f"{name} {us / _tried(part) / 1000:.1f}" for name, us in one.most_common() if us > cases * 20)
    return [
        Figure(
            name="all shipped stories, depth 1, crashes, two processes",
            value=(planning_s + two_s * times) / 60,
            unit="min",
            goal=10,
            note=f"planned in {planning_s:.0f} s; {len(part.units)} of {len(whole.units)} stories explored, "
            f"{_tried(part):,} of {_tried(whole):,} cases that are tried",
        ),
        Figure(name="cases a minute, two processes", value=cases * 60 / two_s, note="represented ones included"),
        Figure(name="a case that is tried, one process", value=one_s * 1000 / _tried(part), unit="ms", note=parts),
        Figure(
            name="two processes ÷ one",
            value=one_s / two_s,
            goal=1.8,
            at_least=True,
            note=f"{one_s:.0f} s / {two_s:.0f} s, start of the processes included",
        ),
        _growth(terms),
    ]


def _units(terms: Terms, area: str = "") -> Exploration:
    stories = discovery.load([discovery.shipped() / area])
    return exploration(
        terms,
        (
            Unit(story=each.name, story_key=each.fingerprint, where=str(each.where), steps=len(each.steps))
            for each in stories
        ),
    )


def _planned(work: Exploration) -> tuple[float, Exploration]:
    """Seconds that planning takes, and the work as planned: as `simharness explore` begins."""
    found: dict[str, tuple[Spot, ...]] = {}

    def look() -> None:
        for unit, report in explored(_order(work.terms, Path(), planning=True), work.units, 2):
            if report.done:
                found[unit.story_key] = report.spots

    took_s = timed_s(look)
    return took_s, exploration(work.terms, planned(work.units, found))


def _tried(work: Exploration) -> int:
    """How many cases are tried."""
    return sum(unit.tried for unit in work.units)


def _order(terms: Terms, out: Path, *, planning: bool = False) -> Order:
    return Order(terms=terms, connector=str(builtin_manifest()), mapping="", out=str(out), planning=planning)


def _explored(work: Exploration, jobs: int) -> tuple[float, Counter[str]]:
    """Seconds of an exploration; the number of its cases, and microseconds by part."""
    found: Counter[str] = Counter()
    with TemporaryDirectory() as out:
        folder = Folder(Path(out))
        folder.begin(Work(exploration=work))

        def explore() -> None:
            for unit, report in explored(_order(work.terms, Path(out)), work.units, jobs):
                if report.failure:
                    raise RuntimeError(f"{unit.title}: {report.failure}")
                found["cases"] += report.results if report.done else 0

        took_s = timed_s(explore)
        for cost in folder.costs():
            found.update(cost.parts_us)
    return took_s, found


def _growth(terms: Terms) -> Figure:
    """How much larger the process that divides is after many cases."""
    work = _units(terms, _AREA)
    unit = min(work.units, key=lambda each: (each.steps, each.id))
    with TemporaryDirectory() as out:
        labour = Labour(_order(terms, Path(out)).setting(), terms, Path(out))
        _round(labour, unit)  # what is read once is read now
        began_us, sizes = now_us(), [(0, resident_kb() * 1024, _largest_child())]
        while now_us() - began_us < _MEMORY_S * 1_000_000 or len(sizes) < 4:
            sizes.append((sizes[-1][0] + _round(labour, unit), resident_kb() * 1024, _largest_child()))
    first, last = sizes[0], sizes[-1]
    return Figure(
        name=f"memory: growth over {last[0]:,} cases",
        value=max((last[1] - first[1]) / first[1] * 100, 0),
        unit="%",
        goal=5,
        note=f"{first[1] >> 10:,} kB to {last[1] >> 10:,} kB, the largest child {first[2] >> 10:,} kB to "
        f"{last[2] >> 10:,} kB; too few cases to say it of 100,000",
    )


def _round(labour: Labour, unit: Unit) -> int:
    """Explore a story; gives the number of its cases."""
    count = sum(is_case(unit, result) for result in labour.results(unit))
    gc.collect()
    return count


def _largest_child() -> int:
    """Bytes that the largest child of this process ever held."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
