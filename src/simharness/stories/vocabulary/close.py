"""Closing the books."""

from __future__ import annotations

from datetime import date

from simharness.domain.acts import ClosePeriod
from simharness.domain.fact import BooksClosed
from simharness.stories.stage import Stage
from simharness.stories.vocabulary.verb import Action, Sentence, Verb


class CloseBooks(Action, frozen=True, kw_only=True):
    """The controller closes the books up to and including a day."""

    books_closed: date


def _close(stage: Stage, p: CloseBooks) -> None:
    stage.operate("accounting", ClosePeriod(until=p.books_closed), "controller")
    stage.record(BooksClosed(**stage.mark, until=p.books_closed))


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
)
