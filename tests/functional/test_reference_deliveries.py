"""Whatever becomes of one delivery, the books of the reference connector end as without it."""

from __future__ import annotations

from functools import lru_cache

import pytest

from simharness.checks import judge
from simharness.checks.convergence import converged
from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.core.content import content_folder
from simharness.domain.fact import NightlyPollRan
from simharness.domain.fault import Plan, parse_plan
from simharness.domain.finding import Judgement
from simharness.domain.record import RunRecord
from simharness.stories.discovery import load
from simharness.stories.playing import Setting, session

#: A story in which a deal is won, paid and told of by CRM, ledger and gateway; and one that a payroll tells of.
STORIES = {
    "paid": ("middleware/webhooks.yaml", "Every vendor tells everything twice"),
    "payroll": ("payroll/approved_twice.yaml", "A run that is told several times is posted once"),
}


@lru_cache(maxsize=8)
def played(story: str, plan: Plan = Plan()) -> RunRecord:  # noqa: B008 - an immutable value
    file, name = STORIES[story]
    (found,) = (each for each in load([content_folder("scenarios") / file]) if each.name == name)
    setting = Setting(attachment=load_manifest(builtin_manifest()), plan=plan)
    with session(found, setting) as run:
        for step in found.steps:
            run.do(step)
        return run.record()


@pytest.mark.parametrize(
    ("story", "plan"),
    [
        ("paid", "webhook_lost@hubspot#1"),
        ("paid", "webhook_stale*9@hubspot#1 + webhook_duplicate:6@stripe#1"),
        ("paid", "webhook_tampered@quickbooks#3 + webhook_delay@stripe#1"),
        ("payroll", "webhook_reorder*9@gusto + webhook_lost@plaid#1"),
    ],
)
def test_the_business_ends_as_without_what_befell_a_delivery(story: str, plan: str) -> None:
    record = played(story, parse_plan(plan))
    assert {str(struck.fault) for struck in record.fault_log} == {str(fault) for fault in parse_plan(plan).faults}
    assert converged(played(story), record).judgement is Judgement.PASSED
    assert [finding.message for result in judge(record) for finding in result.findings] == []


def test_what_was_lost_is_found_by_a_poll_that_the_record_tells_of() -> None:
    lost = played("paid", parse_plan("webhook_lost@hubspot#1"))
    polls = [fact for fact in lost.facts if isinstance(fact, NightlyPollRan)]
    assert len(polls) == 1
    assert not any(isinstance(fact, NightlyPollRan) for fact in played("paid").facts)
