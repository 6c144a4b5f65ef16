"""F2 passes only what struck: every fault of a story and of the plan beside it."""

from __future__ import annotations

from msgspec.structs import replace

from simharness.domain.fault import Fault, Struck, parse_plan
from simharness.domain.fault_facts import FaultSet
from simharness.domain.finding import CheckResult, Judgement
from simharness.domain.record import RunRecord
from tests.unit.checks import builders as b

DOWN, CRASH = parse_plan("outage:600@quickbooks + crash_after@quickbooks.saveInvoice#1").faults


def said(fault: Fault, after: int = 0, told: str = "is down") -> FaultSet:
    day = b.day("2026-01-05")
    return FaultSet(
        step=1, verb="fault.x", at=b.at("2026-01-05"), on=day, where="s.yaml:9", told=told, fault=fault, after=after
    )


def struck(fault: Fault) -> Struck:
    return Struck(fault=fault, sequence=3, vendor="quickbooks", operation="query")


def result(record: RunRecord) -> CheckResult:
    return b.result("F2", record)


def test_where_nothing_was_set_there_is_nothing_to_judge() -> None:
    assert result(b.record()).judgement is Judgement.NOT_APPLICABLE


def test_a_fault_of_the_story_that_struck_passes_and_one_that_did_not_is_named_with_its_place() -> None:
    told = (*b.facts(), said(DOWN), said(CRASH, told="crashes"))
    both = result(b.record(told=told, fault_log=(struck(DOWN), struck(CRASH))))
    assert (both.judgement, both.examined) == (Judgement.PASSED, 2)
    one = result(b.record(told=told, fault_log=(struck(DOWN),)))
    assert (one.judgement, one.reason) == (Judgement.NOT_EXERCISED, "never struck: crashes (s.yaml:9)")


def test_a_strike_belongs_to_the_latest_of_equal_faults() -> None:
    told = (*b.facts(), said(DOWN), said(DOWN, after=1, told="is down again"))
    log = (struck(DOWN), struck(DOWN))
    assert result(b.record(told=told, fault_log=log)).judgement is Judgement.PASSED
    assert result(b.record(told=told, fault_log=log[:1])).reason == "never struck: is down again (s.yaml:9)"


def test_a_fault_of_the_plan_that_never_struck_is_not_exercised() -> None:
    record = b.record()
    planned = replace(record, header=replace(record.header, plan=parse_plan("outage:600@quickbooks")))
    assert result(planned).reason == "never struck: outage:600@quickbooks#1"
    assert result(replace(planned, fault_log=(struck(DOWN),))).judgement is Judgement.PASSED
