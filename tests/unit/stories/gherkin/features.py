"""A good feature, and what is said of it when something in it is changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from simharness.core.errors import ContentError
from simharness.stories import discovery
from simharness.stories.discovery import Inspection

GOOD = """\
@money @control:REC-01
Feature: Won deals

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05

  Scenario: A deal is billed
    Given the customer "Globex" in region "US-CA-SF" on terms "Net 30"
    And a deal "Rollout" with "Globex" and these lines:
      | product       | quantity | unit price   | discount |
      | Badge printer | 1        | USD 4,000.00 | 10%      |
    When the deal "Rollout" is won on 2026-01-12
    And the connector finishes its work
    Then the invoice of "Rollout" totals USD 3,910.50
    And metric "net revenue" for 2026-01 is USD 3,600.00
"""
TODAY = date(2026, 1, 5)


def told(folder: Path, text: str | bytes, *, hints: bool = False, name: str = "a.feature") -> Sequence[ContentError]:
    """What `check` says of a file of this content."""
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return discovery.lint([folder], Inspection(today=TODAY, hints=hints))


def changed(good: str, bad: str) -> str:
    """The good feature with one part of it replaced."""
    assert GOOD.count(good) >= 1, good
    return GOOD.replace(good, bad, 1)
