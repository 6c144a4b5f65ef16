"""BI is told how recurring lines were between their changes, and never twice for one day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from simharness.reference import mapping
from simharness.reference.arithmetic.pricing import NO_DISCOUNT, DealLine
from simharness.reference.invoicing.crm import Deal
from simharness.reference.invoicing.history import Histories
from simharness.reference.mapping import load
from simharness.reference.memory.store import Store

BOOKS = load(Path(mapping.__file__).parent.parent / "mappings" / "us-service")
YEAR = {"service_from": date(2026, 1, 1), "service_to": date(2026, 12, 31)}


def line(id: str, price: str) -> DealLine:
    return DealLine(
        id=id, product="Access plan", quantity=Decimal(1), unit_price=Decimal(price), frequency="annually", **YEAR
    )


def deal(day: date, *lines: DealLine) -> Deal:
    at = datetime(day.year, day.month, day.day, 20, tzinfo=UTC)
    return Deal(
        id="7", company_id="1", currency="USD", won_at=at, close_at=at, modified=at, discount=NO_DISCOUNT,
        cost_centre="", location="", entity="", lines=lines,
    )  # fmt: skip


def test_each_price_counts_for_its_own_days_and_what_is_gone_no_more() -> None:
    store = Store("sqlite://")
    histories = Histories(store, BOOKS)
    histories.note(deal(date(2026, 1, 5), line("1", "1200"), line("2", "600")), is_new=True)
    histories.note(deal(date(2026, 3, 15), line("1", "2400"), line("2", "600")), is_new=False)
    histories.note(deal(date(2026, 3, 15), line("1", "3600"), line("2", "600")), is_new=False)  # the same day again
    histories.note(deal(date(2026, 7, 2), line("1", "3600")), is_new=False)
    told = [(each.line_id, each.amount, each.starts_on, each.ends_on) for each in histories.lines([], ["7"])]
    assert told == [
        ("1", Decimal(1200), date(2026, 1, 1), date(2026, 3, 14)),
        ("1", Decimal(3600), date(2026, 3, 15), date(2026, 12, 31)),
        ("2", Decimal(600), date(2026, 1, 1), date(2026, 7, 1)),
    ]
    assert list(histories.lines([], [])) == [], "a deal that is open again recurs no more"
    store.close()


def test_a_line_that_comes_later_counts_from_the_day_it_came() -> None:
    store = Store("sqlite://")
    histories = Histories(store, BOOKS)
    once = replace(line("1", "50"), frequency="")
    histories.note(deal(date(2026, 1, 5), once), is_new=True)
    histories.note(deal(date(2026, 2, 10), once, line("2", "600")), is_new=False)
    (told,) = histories.lines([], ["7"])
    assert (told.line_id, told.starts_on) == ("2", date(2026, 2, 10))
    store.close()
