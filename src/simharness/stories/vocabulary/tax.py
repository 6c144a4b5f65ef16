"""What is said about tax and discounts by rule: exemption certificates, rates that change, and what is owed."""

from __future__ import annotations

from datetime import date

import msgspec

from simharness.core.money import Money
from simharness.domain.acts import ActRefused, ChangeCompany, Furnish
from simharness.domain.crm import Certificate
from simharness.domain.dictionary import Dictionary
from simharness.domain.expectation import TaxPayableIs
from simharness.domain.fact import TaxRateChanged
from simharness.stories.rates import with_rate
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.changing import FieldChange
from simharness.stories.vocabulary.crm import ChangeADeal, change_customer, change_deal
from simharness.stories.vocabulary.verb import Action, Claim, Sentence, Verb
from simharness.stories.words import Percent

#: What is noted of an exemption of which nothing more is said.
_ON_FILE, _ORGANISATION = "on file", "Exempt organization"


class Exempt(Action, frozen=True, kw_only=True):
    """A customer shows an exemption certificate; it replaces an earlier one, as the CRM keeps one a customer.

    Unless said it is valid where the customer is, and for ever.
    """

    exempt: t.CustomerName
    jurisdictions: tuple[t.Jurisdiction, ...] = msgspec.field(name="in", default=())
    certificate: str = _ON_FILE
    reason: str = _ORGANISATION
    valid_from: date | None = msgspec.field(name="from", default=None)
    valid_until: date | None = msgspec.field(name="until", default=None)


class ChangeRate(Action, frozen=True, kw_only=True):
    """The rate of a tax code changes from a day on that is not over; the controller tells the ledger so."""

    tax_code_changes: t.TaxCodeName
    to: Percent
    since: date = msgspec.field(name="from")


class ApplyRule(Action, frozen=True, kw_only=True):
    """Sales grant the discount of a rule of the dictionary on a deal."""

    discount_rule: t.DiscountRuleName
    deal: t.DealName


class TaxPayable(Claim, frozen=True, kw_only=True):
    """What the documents of a month caused of tax under one code; positive is owed to the authority."""

    tax_payable: Money
    under: t.TaxCodeName
    period: t.Month


def _exempt(stage: Stage, p: Exempt) -> None:
    customer = stage.cast.customers[p.exempt]
    places = p.jurisdictions or tuple(filter(None, (customer.region,)))
    if not places:
        raise ActRefused(f"{p.exempt!r} has no region in which it could be exempt")
    certificate = Certificate(
        number=p.certificate,
        jurisdictions=places,
        reason=p.reason,
        valid_from=p.valid_from,
        valid_until=p.valid_until,
    )
    changed = msgspec.structs.replace(customer, certificates=(certificate,))
    change_customer(stage, changed, ChangeCompany(company_id=customer.company_id, certificates=(certificate,)))


def _change_rate(stage: Stage, p: ChangeRate) -> None:
    if p.since < stage.today:
        raise ActRefused(f"{p.since} is over: say the rate of {p.tax_code_changes!r} in what is given")
    books = tuple(_with_rate(each, p, stage.today) for each in (stage.dictionary, *stage.further))
    for before, after in zip((stage.dictionary, *stage.further), books, strict=True):
        if before != after:
            stage.operate("accounting", Furnish(dictionary=after), "controller")
    stage.dictionary, *further = books
    stage.further = tuple(further)
    stage.record(TaxRateChanged(**stage.mark, code=p.tax_code_changes, percent=p.to.value, since=p.since))


def _refused(what: str, mend: str | None = None) -> ActRefused:
    return ActRefused(what, mend=mend)


def _with_rate(dictionary: Dictionary, p: ChangeRate, today: date) -> Dictionary:
    codes = tuple(
        with_rate(code, p.to.value, p.since, today, _refused) if code.name == p.tax_code_changes else code
        for code in dictionary.tax_codes
    )
    return dictionary if codes == dictionary.tax_codes else msgspec.structs.replace(dictionary, tax_codes=codes)


def _apply_rule(stage: Stage, p: ApplyRule) -> None:
    rule = next(each for each in stage.dictionary.discount_rules if each.name == p.discount_rule)
    share = f"{rule.percent:f}%"
    if not rule.products:
        change_deal(stage, ChangeADeal(deal_changed=p.deal, discount=Percent(value=rule.percent)))
        return
    meant = dict.fromkeys(
        line.product
        for line in stage.cast.deals[p.deal].lines
        if line.product in rule.products and line.quantity >= rule.from_quantity
    )
    if not meant:
        raise ActRefused(f"no line of {p.deal!r} is one that the rule {rule.name!r} is for")
    changes = tuple(FieldChange(field=f"discount of {product}", new=share) for product in meant)
    change_deal(stage, ChangeADeal(deal_changed=p.deal, changes=changes))


def _wrong_dates(p: Exempt) -> str | None:
    if p.valid_from and p.valid_until and p.valid_until < p.valid_from:
        return "the certificate ends before it begins"
    return None


def _tax_payable(stage: Stage, p: TaxPayable) -> None:
    stage.expect(TaxPayableIs(**stage.claim, code=p.under, period=p.period, amount=p.tax_payable))


VERBS = (
    Verb(
        name="tax.code_changes",
        phases=("when",),
        heads=("tax_code_changes",),
        params=ChangeRate,
        sentences=(
            Sentence(
                pattern="tax code {string} changes to {percent} from {date}",
                binds=("tax_code_changes", "to", "since"),
            ),
        ),
        fact="TaxRateChanged",
        does=_change_rate,
    ),
    Verb(
        name="tax.discount_rule",
        phases=("given", "when"),
        heads=("discount_rule",),
        params=ApplyRule,
        sentences=(
            Sentence(pattern="discount rule {string} applies to deal {string}", binds=("discount_rule", "deal")),
        ),
        fact="DealChanged",
        does=_apply_rule,
    ),
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
            Sentence(
                pattern="the customer {string} is exempt from tax in {string} under certificate {string} until {date}",
                binds=("exempt", "jurisdictions", "certificate", "valid_until"),
            ),
            Sentence(pattern="the customer {string} is tax exempt", binds=("exempt",)),
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
