"""The pack's README lists what the contract declares."""

from __future__ import annotations

import re
from pathlib import Path

import simharness_fakes.hubspot
from simharness.fakekit.contract import load

README = Path(simharness_fakes.hubspot.__file__).parent / "README.md"


def test_the_readme_lists_every_operation_and_no_other() -> None:
    section = README.read_text(encoding="utf-8").partition("## What it does")[2].partition("## ")[0]
    rows = re.findall(r"^\| (\w+) \| (.*) \|$", section, re.MULTILINE)[1:]
    listed = {group: set(re.findall(r"`(\w+)`", cells)) for group, cells in rows}
    declared: dict[str, set[str]] = {}
    for operation in load("simharness_fakes.hubspot"):
        declared.setdefault(operation.tags[0], set()).add(operation.id)
    assert listed == declared
