"""What is said about tax: exemption certificates and what is owed."""

from __future__ import annotations

from datetime import date

import msgspec

from simharness.core.money import Money
from simharness.domain.acts import ChangeCompany
from simharness.domain.crm import Certificate
from simharness.domain.expectation import TaxPayableIs
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.crm import change_customer
from simharness.stories.vocabulary.verb import Action, Claim, Sentence, Verb


class Exempt(Action, frozen=True, kw_only=True):
    """A customer shows an exemption certificate; it replaces an earlier one, as the CRM keeps one a customer."""

    exempt: t.CustomerName
    jurisdictions: tuple[t.Jurisdiction, ...] = msgspec.field(name="in")
    certificate: str
    reason: str
    valid_from: date | None = msgspec.field(name="from", default=None)
    valid_until: date | None = msgspec.field(name="until", default=None)


class TaxPayable(Claim, frozen=True, kw_only=True):
    """What the documents of a month caused of tax under one code; positive is owed to the authority."""

    tax_payable: Money
    under: t.TaxCodeName
    period: t.Month


def _exempt(stage: Stage, p: Exempt) -> None:
    customer = stage.cast.customers[p.exempt]
    certificate = Certificate(
        number=p.certificate,
        jurisdictions=p.jurisdictions,
        reason=p.reason,
        valid_from=p.valid_from,
        valid_until=p.valid_until,
    )
    changed = msgspec.structs.replace(customer, certificates=(certificate,))
    change_customer(stage, changed, ChangeCompany(company_id=customer.company_id, certificates=(certificate,)))


def _wrong_dates(p: Exempt) -> str | None:
    if p.valid_from and p.valid_until and p.valid_until < p.valid_from:
        return "the certificate ends before it begins"
    return None


def _tax_payable(stage: Stage, p: TaxPayable) -> None:
    stage.expect(TaxPayableIs(**stage.claim, code=p.under, period=p.period, amount=p.tax_payable))


VERBS = (
    Verb(
        name="tax.exempt",
        phases=("given", "when"),
        heads=("exempt",),
        params=Exempt,
        sentences=(
            Sentence(
                pattern="the customer {string} is exempt from tax in {string} under certificate {string} "
                "because {string}",
                binds=("exempt", "jurisdictions", "certificate", "reason"),
            ),
            Sentence(
                pattern="the customer {string} is exempt from tax in {string} under certificate {string} "
                "because {string} until {date}",
                binds=("exempt", "jurisdictions", "certificate", "reason", "valid_until"),
            ),
        ),
        fact="CustomerChanged",
        does=_exempt,
        wrong=_wrong_dates,
    ),
    Verb(
        name="tax.payable",
        phases=("then",),
        heads=("tax_payable",),
        params=TaxPayable,
        sentences=(
            Sentence(
                pattern="tax payable under {string} for {period} is {money}", binds=("under", "period", "tax_payable")
            ),
        ),
        fact="TaxPayableIs",
        does=_tax_payable,
    ),
)
