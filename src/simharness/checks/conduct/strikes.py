"""F2: every fault that was set strikes. One that never does says nothing about the connector."""

from __future__ import annotations

from collections.abc import Iterator

from simharness.checks.findings import not_applicable
from simharness.checks.scope import Judged
from simharness.domain.fault import Struck
from simharness.domain.fault_facts import FaultSet
from simharness.domain.fault_kinds import it_takes
from simharness.domain.finding import CheckResult, Judgement
from simharness.domain.record import RunRecord


def faults_strike(judged: Judged) -> CheckResult:
    """F2: what the story lets go wrong, and what the plan beside it does, acts at least once.

    Never a finding: a fault that does not strike is nobody's fault, but the story is then not exercised.
    """
    record = judged.record
    said = _said(record)
    planned = record.header.plan.faults
    if not said and not planned:
        return not_applicable("F2", "nothing was set to go wrong")
    idle = [f"{fact.told} ({fact.where})" for fact in idle_of_story(record)]
    missed = [fault for fault in planned if not any(struck.fault == fault for struck in record.fault_log)]
    idle += map(str, missed)
    if idle:
        reason = f"never struck: {'; '.join(idle)}{it_takes(fault.kind for fault in missed)}"
        return CheckResult(check="F2", judgement=Judgement.NOT_EXERCISED, reason=reason)
    return CheckResult(check="F2", judgement=Judgement.PASSED, examined=len(said) + len(planned))


def idle_of_story(record: RunRecord) -> tuple[FaultSet, ...]:
    """What a story itself lets go wrong and what struck nowhere, in the order in which it is told."""
    return tuple(fact for fact, struck in _of_story(_said(record), record.fault_log) if not struck)


def _said(record: RunRecord) -> list[FaultSet]:
    return [fact for fact in record.facts if isinstance(fact, FaultSet)]


def _of_story(said: list[FaultSet], log: tuple[Struck, ...]) -> Iterator[tuple[FaultSet, bool]]:
    """Each fault of the story with whether it struck; a strike belongs to the latest of equal faults before it."""
    for fact in said:
        later = (each.after for each in said if each.fault == fact.fault and each.after > fact.after)
        strikes = log[fact.after : min(later, default=None)]
        yield fact, any(struck.fault == fact.fault for struck in strikes)
