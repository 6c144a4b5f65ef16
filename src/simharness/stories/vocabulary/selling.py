"""Sales in short words: a customer that exists, what it lacks, a deal of one line.

What a short word leaves open comes from the dictionary: a customer is in its first region on its first terms, a deal of
one line sells one piece of its first product for its first cost centre.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from simharness.core.money import Money
from simharness.domain.acts import ChangeCompany, EnterParty
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import crm
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.verb import Action, Sentence, Verb

_CRM, _LEDGER = "CRM", "ledger"
Held = Annotated[str, t.OneOf((_CRM, _LEDGER), "system that customers exist in")]
Lacked = Annotated[str, t.OneOf(("region", "terms", "certificate"), "thing that a customer can lack")]


class CustomerExists(Action, frozen=True, kw_only=True):
    """A customer is entered in the CRM, complete. In the ledger: it stands there already, by its name only."""

    customer_exists: t.AnyCustomer
    system: Held = msgspec.field(name="in", default=_CRM)


class CustomerLacks(Action, frozen=True, kw_only=True):
    """Something of a customer is empty in the CRM."""

    customer_without: t.CustomerName
    lacks: Lacked


class SellOneThing(Action, frozen=True, kw_only=True):
    """An open deal of one line is entered; `worth` is its net. Its customer is entered as well where there is none."""

    worth: t.UnitPrice
    deal: t.NewDeal
    customer: t.AnyCustomer
    product: t.Product | None = None
    discount: t.Discount | None = None
    deposit: t.Discount | None = None
    cost_centre: t.CostCentre | None = None
    location: t.Location | None = None
    entity: str | None = None


def known_customer(stage: Stage, name: str) -> None:
    """A customer of that name is in the CRM, complete by the dictionary; nothing changes where there is one."""
    if name in stage.cast.customers:
        return
    regions, terms = stage.dictionary.regions, stage.dictionary.terms
    crm.enter_customer(
        stage,
        crm.EnterCustomer(
            customer=name, region=regions[0].code if regions else None, terms=terms[0].name if terms else None
        ),
    )


def _exists(stage: Stage, p: CustomerExists) -> None:
    known_customer(stage, p.customer_exists)
    if p.system == _LEDGER:
        customer = stage.cast.present(p.customer_exists)
        act = EnterParty(name=customer.current_name, terms=customer.terms)
        stage.operate("accounting", act, "bookkeeper")


def _lacks(stage: Stage, p: CustomerLacks) -> None:
    customer = stage.cast.present(p.customer_without)
    if p.lacks == "certificate":
        changed, act = (
            msgspec.structs.replace(customer, certificates=()),
            ChangeCompany(company_id=customer.company_id, certificates=()),
        )
    elif p.lacks == "region":
        changed = msgspec.structs.replace(customer, region="")
        act = ChangeCompany(company_id=customer.company_id, region="")
    else:
        changed = msgspec.structs.replace(customer, terms="")
        act = ChangeCompany(company_id=customer.company_id, terms="")
    crm.change_customer(stage, changed, act)


def _sell(stage: Stage, p: SellOneThing) -> None:
    known_customer(stage, p.customer)
    product = p.product or stage.dictionary.products[0].name
    centres = stage.dictionary.cost_centres
    crm.enter_deal(
        stage,
        crm.EnterDeal(
            deal=p.deal,
            customer=p.customer,
            lines=(crm.Line(product=product, unit_price=p.worth),),
            discount=p.discount,
            deposit=p.deposit,
            cost_centre=p.cost_centre or (centres[0].code if centres else None),
            location=p.location,
            entity=p.entity,
        ),
    )


def _wrong_worth(p: SellOneThing) -> str | None:
    if p.worth <= Money.zero(p.worth.currency):
        return f"{p.worth} is no worth of a deal: it must be more than zero"
    return None


VERBS = (
    Verb(
        name="crm.customer_exists",
        phases=("given",),
        heads=("customer_exists",),
        params=CustomerExists,
        sentences=(Sentence(pattern="the customer {string} exists in {system}", binds=("customer_exists", "system")),),
        fact="CustomerEntered",
        does=_exists,
    ),
    Verb(
        name="crm.customer_lacks",
        phases=("given", "when"),
        heads=("customer_without",),
        params=CustomerLacks,
        sentences=(Sentence(pattern="the customer {string} has no {string}", binds=("customer_without", "lacks")),),
        fact="CustomerChanged",
        does=_lacks,
    ),
    Verb(
        name="crm.deal_worth",
        phases=("given", "when"),
        heads=("worth",),
        params=SellOneThing,
        sentences=(
            Sentence(pattern="a deal {string} with {string} worth {money}", binds=("deal", "customer", "worth")),
        ),
        fact="DealEntered",
        does=_sell,
        wrong=_wrong_worth,
    ),
)
