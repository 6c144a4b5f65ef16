"""A furnished portal for every test."""

from __future__ import annotations

import pytest

from tests.fakes.hubspot.portal import SalesTeam


@pytest.fixture
def team() -> SalesTeam:
    return SalesTeam()
