"""A connector that is ended by SIGKILL in the middle of a call leaves the books that one killed in process leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simharness.checks.convergence import business_state, converged
from simharness.connectors.inprocess import InProcessConnector
from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.domain.fault import Plan, parse_plan
from simharness.domain.finding import Judgement
from simharness.domain.record import RunRecord
from simharness.stories import discovery
from simharness.stories.playing import Setting, session
from simharness.stories.story import Story
from tests.functional.command import story
from tests.functional.own_process import ProcessConnector

pytestmark = pytest.mark.socket


@pytest.fixture
def sale(tmp_path: Path) -> Story:
    (tmp_path / "sale.yaml").write_text(story())
    (found,) = discovery.load([tmp_path / "sale.yaml"])
    return found


def played(told: Story, plan: Plan, make: Any) -> tuple[RunRecord, Any]:
    """The record of a story under a plan, with the connector that played it."""
    setting = Setting(attachment=load_manifest(builtin_manifest()), plan=plan)
    with session(told, setting, make=make) as run:
        for step in told.steps:
            run.do(step)
        return run.record(), run.connector


#: Before the invoice goes out, once it is saved by the next try, and once the CRM was told.
PLAN = (
    "crash_before@quickbooks.saveInvoice + crash_after@quickbooks.saveInvoice#2"
    " + crash_after@hubspot.batchUpdateObjects"
)


def test_a_killed_process_leaves_the_books_of_one_killed_in_process(sale: Story) -> None:
    asked = parse_plan(PLAN)
    inside, _ = played(sale, asked, InProcessConnector)
    outside, connector = played(sale, asked, ProcessConnector)
    assert connector.killed == [-9] * len(asked.faults)
    assert [(each.fault, each.operation) for each in outside.fault_log] == [
        (each.fault, each.operation) for each in inside.fault_log
    ]
    assert business_state(outside) == business_state(inside)
    clean, _ = played(sale, Plan(), InProcessConnector)
    assert converged(clean, outside).judgement is Judgement.PASSED
