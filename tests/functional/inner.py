"""Runs of pytest inside of this one.

After such a run pytester forgets every module that it imported. Those with parts in C do not survive being imported a
second time, so whatever an inner run needs is imported here, before the first.
"""

from __future__ import annotations

import duckdb
import pytest
import sqlalchemy.dialects.sqlite
import stripe
import yaml

import simharness.bdd
import simharness.bi.reader
import simharness.pytest_plugin.bench
import simharness.pytest_plugin.items
import simharness.pytest_plugin.running
import simharness.reference.app
import simharness_fakes

KEPT = (duckdb, sqlalchemy, stripe, yaml, simharness.bi.reader, simharness.reference.app, simharness_fakes)


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """What pytest makes of the files that were written down."""
    return pytester.runpytest_inprocess("-p", "no:cacheprovider", *arguments)


def shown(result: pytest.RunResult) -> str:
    """What it printed."""
    return str(result.stdout)
