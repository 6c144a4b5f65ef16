"""What must be true of the bank's statement."""

from __future__ import annotations

import datetime as dt

from simharness.core.money import Money
from simharness.domain.base import Record
from simharness.domain.claims import StatementLine, StatementShows
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.verb import Claim, Sentence, Verb
from simharness.stories.words import Cell


class LineClaim(Record, frozen=True, kw_only=True):
    """A line of the statement, money in positive; its reference is what the statement shows of what it is for."""

    amount: Money | Cell | None = None
    date: dt.date | Cell | None = None
    reference: str | Cell | None = None
    counterparty: str | Cell | None = None


class StatementClaim(Claim, frozen=True, kw_only=True):
    """Exactly the posted lines of a month, in any order, of all accounts of the bank or those of an entity."""

    bank_statement_for: t.Month
    shows: tuple[LineClaim, ...]


def _shows(stage: Stage, p: StatementClaim) -> None:
    lines = tuple(
        StatementLine(
            date=each.date if isinstance(each.date, dt.date) else None,
            amount=each.amount if isinstance(each.amount, Money) else None,
            reference=each.reference.value if isinstance(each.reference, Cell) else each.reference,
            counterparty=each.counterparty.value if isinstance(each.counterparty, Cell) else each.counterparty,
        )
        for each in p.shows
    )
    stage.expect(StatementShows(**stage.claim, period=p.bank_statement_for, lines=lines))


def _wrong(p: StatementClaim) -> str | None:
    for number, each in enumerate(p.shows, start=1):
        if each.amount is Cell.EMPTY or each.date is Cell.EMPTY:
            return f"line {number} of a statement has a day and an amount: write them, or * for any"
        if isinstance(each.date, dt.date) and f"{each.date:%Y-%m}" != p.bank_statement_for:
            return f"line {number} is of {each.date}, which is not in {p.bank_statement_for}"
    return None


VERBS = (
    Verb(
        name="bank.statement",
        phases=("then",),
        heads=("bank_statement_for",),
        params=StatementClaim,
        sentences=(
            Sentence(pattern="the bank statement for {period} shows:", binds=("bank_statement_for",), table="shows"),
        ),
        fact="StatementShows",
        does=_shows,
        wrong=_wrong,
    ),
)
