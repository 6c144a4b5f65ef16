"""A certificate exempts within its days and its places only."""

from __future__ import annotations

from datetime import date

import pytest

from simharness.checks.arithmetic.exemption import covers, exempting
from simharness.domain.crm import Certificate

CERTIFICATE = Certificate(
    number="CA-1",
    jurisdictions=("US-CA",),
    reason="Resale",
    valid_from=date(2026, 1, 1),
    valid_until=date(2026, 3, 31),
)


@pytest.mark.parametrize(
    ("jurisdiction", "region", "expected"),
    [
        ("US-CA", "US-CA-SF", True),
        ("US-CA-SF", "US-CA-SF", True),
        ("US", "US-CA-SF", True),
        ("US-CA-SF", "US-CA", False),
        ("US-C", "US-CA-SF", False),
        ("US-TX", "US-CA-SF", False),
        ("", "US-CA-SF", False),
    ],
)
def test_a_jurisdiction_covers_what_continues_it_at_a_hyphen(jurisdiction: str, region: str, expected: bool) -> None:
    assert covers(jurisdiction, region) is expected


@pytest.mark.parametrize(
    ("day", "exempt"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 3, 31), True),
        (date(2026, 4, 1), False),
    ],
)
def test_both_ends_of_validity_are_included(day: date, exempt: bool) -> None:
    assert (exempting([CERTIFICATE], "US-CA-SF", day) is CERTIFICATE) is exempt


def test_the_first_certificate_that_fits_counts() -> None:
    texas = Certificate(number="TX-1", jurisdictions=("US-TX",), reason="Resale")
    assert exempting([texas, CERTIFICATE], "US-CA-SF", date(2026, 2, 1)) is CERTIFICATE
    assert exempting([texas], "US-CA-SF", date(2026, 2, 1)) is None
