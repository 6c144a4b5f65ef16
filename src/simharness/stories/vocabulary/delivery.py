"""What sales people note on a deal beside its sale: that everything was delivered, or a milestone was reached, so that
what waits for it can be billed.
"""

from __future__ import annotations

import msgspec

from simharness.domain.acts import ActRefused, DeliverDeal, ReachMilestone
from simharness.domain.fact import DealDelivered, MilestoneReached
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.crm import SALES
from simharness.stories.vocabulary.verb import Action, Sentence, Verb


class DeliverADeal(Action, frozen=True, kw_only=True):
    """Everything a deal sells is delivered, on the day of the step."""

    deal_delivered: t.DealName


class ReachAMilestone(Action, frozen=True, kw_only=True):
    """A milestone of a deal is reached, on the day of the step."""

    milestone_reached: str
    deal: t.DealName


def _deliver_deal(stage: Stage, p: DeliverADeal) -> None:
    deal = stage.cast.deals[p.deal_delivered]
    stage.operate("crm", DeliverDeal(deal_id=deal.deal_id, day=stage.today), SALES)
    stage.record(DealDelivered(**stage.mark, deal=p.deal_delivered, deal_id=deal.deal_id, delivered_on=stage.today))


def _reach_milestone(stage: Stage, p: ReachAMilestone) -> None:
    deal, name = stage.cast.deals[p.deal], p.milestone_reached
    line = next((each for each in deal.lines if each.milestone == name), None)
    if line is None:
        raise ActRefused(f"the deal {p.deal} has no milestone {name!r}", mend="name it on one of its lines")
    stage.operate("crm", ReachMilestone(deal_id=deal.deal_id, line_id=line.id, day=stage.today), SALES)
    lines = tuple(
        msgspec.structs.replace(each, reached_on=stage.today) if each is line else each for each in deal.lines
    )
    stage.cast.deals[p.deal] = msgspec.structs.replace(deal, lines=lines)
    told = {"deal": p.deal, "deal_id": deal.deal_id, "line_id": line.id, "milestone": name}
    stage.record(MilestoneReached(**stage.mark, **told, reached_on=stage.today))


VERBS = (
    Verb(
        name="crm.deal_delivered",
        phases=("when",),
        heads=("deal_delivered",),
        params=DeliverADeal,
        sentences=(Sentence(pattern="the deal {string} is delivered", binds=("deal_delivered",)),),
        fact="DealDelivered",
        does=_deliver_deal,
    ),
    Verb(
        name="crm.milestone_reached",
        phases=("when",),
        heads=("milestone_reached",),
        params=ReachAMilestone,
        sentences=(
            Sentence(pattern="the milestone {string} of {string} is reached", binds=("milestone_reached", "deal")),
        ),
        fact="MilestoneReached",
        does=_reach_milestone,
    ),
)
