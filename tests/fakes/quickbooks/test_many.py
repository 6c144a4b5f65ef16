"""Batches and change data capture."""

from __future__ import annotations

from datetime import timedelta

from simharness.world.world import World
from tests.fakes.conftest import furnished
from tests.fakes.quickbooks.driving import Client, ledger_of


def test_each_item_of_a_batch_succeeds_or_fails_alone(client: Client) -> None:
    items = [
        {"bId": "a", "operation": "create", "Customer": {"DisplayName": "Globex"}},
        {"bId": "b", "operation": "create", "Customer": {"DisplayName": "Globex"}},
        {"bId": "c", "operation": "create", "Customer": {"DisplayName": "Initech", "Bogus": 1}},
        {"bId": "d", "Query": "select count(*) from Customer"},
        {"bId": "e", "operation": "delete", "Customer": {"Id": "1", "SyncToken": "0"}},
        {"bId": "f", "operation": "create", "TaxRate": {}},
        {"bId": "g", "Query": "select"},
    ]
    answers = client.ok("POST", "batch", {"BatchItemRequest": items})["BatchItemResponse"]
    assert [answer["bId"] for answer in answers] == list("abcdefg")
    assert answers[0]["Customer"]["DisplayName"] == "Globex"
    assert answers[3]["QueryResponse"] == {"totalCount": 1}
    codes = [answer["Fault"]["Error"][0]["code"] for answer in answers if "Fault" in answer]
    assert codes == ["6240", "2010", "500", "500", "4000"]


def test_a_batch_updates_voids_and_deletes(client: Client) -> None:
    customer = client.customer()
    first, second = (client.invoice(customer, client.line("Badge printer", "1.00")) for _ in range(2))
    items = [
        {
            "bId": "1",
            "operation": "update",
            "Customer": {"Id": customer, "SyncToken": "0", "sparse": True, "Notes": "n"},
        },
        {"bId": "2", "operation": "update", "optionsData": "void", "Invoice": {"Id": first["Id"], "SyncToken": "0"}},
        {"bId": "3", "operation": "delete", "Invoice": {"Id": second["Id"], "SyncToken": "0"}},
    ]
    one, two, three = client.ok("POST", "batch", {"BatchItemRequest": items})["BatchItemResponse"]
    assert one["Customer"]["Notes"] == "n"
    assert two["Invoice"]["TotalAmt"] == 0
    assert three["Invoice"]["status"] == "Deleted"


def test_a_batch_that_is_too_long_is_refused_as_a_whole(us_saas: object) -> None:
    client = Client(ledger_of(furnished(us_saas, quickbooks={"batch_items": "2"})))
    items = [{"bId": str(n), "operation": "create", "Customer": {"DisplayName": f"C{n}"}} for n in range(3)]
    client.fault("1040", "POST", "batch", {"BatchItemRequest": items})
    assert client.query("select * from Customer") == {}


def test_change_data_capture_tells_each_record_once_as_it_stands_and_deletions(client: Client, world: World) -> None:
    old = client.customer("Old")
    world.advance(timedelta(hours=1))
    client.renew()
    customer = client.customer("Globex")
    kept, gone = (client.invoice(customer, client.line("Badge printer", "1.00")) for _ in range(2))
    client.save("Invoice", {"Id": kept["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"})
    client.save("Invoice", {"Id": gone["Id"], "SyncToken": "0"}, operation="delete")
    since = "2026-01-05T09:30:00-08:00"
    answer = client.ok("GET", "cdc", query={"entities": "Invoice,Customer,Payment", "changedSince": since})
    invoices, customers, payments = answer["CDCResponse"][0]["QueryResponse"]
    assert [(row["Id"], row.get("PrivateNote")) for row in invoices["Invoice"]] == [
        (kept["Id"], "x"),
        (gone["Id"], None),
    ]
    assert invoices["Invoice"][1] == {
        "domain": "QBO", "status": "Deleted", "Id": gone["Id"],
        "MetaData": {"LastUpdatedTime": "2026-01-05T10:00:00-08:00"},
    }  # fmt: skip
    assert [row["Id"] for row in customers["Customer"]] == [customer]
    assert old not in {row["Id"] for row in customers["Customer"]}
    assert payments == {}


def test_an_instant_without_zone_is_pacific_time(client: Client) -> None:
    client.customer()
    for since, count in (("2026-01-05T09:00:00", 1), ("2026-01-05T09:00:01", 0)):
        answer = client.ok("GET", "cdc", query={"entities": "Customer", "changedSince": since})
        assert len(answer["CDCResponse"][0]["QueryResponse"][0].get("Customer", [])) == count


def test_change_data_capture_looks_back_thirty_days_and_knows_its_entities(client: Client) -> None:
    client.fault("2090", "GET", "cdc", query={"entities": "Invoice", "changedSince": "2025-12-01T00:00:00Z"})
    client.fault("2090", "GET", "cdc", query={"entities": "Invoice", "changedSince": "yesterday"})
    client.fault("2170", "GET", "cdc", query={"entities": "Nothing", "changedSince": "2026-01-05T00:00:00Z"})
    assert client.fault("2020", "GET", "cdc", query={"entities": "Invoice"})["element"] == "changedSince"


def test_the_ids_of_a_batch_that_is_to_be_safe_are_shorter(client: Client) -> None:
    item = {"bId": "b" * 11, "Query": "select * from Term"}
    body = {"BatchItemRequest": [item]}
    client.ok("POST", "batch", body)
    client.fault("2050", "POST", "batch", body, query={"requestid": "r"})
    client.fault("2050", "POST", "batch", {"BatchItemRequest": [{**item, "bId": "1"}]}, query={"requestid": "r" * 37})


def test_an_item_is_a_query_or_an_operation(client: Client) -> None:
    asked = {"bId": "1", "Query": "select * from Customer"}
    for more in ({"operation": "delete"}, {"Customer": {"DisplayName": "Globex"}}):
        (answer,) = client.ok("POST", "batch", {"BatchItemRequest": [{**asked, **more}]})["BatchItemResponse"]
        assert answer["Fault"]["Error"][0]["code"] == "6000"
    assert client.query("select count(*) from Customer")["totalCount"] == 0
