"""A list that is asked for again shows what has changed in between: values, figures, and the names of what it names."""

from __future__ import annotations

from decimal import Decimal

from simharness.fakekit.bodies import Json
from tests.fakes.quickbooks.driving import Client


def listed(client: Client, entity: str, name: str) -> dict[str, Json]:
    rows = client.query(f"select * from {entity}")[entity]  # noqa: S608 - asked of a fake
    return next(row for row in rows if name in (row.get("Name"), row.get("DisplayName")))


def test_an_account_shows_the_balance_of_the_moment(client: Client) -> None:
    customer = client.customer("Globex")
    receivable = next(
        row["Name"] for row in client.query("select * from Account")["Account"]
        if row["AccountType"] == "Accounts Receivable"
    )  # fmt: skip
    assert listed(client, "Account", receivable)["CurrentBalance"] == 0
    client.invoice(customer, client.line("Badge printer", "10.00", taxed=False))
    client.invoice(customer, client.line("Badge printer", "32.50", taxed=False))
    assert listed(client, "Account", receivable)["CurrentBalance"] == Decimal("42.50")
    assert listed(client, "Customer", "Globex")["Balance"] == Decimal("42.50")


def test_an_item_shows_the_new_name_of_its_account(client: Client) -> None:
    item = listed(client, "Item", "Badge printer")
    account = listed(client, "Account", item["IncomeAccountRef"]["name"])
    sparse = {"Id": account["Id"], "SyncToken": account["SyncToken"], "sparse": True, "Name": "Renamed income",
              "AccountType": account["AccountType"], "AccountSubType": account["AccountSubType"]}  # fmt: skip
    client.save("Account", sparse)
    assert listed(client, "Item", "Badge printer")["IncomeAccountRef"]["name"] == "Renamed income"
    assert listed(client, "Account", "Renamed income")["SyncToken"] == "1"


def test_a_customer_shows_what_was_written_last_and_still_its_balance(client: Client) -> None:
    client.invoice(client.customer("Globex"), client.line("Badge printer", "10.00", taxed=False))
    before = listed(client, "Customer", "Globex")
    assert (before["Balance"], before.get("PrimaryEmailAddr")) == (Decimal("10.00"), None)
    sparse = {"Id": before["Id"], "SyncToken": before["SyncToken"], "sparse": True,
              "PrimaryEmailAddr": {"Address": "ap@globex.example"}}  # fmt: skip
    written = client.save("Customer", sparse)
    after = listed(client, "Customer", "Globex")
    assert after == written
    assert (after["Balance"], after["PrimaryEmailAddr"]) == (Decimal("10.00"), {"Address": "ap@globex.example"})


def test_a_question_asked_word_for_word_again_gets_the_rows_of_the_moment(client: Client) -> None:
    question = "select * from Customer where DisplayName = 'Globex'"
    assert "Customer" not in client.query(question)
    client.customer("Globex")
    assert [row["DisplayName"] for row in client.query(question)["Customer"]] == ["Globex"]
