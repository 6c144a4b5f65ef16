"""The entries of a period's end, whoever makes them: asked for by an operator, posted in the pass that follows.

A maker says what is to be posted at the end of a period, as tasks under references of their own, so that asking twice
posts nothing twice. It is asked at the end of the pass, when everything the pass found is in the ledger, and again in
the next pass where a vendor gave it no answer. Makers are asked in the order of registration, each once what the
makers before it asked for is posted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import msgspec

from simharness.reference.closing.period import Period
from simharness.reference.memory.store import Store
from simharness.reference.posting.tasks import Task, Tasks

#: The setting that holds the periods whose end was asked for and is not posted yet.
_ASKED = "closing.ends_asked"


class EndOfPeriod(Protocol):
    """One kind of entry of a period's end, such as accruals; also what reverses it on the day after.

    A plan of such a task says `pinned`, so that it is never moved to another day (see posting/tasks.py).
    """

    def tasks(self, period: Period) -> Iterable[Task]:
        """What is to be posted at the end of the period. May raise `Unavailable` or `Refused`, as the vendors do."""


class PeriodEnds:
    """The makers (`makers`, filled where the connector is put together) and what waits to be asked of them."""

    def __init__(self, store: Store, tasks: Tasks) -> None:
        self._store, self._tasks = store, tasks
        self.makers: list[EndOfPeriod] = []

    def ask(self, period: Period) -> None:
        """Let the next pass post what belongs to the end of the period."""
        self._keep(sorted({*self._asked(), str(period)}))

    def run(self) -> int:
        """Post what was asked for, oldest period first; gives how many tasks were news."""
        news = 0
        for text in self._asked():
            period = Period.parse(text)
            for maker in self.makers:
                news += self._tasks.take(maker.tasks(period))
                self._tasks.post()
            self._keep([each for each in self._asked() if each != text])
        return news

    def _asked(self) -> list[str]:
        return msgspec.json.decode(self._store.get_setting(_ASKED, "[]"), type=list[str])

    def _keep(self, periods: list[str]) -> None:
        self._store.set_setting(_ASKED, msgspec.json.encode(periods).decode())
