"""What happens between the entities of a group: one pays the other what it owes."""

from __future__ import annotations

from simharness.core.money import Money
from simharness.domain import events
from simharness.domain.acts import MoveBankMoney
from simharness.domain.fact import BankMoved
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.gateway import BANK
from simharness.stories.vocabulary.verb import Action, Sentence, Verb

#: How the statement names money that one entity sends another.
INTERCOMPANY = "INTERCOMPANY"


class SettleBetween(Action, frozen=True, kw_only=True):
    """One entity sends another money from bank account to bank account: two lines, one on each statement."""

    entity_pays: Money
    payer: t.EntityName
    payee: t.EntityName


def _settle(stage: Stage, p: SettleBetween) -> None:
    sides = ((p.payer, p.payee, -p.entity_pays), (p.payee, p.payer, p.entity_pays))
    for entity, other, amount in sides:
        act = MoveBankMoney(
            amount=amount,
            reference=f"{INTERCOMPANY} {p.payer} {p.payee}",
            description="TRANSFER BETWEEN ACCOUNTS",
            counterparty=stage.books_of(other).company_name,
            account=stage.bank_account(entity),
        )
        moved = stage.only(stage.operate("banking", act, BANK), events.BankMoneyMoved)
        stage.record(
            BankMoved(
                **stage.mark,
                line_id=moved.line_id,
                amount=amount,
                reference=act.reference,
                counterparty=act.counterparty,
                purpose="intercompany",
                subject=other,
                entity=entity,
            )
        )


def _wrong(p: SettleBetween) -> str | None:
    if p.payer == p.payee:
        return f"{p.payer!r} cannot pay itself: name two entities"
    return f"{p.entity_pays} pays nothing: it must be more than zero" if p.entity_pays.amount <= 0 else None


VERBS = (
    Verb(
        name="group.entity_pays",
        phases=("when",),
        heads=("entity_pays",),
        params=SettleBetween,
        sentences=(Sentence(pattern="{string} pays {money} to {string}", binds=("payer", "entity_pays", "payee")),),
        fact="BankMoved",
        does=_settle,
        wrong=_wrong,
    ),
)
