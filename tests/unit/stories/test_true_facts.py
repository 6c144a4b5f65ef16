"""What the facts say is what the vendors' fakes hold: every shipped story is acted out before an idle connector."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from msgspec import structs

from simharness.domain.crm import CrmSnapshot
from simharness.domain.fact import (
    CustomerChanged,
    CustomerEntered,
    CustomerPaid,
    DealChanged,
    DealEntered,
    DealReopened,
    DealWon,
    MilestoneReached,
    PaymentFailed,
)
from simharness.domain.fault import Plan
from simharness.domain.payroll import Payroll
from simharness.domain.payroll_facts import (
    EmployeeHired,
    EmploymentEnded,
    PayChanged,
    PayrollApproved,
    PayrollCancelled,
    PayrollReversed,
    PayrollRun,
)
from simharness.domain.record import RunRecord
from simharness.fakekit.faults import Injector
from simharness.stories import discovery
from simharness.stories.session import Run, opening
from simharness.stories.story import Story
from simharness.world.world import World
from tests.unit.stories.offices import Clerk, Reader

STORIES = discovery.load()


class Idler(Clerk):
    """A connector that is told everything and does nothing."""

    def trigger(self, name: str) -> None:
        self.left = 0


@pytest.fixture(scope="module", params=STORIES, ids=[story.name for story in STORIES])
def record(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> RunRecord:
    story: Story = request.param
    world = World(now=opening(story), stack=story.systems, port=Injector(Plan()))
    with Run(world, Idler(world), story, env={}, state_dir=tmp_path_factory.mktemp("state"), bi=Reader()) as run:
        for step in story.steps:
            run.do(step)
        return run.record()


def crm(record: RunRecord) -> CrmSnapshot:
    assert record.final is not None
    assert record.final.world.crm is not None
    return record.final.world.crm


def test_companies_are_as_the_facts_say(record: RunRecord) -> None:
    told: dict[str, Mapping[str, object]] = {}
    for fact in record.facts:
        if isinstance(fact, CustomerEntered | CustomerChanged):
            name = fact.name if isinstance(fact, CustomerChanged) else fact.customer
            told[fact.company_id] = {
                "name": name, "region": fact.region, "terms": fact.terms, "certificates": fact.certificates,
            }  # fmt: skip
    held = {
        company.id: {
            "name": company.name, "region": company.region, "terms": company.terms,
            "certificates": company.certificates,
        }
        for company in crm(record).companies
    }  # fmt: skip
    assert told == held


def test_deals_are_as_the_facts_say(record: RunRecord) -> None:
    told: dict[str, list[object]] = {}
    for fact in record.facts:
        if isinstance(fact, DealEntered | DealChanged):
            stage = told.get(fact.deal_id, ["open"])[0]
            told[fact.deal_id] = [stage, fact.lines, fact.discount_percent, fact.discount_amount]
        elif isinstance(fact, DealWon | DealReopened):
            told[fact.deal_id][0] = "won" if isinstance(fact, DealWon) else "open"
        elif isinstance(fact, MilestoneReached):
            lines = told[fact.deal_id][1]
            assert isinstance(lines, tuple)
            told[fact.deal_id][1] = tuple(
                structs.replace(line, reached_on=fact.reached_on) if line.id == fact.line_id else line for line in lines
            )
    held = {
        deal.id: [deal.stage, deal.lines, deal.discount_percent, deal.discount_amount] for deal in crm(record).deals
    }
    assert told == held


def test_a_win_is_dated_as_the_crm_dates_it(record: RunRecord) -> None:
    wins = {fact.deal_id: fact for fact in record.facts if isinstance(fact, DealWon)}
    for deal in crm(record).deals:
        if deal.id in wins and deal.stage == "won":
            assert deal.close_date == wins[deal.id].close_date


def test_payments_are_charges_of_the_gateway(record: RunRecord) -> None:
    assert record.final is not None
    gateway = record.final.world.gateway
    assert gateway is not None
    failed = {fact.charge_id for fact in record.facts if isinstance(fact, PaymentFailed)}
    paid = [
        (fact.charge_id, fact.amount)
        for fact in record.facts
        if isinstance(fact, CustomerPaid) and fact.charge_id not in failed
    ]
    assert paid == [(charge.id, charge.amount) for charge in gateway.charges if charge.status == "succeeded"]


def runs(record: RunRecord) -> Mapping[str, Payroll]:
    assert record.final is not None
    return {run.id: run for each in record.final.world.payrolls for run in each.payrolls}


def test_people_are_as_the_facts_say(record: RunRecord) -> None:
    assert record.final is not None
    told: dict[str, list[object]] = {}
    for fact in record.facts:
        if isinstance(fact, EmployeeHired):
            told[fact.employee_id] = [fact.state, fact.hired, fact.basis, fact.pay, None]
        elif isinstance(fact, PayChanged) and fact.from_day <= record.facts[-1].on:
            told[fact.employee_id][2:4] = fact.basis, fact.pay
        elif isinstance(fact, EmploymentEnded):
            told[fact.employee_id][4] = fact.last_day
    people = [person for each in record.final.world.payrolls for person in each.employees]
    held = {each.id: [each.state, each.hired, each.basis, each.pay, each.ended] for each in people}
    assert told == held


def test_runs_are_as_the_facts_say(record: RunRecord) -> None:
    held = runs(record)
    told = {fact.payroll_id: fact for fact in record.facts if isinstance(fact, PayrollRun)}
    for id, fact in told.items():
        run = held[id]
        assert (fact.kind, fact.service_from, fact.service_to) == (run.kind, run.service_from, run.service_to)
        assert (fact.debit_on, fact.cheque_on) == (run.debit_on, run.cheque_on)
        assert {fact.employee_id} - {""} <= {cheque.employee for cheque in run.cheques}
    taken_back = {fact.payroll_id for fact in record.facts if isinstance(fact, PayrollReversed)}
    assert set(held) == {*told, *taken_back}


def test_what_is_approved_is_processed_and_collected_as_the_facts_say(record: RunRecord) -> None:
    assert record.final is not None
    bank = record.final.world.bank
    approved = {}
    for fact in record.facts:
        if isinstance(fact, PayrollApproved | PayrollReversed):
            approved[fact.payroll_id] = fact
        elif isinstance(fact, PayrollCancelled):
            del approved[fact.payroll_id]
    processed = {run.id for run in runs(record).values() if run.status == "processed"}
    assert sorted(processed) == sorted(approved)
    today = record.final.world.at.date()
    for fact in approved.values():
        collected = [line for line in (bank.lines if bank else ()) if line.description.endswith(f" {fact.reference}")]
        debits = [-amount for amount in (fact.net_debit, fact.tax_debit) if amount]
        if today != fact.debit_on:
            assert [line.amount for line in collected] == (debits if today > fact.debit_on else [])
