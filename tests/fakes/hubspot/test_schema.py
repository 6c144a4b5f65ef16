"""Property definitions, pipelines and stages."""

from __future__ import annotations

import pytest

from tests.fakes.hubspot.portal import SalesTeam

PROPERTIES = "/crm/v3/properties"
EXTERNAL = {
    "name": "erp_id", "label": "ERP id", "type": "string", "fieldType": "text", "groupName": "dealinformation",
    "hasUniqueValue": True,
}  # fmt: skip


def test_a_portal_has_its_own_properties_beside_the_vendors(team: SalesTeam) -> None:
    found = {one["name"]: one for one in team.ask("GET", f"{PROPERTIES}/deals").json["results"]}
    assert found["billing_status"]["hubspotDefined"] is False
    assert found["dealname"]["hubspotDefined"] is True
    assert found["hs_v2_date_entered_closedwon"]["modificationMetadata"]["readOnlyValue"] is True
    assert team.ask("GET", f"{PROPERTIES}/0-3/outstanding_amount").json["type"] == "number"
    assert team.ask("GET", f"{PROPERTIES}/companies/outstanding_amount").status == 404


def test_a_property_is_taken_once_it_is_defined(team: SalesTeam) -> None:
    body = {"properties": {"dealname": "A", "erp_id": "E-1"}}
    assert team.ask("POST", "/crm/v3/objects/deals", body).status == 400
    assert team.ask("POST", f"{PROPERTIES}/deals", EXTERNAL).status == 201
    assert team.ask("POST", f"{PROPERTIES}/deals", EXTERNAL).status == 409
    made = team.ask("POST", "/crm/v3/objects/deals", body)
    assert team.ask("POST", "/crm/v3/objects/deals", body).status == 409
    found = team.ask("GET", "/crm/v3/objects/deals/E-1", idProperty="erp_id")
    assert found.json["id"] == made.json["id"]


def test_an_enumeration_takes_only_its_options(team: SalesTeam) -> None:
    body = {
        "name": "tiers", "label": "Tiers", "type": "enumeration", "fieldType": "checkbox",
        "groupName": "dealinformation",
        "options": [{"label": "Gold", "value": "gold"}, {"label": "Tin", "value": "tin"}],
    }  # fmt: skip
    assert team.ask("POST", f"{PROPERTIES}/deals", {**body, "options": []}).status == 400
    assert team.ask("POST", f"{PROPERTIES}/deals", body).status == 201
    assert team.ask("POST", "/crm/v3/objects/deals", {"properties": {"tiers": "gold;tin"}}).status == 201
    assert team.ask("POST", "/crm/v3/objects/deals", {"properties": {"tiers": "gold;lead"}}).status == 400
    added = {"options": [*body["options"], {"label": "Lead", "value": "lead"}], "label": "Tier"}
    assert team.ask("PATCH", f"{PROPERTIES}/deals/tiers", added).json["label"] == "Tier"
    assert team.ask("POST", "/crm/v3/objects/deals", {"properties": {"tiers": "gold;lead"}}).status == 201


def test_only_ones_own_properties_can_be_changed_or_archived(team: SalesTeam) -> None:
    team.ask("POST", f"{PROPERTIES}/deals", EXTERNAL)
    assert team.ask("DELETE", f"{PROPERTIES}/deals/erp_id").status == 204
    assert team.ask("GET", f"{PROPERTIES}/deals/erp_id").status == 404
    assert team.ask("DELETE", f"{PROPERTIES}/deals/dealname").status == 400
    assert team.ask("PATCH", f"{PROPERTIES}/deals/dealname", {"label": "Name"}).status == 400


def test_a_batch_of_definitions_is_taken_as_a_whole(team: SalesTeam) -> None:
    two = {"inputs": [EXTERNAL, {**EXTERNAL, "name": "dealname"}]}
    assert team.ask("POST", f"{PROPERTIES}/deals/batch/create", two).status == 409
    assert team.ask("GET", f"{PROPERTIES}/deals/erp_id").status == 404
    assert team.ask("POST", f"{PROPERTIES}/deals/batch/create", {"inputs": [EXTERNAL, EXTERNAL]}).status == 400
    assert team.ask("POST", f"{PROPERTIES}/deals/batch/create", {"inputs": [EXTERNAL]}).status == 201
    answer = team.ask("POST", f"{PROPERTIES}/deals/batch/read", {"inputs": [{"name": "erp_id"}, {"name": "nope"}]})
    assert (answer.status, [one["name"] for one in answer.json["results"]]) == (207, ["erp_id"])
    groups = team.ask("GET", f"{PROPERTIES}/deals/groups").json["results"]
    assert [one["name"] for one in groups] == ["dealinformation"]
    assert team.ask("POST", f"{PROPERTIES}/deals", {**EXTERNAL, "name": "x", "groupName": "nowhere"}).status == 400


def test_the_stages_of_a_new_portal(team: SalesTeam) -> None:
    (pipeline,) = team.ask("GET", "/crm/v3/pipelines/deals").json["results"]
    assert (pipeline["id"], [s["id"] for s in pipeline["stages"]][-2:]) == ("default", ["closedwon", "closedlost"])
    won = team.ask("GET", "/crm/v3/pipelines/deals/default/stages/closedwon").json
    assert won["metadata"] == {"isClosed": "true", "probability": "1.0"}
    assert team.ask("GET", "/crm/v3/pipelines/deals/default").json == pipeline
    assert team.ask("GET", "/crm/v3/pipelines/deals/default/stages").json["results"] == pipeline["stages"]
    assert team.ask("GET", "/crm/v3/pipelines/deals/none").status == 404
    assert team.ask("GET", "/crm/v3/pipelines/deals/default/stages/none").status == 404


@pytest.mark.parametrize(
    ("probability", "closed", "stage"), [("1.0", "true", "won"), ("0.0", "true", "lost"), ("0.5", "false", "open")]
)
def test_a_stage_of_ones_own_decides_by_its_probability(
    team: SalesTeam, probability: str, closed: str, stage: str
) -> None:
    metadata = {"probability": probability, "isClosed": closed}
    body = {
        "label": "Renewals", "displayOrder": 1,
        "stages": [{"label": "Talking", "displayOrder": 0, "metadata": {"probability": "0.2", "isClosed": "false"}}],
    }  # fmt: skip
    pipeline = team.ask("POST", "/crm/v3/pipelines/deals", body).json["id"]
    last = {"label": "Last", "displayOrder": 1, "metadata": metadata}
    made = team.ask("POST", f"/crm/v3/pipelines/deals/{pipeline}/stages", last)
    assert made.status == 201
    values = {"dealname": "A", "pipeline": pipeline, "dealstage": made.json["id"]}
    deal = team.ask("POST", "/crm/v3/objects/deals", {"properties": values})
    assert deal.status == 201
    assert team.snapshot().deals[0].stage == stage
    entered = f"hs_v2_date_entered_{made.json['id']}"
    shown = team.ask("GET", f"/crm/v3/objects/deals/{deal.json['id']}", properties=entered).json["properties"]
    assert shown[entered] == "2026-01-05T17:00:00.000Z"
    wrong = {"dealname": "B", "dealstage": made.json["id"]}  # a stage of another pipeline
    assert team.ask("POST", "/crm/v3/objects/deals", {"properties": wrong}).status == 400
