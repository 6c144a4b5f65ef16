"""What must be true of every journal in the ledger."""

from __future__ import annotations

from typing import Annotated

from simharness.domain.claims import JournalsBalance, LinesName
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.verb import Claim, Sentence, Verb

#: What a posting can be asked to name.
DIMENSIONS = ("cost centre", "location", "customer")


class LinesClaim(Claim, frozen=True, kw_only=True):
    """Every posting on income and expenses names a cost centre or a location; on receivables, a customer."""

    every_journal_line_names: Annotated[str, t.OneOf(DIMENSIONS, "dimension of a posting")]


def _balance(stage: Stage, _: Claim) -> None:
    stage.expect(JournalsBalance(**stage.claim))


def _name(stage: Stage, p: LinesClaim) -> None:
    stage.expect(LinesName(**stage.claim, dimension=p.every_journal_line_names))


VERBS = (
    Verb(
        name="ledger.every_journal_balances",
        phases=("then",),
        heads=("every_journal_balances",),
        params=Claim,
        sentences=(Sentence(pattern="every journal balances"),),
        fact="JournalsBalance",
        does=_balance,
    ),
    Verb(
        name="ledger.every_line_names",
        phases=("then",),
        heads=("every_journal_line_names",),
        params=LinesClaim,
        sentences=(Sentence(pattern="every journal line names a {string}", binds=("every_journal_line_names",)),),
        fact="LinesName",
        does=_name,
    ),
)
