"""Runs of pytest inside of this one.

After such a run pytester forgets every module that it imported. What is imported a second time has classes of its own
that nobody takes for the first ones, and what has parts in C does not survive it: so all of simharness, and what its
inner runs need beside, is imported here before the first.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

import duckdb
import pytest
import stripe
import yaml

import simharness
import simharness_fakes


def _all(package: ModuleType) -> list[ModuleType]:
    """Every module of a package; `__main__` is a program."""
    found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    return [importlib.import_module(each.name) for each in found if not each.name.endswith("__main__")]


KEPT = (duckdb, stripe, yaml, *_all(simharness), *_all(simharness_fakes))


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """What pytest makes of the files that were written down."""
    return pytester.runpytest_inprocess("-p", "no:cacheprovider", *arguments)


def shown(result: pytest.RunResult) -> str:
    """What it printed."""
    return str(result.stdout)
