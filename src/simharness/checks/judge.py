"""Judging a record: every check of the registry, then every expectation of the story."""

from __future__ import annotations

from simharness.checks.expectations.judge import judge_expectations
from simharness.checks.registry import CHECKS
from simharness.checks.scope import Judged
from simharness.domain.finding import CheckResult
from simharness.domain.record import RunRecord


def judge(record: RunRecord) -> tuple[CheckResult, ...]:
    """All checks in the order of the registry, then the story's own statements by verb; equal records judge equally."""
    judged = Judged(record)
    return (*(check.judge(judged) for check in CHECKS if check.judge is not None), *judge_expectations(judged))
