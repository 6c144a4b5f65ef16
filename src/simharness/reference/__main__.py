"""The connector as a process of its own: `python -m simharness.reference sync | publish | serve | check`.

Settings come from the environment (see settings.py and connector.yaml). Exit codes: 0 done, 1 the pass left work
undone, 2 the settings or the mapping are wrong.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from simharness.reference.app import build
from simharness.reference.errors import ConfigurationError, StateError
from simharness.reference.mapping import load

_USAGE = "usage: python -m simharness.reference sync | publish | serve [SECONDS] | check MAPPING\n"
_INTERVAL_S = 60


def main(arguments: list[str]) -> int:
    """Run one command; every error a user can mend is one line on standard error."""
    command, *rest = arguments or [""]
    if command not in ("sync", "publish", "serve", "check") or len(rest) > 1:
        sys.stderr.write(_USAGE)
        return 2
    try:
        if command == "check":
            mapping = load(Path(rest[0] if rest else os.environ.get("CONNECTOR_MAPPING", "")))
            sys.stdout.write(f"{mapping.company.company} {mapping.company.version}: {mapping.digest[:16]}\n")
            return 0
        return _work(command, int(rest[0]) if rest else _INTERVAL_S)
    except (ConfigurationError, StateError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except ValueError:
        sys.stderr.write(f"{rest[0]!r} is not a whole number of seconds\n")
        return 2


def _work(command: str, interval_s: int) -> int:
    state_dir = Path(os.environ.get("CONNECTOR_STATE_DIR", "."))
    state_dir.mkdir(parents=True, exist_ok=True)
    connector = build(os.environ, state_dir)
    try:
        if command != "serve":
            connector.trigger(command)
            return 0 if command == "publish" or connector.settled() else 1
        while True:
            connector.trigger("sync")
            if connector.quiet():
                time.sleep(interval_s)
    except KeyboardInterrupt:
        return 0
    finally:
        connector.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
