"""A line is billed once, for its whole term, month by month, or at its milestone, and changes by the day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simharness.checks.oracle.proration import Prices
from simharness.domain.policy import Rounding
from simharness.reference import mapping
from simharness.reference.arithmetic.money import Cents
from simharness.reference.arithmetic.pricing import NO_DISCOUNT, DealLine, Discount
from simharness.reference.errors import Rejected
from simharness.reference.invoicing.billed import Service
from simharness.reference.invoicing.billing import CREDIT_MEMO, Biller
from simharness.reference.invoicing.changes import after
from simharness.reference.invoicing.crm import CompanyFacts, Deal
from simharness.reference.invoicing.schedules import next_due, parts
from simharness.reference.mapping import load

D = Decimal
WON = date(2026, 1, 10)
BOOKS = Biller(load(Path(mapping.__file__).parent.parent / "mappings" / "us-service"))
AUSTIN = CompanyFacts(id="1", name="Fir Stadium", region="US-TX-AUS")


def line(id: str = "1", schedule: str = "", frequency: str = "", price: str = "100", **told: date) -> DealLine:
    return DealLine(
        id=id, product="Access plan", quantity=D(1), unit_price=D(price), schedule=schedule, frequency=frequency, **told
    )


def deal(*lines: DealLine, modified: date = WON, discount: Discount = NO_DISCOUNT) -> Deal:
    at = datetime(WON.year, WON.month, WON.day, 20, tzinfo=UTC)
    changed = datetime(modified.year, modified.month, modified.day, 20, tzinfo=UTC)
    return Deal(
        id="7", company_id="1", currency="USD", won_at=at, close_at=at, modified=changed, discount=discount,
        cost_centre="", location="", entity="", lines=lines,
    )  # fmt: skip


def test_months_from_the_31st_end_before_the_last_day_of_shorter_ones() -> None:
    seat = line(schedule="monthly", frequency="monthly", service_from=date(2026, 1, 31), service_to=date(2026, 4, 29))
    found = [(each.day, each.first, each.last) for each in parts(seat, WON, date(2026, 12, 31))]
    assert found == [
        (date(2026, 1, 31), date(2026, 1, 31), date(2026, 2, 27)),
        (date(2026, 2, 28), date(2026, 2, 28), date(2026, 3, 30)),
        (date(2026, 3, 31), date(2026, 3, 31), date(2026, 4, 29)),
    ]
    assert next_due([seat], date(2026, 1, 31)) == date(2026, 2, 28)
    assert next_due([seat], date(2026, 3, 31)) is None


def test_a_month_that_was_due_before_the_deal_was_won_is_billed_when_it_is() -> None:
    seat = line(schedule="monthly", frequency="monthly", service_from=date(2025, 12, 1))
    assert [each.day for each in parts(seat, WON, date(2026, 2, 3))] == [WON, WON, date(2026, 2, 1)]


@pytest.mark.parametrize(
    ("frequency", "last", "times"),
    [("annually", date(2026, 12, 31), 1), ("monthly", date(2026, 12, 31), 12), ("quarterly", date(2026, 6, 30), 2)],
)
def test_upfront_is_the_whole_term(frequency: str, last: date, times: int) -> None:
    told = line(schedule="upfront", frequency=frequency, service_from=date(2026, 1, 1), service_to=last)
    (part,) = parts(told, WON, WON)
    assert (part.times, part.slot) == (times, "")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (line(schedule="sometimes"), "unknown_schedule"),
        (line(schedule="monthly", frequency="monthly"), "schedule_without_term"),
        (line(schedule="upfront", frequency="annually", service_from=WON, service_to=date(2026, 6, 1)),
         "term_not_whole"),
    ],
)  # fmt: skip
def test_a_schedule_that_nobody_can_keep_is_rejected_by_name(wrong: DealLine, code: str) -> None:
    with pytest.raises(Rejected) as rejected:
        BOOKS.plan(deal(wrong), AUSTIN, {}, 0)
    assert rejected.value.code == code


def test_one_discount_in_money_over_lines_that_are_billed_at_other_times_is_rejected() -> None:
    seat = line("2", schedule="monthly", frequency="monthly", service_from=date(2026, 2, 1))
    with pytest.raises(Rejected) as rejected:
        BOOKS.plan(deal(line(), seat, discount=Discount(amount=D(10))), AUSTIN, {}, 0)
    assert rejected.value.code == "discount_over_schedules"


def test_each_schedule_has_its_own_document_under_a_reference_that_says_when() -> None:
    seat = line("2", schedule="monthly", frequency="monthly", service_from=date(2026, 1, 10))
    step = line("3", schedule="milestone", reached_on=date(2026, 2, 1))
    plans = BOOKS.plan(deal(line(), seat, step), AUSTIN, {}, 0, today=date(2026, 2, 10))
    assert [each.reference for each in plans] == [
        "hubspot:deal:7:v1 lines:1",
        "hubspot:deal:7:due-2026-01-10 lines:2",
        "hubspot:deal:7:due-2026-02-10 lines:2",
        "hubspot:deal:7:milestone-3 lines:3",
    ]
    assert [each.day for each in plans] == [WON, WON, date(2026, 2, 10), date(2026, 2, 1)]
    billed = {}
    for plan in plans:
        billed = after(billed, plan.lines, up=True)
    assert BOOKS.plan(deal(line(), seat, step), AUSTIN, billed, 1, today=date(2026, 2, 10)) == ()


def test_other_days_for_what_was_billed_for_days_are_for_a_person() -> None:
    year = {"service_from": date(2026, 1, 1), "service_to": date(2026, 12, 31)}
    (first,) = BOOKS.plan(deal(line(schedule="upfront", frequency="annually", **year)), AUSTIN, {}, 0)
    longer = line(
        schedule="upfront", frequency="annually", service_from=date(2026, 1, 1), service_to=date(2027, 12, 31)
    )
    with pytest.raises(Rejected) as rejected:
        BOOKS.plan(deal(longer, modified=date(2026, 5, 1)), AUSTIN, after({}, first.lines, up=True), 1)
    assert rejected.value.code == "service_changed"


def test_a_line_that_is_gone_is_credited_for_the_days_that_are_left_and_ends() -> None:
    plan = line("2", schedule="upfront", frequency="annually", price="365",
                service_from=date(2026, 1, 1), service_to=date(2026, 12, 31))  # fmt: skip
    (first,) = BOOKS.plan(deal(line(), plan), AUSTIN, {}, 0)
    (credit,) = BOOKS.plan(deal(line(), modified=date(2026, 12, 22)), AUSTIN, after({}, first.lines, up=True), 1)
    assert (credit.kind, credit.taxes.total) == (CREDIT_MEMO, D(10))
    (taken,) = credit.deferred
    assert (taken.amount, taken.ends) == (D(-10), True)


def test_days_cost_what_they_cost_when_they_were_served_and_nothing_is_rounded_before() -> None:
    service = Service(
        first=date(2026, 5, 1), last=date(2026, 5, 31), listed=D(300), amount=D(300), since=date(2026, 5, 1)
    )
    twice = service.changed(D(400), D(400), date(2026, 5, 11)).changed(D(200), D(200), date(2026, 5, 25))
    # 10 x 300 + 14 x 400 + 7 x 200 = 10,000; / 31 = 322.5806
    assert twice.worth(Cents("USD")) == (D("322.58"), D("322.58"))
    assert service.changed(D(0), D(0), date(2026, 7, 1)).worth(Cents("USD")) == (D(300), D(300))


@given(st.lists(st.tuples(st.integers(-5, 400), st.integers(0, 900_000)), max_size=4), st.integers(1, 900_000))
def test_two_arithmetics_agree_on_what_changing_prices_come_to(changes: list[tuple[int, int]], cents: int) -> None:
    """The checks have one of their own."""
    first, last, price = date(2026, 1, 1), date(2026, 12, 31), D(cents) / 100
    service = Service(first=first, last=last, listed=price, amount=price, since=first)
    judged = Prices(last=last, steps=((first, price, price),))
    for after_days, changed in sorted(changes):
        day, price = date.fromordinal(first.toordinal() + after_days), D(changed) / 100
        service, judged = service.changed(price, price, day), judged.then(day, price, price)
    assert service.worth(Cents("USD")) == judged.worth(D("0.01"), Rounding.HALF_UP)
