"""Objects one by one: what is shown, how values are kept, what is refused, what HubSpot computes."""

from __future__ import annotations

from typing import Any

import pytest

from simharness.domain.exchange import UNMODELLED
from tests.fakes.hubspot.portal import SalesTeam

DEALS = "/crm/v3/objects/deals"
LINES = "/crm/v3/objects/line_items"
CONTACTS = "/crm/v3/objects/contacts"


def test_only_the_usual_properties_are_shown_unless_others_are_asked_for(team: SalesTeam) -> None:
    made = team.ask("POST", DEALS, {"properties": {"dealname": "A", "location": "SF", "dealstage": "closedwon"}})
    one = f"{DEALS}/{made.json['id']}"
    stamps = {"createdate", "hs_lastmodifieddate", "hs_object_id"}
    usual = {"amount", "closedate", "dealname", "dealstage", "pipeline"}
    assert made.status == 201
    assert set(made.json["properties"]) == {*usual, *stamps, "location"}
    assert set(team.ask("GET", one).json["properties"]) == {*usual, *stamps}
    asked = team.ask("GET", one, properties=["location", "cost_centre", "no_such_property"]).json["properties"]
    assert asked["location"] == "SF"
    assert asked["cost_centre"] is None  # asked for and never set
    assert set(asked) == {"location", "cost_centre", *stamps}
    assert team.ask("GET", one, properties="location,cost_centre").json["properties"] == asked


def test_a_kind_has_two_spellings_and_an_unknown_one_is_refused(team: SalesTeam) -> None:
    made = team.ask("POST", "/crm/v3/objects/0-3", {"properties": {"dealname": "A"}})
    assert team.ask("GET", f"{DEALS}/{made.json['id']}").json["properties"]["dealname"] == "A"
    wrong = team.ask("GET", "/crm/v3/objects/dealz")
    assert (wrong.status, wrong.json["message"]) == (400, "Unable to infer object type from: dealz")


@pytest.mark.parametrize("path", ["/crm/v3/objects/tickets", "/crm/v4/associations/deals/tickets/labels"])
def test_a_kind_that_only_the_vendor_has_is_loud(team: SalesTeam, path: str) -> None:
    answer = team.ask("GET", path)
    assert answer.status == 501
    assert UNMODELLED in answer.headers


def test_every_value_is_kept_as_a_text(team: SalesTeam) -> None:
    values = {"amount": 1234.50, "dealname": "A", "closedate": 1767632400000, "hs_priority": True}
    shown = team.ask("POST", DEALS, {"properties": values}).json["properties"]
    # 1,767,632,400 s after 1970 is 5 January 2026, 17:00 UTC.
    assert shown["closedate"] == "2026-01-05T17:00:00.000Z"
    assert (shown["amount"], shown["hs_priority"]) == ("1234.5", "true")


@pytest.mark.parametrize(
    ("kind", "name", "value", "code", "message"),
    [
        ("deals", "no_such", "1", "PROPERTY_DOESNT_EXIST", 'Property "no_such" does not exist'),
        ("deals", "amount", "1.4e-14", "INVALID_INTEGER", "1.4e-14 was not a valid number."),
        ("deals", "amount", "USD 5", "INVALID_INTEGER", "USD 5 was not a valid number."),
        ("deals", "amount", "\u0661\u0662", "INVALID_INTEGER", None),
        ("deals", "closedate", "\u0661\u0662", "INVALID_LONG", None),
        ("contacts", "email", "not an address", "INVALID_EMAIL", "Email address not an address is invalid"),
        ("contacts", "email", "a@b@c.example", "INVALID_EMAIL", None),
        ("quotes", "hs_status", "DONE", "INVALID_OPTION", None),
        ("deals", "closedate", "yesterday", "INVALID_LONG", "yesterday was not a valid long."),
        ("deals", "closedate", "2026-02-30T00:00:00Z", "INVALID_LONG", "2026-02-30T00:00:00Z was not a valid long."),
        ("companies", "tax_exempt_from", "2026-01-05T09:00:00Z", "INVALID_DATE", None),
        ("deals", "dealstage", "nowhere", "INVALID_OPTION", None),
        ("deals", "pipeline", "nowhere", "INVALID_OPTION", None),
        ("line_items", "recurringbillingfrequency", "fortnightly", "INVALID_OPTION", None),
        ("line_items", "amount", "5", "READ_ONLY_VALUE", None),
        ("deals", "hs_object_id", "5", "READ_ONLY_VALUE", None),
    ],
)
def test_a_value_that_is_not_taken_is_named_with_its_code(
    team: SalesTeam, kind: str, name: str, value: str, code: str, message: str | None
) -> None:
    answer = team.ask("POST", f"/crm/v3/objects/{kind}", {"properties": {name: value}})
    assert answer.status == 400
    assert answer.json["category"] == "VALIDATION_ERROR"
    assert answer.json["message"].startswith("Property values were not valid: [{")
    (detail,) = answer.json["errors"]
    assert (detail["code"], detail["context"]) == (code, {"propertyName": [name]})
    assert message is None or detail["message"] == message
    assert team.ask("GET", f"/crm/v3/objects/{kind}").json["results"] == []


def test_a_date_is_midnight_in_utc_and_reads_as_a_day(team: SalesTeam) -> None:
    path = "/crm/v3/objects/companies"
    for sent in ("2026-03-01", "1772323200000", "2026-03-01T00:00:00Z"):
        shown = team.ask("POST", path, {"properties": {"tax_exempt_from": sent}}).json["properties"]
        assert shown["tax_exempt_from"] == "2026-03-01"


def test_an_empty_text_clears_a_value(team: SalesTeam) -> None:
    made = team.ask("POST", DEALS, {"properties": {"dealname": "A", "amount": "5"}})
    one = f"{DEALS}/{made.json['id']}"
    assert team.ask("PATCH", one, {"properties": {"amount": ""}}).json["properties"]["amount"] is None
    assert team.search("deals", ("amount", "HAS_PROPERTY", None)).json["total"] == 0


def test_an_unknown_field_of_a_body_is_refused(team: SalesTeam) -> None:
    answer = team.ask("POST", DEALS, {"properties": {}, "dealname": "A"})
    assert (answer.status, answer.json["errors"][0]["in"]) == (400, "dealname")
    assert team.ask("POST", DEALS, {"dealname": "A"}).status == 400
    assert team.ask("GET", DEALS, limit=101).status == 400
    assert team.ask("GET", DEALS, after="x").status == 400


def test_winning_stamps_the_deal_and_sets_a_close_date_only_where_there_is_none(team: SalesTeam) -> None:
    open_deal = {"dealname": "A", "dealstage": "contractsent"}
    one, two = (
        f"{DEALS}/{team.ask('POST', DEALS, {'properties': body}).json['id']}"
        for body in (open_deal, {**open_deal, "closedate": "2026-01-31"})
    )
    team.later(hours=1)
    names = ["closedate", "hs_v2_date_entered_closedwon", "hs_v2_date_exited_contractsent", "hs_is_closed_won"]
    for path, closed in ((one, "2026-01-05T18:00:00.000Z"), (two, "2026-01-31T00:00:00.000Z")):
        team.ask("PATCH", path, {"properties": {"dealstage": "closedwon"}})
        shown = team.ask("GET", path, properties=names).json["properties"]
        assert [shown[name] for name in names] == [
            closed,
            "2026-01-05T18:00:00.000Z",
            "2026-01-05T18:00:00.000Z",
            "true",
        ]
    team.later(hours=1)
    again = team.ask("PATCH", one, {"properties": {"dealstage": "closedwon"}}).json["properties"]
    entered = team.ask("GET", one, properties=names).json["properties"]["hs_v2_date_entered_closedwon"]
    assert entered == "2026-01-05T18:00:00.000Z"  # winning a won deal again is no second winning
    assert again["hs_lastmodifieddate"] == "2026-01-05T19:00:00.000Z"


@pytest.mark.parametrize(
    ("values", "amount", "discount"),
    [
        ({"quantity": "3", "price": "4000.00"}, "12000.00", "0.00"),
        ({"quantity": "10", "price": "450", "discount": "40"}, "4100.00", "400.00"),
        ({"quantity": "430", "price": "4.60", "hs_discount_percentage": "7.5"}, "1829.65", "148.35"),
        ({"quantity": "3", "price": "33.5", "hs_line_item_currency_code": "JPY"}, "101", "0"),
        ({"quantity": "3"}, None, None),
    ],
)
def test_the_amount_of_a_line_is_computed(
    team: SalesTeam, values: dict[str, str], amount: str | None, discount: str | None
) -> None:
    made = team.ask("POST", LINES, {"properties": values})
    shown = team.ask("GET", f"{LINES}/{made.json['id']}", properties="amount,hs_total_discount").json["properties"]
    assert (shown["amount"], shown["hs_total_discount"]) == (amount, discount)


def test_a_changed_line_moves_its_deal_but_never_the_deals_amount(team: SalesTeam) -> None:
    saved = team.deal(team.company())
    team.later(hours=1)
    team.ask("PATCH", f"{LINES}/{saved.line_ids[0]}", {"properties": {"quantity": "2"}})
    shown = team.ask("GET", f"{DEALS}/{saved.deal_id}").json["properties"]
    assert (shown["amount"], shown["hs_lastmodifieddate"]) == ("4000.00", "2026-01-05T18:00:00.000Z")


def test_a_line_takes_over_what_its_product_has(team: SalesTeam) -> None:
    product = team.search("products", ("hs_sku", "EQ", "HW-BP100")).json["results"][0]["id"]
    made = team.ask("POST", LINES, {"properties": {"hs_product_id": product, "quantity": "1", "price": "5"}})
    shown = team.ask("GET", f"{LINES}/{made.json['id']}", properties="name,hs_sku,price").json["properties"]
    assert (shown["name"], shown["hs_sku"], shown["price"]) == ("Badge printer", "HW-BP100", "5")


def test_one_address_one_contact_but_many_companies_of_one_domain(team: SalesTeam) -> None:
    first = team.ask("POST", CONTACTS, {"properties": {"email": "Ann@globex.example"}})
    twin = team.ask("POST", CONTACTS, {"properties": {"email": "ann@GLOBEX.example"}})
    assert (twin.status, twin.json["category"]) == (409, "CONFLICT")
    assert twin.json["message"] == f"Contact already exists. Existing ID: {first.json['id']}"
    found = team.ask("GET", f"{CONTACTS}/ann@globex.example", idProperty="email")
    assert found.json["id"] == first.json["id"]
    assert team.ask("GET", f"{CONTACTS}/ann@globex.example", idProperty="phone").status == 400
    for _ in range(2):
        assert team.ask("POST", "/crm/v3/objects/companies", {"properties": {"domain": "globex.example"}}).status == 201


def test_what_is_archived_is_gone_but_can_be_asked_for(team: SalesTeam) -> None:
    contact = team.ask("POST", CONTACTS, {"properties": {"email": "ann@globex.example"}}).json["id"]
    assert team.ask("DELETE", f"{CONTACTS}/{contact}").status == 204
    assert team.ask("DELETE", f"{CONTACTS}/{contact}").status == 204
    gone = team.ask("GET", f"{CONTACTS}/{contact}")
    assert (gone.status, gone.json["category"]) == (404, "OBJECT_NOT_FOUND")
    assert team.ask("GET", f"{CONTACTS}/{contact}", archived="true").json["archived"] is True
    assert team.ask("GET", CONTACTS, archived="true").ids == [contact]
    assert team.ask("GET", CONTACTS).ids == []
    assert team.ask("POST", CONTACTS, {"properties": {"email": "ann@globex.example"}}).status == 201
    assert team.ask("DELETE", f"{CONTACTS}/999").status == 404


def test_pages_hold_every_object_once(team: SalesTeam) -> None:
    made = [team.ask("POST", DEALS, {"properties": {"dealname": str(n)}}).json["id"] for n in range(7)]
    seen: list[str] = []
    after: dict[str, Any] = {}
    while True:
        page = team.ask("GET", DEALS, limit=3, **after)
        seen += page.ids
        if "paging" not in page.json:
            break
        after = {"after": page.json["paging"]["next"]["after"]}
    assert seen == made


def test_a_merge_keeps_the_survivor_and_both_histories(team: SalesTeam) -> None:
    first, second = team.company("Globex", region="US-OR"), team.company("Globex Inc", terms="Net 30")
    deal = team.deal(second)
    body = {"primaryObjectId": first, "objectIdToMerge": second}
    merged = team.ask("POST", "/crm/v3/objects/companies/merge", body)
    assert merged.json["id"] == first
    names = "name,tax_region,payment_terms,hs_merged_object_ids"
    shown = team.ask("GET", f"/crm/v3/objects/companies/{second}", properties=names)
    assert shown.json["id"] == first  # the old id finds the survivor
    values = shown.json["properties"]
    assert (values["name"], values["tax_region"], values["payment_terms"]) == ("Globex", "US-OR", "Net 30")
    assert values["hs_merged_object_ids"] == f"{first};{second}"
    assert [c.merged_into for c in team.snapshot().companies] == ["", first]
    assert team.snapshot().deals[0].company_id == first
    assert team.ask("GET", f"/crm/v4/objects/deals/{deal.deal_id}/associations/companies").json["results"][0][
        "toObjectId"
    ] == int(first)
    assert team.ask("POST", "/crm/v3/objects/companies/merge", {**body, "objectIdToMerge": first}).status == 400


def test_a_merge_may_make_a_new_id() -> None:
    team = SalesTeam(options={"merge_makes_new_id": "true"})
    first, second = team.company("Globex"), team.company("Globex Inc")
    body = {"primaryObjectId": first, "objectIdToMerge": second}
    merged = team.ask("POST", "/crm/v3/objects/companies/merge", body).json["id"]
    assert merged not in (first, second)
    assert {team.ask("GET", f"/crm/v3/objects/companies/{one}").json["id"] for one in (first, second)} == {merged}
    assert [(c.id, c.merged_into) for c in team.snapshot().companies] == [
        (first, merged), (second, merged), (merged, ""),
    ]  # fmt: skip


def test_every_write_is_logged_with_its_actor_and_only_what_changed(team: SalesTeam) -> None:
    saved = team.deal(team.company())
    team.fake.writes.clear()
    path = f"{DEALS}/{saved.deal_id}"
    team.ask(
        "PATCH", path, {"properties": {"billing_status": "paid", "dealname": "Rollout", "outstanding_amount": "0"}}
    )
    team.ask("PATCH", path, {"properties": {"billing_status": "paid"}})
    (write,) = team.fake.writes
    assert (write.dataset, write.record_id, write.action) == ("deal", saved.deal_id, "update")
    assert (write.fields, write.actor) == (("billing_status", "outstanding"), "connector")
