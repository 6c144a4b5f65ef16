"""What node-quickbooks sends where the Python SDK sends something else; a connector may be written in either."""

from __future__ import annotations

from simharness.world.world import World
from tests.fakes.quickbooks.driving import Client, ledger_of

#: It adds these to every request.
ADDED = {"minorversion": "75", "format": "json"}
HEADERS = {"Request-Id": "5b2c4d8e-0001-11f0-8000-000000000000", "User-Agent": "node-quickbooks: version 2.0.50"}


def test_what_is_added_to_every_request_is_taken_by_every_operation(world: World) -> None:
    contract = ledger_of(world).contract
    for operation in contract:
        names = {parameter.name for parameter in operation.parameters if parameter.location == "query"}
        assert operation.open or set(ADDED) <= names, operation.id


def test_a_record_is_made_changed_voided_and_deleted(client: Client) -> None:
    customer = client.ok("POST", "customer", {"DisplayName": "Globex"}, query=ADDED, headers=HEADERS)["Customer"]
    body = {"Id": customer["Id"], "SyncToken": customer["SyncToken"], "sparse": True, "Notes": "n"}
    changed = client.ok("POST", "customer", body, query={**ADDED, "operation": "update"}, headers=HEADERS)["Customer"]
    assert (changed["DisplayName"], changed["Notes"]) == ("Globex", "n")
    sale = client.invoice(customer["Id"], client.line("Badge printer", "5.00"))
    voiding = {**ADDED, "operation": "update", "include": "void"}
    void = client.ok("POST", "invoice", {"Id": sale["Id"], "SyncToken": "0", "sparse": True}, query=voiding)["Invoice"]
    assert (void["TotalAmt"], void["PrivateNote"]) == (0, "Voided")
    read = client.ok("GET", f"invoice/{sale['Id']}", query=ADDED, headers=HEADERS)["Invoice"]
    deleted = client.ok("POST", "invoice", read, query={**ADDED, "operation": "delete"}, headers=HEADERS)["Invoice"]
    assert deleted["status"] == "Deleted"


def test_its_pages_of_a_query_end_where_the_list_ends(client: Client) -> None:
    for name in ("A", "B", "C"):
        client.customer(name)
    found: list[str] = []
    for offset in (1, 3, 5):
        text = f"select * from customer startposition {offset} maxresults 2"  # noqa: S608 - asked of a fake
        found += [
            one["DisplayName"]
            for one in client.ok("GET", "query", query={**ADDED, "query": text})["QueryResponse"].get("Customer", [])
        ]
    assert found == ["A", "B", "C"]
