"""What the facts say is what the vendors' fakes hold: every shipped story is acted out before an idle connector."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from simharness.domain.crm import CrmSnapshot
from simharness.domain.fact import (
    CustomerChanged,
    CustomerEntered,
    CustomerPaid,
    DealChanged,
    DealEntered,
    DealReopened,
    DealWon,
)
from simharness.domain.record import RunRecord
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
    world = World(now=opening(story), stack=story.systems)
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
    paid = [(fact.charge_id, fact.amount) for fact in record.facts if isinstance(fact, CustomerPaid)]
    assert paid == [(charge.id, charge.amount) for charge in gateway.charges if charge.status == "succeeded"]
