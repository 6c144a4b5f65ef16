"""The suite's own PostgreSQL leaves nothing behind, however the suite ends."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
SUITE = "from tests.postgres import Server; server = Server(); print(server.url('x'), flush=True); input()"


def home_of(url: str) -> Path:
    return Path(url.partition("host=")[2].strip()).parent


def test_the_server_ends_with_a_suite_that_is_killed() -> None:
    suite = subprocess.Popen(
        [sys.executable, "-c", SUITE], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert suite.stdout is not None
    home = home_of(suite.stdout.readline())
    server = Path("/proc") / (home / "data" / "postmaster.pid").read_text().split()[0]
    suite.kill()
    suite.communicate()
    patience = time.monotonic() + 30
    while home.exists() and time.monotonic() < patience:
        time.sleep(0.05)
    assert not home.exists()
    # What has ended and was not waited for by anybody still has a number, and no command line any more.
    assert not server.exists() or not (server / "cmdline").read_bytes()
