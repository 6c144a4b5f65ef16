"""The command line. A command reads its options, calls a room below and reports; nothing else is decided here."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the `simharness` command and leave the process with its exit code.

    0 ok · 1 findings · 2 usage or configuration · 3 harness fault · 4 nothing was tested · 130 interrupted.
    """
    # The version is asked for by scripts all the time; it needs neither the parser nor any room of the house.
    if sys.argv[1:] == ["--version"]:
        from simharness import __version__

        sys.stdout.write(f"simharness {__version__}\n")
        return
    from simharness.cli.guard import guarded

    with guarded():
        from simharness.cli.app import app

        app()
