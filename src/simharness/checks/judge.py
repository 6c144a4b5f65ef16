"""Judging a record: every check of the registry, then every expectation of the story."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec.structs import replace

from simharness.checks.expectations.judge import judge_expectations
from simharness.checks.group import Group
from simharness.checks.registry import CHECKS, Check
from simharness.checks.scope import Judged
from simharness.domain.finding import CheckResult, Finding, Judgement
from simharness.domain.record import RunRecord

#: Which judgement of several entities is told of all of them, the first that anybody has.
_ORDER = (Judgement.FOUND, Judgement.PASSED, Judgement.NOT_EXERCISED, Judgement.NOT_APPLICABLE)


def judge(record: RunRecord, *, only: Collection[str] = ()) -> tuple[CheckResult, ...]:
    """All checks in the order of the registry, then the story's own statements by verb; equal records judge equally.

    Where several entities keep books, a check is made on the books of each. Where any ids are named, `only` those
    checks are made, and no statement is judged.
    """
    group = Group(Judged(record))
    if only:
        chosen = (_result(check, group) for check in CHECKS if check.id in only)
        return tuple(result for result in chosen if result is not None)
    results = (_result(check, group) for check in CHECKS)
    return (*(result for result in results if result is not None), *judge_expectations(group))


def _result(check: Check, group: Group) -> CheckResult | None:
    if check.judge is None:
        return None
    if check.of_all or group.is_alone:
        return check.judge(group.whole)
    return _together(check, [(view.entity, check.judge(view)) for view in group.views])


def _together(check: Check, results: Sequence[tuple[str, CheckResult]]) -> CheckResult:
    worst = next(each for each in _ORDER if any(result.judgement is each for _, result in results))
    return CheckResult(
        check=check.id,
        judgement=worst,
        findings=tuple(_named(entity, finding) for entity, result in results for finding in result.findings),
        examined=sum(result.examined for _, result in results),
        reason=next((result.reason for _, result in results if result.judgement is worst), ""),
    )


def _named(entity: str, finding: Finding) -> Finding:
    """The finding with the entity whose books show it."""
    head, _, rest = finding.key.partition(":")
    return replace(finding, key=f"{head}:{entity}:{rest}", message=f"in the books of {entity!r}: {finding.message}")
