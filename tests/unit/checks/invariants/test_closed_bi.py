"""V12 turns red where BI shows another balance of a closed month than the ledger, or the version before a reopening."""

from __future__ import annotations

from typing import Any

from simharness.domain.bi import BiReading, BiTable
from tests.unit.checks import builders as b
from tests.unit.checks import money as m
from tests.unit.checks.test_closing import closed, locked, reopened


def journal_lines(*, without: int = -1) -> BiTable:
    """The journal of the money story as BI shows it, perhaps without one line."""
    rows = [
        (entry.date.isoformat(), line.account, str(line.amount.amount)) for entry in m.entries() for line in entry.lines
    ]
    kept = tuple(row for number, row in enumerate(rows) if number != without)
    return BiTable(name="fct_journal_line", columns=("entry_date", "account_id", "amount"), rows=kept)


def reading(step: int, version: str = "1", **changes: int) -> BiReading:
    return BiReading(step=step, source="connector", version=version, tables=(journal_lines(**changes),))


def said(*facts: Any, readings: tuple[BiReading, ...]) -> list[str]:
    record = m.record(told=(*m.facts(), *facts), bi=readings)
    return [finding.message for finding in b.findings("V12", record)]


def test_bi_shows_a_closed_month_as_the_ledger_has_it() -> None:
    facts = (closed(12), b.rest(20, "2026-02-03"))
    assert not said(*facts, readings=(reading(21),))
    (wrong, *more) = said(*facts, readings=(reading(21, without=0),))
    assert "BI shows another balance of" in wrong
    assert not more


def test_what_is_open_may_be_behind() -> None:
    assert not said(b.rest(20, "2026-02-03"), readings=(reading(21, without=0),))


def test_a_reopening_is_followed_by_another_version() -> None:
    facts = (
        locked(12), b.rest(14, "2026-02-03"), reopened(16), b.rest(18, "2026-02-09"), locked(19, on="2026-02-10"),
        b.rest(20, "2026-02-10"),
    )  # fmt: skip
    before = reading(15, "1")
    assert not said(*facts, readings=(before, reading(21, "2")))
    assert said(*facts, readings=(before, reading(21, "1"))) == [
        "BI was not published anew after 2026-01 was opened again"
    ]
    assert not said(*facts, readings=(before, reading(17, "1"), reading(21, "2")))  # nothing was published since
