"""A sandbox for every test of Plaid."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from simharness.domain.dictionary import Dictionary
from tests.fakes.plaid.sandbox import Sandbox


@pytest.fixture
def make(us_saas: Dictionary) -> Callable[..., Sandbox]:
    """Builds a furnished sandbox with options."""

    def built(**options: str) -> Sandbox:
        return Sandbox(us_saas, options=options)

    return built


@pytest.fixture
def sandbox(us_saas: Dictionary) -> Sandbox:
    return Sandbox(us_saas)
