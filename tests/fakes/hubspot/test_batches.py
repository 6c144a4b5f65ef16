"""Batches: all well, well in parts (207), or refused as a whole."""

from __future__ import annotations

from tests.fakes.hubspot.portal import SalesTeam

CONTACTS = "/crm/v3/objects/contacts"
DEALS = "/crm/v3/objects/deals"


def test_objects_that_do_not_exist_are_named_together(team: SalesTeam) -> None:
    made = team.ask("POST", DEALS, {"properties": {"dealname": "A", "location": "SF"}}).json["id"]
    body = {"inputs": [{"id": "7"}, {"id": made}, {"id": 8}], "properties": ["location"], "propertiesWithHistory": []}
    answer = team.ask("POST", f"{DEALS}/batch/read", body)
    assert answer.status == 207
    assert answer.ids == [made]
    assert answer.json["results"][0]["properties"]["location"] == "SF"
    assert answer.json["numErrors"] == 2
    (error,) = answer.json["errors"]
    assert (error["category"], error["context"]) == ("OBJECT_NOT_FOUND", {"ids": ["7", "8"]})
    assert answer.raw.notes.inert == ("body.propertiesWithHistory",)
    assert team.ask("POST", f"{DEALS}/batch/read", {"inputs": [{"id": made}]}).status == 200


def test_objects_are_read_by_a_unique_property(team: SalesTeam) -> None:
    made = team.ask("POST", CONTACTS, {"properties": {"email": "ann@globex.example"}}).json["id"]
    body = {"inputs": [{"id": "ANN@globex.example"}], "idProperty": "email"}
    assert team.ask("POST", f"{CONTACTS}/batch/read", body).ids == [made]


def test_one_wrong_value_refuses_the_whole_batch(team: SalesTeam) -> None:
    inputs = [{"properties": {"dealname": "A"}}, {"properties": {"amount": "much"}}]
    answer = team.ask("POST", f"{DEALS}/batch/create", {"inputs": inputs})
    assert (answer.status, answer.json["errors"][0]["code"]) == (400, "INVALID_INTEGER")
    assert team.ask("GET", DEALS).ids == []
    assert [write for write in team.fake.writes if write.dataset == "deal"] == []


def test_inputs_with_their_own_trace_are_judged_one_by_one(team: SalesTeam) -> None:
    inputs = [
        {"properties": {"dealname": "A"}, "objectWriteTraceId": "t1"},
        {"properties": {"amount": "much"}, "objectWriteTraceId": "t2"},
    ]
    answer = team.ask("POST", f"{DEALS}/batch/create", {"inputs": inputs})
    assert (answer.status, answer.json["numErrors"]) == (207, 1)
    assert [one["objectWriteTraceId"] for one in answer.json["results"]] == ["t1"]
    (error,) = answer.json["errors"]
    assert error["context"] == {"propertyName": ["amount"], "objectWriteTraceId": ["t2"]}


def test_a_batch_may_not_hold_the_same_thing_twice(team: SalesTeam) -> None:
    twin = {"properties": {"email": "ann@globex.example"}}
    answer = team.ask("POST", f"{CONTACTS}/batch/create", {"inputs": [twin, twin]})
    assert answer.status == 400
    assert team.ask("GET", CONTACTS).ids == []
    made = team.ask("POST", CONTACTS, twin).json["id"]
    one = {"id": made, "properties": {"phone": "1"}}
    answer = team.ask("POST", f"{CONTACTS}/batch/update", {"inputs": [one, one]})
    assert (answer.status, answer.json["message"]) == (
        400, f"Duplicate IDs found in batch input: [{made}]. IDs must be unique",
    )  # fmt: skip


def test_many_objects_are_changed_and_the_missing_ones_named(team: SalesTeam) -> None:
    made = [team.ask("POST", DEALS, {"properties": {"dealname": n}}).json["id"] for n in "AB"]
    inputs = [{"id": one, "properties": {"billing_status": "paid"}} for one in (*made, "9")]
    answer = team.ask("POST", f"{DEALS}/batch/update", {"inputs": inputs})
    assert (answer.status, answer.ids) == (207, made)
    assert {one["properties"]["billing_status"] for one in answer.json["results"]} == {"paid"}
    assert team.search("deals", ("billing_status", "EQ", "paid")).json["total"] == 2


def test_an_upsert_changes_what_exists_and_makes_what_does_not(team: SalesTeam) -> None:
    made = team.ask("POST", CONTACTS, {"properties": {"email": "ann@globex.example"}}).json["id"]
    inputs = [
        {"id": "ann@globex.example", "idProperty": "email", "properties": {"phone": "1"}},
        {"id": "bob@globex.example", "idProperty": "email", "properties": {"phone": "2"}},
    ]
    answer = team.ask("POST", f"{CONTACTS}/batch/upsert", {"inputs": inputs})
    assert answer.status == 200
    assert [(one["id"] == made, one["new"]) for one in answer.json["results"]] == [(True, False), (False, True)]
    assert team.ask("GET", f"{CONTACTS}/bob@globex.example", idProperty="email").status == 200
    again = team.ask("POST", f"{CONTACTS}/batch/upsert", {"inputs": inputs})
    assert [one["new"] for one in again.json["results"]] == [False, False]
    assert team.ask("GET", CONTACTS).ids == [made, answer.ids[1]]
    no_key = [{"id": "x", "properties": {}}]
    assert team.ask("POST", f"{CONTACTS}/batch/upsert", {"inputs": no_key}).status == 400


def test_many_objects_are_archived_and_strangers_passed_over(team: SalesTeam) -> None:
    made = [team.ask("POST", DEALS, {"properties": {"dealname": n}}).json["id"] for n in "ABC"]
    body = {"inputs": [{"id": made[0]}, {"id": made[2]}, {"id": "9"}]}
    assert team.ask("POST", f"{DEALS}/batch/archive", body).status == 204
    assert team.ask("GET", DEALS).ids == [made[1]]


def test_a_batch_holds_at_most_a_hundred(team: SalesTeam) -> None:
    inputs = [{"id": str(n)} for n in range(101)]
    assert team.ask("POST", f"{DEALS}/batch/read", {"inputs": inputs}).status == 400
    assert team.ask("POST", f"{DEALS}/batch/read", {"inputs": inputs[:100]}).status == 207
    assert team.ask("POST", f"{DEALS}/batch/read", {"inputs": []}).status == 400
