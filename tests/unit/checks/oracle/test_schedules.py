"""What is expected of schedules and of days of service, and what must be refused, from facts alone; figures by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from simharness.checks.oracle.books import expected_books
from simharness.checks.oracle.model import ExpectedBooks
from simharness.checks.oracle.rulebook import Rulebook
from simharness.core.money import Money
from simharness.domain.crm import DealLine
from simharness.domain.fact import DealChanged, MilestoneReached
from simharness.domain.policy import Proration
from tests.unit.checks import builders as b

PRINTER, ONBOARDING = b.LINES
SERVICE = structs.replace(ONBOARDING, quantity=Decimal(1), unit_price=Money(Decimal(365), "USD"), discount_percent=None)
YEAR = {"service_from": date(2026, 1, 1), "service_to": date(2026, 12, 31)}


def books(*facts: Any, **policy: Any) -> ExpectedBooks:
    return expected_books(facts, Rulebook(b.dictionary(**policy)))


def start(*lines: DealLine, until: str = "2026-01-12") -> tuple[Any, ...]:
    entered = structs.replace(b.deal_entered(), lines=lines, discount_percent=None, discount_amount=None)
    return b.entered(), entered, b.won(), b.rest(4, until)


def changed(step: int, on: str, *lines: DealLine) -> DealChanged:
    return DealChanged(**(b.mark(step, "crm.deal_changed", on) | {"deal": "Rollout", "deal_id": "D1", "lines": lines}))


def test_each_month_that_is_due_by_a_rest_is_a_document_of_its_own_day() -> None:
    seat = structs.replace(SERVICE, recurring="monthly", billing="monthly", service_from=date(2026, 1, 31))
    found = books(*start(PRINTER, seat, until="2026-01-31"), b.rest(5, "2026-03-05")).documents
    assert [(each.due, each.dated) for each in found] == [
        ("", date(2026, 1, 12)),
        ("due-2026-01-31", date(2026, 1, 31)),
        ("due-2026-02-28", date(2026, 2, 28)),
    ]
    assert len({each.version for each in found}) == 3


def test_a_milestone_is_billed_as_on_the_day_it_was_reached() -> None:
    step = structs.replace(SERVICE, billing="milestone", milestone="Go-live")
    told = {"deal": "Rollout", "deal_id": "D1", "line_id": step.id, "milestone": "Go-live"}
    reached = MilestoneReached(**(b.mark(5, "crm.milestone_reached", "2026-02-02") | told), reached_on=date(2026, 2, 2))
    assert [each.due for each in books(*start(PRINTER, step)).documents] == [""]
    found = books(*start(PRINTER, step), reached, b.rest(6, "2026-02-20")).documents
    assert [(each.dated, each.net) for each in found[1:]] == [(date(2026, 2, 2), Decimal("365.00"))]


def test_a_change_is_billed_for_the_days_that_are_left_where_the_books_say_so() -> None:
    plan = structs.replace(SERVICE, recurring="yearly", billing="upfront", **YEAR)
    dearer = structs.replace(plan, unit_price=Money(Decimal(730), "USD"))
    facts = (*start(plan), changed(5, "2026-12-22", dearer), b.rest(6, "2026-12-23"))
    assert books(*facts, proration=Proration.DAY).documents[-1].net == Decimal("10.00")  # ten days of 1.00
    assert books(*facts).documents[-1].net == Decimal("365.00")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (structs.replace(SERVICE, billing="sometimes"), "nobody knows when 'sometimes' is"),
        (structs.replace(SERVICE, recurring="yearly", billing="upfront", service_from=date(2026, 1, 1),
                         service_to=date(2026, 6, 30)), "not of whole billings"),
        (structs.replace(SERVICE, recurring="monthly", billing="monthly", service_from=date(2026, 1, 1),
                         service_to=date(2026, 6, 15)), "not of whole months"),
    ],
)  # fmt: skip
def test_a_schedule_that_nobody_can_keep_must_be_refused(line: DealLine, words: str) -> None:
    found = books(*start(line))
    assert found.documents == ()
    assert [words in refusal.reason for refusal in found.refusals] == [True]


def test_other_days_for_what_was_billed_for_days_must_be_refused() -> None:
    plan = structs.replace(SERVICE, recurring="yearly", billing="upfront", **YEAR)
    longer = structs.replace(plan, service_to=date(2027, 12, 31))
    found = books(*start(plan), changed(5, "2026-03-02", longer), b.rest(6, "2026-03-03"), proration=Proration.DAY)
    assert ["days of service" in refusal.reason for refusal in found.refusals] == [True]
