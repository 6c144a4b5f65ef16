"""What every test may rely on: property tests that say the same thing on every machine."""

import pytest
from hypothesis import settings

# The default finds the same cases everywhere; `pytest --hypothesis-profile=deep` searches further, each time elsewhere.
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("deep", max_examples=5_000, derandomize=False, deadline=None, print_blob=True)
settings.load_profile("ci")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite golden files from what the code renders now")
