"""The acts of a close reach whom they concern, and a new record is kept out of a day that is closed here."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

import msgspec
import pytest

from simharness.reference.closing.controls import Controls
from simharness.reference.errors import ConfigurationError
from simharness.reference.memory.evidence import Held
from simharness.reference.posting.intent import Intent
from simharness.reference.posting.outbox import Letter
from simharness.reference.vendors.quickbooks import CLOSED

if TYPE_CHECKING:
    from simharness.reference.closing.ends import PeriodEnds
    from simharness.reference.ledger.periods import Periods
    from simharness.reference.memory.evidence import Evidence
    from simharness.reference.posting.outbox import Outbox
    from simharness.reference.posting.tasks import Tasks


class Recorder:
    """Stands for whoever is told something, and remembers it."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Any]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *args: self.told.append((name, args[0] if args else None))

    def is_closed_here(self, day: date) -> bool:
        return day <= date(2026, 1, 31)

    def held(self) -> list[Held]:
        return [Held("a", "period_closed", "", "", ""), Held("b", "no_company", "", "", "")]

    def dead(self) -> list[Letter]:
        reasons = {"c": f"quickbooks refused (400, code {CLOSED}): closed", "d": "quickbooks refused (400, code 6000)"}
        return [
            Letter(source=source, kind="", entity="", key="", reason=reason, attempts=1, amount="")
            for source, reason in reasons.items()
        ]


def controls() -> tuple[Controls, Recorder]:
    known = Recorder()
    made = Controls(
        cast("Periods", known), cast("PeriodEnds", known), cast("Tasks", known), cast("Outbox", known),
        cast("Evidence", known), [lambda source: known.told.append(("retry", source))],
    )  # fmt: skip
    return made, known


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ("close", [("close", date(2026, 1, 31))]),
        ("lock", [("close", date(2026, 1, 31)), ("lock", date(2026, 1, 31)), ("begin", None)]),
        ("reopen", [("reopen", date(2026, 1, 1)), ("retry", "a"), ("retry", "c")]),
    ],
)
def test_an_act_tells_the_days_of_its_period_and_a_reopening_takes_up_what_waited(act: str, told: list[Any]) -> None:
    made, known = controls()
    made.acts()[act]({"period": "2026-01", "because": "an invoice is missing"})
    assert known.told == told


@pytest.mark.parametrize(
    ("act", "args"), [("close", {}), ("lock", {"period": "soon"}), ("reopen", {"period": "2026-01"})]
)
def test_an_act_that_says_too_little_is_refused(act: str, args: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError):
        controls()[0].acts()[act](args)


def intent(reference: str, action: str = "create", body: Any = None, context: Any = None) -> Intent:
    return Intent(
        kind="task", source=reference, entity="JournalEntry", reference=reference, action=action,
        body=msgspec.json.encode(body or {}), context=msgspec.json.encode(context or {}).decode(),
    )  # fmt: skip


JANUARY, FEBRUARY = {"TxnDate": "2026-01-31"}, {"TxnDate": "2026-02-01"}


@pytest.mark.parametrize(
    ("posting", "refused"),
    [
        (intent("stripe:fee:1", body=JANUARY), True),
        (intent("stripe:fee:1", "apply", body=JANUARY), True),
        (intent("quickbooks:invoice:1:void", "void", context=JANUARY), True),
        (intent("stripe:fee:1", body=FEBRUARY), False),
        (intent("close:adjustment:A-1", body=JANUARY), False),
        (intent("hubspot:company:1"), False),
        (intent("stripe:charge:1", "update", body=JANUARY), False),
    ],
)
def test_a_closed_day_takes_adjustments_only(posting: Intent, refused: bool) -> None:
    found = controls()[0].refusal(posting)
    assert (found is not None) is refused
    if found is not None:
        assert (found.status, found.code) == (400, CLOSED)
