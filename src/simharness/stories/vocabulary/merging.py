"""Two customers of the CRM turn out to be one."""

from __future__ import annotations

import msgspec

from simharness.core.errors import HarnessFault
from simharness.domain.acts import MergeCompanies
from simharness.domain.fact import CustomerChanged, CustomersMerged
from simharness.stories.cast import Customer
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.crm import SALES
from simharness.stories.vocabulary.verb import Action, Sentence, Verb


class MergeCustomers(Action, frozen=True, kw_only=True):
    """A customer is merged into another in the CRM; the story goes on calling both by their names."""

    customer_merged: t.CustomerName
    into: t.CustomerName


def _merge(stage: Stage, p: MergeCustomers) -> None:
    gone, survivor = stage.cast.present(p.customer_merged), stage.cast.present(p.into)
    if gone.company_id == survivor.company_id:
        stage.impossible(f"{p.customer_merged} and {p.into} are one customer already")
        return
    act = MergeCompanies(company_id=gone.company_id, into_id=survivor.company_id)
    into_id = stage.company_id(stage.operate("crm", act, SALES))
    stage.cast.customers[gone.name] = msgspec.structs.replace(gone, merged_into=survivor.name)
    for each in (survivor, gone):  # a survivor that got a new id was merged into that itself
        if each.company_id != into_id:
            stage.record(
                CustomersMerged(
                    **stage.mark,
                    customer=each.name,
                    company_id=each.company_id,
                    into=survivor.name,
                    into_id=into_id,
                )
            )
    _record_survivor(stage, survivor, into_id)


def _record_survivor(stage: Stage, before: Customer, company_id: str) -> None:
    """What the survivor took over is for the CRM to say; it is a fact only where something changed."""
    crm = stage.world.snapshot().crm
    found = next((company for company in crm.companies if company.id == company_id), None) if crm else None
    if found is None:
        raise HarnessFault(f"the CRM does not know company {company_id}, into which it merged")
    after = msgspec.structs.replace(
        before,
        company_id=company_id,
        current_name=found.name,
        region=found.region,
        terms=found.terms,
        certificates=found.certificates,
    )
    stage.cast.customers[before.name] = after
    if after != before:
        stage.record(
            CustomerChanged(
                **stage.mark,
                customer=before.name,
                company_id=company_id,
                name=after.current_name,
                region=after.region,
                terms=after.terms,
                certificates=after.certificates,
            )
        )


def _itself(p: MergeCustomers) -> str | None:
    return "merges a customer into itself: name two" if p.customer_merged == p.into else None


VERBS = (
    Verb(
        name="crm.customer_merged",
        phases=("when",),
        heads=("customer_merged",),
        params=MergeCustomers,
        sentences=(
            Sentence(pattern="the customer {string} is merged into {string}", binds=("customer_merged", "into")),
        ),
        fact="CustomersMerged",
        does=_merge,
        wrong=_itself,
    ),
)
