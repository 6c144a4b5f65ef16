"""The query language: what it selects, how it pages, what it refuses, and that indexes are used."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from simharness.world.world import World
from simharness_fakes.accounting.masters import Register
from simharness_fakes.accounting.sales import Sales
from tests.fakes.quickbooks.driving import Client

D = Decimal


@pytest.fixture
def invoices(client: Client, world: World) -> list[str]:
    """Six invoices of two customers, a day apart from 5 January 2026, of 10.00, 20.00, … 60.00."""
    customers = [client.customer("Globex"), client.customer("O'Hara & Sons")]
    ids = []
    for place in range(6):
        sale = client.invoice(
            customers[place % 2], client.line("Badge printer", f"{(place + 1) * 10}.00"),
            TxnDate=f"2026-01-{5 + place:02}",
        )  # fmt: skip
        ids.append(sale["Id"])
        world.advance(timedelta(days=1))
        client.renew()
    return ids


def found(client: Client, where: str, entity: str = "Invoice") -> list[str]:
    answer = client.query(f"select * from {entity} {where}")  # noqa: S608 - asked of a fake
    return [row["Id"] for row in answer.get(entity, [])]


@pytest.mark.parametrize(
    ("where", "places"),
    [
        ("", [0, 1, 2, 3, 4, 5]),
        ("where CustomerRef = '1'", [0, 2, 4]),
        ("WHERE customerref IN ('1', '2') AND TotalAmt > '30.00'", [3, 4, 5]),
        ("where DocNumber = '1003'", [2]),
        ("where DocNumber in ('1006', '1001')", [0, 5]),
        ("where DocNumber like '%05'", [4]),
        ("where TxnDate >= '2026-01-08'", [3, 4, 5]),
        ("where TxnDate < '2026-01-07'", [0, 1]),
        ("where TxnDate = '2026-01-06'", [1]),
        ("where TotalAmt = 20", [1]),
        ("where Balance <= '20.00' and TxnDate > '2026-01-05'", [1]),
        ("where Metadata.LastUpdatedTime > '2026-01-08T12:00:00-08:00'", [4, 5]),
        ("where MetaData.LastUpdatedTime >= '2026-01-09T17:00:00Z'", [4, 5]),
        ("where MetaData.CreateTime < '2026-01-06'", [0]),
        ("Orderby TxnDate Desc", [5, 4, 3, 2, 1, 0]),
        ("ORDER BY CustomerRef ASC, TotalAmt DESC", [4, 2, 0, 5, 3, 1]),
        ("orderby Id startposition 2 maxresults 3", [1, 2, 3]),
        ("STARTPOSITION 5", [4, 5]),
        ("maxresults 2 startposition 1", [0, 1]),
        ("where Id in ('{4}', '{0}', '999')", [0, 4]),
        ("where Id > '{3}'", [4, 5]),
    ],
)
def test_a_query_gives_what_it_asks_for(client: Client, invoices: list[str], where: str, places: list[int]) -> None:
    assert found(client, where.format(*invoices)) == [invoices[place] for place in places]


def test_like_costs_no_more_with_many_wildcards(client: Client) -> None:
    name = "a" * 90 + "b"
    made = client.customer(name)
    for pattern, matches in (("%a" * 40 + "%c", False), ("%a" * 40 + "%B", True), ("a%b", True), ("a%a", False)):
        rows = client.query(f"select Id from Customer where DisplayName like '{pattern}'")  # noqa: S608 - asked of a fake
        assert [one["Id"] for one in rows.get("Customer", [])] == ([made] if matches else []), pattern
    overlapping = client.query("select Id from Customer where DisplayName like 'aaaaaaaaaa%ab%b'")
    assert overlapping == {}


def test_an_id_of_any_length_is_only_an_id_that_is_not_there(client: Client) -> None:
    for text in ("9" * 5000, "\u0661"):
        assert client.query(f"select * from Customer where Id = '{text}'") == {}  # noqa: S608 - asked of a fake


def test_an_answer_tells_its_page_and_an_empty_one_tells_nothing(client: Client, invoices: list[str]) -> None:
    answer = client.query("select Id from Invoice startposition 5 maxresults 10")
    assert (answer["startPosition"], answer["maxResults"]) == (5, 2)
    assert client.query("select * from Invoice where TotalAmt = 999") == {}
    assert client.query("select count(*) from Invoice where CustomerRef = '1'") == {"totalCount": 3}
    assert client.query("SELECT COUNT(*) FROM invoice") == {"totalCount": 6}


def test_only_the_columns_that_are_asked_for_come_back(client: Client, invoices: list[str]) -> None:
    (row,) = client.query("select DocNumber, MetaData.CreateTime from Invoice maxresults 1")["Invoice"]
    assert row == {
        "domain": "QBO", "sparse": True, "Id": invoices[0], "DocNumber": "1001",
        "MetaData": {"CreateTime": "2026-01-05T09:00:00-08:00"},
    }  # fmt: skip


def test_a_quote_in_a_text_is_escaped_by_a_backslash(client: Client, invoices: list[str]) -> None:
    assert found(client, r"where DisplayName = 'O\'Hara & Sons'", "Customer") == ["2"]
    assert found(client, r"where DisplayName like 'o\'h%'", "Customer") == ["2"]


def test_get_and_post_ask_the_same(client: Client, invoices: list[str]) -> None:
    text = "select * from invoice where customerref = '1' startposition 1 maxresults 1000"
    assert client.ok("GET", "query", query={"query": text})["QueryResponse"] == client.query(text)


def test_inactive_records_show_only_to_a_query_that_asks_for_them(client: Client) -> None:
    one, two = client.customer("One"), client.customer("Two")
    client.save("Customer", {"Id": two, "SyncToken": "0", "sparse": True, "Active": False})
    assert found(client, "", "Customer") == [one]
    assert found(client, "where Active in (true, false)", "Customer") == [one, two]
    assert found(client, "where DisplayName = 'Two'", "Customer") == []
    assert found(client, "where DisplayName = 'Two' and Active = false", "Customer") == [two]


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", "2020", ""),
        ("delete from Invoice", "4000", "QueryParserError"),
        ("select * from Invoice where TotalAmt != 1", "4000", "Lexical error"),
        ("select * from Invoice where TotalAmt = 1 or TotalAmt = 2", "4000", "or"),
        ("select * from Invoice where not TotalAmt = 1", "4000", "TotalAmt"),
        ("select * from Invoice where DocNumber in ()", "4000", "a value"),
        ("select * from Invoice where DocNumber =", "4000", "<EOF>"),
        ("select * from Invoice where DocNumber = 'open", "4000", "Lexical error"),
        ("select * from Invoice maxresults many", "4000", "many"),
        ("select * from Invoice maxresults 1001", "4001", "1000"),
        ("select * from Nothing", "4001", "Nothing"),
        ("select Nothing from Invoice", "4001", "Property Nothing not found for Entity Invoice"),
        ("select * from Invoice where Nothing = '1'", "4001", "Property Nothing not found for Entity Invoice"),
        ("select * from Invoice where PrivateNote = 'x'", "4001", "property 'PrivateNote' is not queryable"),
        ("select * from Invoice where Line = 'x'", "4001", "not queryable"),
        ("select * from Invoice orderby PrivateNote", "4001", "not queryable"),
        ("select * from Invoice where TxnDate = 'yesterday'", "4001", "yesterday"),
        ("select * from Invoice where TotalAmt like '1%'", "4001", "LIKE"),
        ("select * from Customer where Active = 'maybe'", "4001", "maybe"),
    ],
)
def test_a_query_that_cannot_be_answered_is_refused_in_the_vendors_words(
    client: Client, text: str, code: str, said: str
) -> None:
    error = client.fault(code, "POST", "query", text, media_type="application/text")
    assert said in error["Detail"]


@pytest.mark.parametrize(
    "where",
    [
        "Id = '1'",
        "Id in ('1', '2')",
        "CustomerRef = '1' and TotalAmt > '0'",
        "DocNumber = '1001'",
        "TxnDate > '2026-01-01'",
        "MetaData.LastUpdatedTime > '2026-01-01T00:00:00-08:00'",
        "TotalAmt > '0' and DocNumber in ('1001')",
    ],
)
def test_a_query_with_an_index_never_reads_every_document(
    client: Client, invoices: list[str], where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def scan(self: object) -> None:
        raise AssertionError("every document is read")

    expected = found(client, f"where {where}")
    assert expected
    monkeypatch.setattr(Sales, "all", scan)
    assert found(client, f"where {where}") == expected


def test_a_query_by_name_never_reads_every_record(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    customer = client.customer()

    def scan(self: object) -> None:
        raise AssertionError("every record is read")

    monkeypatch.setattr(Register, "all", scan)
    assert found(client, "where DisplayName = 'globex'", "Customer") == [customer]


def test_a_page_reads_no_further_than_its_end(
    client: Client, invoices: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[object] = []
    every = Sales.all

    def counting(self: Sales) -> object:
        for sale in every(self):
            read.append(sale)
            yield sale

    monkeypatch.setattr(Sales, "all", counting)
    assert found(client, "startposition 2 maxresults 2") == invoices[1:3]
    assert len(read) == 3


def test_one_company_and_its_preferences_can_be_asked_for(client: Client) -> None:
    (info,) = client.query("select * from CompanyInfo")["CompanyInfo"]
    assert info["CompanyName"] == "Acme Access Inc."
    (prefs,) = client.query("select * from Preferences")["Preferences"]
    assert prefs["CurrencyPrefs"]["HomeCurrency"]["value"] == "USD"
