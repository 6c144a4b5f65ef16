"""Schedules and deferred revenue through the whole connector: nothing is billed, credited or recognised twice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from simharness.domain import acts
from simharness.domain.evidence import Reject
from simharness.domain.exchange import DeliveryKind
from tests.functional.test_reference_faults import Company, Fault, delivered, killed, usd, writes

PLAN = acts.LineSpec(
    product="Access plan", quantity=Decimal(1), unit_price=usd("900.00"),
    service_from=date(2026, 1, 1), service_to=date(2026, 3, 31),
)  # fmt: skip
DEARER = acts.LineSpec(
    product="Access plan", quantity=Decimal(1), unit_price=usd("450.00"),
    service_from=date(2026, 1, 1), service_to=date(2026, 3, 31),
)  # fmt: skip
SEAT = acts.LineSpec(
    product="Subscription seat", quantity=Decimal(3), unit_price=usd("10.00"), recurring="monthly", billing="monthly",
    service_from=date(2026, 2, 1),
)  # fmt: skip


class Season(Company):
    """A company that sells a season and seats by the month, on 5 January."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "us-service", now=datetime(2026, 1, 5, 20, tzinfo=UTC))

    def until(self, day: date) -> None:
        self.world.advance_to(datetime(day.year, day.month, day.day, 20, tzinfo=UTC))

    def rejects(self) -> list[str]:
        return [row.code for row in self.connector.evidence() if isinstance(row, Reject)]


def play(company: Season) -> None:
    """Two months of seats, a season that is halved in its second month and credited in its third, all recognised."""
    deal = company.deal(company.customer(region="US-TX-AUS"), PLAN, SEAT)
    company.win(deal)
    company.rest()
    company.until(date(2026, 2, 2))
    company.rest()
    company.until(date(2026, 2, 10))
    company.change(deal, DEARER, SEAT)
    company.rest()
    company.until(date(2026, 3, 2))
    company.rest()
    company.connector.operate("period_end", {"period": "2026-02"})
    company.rest()
    company.connector.operate("credit", {"invoice": "1001", "amount": "200.00", "approver": "Dana", "reason": "rain"})
    company.rest()
    company.until(date(2026, 3, 31))
    company.connector.operate("period_end", {"period": "2026-03"})
    company.rest()


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Season:
    company = Season(tmp_path_factory.mktemp("clean"))
    company.port.counts = writes
    play(company)
    return company


def test_the_clean_run_bills_and_recognises_by_hand_figures(clean: Season) -> None:
    documents, _, _, journals = clean.books()
    assert [(note, total) for _, note, _, _, total, *_ in documents] == [
        ("credit:1001:1", "USD 200.00"),
        # 40 days are gone, 50 of 90 are left at 5.00 less
        ("hubspot:deal:33000001:v2 lines:44000001", "USD 250.00"),
        ("hubspot:deal:33000001:due-2026-02-01 lines:44000002", "USD 30.00"),
        ("hubspot:deal:33000001:due-2026-03-01 lines:44000002", "USD 30.00"),
        ("hubspot:deal:33000001:v1 lines:44000001", "USD 900.00"),
    ]
    amounts = [(entry[0], entry[-1].split()[-1]) for entry in journals]
    assert amounts == [
        # 40 x 10.00 + 19 x 5.00; on 2 March 60 days are over, and 150.00 are left for 200.00
        ("close:recognition:44000001:2026-02", "-495.00"),
        ("close:recognition:44000001:2026-03", "-5.00"),
        ("close:recognition:44000002:2026-02", "-30.00"),
        ("close:recognition:44000002:2026-03", "-30.00"),
    ]
    assert clean.rejects() == []


@pytest.mark.parametrize("at", range(2, 17, 5))
@pytest.mark.parametrize(
    "fault", [pytest.param(delivered(DeliveryKind.LOST), id="answer-lost"), pytest.param(killed, id="killed")]
)
def test_a_fault_on_a_write_leaves_the_books_of_the_clean_run(
    clean: Season, tmp_path: Path, at: int, fault: Fault
) -> None:
    company = Season(tmp_path)
    company.port.counts, company.port.at, company.port.fault = writes, at, fault
    play(company)
    assert company.books() == clean.books()


def test_reading_every_feed_again_and_asking_again_changes_nothing(clean: Season, tmp_path: Path) -> None:
    company = Season(tmp_path)
    play(company)
    company.connector.operate("rewind", {})
    company.connector.operate("period_end", {"period": "2026-02"})
    company.connector.operate("period_end", {"period": "2026-03"})
    company.rest()
    assert company.books() == clean.books()


def test_an_empty_memory_hands_what_was_billed_for_days_to_a_person(tmp_path: Path) -> None:
    company = Season(tmp_path)
    company.win(company.deal(company.customer(region="US-TX-AUS"), PLAN, SEAT))
    company.rest()
    before = company.books()
    company.connector.stop()
    company.connector.start({**company.world.connections(), "bi.url": ""}, tmp_path / "another state")
    company.rest()
    assert company.books() == before
    assert company.rejects() == ["service_unknown"]
