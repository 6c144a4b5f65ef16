"""What sales people note on a deal beside its sale: that everything was delivered, so that the rest can be billed."""

from __future__ import annotations

from simharness.domain.acts import DeliverDeal
from simharness.domain.fact import DealDelivered
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.crm import SALES
from simharness.stories.vocabulary.verb import Action, Sentence, Verb


class DeliverADeal(Action, frozen=True, kw_only=True):
    """Everything a deal sells is delivered, on the day of the step."""

    deal_delivered: t.DealName


def _deliver_deal(stage: Stage, p: DeliverADeal) -> None:
    deal = stage.cast.deals[p.deal_delivered]
    stage.operate("crm", DeliverDeal(deal_id=deal.deal_id, day=stage.today), SALES)
    stage.record(DealDelivered(**stage.mark, deal=p.deal_delivered, deal_id=deal.deal_id, delivered_on=stage.today))


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
)
