"""Preferences that change how the books behave, and what is attached to records."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from simharness.core.money import Money
from simharness.domain.acts import ActRefused, ClosePeriod, Furnish, TakeCheque
from simharness.domain.dictionary import Dictionary
from simharness.world.world import World
from tests.fakes.conftest import furnished
from tests.fakes.quickbooks.driving import Client, ledger_of

D = Decimal


def prefer(client: Client, section: str, **values: Any) -> Any:
    token = client.ok("GET", "preferences")["Preferences"]["SyncToken"]
    return client.ok("POST", "preferences", {"Id": "1", "SyncToken": token, section: values})["Preferences"]


def test_with_own_numbers_nothing_is_numbered_by_itself(client: Client) -> None:
    saved = prefer(client, "SalesFormsPrefs", CustomTxnNumbers=True)
    assert saved["SalesFormsPrefs"]["CustomTxnNumbers"] is True
    customer, line = client.customer(), client.line("Badge printer", "1.00")
    assert "DocNumber" not in client.invoice(customer, line)
    assert client.invoice(customer, line, DocNumber="A-1")["DocNumber"] == "A-1"
    client.fault("6140", "POST", "invoice", client.sale(customer, line, DocNumber="A-1"))
    prefer(client, "SalesFormsPrefs", CustomTxnNumbers=False)
    assert client.invoice(customer, line)["DocNumber"] == "1001"


def test_credits_are_applied_by_themselves_where_that_is_preferred(client: Client) -> None:
    customer = client.customer()
    first, second = (
        client.invoice(customer, client.line("Badge printer", "40.00"), TxnDate=day)
        for day in ("2026-01-09", "2026-01-08")
    )
    prefer(client, "SalesFormsPrefs", AutoApplyCredit=True)
    memo = client.save("CreditMemo", client.sale(customer, client.line("Badge printer", "50.00")))
    assert memo["RemainingCredit"] == 0
    assert [client.read("Invoice", each["Id"])["Balance"] for each in (first, second)] == [30, 0]
    (link,) = client.query("select * from Payment")["Payment"]
    assert (link["TotalAmt"], link["UnappliedAmt"], len(link["Line"])) == (0, 0, 3)
    client.save("CreditMemo", client.sale(customer, client.line("Badge printer", "100.00")))
    third = client.invoice(customer, client.line("Badge printer", "90.00"))
    assert third["Balance"] == 20


def test_payments_are_applied_by_themselves_where_that_is_preferred(client: Client) -> None:
    customer = client.customer()
    sales = [client.invoice(customer, client.line("Badge printer", "40.00")) for _ in range(2)]
    assert client.paid(customer, "5.00")["UnappliedAmt"] == 5
    prefer(client, "SalesFormsPrefs", AutoApplyPayments=True)
    paid = client.paid(customer, "70.00", ("Invoice", sales[1]["Id"], "10.00"))
    assert paid["UnappliedAmt"] == 20
    assert [client.read("Invoice", each["Id"])["Balance"] for each in sales] == [0, 30]


def test_several_currencies_are_kept_once_that_is_preferred_and_for_good(us_saas: Dictionary) -> None:
    client = Client(ledger_of(single(us_saas)))
    body = {"DisplayName": "Globex SA", "CurrencyRef": {"value": "EUR"}}
    client.fault("6000", "POST", "customer", body)
    client.fault("6000", "POST", "exchangerate", {"SourceCurrencyCode": "EUR", "Rate": 1})
    assert "ExchangeRate" not in client.invoice(client.customer(), client.line("Badge printer", "1.00"))
    saved = prefer(client, "CurrencyPrefs", MultiCurrencyEnabled=True)
    assert saved["CurrencyPrefs"] == {
        "MultiCurrencyEnabled": True, "HomeCurrency": {"value": "USD", "name": "United States Dollar"},
    }  # fmt: skip
    euro = client.save("Customer", body)
    assert euro["CurrencyRef"]["value"] == "EUR"
    line = client.line("Badge printer", "10.00", taxed=False)
    sale = client.invoice(euro["Id"], line, ExchangeRate=D("1.10"))
    client.paid(euro["Id"], "10.00", ("Invoice", sale["Id"], "10.00"), ExchangeRate=D("1.20"))
    assert client.ok("GET", "reports/ProfitAndLoss")["Rows"]["Row"][-2]["Summary"]["ColData"][1]["value"] == "-1.00"
    token = saved["SyncToken"]
    off = {"SyncToken": token, "CurrencyPrefs": {"MultiCurrencyEnabled": False}}
    client.fault("6000", "POST", "preferences", off)
    other = {"SyncToken": token, "CurrencyPrefs": {"HomeCurrency": {"value": "EUR"}}}
    client.fault("6000", "POST", "preferences", other)


def single(dictionary: Dictionary) -> World:
    """A company whose chart knows no exchange gains, so that it begins with one currency."""
    accounts = tuple(account for account in dictionary.accounts if account.role != "exchange_gain")
    return furnished(msgspec.structs.replace(dictionary, accounts=accounts))


def test_what_is_attached_names_records_that_exist(client: Client) -> None:
    sale = client.invoice(client.customer(), client.line("Badge printer", "1.00"))
    link = {"EntityRef": {"type": "Invoice", "value": sale["Id"]}, "IncludeOnSend": True}
    made = client.save("Attachable", {"FileName": "po-77.pdf", "Note": "order", "AttachableRef": [link]})
    assert made["AttachableRef"] == [link]
    assert client.one("Attachable", "FileName = 'po-77.pdf'") == made
    kept = client.save("Attachable", {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Note": "order 77"})
    assert (kept["AttachableRef"], kept["FileName"], kept["SyncToken"]) == ([link], "po-77.pdf", "1")
    client.fault("2020", "POST", "attachable", {"AttachableRef": [link]})
    nobody = {"Note": "x", "AttachableRef": [{"EntityRef": {"type": "Invoice", "value": "999"}}]}
    client.fault("2500", "POST", "attachable", nobody)
    client.save("Attachable", {"Id": made["Id"], "SyncToken": "1"}, operation="delete")
    client.fault("610", "GET", f"attachable/{made['Id']}")


def test_each_entity_has_a_company_and_keys_of_its_own(us_saas: Dictionary, world: World) -> None:
    fake = ledger_of(world)
    world.operate("accounting", Furnish(dictionary=msgspec.structs.replace(us_saas, entity="branch")), "controller")
    keys = fake.connection("")
    assert keys["entity_2"] == "branch"
    branch = Client(fake, token=keys["access_token_2"], realm=keys["realm_id_2"])
    main = Client(fake)
    here, there = main.customer("Globex"), branch.customer("Initech")
    assert here == there  # ids count in each company by itself
    money = Money("5.00", "USD")
    world.operate("accounting", TakeCheque(party_id=there, amount=money, number="1", entity="branch"), "bookkeeper")
    world.operate("accounting", ClosePeriod(until=date(2026, 1, 2), entity="branch"), "controller")
    assert branch.query("select count(*) from Payment")["totalCount"] == 1
    assert main.query("select count(*) from Payment")["totalCount"] == 0
    line = main.line("Badge printer", "1.00")
    main.invoice(here, line, TxnDate="2026-01-02")
    branch.fault("6210", "POST", "invoice", branch.sale(there, line, TxnDate="2026-01-02"))
    strange = Client(fake, token=keys["access_token_2"], realm=main.realm)
    assert strange.call("GET", f"customer/{here}").status == 403
    with pytest.raises(ActRefused, match="nowhere"):
        world.operate("accounting", ClosePeriod(until=date(2026, 1, 2), entity="nowhere"), "controller")
