"""Search: every operator, sorting, words, offsets, its limits, and what it costs in a large portal."""

from __future__ import annotations

from typing import Any

import pytest

from simharness_fakes.hubspot.state.things import Shelf
from tests.fakes.hubspot.portal import SalesTeam

DEALS = "/crm/v3/objects/deals"
#: name, amount, close date, stage: what the searches below pick from.
ROWS = (
    ("Acme Corp", "9", "2026-01-01", "closedwon"),
    ("Globex rollout", "100", "2026-02-01", "closedwon"),
    ("globex pilot", "20", "2026-03-01", "contractsent"),
    ("Initech", "", "", "closedlost"),
)


@pytest.fixture
def filled(team: SalesTeam) -> SalesTeam:
    for name, amount, closes, stage in ROWS:
        values = {"dealname": name, "amount": amount, "closedate": closes, "dealstage": stage, "dealtype": name}
        assert team.ask("POST", DEALS, {"properties": values}).status == 201
        team.later(minutes=1)
    return team


def names(answer: Any) -> list[str]:
    assert answer.status == 200, answer.json
    return [one["properties"]["dealname"] for one in answer.json["results"]]


@pytest.mark.parametrize(
    ("name", "operator", "value", "found"),
    [
        ("dealstage", "EQ", "closedwon", (0, 1)),
        ("dealname", "EQ", "GLOBEX PILOT", (2,)),
        ("amount", "EQ", "100.00", (1,)),
        ("amount", "NEQ", "100", (0, 2)),
        ("amount", "LT", "20", (0,)),
        ("amount", "LTE", "20", (0, 2)),
        ("amount", "GT", 20, (1,)),
        ("amount", "GTE", "20", (1, 2)),
        ("amount", "BETWEEN", ("9", "20"), (0, 2)),
        ("dealstage", "IN", ["closedlost", "contractsent"], (2, 3)),
        ("dealstage", "NOT_IN", ["closedlost", "contractsent"], (0, 1)),
        ("amount", "HAS_PROPERTY", None, (0, 1, 2)),
        ("amount", "NOT_HAS_PROPERTY", None, (3,)),
        ("dealname", "CONTAINS_TOKEN", "globex", (1, 2)),
        ("dealname", "CONTAINS_TOKEN", "roll*", (1,)),
        ("dealname", "CONTAINS_TOKEN", "roll", ()),
        ("dealname", "NOT_CONTAINS_TOKEN", "*ech", (0, 1, 2)),
        ("closedate", "GTE", "2026-02-01T00:00:00Z", (1, 2)),
        ("closedate", "LT", "1769904000000", (0,)),  # 1 February 2026 in milliseconds
        ("createdate", "GT", "2026-01-05T17:01:00.000Z", (2, 3)),
        ("hs_lastmodifieddate", "GTE", "2026-01-05T17:01:00.000Z", (1, 2, 3)),
        ("hs_lastmodifieddate", "GT", "2026-01-05T17:01:00.000Z", (2, 3)),
        ("hs_lastmodifieddate", "LTE", "2026-01-05T17:01:00.000Z", (0, 1)),
        ("hs_lastmodifieddate", "EQ", "2026-01-05T17:01:00.000Z", (1,)),
        ("hs_lastmodifieddate", "BETWEEN", ("2026-01-05T17:01:00.000Z", "2026-01-05T17:02:00.000Z"), (1, 2)),
        ("hs_object_id", "IN", ["33000003", "33000001", "7"], (0, 2)),
    ],
)
def test_an_operator_finds_what_it_says(
    filled: SalesTeam, name: str, operator: str, value: Any, found: tuple[int, ...]
) -> None:
    answer = filled.search("deals", (name, operator, value), properties=["dealname"])
    assert names(answer) == [ROWS[n][0] for n in found]
    assert answer.json["total"] == len(found)


def test_filters_of_a_group_must_all_hold_and_groups_are_alternatives(filled: SalesTeam) -> None:
    def one(name: str, operator: str, value: str) -> dict[str, str]:
        return {"propertyName": name, "operator": operator, "value": value}

    groups = [
        {"filters": [one("dealstage", "EQ", "closedwon"), one("amount", "GT", "50")]},
        {"filters": [one("dealstage", "EQ", "closedlost")]},
        {"filters": [one("amount", "EQ", "100")]},
    ]
    answer = filled.ask("POST", f"{DEALS}/search", {"filterGroups": groups, "properties": ["dealname"]})
    assert names(answer) == ["Globex rollout", "Initech"]


def test_results_are_sorted_by_value_and_objects_without_one_come_last(filled: SalesTeam) -> None:
    down = [{"propertyName": "amount", "direction": "DESCENDING"}]
    assert names(filled.search("deals", sorts=down)) == ["Globex rollout", "globex pilot", "Acme Corp", "Initech"]
    up = names(filled.search("deals", sorts=["amount"]))
    assert up == ["Acme Corp", "globex pilot", "Globex rollout", "Initech"]
    filled.later(seconds=1)
    assert filled.search("deals", sorts=["amount", "dealname"]).status == 400
    assert filled.search("deals", sorts=["no_such"]).status == 400


@pytest.mark.parametrize("start", [0, "0", None])
def test_pages_of_a_search_hold_every_result_once(filled: SalesTeam, start: Any) -> None:
    first = filled.search("deals", limit=3, **({} if start is None else {"after": start}))
    after = first.json["paging"]["next"]["after"]
    second = filled.search("deals", limit=3, after=after)
    assert (len(first.ids), len(second.ids), after) == (3, 1, "3")
    assert "paging" not in second.json
    assert len({*first.ids, *second.ids}) == 4


def test_words_are_looked_for_in_the_usual_places(filled: SalesTeam) -> None:
    assert names(filled.search("deals", query="globex")) == ["Globex rollout", "globex pilot"]
    assert names(filled.search("deals", query="globex PILOT")) == ["globex pilot"]
    filled.company("Umbrella")
    assert filled.search("companies", query="umbr").json["total"] == 1


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 201},
        {"limit": 200, "after": 9801},
        {"after": "ten"},
        {"filterGroups": [{"filters": []}] * 6},
        {"filterGroups": [{"filters": [{"propertyName": "amount", "operator": "HAS_PROPERTY"}] * 7}]},
        {"filterGroups": [{"filters": [{"propertyName": "amount", "operator": "HAS_PROPERTY"}] * 5}] * 4},
        {"filterGroups": [{"filters": [{"propertyName": "amount", "operator": "HAS_PROPERTY", "value": "1"}]}]},
        {"filterGroups": [{"filters": [{"propertyName": "amount", "operator": "EQ"}]}]},
        {"filterGroups": [{"filters": [{"propertyName": "amount", "operator": "EQ", "value": "much"}]}]},
        {"filterGroups": [{"filters": [{"propertyName": "amount", "operator": "IN", "value": "1"}]}]},
        {"filterGroups": [{"filters": [{"propertyName": "amount", "operator": "BETWEEN", "value": "1"}]}]},
        {"filterGroups": [{"filters": [{"propertyName": "no_such", "operator": "HAS_PROPERTY"}]}]},
        {"filterGroups": [{"filters": [{"propertyName": "amount", "operator": "ABOUT", "value": "1"}]}]},
    ],
)
def test_a_search_that_the_vendor_refuses_is_refused(team: SalesTeam, body: dict[str, Any]) -> None:
    answer = team.ask("POST", f"{DEALS}/search", body)
    assert (answer.status, answer.json["category"]) == (400, "VALIDATION_ERROR")


def test_the_ten_thousandth_result_is_the_last(team: SalesTeam) -> None:
    assert team.search("deals", limit=200, after=9800).status == 200


def test_whether_an_unset_value_differs_is_a_declared_choice() -> None:
    team = SalesTeam(options={"search_not_equal_matches_unset": "true"})
    team.ask("POST", DEALS, {"properties": {"dealname": "A"}})
    assert team.search("deals", ("amount", "NEQ", "5")).json["total"] == 1
    assert team.search("deals", ("amount", "NOT_IN", ["5"])).json["total"] == 1


def test_a_search_that_lags_shows_the_portal_as_it_was() -> None:
    team = SalesTeam(options={"search_lag_s": "30"})
    made = team.ask("POST", DEALS, {"properties": {"dealname": "A", "dealstage": "contractsent"}}).json["id"]
    assert team.search("deals").json["total"] == 0
    team.later(seconds=30)
    assert team.search("deals").json["total"] == 1
    team.ask("PATCH", f"{DEALS}/{made}", {"properties": {"dealstage": "closedwon"}})
    assert team.ask("GET", f"{DEALS}/{made}").json["properties"]["dealstage"] == "closedwon"
    assert team.search("deals", ("dealstage", "EQ", "closedwon")).json["total"] == 0
    assert team.search("deals", ("dealstage", "EQ", "contractsent")).json["total"] == 1
    team.later(seconds=30)
    assert team.search("deals", ("dealstage", "EQ", "closedwon")).json["total"] == 1
    team.ask("DELETE", f"{DEALS}/{made}")
    assert team.search("deals").json["total"] == 1
    team.later(seconds=30)
    assert team.search("deals").json["total"] == 0


def test_what_changed_since_is_found_without_looking_at_the_rest(team: SalesTeam, monkeypatch: Any) -> None:
    for n in range(300):
        team.ask("POST", DEALS, {"properties": {"dealname": str(n), "dealstage": "closedwon"}})
        if n % 100 == 99:
            team.later(seconds=11)
    team.later(hours=1)
    since = "2026-01-05T17:30:00.000Z"
    team.ask("PATCH", f"{DEALS}/33000007", {"properties": {"amount": "1"}})
    monkeypatch.setattr(Shelf, "__iter__", lambda self: pytest.fail("the whole portal was read"))
    monkeypatch.setattr(Shelf, "in_stage", lambda self, stage: pytest.fail("a whole stage was read"))
    for filters in ((("dealstage", "EQ", "closedwon"),), ()):
        answer = team.search("deals", *filters, ("hs_lastmodifieddate", "GTE", since))
        assert answer.ids == ["33000007"]
