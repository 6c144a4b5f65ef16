"""What the controller does: closing the books, and saying what foreign money is worth; a gateway says so itself."""

from __future__ import annotations

from datetime import date

import msgspec

from simharness.core.money import Money
from simharness.domain.acts import ActRefused, ClosePeriod, SetExchangeRate
from simharness.domain.fact import BooksClosed, ExchangeRateStated, GatewayRateStated
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.verb import Action, Sentence, Verb

#: Under whose name the gateway's own rates are stated.
GATEWAY = "gateway"


class CloseBooks(Action, frozen=True, kw_only=True):
    """The controller closes the books of an entity (of the first, unless said) up to and including a day."""

    books_closed: date
    entity: t.EntityName | None = None


class StateGatewayRate(Action, frozen=True, kw_only=True):
    """The gateway changes one unit of a foreign currency into so much of that of its balance from now on."""

    gateway_rate_of: t.CurrencyCode
    worth: t.UnitPrice = msgspec.field(name="is")


class StateRate(Action, frozen=True, kw_only=True):
    """The controller says what one unit of a foreign currency is worth from this day on: `is: USD 1.1025`.

    `as_of` is an earlier day, where that is said late.
    """

    rate_of: t.CurrencyCode
    entity: t.EntityName | None = None
    worth: t.UnitPrice = msgspec.field(name="is")
    as_of: date | None = None


def _close(stage: Stage, p: CloseBooks) -> None:
    entity = p.entity or ""
    stage.operate("accounting", ClosePeriod(until=p.books_closed, entity=entity), "controller")
    stage.record(BooksClosed(**stage.mark, until=p.books_closed, entity=entity))


def _state_rate(stage: Stage, p: StateRate) -> None:
    entity = p.entity or ""
    books = stage.books_of(entity).currency
    if p.worth.currency != books:
        raise ActRefused(f"a rate of {p.rate_of} in {p.worth.currency} says nothing to books in {books}")
    rate, late = p.worth.amount, p.as_of
    if late is not None and late >= stage.today:
        raise ActRefused(f"{late} is not over: state its rate on the day itself")
    act = SetExchangeRate(currency=p.rate_of, rate=rate, day=late, entity=entity)
    stage.operate("accounting", act, "controller")
    stage.record(ExchangeRateStated(**stage.mark, currency=p.rate_of, rate=rate, entity=entity, as_of=late))


def _state_gateway_rate(stage: Stage, p: StateGatewayRate) -> None:
    books = stage.dictionary.currency
    if p.worth.currency != books:
        raise ActRefused(f"a rate of {p.gateway_rate_of} in {p.worth.currency} says nothing to a balance in {books}")
    stage.operate("payments", SetExchangeRate(currency=p.gateway_rate_of, rate=p.worth.amount), GATEWAY)
    stage.record(GatewayRateStated(**stage.mark, currency=p.gateway_rate_of, rate=p.worth.amount))


def _wrong_rate(p: StateRate) -> str | None:
    return _no_rate(p.rate_of, p.worth)


def _wrong_gateway_rate(p: StateGatewayRate) -> str | None:
    return _no_rate(p.gateway_rate_of, p.worth)


def _no_rate(currency: str, worth: Money) -> str | None:
    if worth.amount <= 0:
        return f"{worth} is no rate: it must be more than zero"
    return f"{currency} is always worth {currency} 1" if currency == worth.currency else None


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
        sentences=(
            Sentence(pattern="the rate of {word} is {money}", binds=("rate_of", "worth")),
            Sentence(pattern="the rate of {word} as of {date} is {money}", binds=("rate_of", "as_of", "worth")),
        ),
        fact="ExchangeRateStated",
        does=_state_rate,
        wrong=_wrong_rate,
    ),
    Verb(
        name="close.gateway_rate_of",
        phases=("given", "when"),
        heads=("gateway_rate_of",),
        params=StateGatewayRate,
        sentences=(Sentence(pattern="the gateway's rate of {word} is {money}", binds=("gateway_rate_of", "worth")),),
        fact="GatewayRateStated",
        does=_state_gateway_rate,
        wrong=_wrong_gateway_rate,
    ),
)
