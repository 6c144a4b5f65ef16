"""What an alert desk keeps: one incident while it is open, another one after it was cleared."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from simharness.core.clock import Clock
from simharness.core.money import Money
from simharness_fakes.operations.desk import Desk, Incident

MONDAY = datetime(2026, 1, 5, 17, 0, tzinfo=UTC)


def incident(
    number: int,
    key: str = "posting:1",
    service: str = "finance",
    *,
    text: str = "refused",
    item: str = "",
    amount: Money | None = None,
) -> Incident:
    return Incident(
        id=f"A{number}",
        key=key,
        service=service,
        raised_at=MONDAY,
        owner=service,
        text=text,
        severity="error",
        item=item,
        amount=amount,
    )


def test_a_repetition_is_counted_and_changes_nothing_else() -> None:
    desk = Desk(Clock(MONDAY))
    first, is_new = desk.raise_(incident(1, item="ch_1", amount=Money(Decimal("12.00"), "USD")))
    again, is_newer = desk.raise_(incident(2, item="ch_2", text="other"))
    assert (is_new, is_newer) == (True, False)
    assert (again.id, again.item, again.text, again.repeats) == (first.id, "ch_1", "refused", 1)
    assert [alert.repeats for alert in desk.snapshot("desk").alerts] == [1]


def test_keys_of_other_services_and_other_keys_are_other_incidents() -> None:
    desk = Desk(Clock(MONDAY))
    for number, (key, service) in enumerate((("a", "finance"), ("b", "finance"), ("a", "payroll"))):
        assert desk.raise_(incident(number, key, service))[1]
    desk.clear("finance", "a")
    assert [(each.incident, each.cleared_at is None) for each in desk.snapshot("desk").alerts] == [
        ("a", False),
        ("b", True),
        ("a", True),
    ]


def test_a_cleared_incident_keeps_its_instant_and_the_next_alert_opens_another() -> None:
    clock = Clock(MONDAY)
    desk = Desk(clock)
    desk.raise_(incident(1))
    clock.advance(timedelta(hours=2))
    assert desk.clear("finance", "posting:1") is not None
    clock.advance(timedelta(hours=1))
    assert desk.clear("finance", "posting:1") is None
    assert desk.raise_(incident(2))[1]
    assert [(each.id, each.cleared_at) for each in desk.snapshot("desk").alerts] == [
        ("A1", MONDAY + timedelta(hours=2)),
        ("A2", None),
    ]


def test_an_incident_is_taken_on_once_while_it_is_open() -> None:
    desk = Desk(Clock(MONDAY))
    assert desk.acknowledge("finance", "posting:1") is None
    desk.raise_(incident(1))
    taken = desk.acknowledge("finance", "posting:1")
    assert taken is not None
    assert taken.acknowledged_at == MONDAY
    assert desk.acknowledge("finance", "posting:1") is None


def test_a_fork_goes_its_own_way() -> None:
    desk = Desk(Clock(MONDAY))
    desk.raise_(incident(1))
    twin = desk.fork(Clock(MONDAY))
    twin.clear("finance", "posting:1")
    twin.raise_(incident(2))
    assert [each.cleared_at for each in desk.snapshot("desk").alerts] == [None]
    assert len(twin.snapshot("desk").alerts) == 2
