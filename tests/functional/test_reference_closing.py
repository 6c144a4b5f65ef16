"""The reference connector over a close: what was under way finds its month, and a reopening lets in what waited."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from simharness.connectors.port import ConnectorFailed
from simharness.domain import acts
from simharness.domain.evidence import DeadLetter, LogRow, Reject
from simharness.domain.exchange import DeliveryKind
from tests.functional.test_reference_faults import PRINTER, Company, Fault, delivered, refused_connection, writes

EVENING = datetime(2026, 1, 30, 20, 0, tzinfo=UTC)
CLOSE = {"period": "2026-01", "operator": "Clara"}


def company(folder: Path, dictionary: str = "us-saas") -> Company:
    """A company with its customer in the ledger, on the day before the last of January."""
    made = Company(folder, dictionary, now=EVENING)
    made.port.counts = writes
    made.win(made.deal(made.customer(), PRINTER, name="First"))
    made.rest()
    return made


def sell(made: Company, name: str = "Late") -> None:
    crm = made.world.snapshot().crm
    assert crm is not None
    made.win(made.deal(crm.companies[0].id, PRINTER, name=name))


def invoices(made: Company) -> list[tuple[str, str]]:
    """Day of each invoice, and what its note says of its own."""
    ledger = made.world.snapshot().ledger()
    assert ledger is not None
    return [(str(each.date), each.note.partition(" dated ")[2]) for each in ledger.documents]


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        pytest.param(delivered(DeliveryKind.LOST), ("2026-01-30", ""), id="it-was-there-before-the-close"),
        pytest.param(refused_connection, ("2026-02-01", "2026-01-30"), id="it-never-came-through"),
    ],
)
def test_what_was_sent_without_an_answer_before_the_close_is_looked_up(
    tmp_path: Path, fault: Fault, found: tuple[str, str]
) -> None:
    made = company(tmp_path)
    made.port.at, made.port.fault, made.port.lasting = made.port.seen + 1, fault, 50
    sell(made)
    made.connector.trigger("work")
    made.port.fault = None
    made.world.advance(timedelta(days=3))
    made.connector.operate("close", CLOSE)
    made.rest()
    assert invoices(made) == [("2026-01-30", ""), found]


def test_what_waits_in_the_outbox_is_moved_and_listed(tmp_path: Path) -> None:
    made = company(tmp_path)
    sell(made)
    made.world.advance(timedelta(days=3))
    made.connector.operate("close", CLOSE)
    made.rest()
    rows = [row for row in made.connector.evidence() if isinstance(row, LogRow) and row.target.endswith("invoice:2")]
    assert [row.detail for row in rows] == ["late: of 2026-01-30, posted on 2026-02-01"]


def test_a_reopening_takes_up_by_itself_what_was_refused_for_its_day(tmp_path: Path) -> None:
    made = company(tmp_path, "us-saas-late")
    sell(made)
    made.world.advance(timedelta(days=3))
    made.connector.operate("close", CLOSE)
    made.world.operate("accounting", acts.ClosePeriod(until=date(2026, 1, 31)), "controller")
    made.rest()
    (reject,) = [row for row in made.connector.evidence() if isinstance(row, Reject)]
    assert (reject.code, invoices(made)) == ("period_closed", [("2026-01-30", "")])
    made.world.operate("accounting", acts.ClosePeriod(until=date(2025, 12, 31)), "controller")
    made.connector.operate("reopen", {**CLOSE, "because": "an invoice is missing"})
    made.rest()
    assert invoices(made) == [("2026-01-30", ""), ("2026-01-30", "")]
    (row,) = [row for row in made.connector.evidence() if isinstance(row, LogRow) and row.action == "reopen"]
    assert (row.by, row.detail) == ("Clara", "because an invoice is missing, period 2026-01")


def test_what_the_ledger_refused_for_its_day_is_taken_up_as_well(tmp_path: Path) -> None:
    """The closing date is set in the ledger alone: the connector learns of it when it is refused."""
    made = company(tmp_path, "us-saas-late")
    sell(made)
    made.world.advance(timedelta(days=3))
    made.world.operate("accounting", acts.ClosePeriod(until=date(2026, 1, 31)), "controller")
    made.rest()
    assert _letters(made) == [False]
    made.world.operate("accounting", acts.ClosePeriod(until=date(2025, 12, 31)), "controller")
    made.connector.operate("reopen", {**CLOSE, "because": "an invoice is missing"})
    made.rest()
    assert invoices(made) == [("2026-01-30", ""), ("2026-01-30", "")]
    assert _letters(made) == [False, True]


def test_a_reopening_without_a_reason_is_refused(tmp_path: Path) -> None:
    made = company(tmp_path)
    made.connector.operate("close", CLOSE)
    with pytest.raises(ConnectorFailed, match="for a reason only"):
        made.connector.operate("reopen", CLOSE)


def _letters(made: Company) -> list[bool]:
    """Whether each dead letter so far tells of a replay."""
    return [row.replayed_at is not None for row in made.connector.evidence() if isinstance(row, DeadLetter)]
