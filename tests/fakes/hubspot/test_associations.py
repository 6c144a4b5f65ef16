"""Associations: both directions, one primary company, labels of one's own, and batches of them."""

from __future__ import annotations

from typing import Any

from tests.fakes.hubspot.portal import SalesTeam

V4 = "/crm/v4"


def types(team: SalesTeam, kind: str, one: str, to: str) -> dict[int, set[tuple[int, str | None]]]:
    answer = team.ask("GET", f"{V4}/objects/{kind}/{one}/associations/{to}")
    assert answer.status == 200
    return {
        each["toObjectId"]: {(t["typeId"], t["label"]) for t in each["associationTypes"]}
        for each in answer.json["results"]
    }


def made(team: SalesTeam, kind: str, **values: str) -> str:
    answer = team.ask("POST", f"/crm/v3/objects/{kind}", {"properties": values})
    assert answer.status == 201
    return answer.json["id"]


def spec(type_id: int, category: str = "HUBSPOT_DEFINED") -> dict[str, Any]:
    return {"associationCategory": category, "associationTypeId": type_id}


def test_an_association_exists_in_both_directions(team: SalesTeam) -> None:
    deal, line = made(team, "deals", dealname="A"), made(team, "line_items", name="x")
    path = f"{V4}/objects/deals/{deal}/associations/line_items/{line}"
    put = team.ask("PUT", path, [spec(19)])
    assert put.status == 201
    assert put.json == {
        "fromObjectTypeId": "0-3", "fromObjectId": deal, "toObjectTypeId": "0-8", "toObjectId": line, "labels": [],
    }  # fmt: skip
    assert types(team, "deals", deal, "line_items") == {int(line): {(19, None)}}
    assert types(team, "line_items", line, "deals") == {int(deal): {(20, None)}}
    assert team.ask("DELETE", path).status == 204
    assert team.ask("DELETE", path).status == 204
    assert types(team, "line_items", line, "deals") == {}


def test_the_first_company_is_primary_until_another_one_is_named(team: SalesTeam) -> None:
    deal, one, two = made(team, "deals", dealname="A"), team.company("One"), team.company("Two")
    default = f"{V4}/objects/deals/{deal}/associations/default/companies"
    answer = team.ask("PUT", f"{default}/{one}")
    assert [each["associationSpec"]["associationTypeId"] for each in answer.json["results"]] == [341, 342]
    team.ask("PUT", f"{default}/{two}")
    assert types(team, "deals", deal, "companies") == {
        int(one): {(341, None), (5, "Primary")}, int(two): {(341, None)},
    }  # fmt: skip
    team.ask("PUT", f"{V4}/objects/deals/{deal}/associations/companies/{two}", [spec(5)])
    assert types(team, "deals", deal, "companies") == {
        int(one): {(341, None)}, int(two): {(341, None), (5, "Primary")},
    }  # fmt: skip
    assert types(team, "companies", one, "deals") == {int(deal): {(342, None)}}
    assert types(team, "companies", two, "deals") == {int(deal): {(342, None), (6, "Primary")}}
    assert team.snapshot().deals[0].company_id == two


def test_a_company_is_primary_for_many_deals(team: SalesTeam) -> None:
    company = team.company()
    deals = [team.deal(company).deal_id for _ in range(3)]
    assert types(team, "companies", company, "deals") == {int(d): {(342, None), (6, "Primary")} for d in deals}


def test_a_type_that_two_kinds_do_not_have_is_refused(team: SalesTeam) -> None:
    deal, company = made(team, "deals", dealname="A"), team.company()
    path = f"{V4}/objects/deals/{deal}/associations/companies/{company}"
    assert team.ask("PUT", path, [spec(19)]).status == 400
    assert team.ask("PUT", path, [spec(341, "USER_DEFINED")]).status == 400
    assert team.ask("PUT", path.replace(company, "9"), [spec(341)]).status == 404
    assert types(team, "deals", deal, "companies") == {}


def test_an_object_is_born_with_its_associations_or_not_at_all(team: SalesTeam) -> None:
    company = team.company()
    body = {"properties": {"dealname": "A"}, "associations": [{"to": {"id": company}, "types": [spec(5)]}]}
    deal = team.ask("POST", "/crm/v3/objects/deals", body).json["id"]
    assert types(team, "deals", deal, "companies") == {int(company): {(341, None), (5, "Primary")}}
    body["associations"] = [{"to": {"id": "9"}, "types": [spec(5)]}]
    assert team.ask("POST", "/crm/v3/objects/deals", body).status == 404
    assert team.ask("GET", "/crm/v3/objects/deals").ids == [deal]


def test_associations_are_shown_with_an_object_where_asked_for(team: SalesTeam) -> None:
    saved = team.deal(team.company())
    shown = team.ask("GET", f"/crm/v3/objects/deals/{saved.deal_id}", associations="companies,line_items,contacts")
    found = shown.json["associations"]
    assert set(found) == {"companies", "line items"}
    assert found["line items"]["results"] == [{"id": saved.line_ids[0], "type": "deal_to_line_item"}]
    assert {one["type"] for one in found["companies"]["results"]} == {"deal_to_company", "deal_to_company_unlabeled"}


def test_many_are_read_at_once_and_lonely_ones_named(team: SalesTeam) -> None:
    company = team.company()
    saved = team.deal(company)
    lonely = made(team, "deals", dealname="B")
    body = {"inputs": [{"id": saved.deal_id}, {"id": lonely}]}
    answer = team.ask("POST", f"{V4}/associations/deals/line_items/batch/read", body)
    assert (answer.status, answer.json["numErrors"]) == (207, 1)
    (one,) = answer.json["results"]
    assert (one["from"]["id"], [to["toObjectId"] for to in one["to"]]) == (saved.deal_id, [int(saved.line_ids[0])])
    assert answer.json["errors"][0]["context"]["fromObjectId"] == [lonely]


def test_many_are_made_and_removed_at_once(team: SalesTeam) -> None:
    deal = made(team, "deals", dealname="A")
    lines = [made(team, "line_items", name=n) for n in "xyz"]
    pairs = [{"from": {"id": deal}, "to": {"id": one}, "types": [spec(19)]} for one in (*lines, "9")]
    answer = team.ask("POST", f"{V4}/associations/deals/line_items/batch/create", {"inputs": pairs})
    assert (answer.status, len(answer.json["results"]), answer.json["numErrors"]) == (207, 3, 1)
    shown = team.ask("GET", f"/crm/v3/objects/deals/{deal}", properties="hs_num_of_associated_line_items")
    assert shown.json["properties"]["hs_num_of_associated_line_items"] == "3"
    body = {"inputs": [{"from": {"id": deal}, "to": [{"id": one} for one in lines[:2]]}]}
    assert team.ask("POST", f"{V4}/associations/deals/line_items/batch/archive", body).status == 204
    assert list(types(team, "deals", deal, "line_items")) == [int(lines[2])]
    again = {"inputs": [{"from": {"id": deal}, "to": {"id": lines[0]}}]}
    assert team.ask("POST", f"{V4}/associations/deals/line_items/batch/associate/default", again).status == 200
    assert list(types(team, "deals", deal, "line_items")) == [int(lines[2]), int(lines[0])]


def test_pages_of_associations(team: SalesTeam) -> None:
    deal = made(team, "deals", dealname="A")
    lines = [made(team, "line_items", name=n) for n in "xyz"]
    for one in lines:
        team.ask("PUT", f"{V4}/objects/deals/{deal}/associations/default/line_items/{one}")
    path = f"{V4}/objects/deals/{deal}/associations/line_items"
    first = team.ask("GET", path, limit=2)
    second = team.ask("GET", path, limit=2, after=first.json["paging"]["next"]["after"])
    found = [one["toObjectId"] for page in (first, second) for one in page.json["results"]]
    assert found == [int(one) for one in lines]
    assert "paging" not in second.json


def test_a_label_of_ones_own_works_in_both_directions(team: SalesTeam) -> None:
    path = f"{V4}/associations/deals/contacts/labels"
    label = team.ask("POST", path, {"label": "Signs", "name": "signs", "inverseLabel": "Signed by"})
    (own,) = label.json["results"]
    assert (own["category"], own["label"]) == ("USER_DEFINED", "Signs")
    assert team.ask("POST", path, {"label": "Signs", "name": "signs"}).status == 400
    assert own in team.ask("GET", path).json["results"]
    deal, contact = made(team, "deals", dealname="A"), made(team, "contacts", email="a@b.example")
    put = team.ask(
        "PUT", f"{V4}/objects/deals/{deal}/associations/contacts/{contact}", [spec(own["typeId"], "USER_DEFINED")]
    )
    assert put.json["labels"] == ["Signs"]
    assert types(team, "contacts", contact, "deals") == {int(deal): {(4, None), (own["typeId"] + 1, "Signed by")}}
    gone = [{"from": {"id": deal}, "to": {"id": contact}, "types": [spec(own["typeId"], "USER_DEFINED")]}]
    answer = team.ask("POST", f"{V4}/associations/deals/contacts/batch/labels/archive", {"inputs": gone})
    assert answer.status == 204
    assert types(team, "contacts", contact, "deals") == {int(deal): {(4, None)}}


def test_an_archived_object_has_no_associations(team: SalesTeam) -> None:
    saved = team.deal(team.company())
    team.later(hours=1)
    team.ask("DELETE", f"/crm/v3/objects/line_items/{saved.line_ids[0]}")
    assert types(team, "deals", saved.deal_id, "line_items") == {}
    shown = team.ask("GET", f"/crm/v3/objects/deals/{saved.deal_id}").json["properties"]
    assert shown["hs_lastmodifieddate"] == "2026-01-05T18:00:00.000Z"
    assert team.snapshot().deals[0].lines == ()
