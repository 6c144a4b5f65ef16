"""The process that divides stays small: what a case never needs is not in it, since every child would pay for it."""

from __future__ import annotations

import subprocess
import sys

EXPLORED = """
import sys
from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.explore import worker  # noqa: F401 - what a worker imports is what is asked about
from simharness.explore.exploring import explore_story
from simharness.explore.how import How
from simharness.explore.places import kinds_of
from simharness.stories import discovery
from simharness.stories.playing import Setting
story = discovery.load([discovery.shipped() / "payments" / "without_reference.yaml"])[0]
setting = Setting(attachment=load_manifest(builtin_manifest()))
how = How(kinds=kinds_of(["slow"], crashes=False), only=lambda case: case.plan.faults[0].trigger.nth == 1)
assert len(list(explore_story(story, setting, how))) > 1
print(sorted(sys.modules.keys() & {"duckdb", "hypothesis"}))
"""


def test_a_process_that_explores_never_imports_what_cases_do_not_need() -> None:
    ran = subprocess.run([sys.executable, "-c", EXPLORED], capture_output=True, text=True, timeout=60)
    assert (ran.stdout.strip(), ran.returncode) == ("[]", 0), ran.stderr
