"""The shipped laws, read once."""

from __future__ import annotations

import pytest

from simharness.checks.payroll import Laws, read_laws


@pytest.fixture(scope="session")
def laws() -> Laws:
    return read_laws()
