"""A story while it is made up: the steps so far, the day it is, and the names it has given out."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from simharness.core.errors import Where
from simharness.domain.base import Record
from simharness.explore.random.company import Company
from simharness.stories.story import Step, Story
from simharness.stories.vocabulary import BY_NAME
from simharness.stories.vocabulary.verb import Action, Claim, Phase

#: The day on which every random story begins, a Monday.
BEGINS = date(2026, 1, 5)
#: What a story is called until it has to be told from others.
UNNAMED = "A random story"
FINISHES = "middleware.connector_finishes"
#: No story goes on after this day. Vendors end the connection of whoever was not heard of for a hundred days, and
#: nobody is there to sign in again; the end of a quarter, with its change of rates, lies before it.
LAST_DAY = date(2026, 4, 10)
_NOWHERE = Where("a random story")


class Telling:
    """The steps of one story, told in order."""

    def __init__(self, company: Company, payouts: str = "manual") -> None:
        self.company = company
        self.day = BEGINS
        self._payouts = payouts
        self._said: list[tuple[Phase, str, Record]] = []

    def given(self, verb: str, params: Action) -> None:
        """Say how things stand before anything happens."""
        self._said.append(("given", verb, params))

    def when(self, verb: str, params: Action, *, days: int = 0) -> None:
        """Say that something happens, so many days later than what happened before."""
        if days:
            self.day += timedelta(days=days)
            params = replace(params, on=self.day)
        self._said.append(("when", verb, params))

    @property
    def has_begun(self) -> bool:
        """Whether anything happened yet."""
        return any(phase == "when" for phase, _, _ in self._said)

    @property
    def is_at_rest(self) -> bool:
        """Whether the connector finished and nothing happened since."""
        return bool(self._said) and self._said[-1][1] == FINISHES

    def story(self) -> Story:
        """The story as told so far, brought to a rest and to a claim that always holds."""
        said = list(self._said)
        if not self.is_at_rest:
            said.append(("when", FINISHES, Action()))
        said.append(("then", "gateway.clearing_equals_balance", Claim()))
        steps: list[Step] = []
        for number, (phase, verb, params) in enumerate(said, start=1):
            block = steps[-1].block + (steps[-1].phase != phase) if steps else 1
            steps.append(
                Step(number=number, block=block, phase=phase, verb=BY_NAME[verb], params=params, where=_NOWHERE)
            )
        return Story(
            name=UNNAMED,
            where=_NOWHERE,
            dictionary=self.company.dictionary,
            today=BEGINS,
            steps=tuple(steps),
            payouts=self._payouts,
            entity=self.company.dictionary.entity,
        )
