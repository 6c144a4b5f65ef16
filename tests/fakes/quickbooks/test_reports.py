"""Reports: figures by hand, in Intuit's form."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.fakes.quickbooks.driving import Client

D = Decimal


@pytest.fixture
def told(client: Client) -> dict[str, str]:
    """An invoice of 1,000.00 + 82.50 tax in cost centre Sales West, office San Francisco; 400.00 paid in February."""
    customer, code = client.customer(), client.id_of("TaxCode", "TX Austin")
    line = client.line("Badge printer", "1000.00", ClassRef={"value": client.id_of("Class", "Sales West")})
    sale = client.invoice(
        customer, {**line, "Description": "Printers"}, TxnTaxDetail={"TxnTaxCodeRef": {"value": code}},
        TxnDate="2026-01-12", DueDate="2026-02-11", PrivateNote="deal 1",
        DepartmentRef={"value": client.id_of("Department", "San Francisco office")},
    )  # fmt: skip
    payment = client.paid(customer, "400.00", ("Invoice", sale["Id"], "400.00"), TxnDate="2026-02-02")
    return {"customer": customer, "invoice": sale["Id"], "payment": payment["Id"], "number": sale["DocNumber"]}


def cells(rows: list[dict[str, Any]]) -> Iterator[list[str]]:
    for row in rows:
        for part in (row, row.get("Header", {})):
            if "ColData" in part:
                yield [cell["value"] for cell in part["ColData"]]
        yield from cells(row.get("Rows", {}).get("Row", []))
        if "Summary" in row:
            yield [cell["value"] for cell in row["Summary"]["ColData"]]


def report(client: Client, name: str, **query: str) -> list[list[str]]:
    return list(cells(client.ok("GET", f"reports/{name}", query=query)["Rows"].get("Row", [])))


def test_the_trial_balance_balances(client: Client, told: dict[str, str]) -> None:
    assert report(client, "TrialBalance", start_date="2026-01-01", end_date="2026-02-28") == [
        ["1100 Accounts receivable", "682.50", ""],
        ["1200 Undeposited funds", "400.00", ""],
        ["2200 Sales tax payable", "", "82.50"],
        ["4010 Hardware sales", "", "1000.00"],
        ["TOTAL", "1082.50", "1082.50"],
    ]


def test_profit_and_loss_shows_sections_and_net_income(client: Client, told: dict[str, str]) -> None:
    rows = report(client, "ProfitAndLoss", start_date="2026-01-01", end_date="2026-01-31")
    assert rows == [
        ["Income", ""],
        ["4010 Hardware sales", "1000.00"],
        ["Total Income", "1000.00"],
        ["Gross Profit", "1000.00"],
        ["Net Operating Income", "1000.00"],
        ["Net Income", "1000.00"],
    ]
    assert report(client, "ProfitAndLoss", start_date="2026-02-01", end_date="2026-02-28") == []


def test_the_balance_sheet_is_equal_on_both_sides(client: Client, told: dict[str, str]) -> None:
    rows = {row[0]: row[-1] for row in report(client, "BalanceSheet", end_date="2026-02-28")}
    assert (rows["TOTAL ASSETS"], rows["TOTAL LIABILITIES AND EQUITY"]) == ("1082.50", "1082.50")
    assert (rows["2200 Sales tax payable"], rows["Net Income"]) == ("82.50", "1000.00")


def test_the_general_ledger_gives_every_posting_with_ids_and_dimensions(client: Client, told: dict[str, str]) -> None:
    columns = "tx_date,txn_type,doc_num,name,memo,klass_name,dept_name,debt_amt,credit_amt,subt_nat_amount"
    answer = client.ok(
        "GET", "reports/GeneralLedger",
        query={"start_date": "2026-01-01", "end_date": "2026-02-28", "columns": columns},
    )  # fmt: skip
    assert [column["MetaData"][0]["Value"] for column in answer["Columns"]["Column"]] == columns.split(",")
    accounts = {row["Header"]["ColData"][0]["value"]: row for row in answer["Rows"]["Row"]}
    (posting,) = accounts["4010 Hardware sales"]["Rows"]["Row"]
    assert posting["ColData"] == [
        {"value": "2026-01-12"},
        {"value": "Invoice", "id": told["invoice"]},
        {"value": told["number"]},
        {"value": "Globex", "id": told["customer"]},
        {"value": "Printers"},
        {"value": "Sales West", "id": client.id_of("Class", "Sales West")},
        {"value": "San Francisco office", "id": client.id_of("Department", "San Francisco office")},
        {"value": ""},
        {"value": "1000.00"},
        {"value": "1000.00"},
    ]
    assert accounts["4010 Hardware sales"]["Header"]["ColData"][0]["id"] == client.id_of("Account", "Hardware sales")
    receivable = [[c["value"] for c in row["ColData"]] for row in accounts["1100 Accounts receivable"]["Rows"]["Row"]]
    assert [(row[1], row[-1]) for row in receivable] == [("Invoice", "1082.50"), ("Payment", "-400.00")]


def test_debits_equal_credits_over_the_whole_general_ledger(client: Client, told: dict[str, str]) -> None:
    answer = client.ok(
        "GET", "reports/GeneralLedger",
        query={"start_date": "2026-01-01", "end_date": "2026-12-31", "columns": "tx_date,debt_amt,credit_amt"},
    )  # fmt: skip
    rows = [row["ColData"] for section in answer["Rows"]["Row"] for row in section["Rows"]["Row"]]
    sums = [sum(D(row[place]["value"] or "0") for row in rows) for place in (1, 2)]
    assert sums == [D("1482.50"), D("1482.50")]


def test_one_account_begins_with_its_balance(client: Client, told: dict[str, str]) -> None:
    rows = report(
        client, "GeneralLedger", start_date="2026-02-01", end_date="2026-02-28",
        account=client.id_of("Account", "Accounts receivable"),
    )  # fmt: skip
    assert rows[1] == ["Beginning Balance", "", "", "", "", "", "1082.50"]
    assert rows[2][-2:] == ["-400.00", "682.50"]
    assert len(rows) == 4


def test_receivables_age_by_days_past_due(client: Client, told: dict[str, str]) -> None:
    # Due 11 February: on 13 March 30 days late, on 14 March 31.
    for day, bucket in (("2026-02-11", 1), ("2026-03-13", 2), ("2026-03-14", 3)):
        row, total = report(client, "AgedReceivables", report_date=day)
        assert row[0] == "Globex"
        assert (row[bucket], row[-1], total[-1]) == ("682.50", "682.50", "682.50")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"accounting_method": "Cash"}, "2170"),
        ({"start_date": "2026-02-02", "end_date": "2026-02-01"}, "2090"),
        ({"start_date": "2026-02-30"}, "2090"),
        ({"columns": "tx_date,shoe_size"}, "2170"),
        ({"account": "999"}, "2500"),
        ({"shoe_size": "44"}, "2010"),
    ],
)
def test_a_report_that_is_not_modelled_is_refused(client: Client, query: dict[str, str], code: str) -> None:
    client.fault(code, "GET", "reports/GeneralLedger", query=query)
