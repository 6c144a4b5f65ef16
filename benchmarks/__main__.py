"""`python -m benchmarks [NAME …] [--strict]`: print each ratio with its goal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from benchmarks import (
    checking,
    exploring,
    features,
    growth,
    in_process,
    isolation,
    new_world,
    over_socket,
    payroll,
    publishing,
    reconcile,
    start_up,
    story_parts,
)
from benchmarks.figures import Figure

BENCHMARKS: dict[str, Callable[[], list[Figure]]] = {
    "start_up": start_up.measure,
    "new_world": new_world.measure,
    "isolation": isolation.measure,
    "story_parts": story_parts.measure,
    "in_process": in_process.measure,
    "over_socket": over_socket.measure,
    "growth": growth.measure,
    "publishing": publishing.measure,
    "reconcile": reconcile.measure,
    "payroll": payroll.measure,
    "exploring": exploring.measure,
    "check": checking.measure,
    "features": features.measure,
}


def main() -> int:
    """Measure what was named, or everything; 1 only with `--strict` and a goal that was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", help=f"of {', '.join(BENCHMARKS)}; all without any")
    parser.add_argument("--strict", action="store_true", help="leave with 1 when a goal is missed")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]!r}; there are {', '.join(BENCHMARKS)}")
    missed = 0
    for name in options.names or BENCHMARKS:
        print(f"{name.replace('_', ' ')}", flush=True)
        for figure in BENCHMARKS[name]():
            missed += not figure.met
            print(figure, flush=True)
    print(f"{missed} of the goals missed" if missed else "all goals met")
    return 1 if missed and options.strict else 0


if __name__ == "__main__":
    sys.exit(main())
