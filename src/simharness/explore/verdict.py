"""The judgement of one case: convergence with its baseline and every check, signed."""

from __future__ import annotations

from collections.abc import Iterable

from simharness.checks import judge
from simharness.checks.convergence import State, converged, unexcused
from simharness.checks.signature import signature_of
from simharness.domain.finding import CheckResult, Finding, Judgement, Severity
from simharness.domain.record import RunRecord
from simharness.explore.cases import Case, CaseResult, Outcome, Signed


def verdict(
    case: Case, record: RunRecord, baseline: State, known: frozenset[str]
) -> tuple[tuple[CheckResult, ...], CaseResult]:
    """What the checks make of a case, and its result. `known` are the keys of findings that its baseline has as well.

    Where something was given up as it has to be, what only says so again is not held against the connector: that it is
    listed and alerted, and nothing of it half-written, was judged instead.
    """
    ended = converged(baseline, record)
    results = (ended, *judge(record))
    findings = [finding for result in results for finding in result.findings if finding.key not in known]
    given_up = ended.judgement is Judgement.PASSED and bool(ended.reason)
    if findings and ended.judgement is Judgement.PASSED:
        findings = list(unexcused(baseline, record, findings))
    if findings:
        outcome, reason = Outcome.FOUND, ""
    elif ended.judgement is Judgement.NOT_EXERCISED:
        outcome, reason = Outcome.NOT_EXERCISED, ended.reason
    elif given_up:
        outcome, reason = Outcome.REJECTED, ended.reason
    else:
        outcome, reason = Outcome.PASSED, ""
    return results, CaseResult(
        case=case,
        outcome=outcome,
        findings=sign(case, findings, record),
        calls=sum(each.client == "connector" for each in record.exchanges),
        reason=reason,
    )


def sign(case: Case, findings: Iterable[Finding], record: RunRecord | None = None) -> tuple[Signed, ...]:
    """The findings of a case with their signatures."""
    struck = record.fault_log if record is not None else ()
    return tuple(Signed(signature=signature_of(each, case.plan, struck), finding=each) for each in findings)


def endless(case: Case, why: str) -> CaseResult:
    """The result of a case that had to be cut off: the connector went on working after the fault. Conduct of its own,
    as where it is not at rest after all the passes that it is given.
    """
    finding = Finding(
        check="middleware.connector_finishes",
        severity=Severity.CONDUCT,
        key="middleware.connector_finishes:endless",
        message="the connector went on working after the fault and had to be cut off",
        expected="at rest",
        actual=why,
    )
    return CaseResult(case=case, outcome=Outcome.FOUND, findings=sign(case, (finding,)))


def findings_of(results: Iterable[CheckResult]) -> frozenset[str]:
    """The keys of everything that results found."""
    return frozenset(finding.key for result in results for finding in result.findings)
