"""Asking for the version costs at most twice an `import httpx`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.figures import Figure, best_s

_ROUNDS = 9


def measure() -> list[Figure]:
    """Both as processes of their own, warm."""
    command = str(Path(sys.executable).with_name("simharness"))
    version_s = best_s(lambda: _run(command, "--version"), _ROUNDS)
    httpx_s = best_s(lambda: _run(sys.executable, "-c", "import httpx"), _ROUNDS)
    note = f"{version_s * 1000:.0f} ms / {httpx_s * 1000:.0f} ms"
    return [Figure(name="simharness --version ÷ import httpx", value=version_s / httpx_s, goal=2, note=note)]


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - commands of our own
