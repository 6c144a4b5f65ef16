"""C10 turns red for a connector that calls more often than what happened can explain."""

from __future__ import annotations

from typing import Any

from simharness.checks.conduct.budget import work_of
from simharness.domain.connector import Budget
from simharness.domain.exchange import Delivery, DeliveryKind, Exchange, Notes, Request, Response
from simharness.domain.finding import Judgement
from simharness.domain.record import RunRecord
from tests.unit.checks import builders as b

DAY = "2026-01-12"
LOST = Delivery(kind=DeliveryKind.LOST)


def calls(first: int, last: int, status: int = 200, **changes: Any) -> list[Exchange]:
    response = Response(status=status, notes=Notes(operation="query", actor="connector"))
    request = Request(method="GET", host="quickbooks.api.intuit.com", path="/v3/company/1/query")
    return [
        b.exchange(number, "query", b"", **({"request": request, "response": response} | changes))
        for number in range(first, last + 1)
    ]


def rest(step: int, until: int, passes: int = 1, hour: int = 18) -> Any:
    at = b.at(DAY, hour)
    return b.rest(step, DAY, exchanges=until, passes=passes, began=(0,) * passes, at=at)


def record(exchanges: list[Exchange], *facts: Any, writes: tuple[Any, ...] = (), **budget: int) -> RunRecord:
    story = b.record(exchanges=tuple(exchanges), facts=facts, writes=writes)
    return b.with_connector(story, budget=Budget(**({"per_pass": 5, "per_event": 2} | budget)))


def test_a_pass_over_nothing_has_what_a_pass_may_cost() -> None:
    assert b.result("C10", record(calls(1, 10), rest(1, 10, passes=2))).judgement is Judgement.PASSED
    found = b.the_finding("C10", record(calls(1, 11), rest(1, 11, passes=2)))
    assert (found.expected, found.actual) == ("at most 10 calls for 2 passes and 0 events", "11 calls")


def test_each_record_that_somebody_changed_and_each_step_entitles_to_calls() -> None:
    writes = (
        b.write("deal", "7", "update", at=b.at(DAY, 10)),
        b.write("deal", "7", "update", at=b.at(DAY, 11)),
        b.write("invoice", "9", "create", at=b.at(DAY, 12)),
        b.write("account", "1", "create", at=b.at(DAY, 9), actor="setup"),
    )
    # Two records and one step: 5 + 3 x 2.
    fine = record(calls(1, 11), b.won(1), rest(2, 11), writes=writes)
    assert b.passes("C10", fine)
    assert not b.passes("C10", record(calls(1, 12), b.won(1), rest(2, 12), writes=writes))


def test_a_budget_is_not_saved_up_for_later() -> None:
    writes = tuple(b.write("deal", str(n), "update", at=b.at(DAY, 10)) for n in range(20))
    two = record(calls(1, 12), rest(1, 1, hour=11), rest(2, 12, hour=15), writes=writes)
    assert [work.calls for work in work_of(two)] == [1, 11]
    assert [work.events for work in work_of(two)] == [20, 0]
    assert b.the_finding("C10", two).key == "C10:rest:2"


def test_what_failed_is_not_counted_and_has_to_be_found_out() -> None:
    lost = calls(1, 3, delivery=LOST) + calls(4, 6, status=500)
    assert b.passes("C10", record([*lost, *calls(7, 23)], rest(1, 23)))  # 5 + 6 x 2 = 17
    assert not b.passes("C10", record([*lost, *calls(7, 24)], rest(1, 24)))


def test_a_death_costs_another_pass() -> None:
    died = calls(1, 1, fault="crash_after", delivery=LOST)
    assert b.passes("C10", record([*died, *calls(2, 13)], rest(1, 13)))  # 2 passes and what became of one call: 12
    assert not b.passes("C10", record([*died, *calls(2, 14)], rest(1, 14)))


def test_each_entity_has_systems_of_its_own() -> None:
    story = record(calls(1, 10), rest(1, 10))
    assert not b.passes("C10", story)
    twice = RunRecord(
        header=story.header, further=(story.header.dictionary,), facts=story.facts, exchanges=story.exchanges
    )
    assert b.passes("C10", twice)


def test_calls_of_somebody_else_are_not_the_connectors() -> None:
    assert b.passes("C10", record([*calls(1, 5), *calls(6, 99, client="native")], rest(1, 99)))


def test_without_a_declared_budget_nothing_is_judged() -> None:
    story = b.record(exchanges=tuple(calls(1, 99)), facts=(rest(1, 99),))
    assert b.result("C10", story).judgement is Judgement.NOT_APPLICABLE
