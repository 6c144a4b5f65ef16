"""What the controller does: closing the books, and saying what foreign money is worth."""

from __future__ import annotations

from datetime import date

import msgspec

from simharness.domain.acts import ActRefused, ClosePeriod, SetExchangeRate
from simharness.domain.fact import BooksClosed, ExchangeRateStated
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.verb import Action, Sentence, Verb


class CloseBooks(Action, frozen=True, kw_only=True):
    """The controller closes the books up to and including a day."""

    books_closed: date


class StateRate(Action, frozen=True, kw_only=True):
    """The controller says what one unit of a foreign currency is worth from this day on: `is: USD 1.1025`."""

    rate_of: t.CurrencyCode
    worth: t.UnitPrice = msgspec.field(name="is")


def _close(stage: Stage, p: CloseBooks) -> None:
    stage.operate("accounting", ClosePeriod(until=p.books_closed), "controller")
    stage.record(BooksClosed(**stage.mark, until=p.books_closed))


def _state_rate(stage: Stage, p: StateRate) -> None:
    books = stage.dictionary.currency
    if p.worth.currency != books:
        raise ActRefused(f"a rate of {p.rate_of} in {p.worth.currency} says nothing to books in {books}")
    stage.operate("accounting", SetExchangeRate(currency=p.rate_of, rate=p.worth.amount), "controller")
    stage.record(ExchangeRateStated(**stage.mark, currency=p.rate_of, rate=p.worth.amount))


def _wrong_rate(p: StateRate) -> str | None:
    if p.worth.amount <= 0:
        return f"{p.worth} is no rate: it must be more than zero"
    return f"{p.rate_of} is always worth {p.rate_of} 1" if p.rate_of == p.worth.currency else None


VERBS = (
    Verb(
        name="close.books_closed",
        phases=("given", "when"),
        heads=("books_closed",),
        params=CloseBooks,
        sentences=(Sentence(pattern="the books are closed until {date}", binds=("books_closed",)),),
        fact="BooksClosed",
        does=_close,
    ),
    Verb(
        name="close.rate_of",
        phases=("given", "when"),
        heads=("rate_of",),
        params=StateRate,
        sentences=(Sentence(pattern="the rate of {word} is {money}", binds=("rate_of", "worth")),),
        fact="ExchangeRateStated",
        does=_state_rate,
        wrong=_wrong_rate,
    ),
)
