"""Judging a record: every check of the registry, then every expectation of the story."""

from __future__ import annotations

from simharness.checks.registry import CHECKS
from simharness.checks.scope import Judged
from simharness.domain.finding import CheckResult
from simharness.domain.record import RunRecord


def judge(record: RunRecord) -> tuple[CheckResult, ...]:
    """The results of all checks in the order of the registry; equal records give equal results."""
    judged = Judged(record)
    return tuple(check.judge(judged) for check in CHECKS)
