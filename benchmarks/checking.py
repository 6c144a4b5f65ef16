"""A thousand features of two scenarios each are checked in two seconds, from the command to its exit."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import Figure, best_s, timed_s
from simharness.stories import discovery
from simharness.stories.gherkin.document import parsed, read_text

_FEATURES = 1000
_ROUNDS = 3
_FEATURE = """\
@money @control:REC-{number:02d}
Feature: Deals of customer {number}

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05

  Scenario: A deal of {number} is paid in part
    Given the customer "Customer {number}" in region "US-CA-SF" on terms "Net 30"
    And a deal "Deal {number}" with "Customer {number}" and these lines:
      | product       | quantity | unit price   | discount |
      | Badge printer | {number} | USD 4,000.00 | 10%      |
    When the deal "Deal {number}" is won on 2026-01-12
    And the connector finishes its work
    And customer "Customer {number}" pays USD {number}.00 against the invoice of "Deal {number}" on 2026-01-20
    And the connector finishes its work
    Then the invoice of "Deal {number}" has USD {number}.50 open

  Scenario: A deal of {number} is billed
    Given the customer "Buyer {number}" in region "US-CA-SF" on terms "Net 30"
    And a deal "Sale {number}" with "Buyer {number}" and these lines:
      | product       | quantity | unit price       |
      | Badge printer | 1        | USD {number}.00 |
    When the deal "Sale {number}" is won on 2026-01-12
    And the connector finishes its work
    Then deal "Sale {number}" has exactly 1 invoice
    And metric "net revenue" for 2026-01 is USD {number}.00
"""


def measure() -> list[Figure]:
    """The command as a process of its own, and which part of the work the parser of Gherkin is."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        files = [folder / f"{number:04d}.feature" for number in range(10, 10 + _FEATURES)]
        for number, file in enumerate(files, start=10):
            file.write_text(_FEATURE.format(number=number), encoding="utf-8")
        command_s = best_s(lambda: _check(folder), _ROUNDS)
        few = files[:: _FEATURES // 100]
        if problems := discovery.lint(few):
            raise SystemExit(f"the features to be checked have mistakes: {problems[0]}")
        # The dictionary is read and the sentences are compiled by now.
        all_s = timed_s(lambda: discovery.lint(few))
        parse_s = timed_s(lambda: [parsed(read_text(file, file.name), file.name) for file in few])
    cores = len(os.sched_getaffinity(0)) if sys.platform.startswith("linux") else 1
    note = f"{_FEATURES:,} features of 2 scenarios, {cores} processors"
    return [
        Figure(name="simharness check features", value=command_s, unit="s", goal=2, note=note),
        Figure(name="  parsing ÷ checking a feature", value=parse_s / all_s, note=f"{all_s * 10:.2f} ms a feature"),
    ]


def _check(folder: Path) -> None:
    command = str(Path(sys.executable).with_name("simharness"))
    subprocess.run([command, "check", str(folder)], check=True, capture_output=True)  # noqa: S603 - our own
