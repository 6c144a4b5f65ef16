"""Several currencies in one company: rates, worth at home, what is gained or lost on the exchange."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from simharness.domain.acts import ActRefused, SetExchangeRate
from simharness.domain.books import LedgerSnapshot
from simharness.domain.events import ExchangeRateSet
from simharness.world.world import World
from tests.fakes.quickbooks.driving import Client

D = Decimal


@pytest.fixture
def euro(client: Client) -> str:
    """A customer who is billed in euro."""
    return client.customer("Globex SA", CurrencyRef={"value": "EUR"})


def snapshot(client: Client) -> LedgerSnapshot:
    (found,) = client.fake.snapshot()
    assert isinstance(found, LedgerSnapshot)
    return found


def balances(client: Client) -> dict[str, Decimal]:
    """Accounts by name with what is on them in dollars, from the entries."""
    names = {account.id: account.name for account in snapshot(client).accounts}
    sums: dict[str, Decimal] = {}
    for entry in snapshot(client).entries:
        for line in entry.lines:
            assert line.amount.currency == "USD"
            sums[names[line.account]] = sums.get(names[line.account], D(0)) + line.amount.amount
    return {name: amount for name, amount in sums.items() if amount}


def rate(client: Client, value: str, day: str = "2026-01-01", code: str = "EUR") -> Any:
    return client.save("ExchangeRate", {"SourceCurrencyCode": code, "Rate": D(value), "AsOfDate": day})


def invoice(client: Client, customer: str, amount: str, rate: str, **more: Any) -> Any:
    line = client.line("Badge printer", amount, taxed=False)
    return client.invoice(customer, line, ExchangeRate=D(rate), **more)


def pay(client: Client, customer: str, amount: str, rate: str, *links: tuple[str, str, str], **more: Any) -> Any:
    return client.paid(customer, amount, *links, ExchangeRate=D(rate), **more)


def test_an_invoice_in_euro_is_worth_its_rate_and_has_a_receivable_of_its_own(client: Client, euro: str) -> None:
    sale = invoice(client, euro, "1000.00", "1.10")
    assert (sale["TotalAmt"], sale["HomeTotalAmt"], sale["HomeBalance"]) == (D("1000.00"), D("1100.00"), D("1100.00"))
    assert (sale["CurrencyRef"]["value"], sale["ExchangeRate"]) == ("EUR", D("1.10"))
    assert balances(client) == {"Accounts receivable - EUR": D("1100.00"), "Hardware sales": D("-1100.00")}
    account = client.one("Account", "Name = 'Accounts receivable - EUR'")
    assert (account["CurrentBalance"], account["CurrencyRef"]["value"]) == (D("1000.00"), "EUR")
    assert client.read("Customer", euro)["Balance"] == D("1000.00")
    (document,) = snapshot(client).documents
    assert (str(document.total), document.rate) == ("EUR 1,000.00", D("1.10"))
    (entry,) = snapshot(client).entries
    assert [str(line.foreign) for line in entry.lines] == ["EUR 1,000.00", "EUR -1,000.00"]


def test_an_invoice_paid_in_parts_at_other_rates_is_zero_at_home_when_it_is_zero_abroad(
    client: Client, euro: str
) -> None:
    """1,000.00 EUR at 1.10 = 1,100.00; 400.00 at 1.12 = 448.00 (440.00: gain 8.00); 600.00 at 1.05 = 630.00 (660.00:
    loss 30.00). Net loss 22.00.
    """
    sale = invoice(client, euro, "1000.00", "1.10")
    pay(client, euro, "400.00", "1.12", ("Invoice", sale["Id"], "400.00"))
    assert balances(client)["Exchange gain or loss"] == D("-8.00")
    assert client.read("Invoice", sale["Id"])["HomeBalance"] == D("660.00")
    pay(client, euro, "600.00", "1.05", ("Invoice", sale["Id"], "600.00"))
    left = client.read("Invoice", sale["Id"])
    assert (left["Balance"], left["HomeBalance"]) == (0, 0)
    assert balances(client) == {
        "Undeposited funds": D("1078.00"), "Hardware sales": D("-1100.00"), "Exchange gain or loss": D("22.00"),
    }  # fmt: skip


def test_the_last_part_takes_the_cents(client: Client, euro: str) -> None:
    """100.00 EUR at 1.2345 = 123.45; three parts of 33.33 are 41.15 each (41.145885), the last 0.01 takes nothing."""
    sale = invoice(client, euro, "100.00", "1.2345")
    for part in ("33.33", "33.33", "33.33", "0.01"):
        pay(client, euro, part, "1.2345", ("Invoice", sale["Id"], part))
    assert client.read("Invoice", sale["Id"])["HomeBalance"] == 0
    assert "Accounts receivable - EUR" not in balances(client)


def test_a_void_payment_takes_its_gain_back(client: Client, euro: str) -> None:
    sale = invoice(client, euro, "100.00", "1.10")
    payment = pay(client, euro, "100.00", "1.20", ("Invoice", sale["Id"], "100.00"))
    client.save("Payment", {"Id": payment["Id"], "SyncToken": "0", "sparse": True}, operation="void")
    assert balances(client) == {"Accounts receivable - EUR": D("110.00"), "Hardware sales": D("-110.00")}
    assert client.read("Invoice", sale["Id"])["HomeBalance"] == D("110.00")


def test_a_credit_at_another_rate_leaves_nothing_at_home(client: Client, euro: str) -> None:
    """30.00 EUR at 1.20 used on an invoice at 1.10: 36.00 against 33.00."""
    sale = invoice(client, euro, "30.00", "1.10")
    line = client.line("Badge printer", "30.00", taxed=False)
    memo = client.save("CreditMemo", client.sale(euro, line, ExchangeRate=D("1.20")))
    link = pay(client, euro, "0", "1", ("Invoice", sale["Id"], "30.00"), ("CreditMemo", memo["Id"], "30.00"))
    assert balances(client) == {"Hardware sales": D("3.00"), "Exchange gain or loss": D("-3.00")}
    client.save("Payment", {"Id": link["Id"], "SyncToken": "0"}, operation="delete")
    assert balances(client) == {"Accounts receivable - EUR": D("-3.00"), "Hardware sales": D("3.00")}


def test_voiding_an_invoice_leaves_its_payment_unapplied_at_its_own_rate(client: Client, euro: str) -> None:
    sale = invoice(client, euro, "100.00", "1.10")
    payment = pay(client, euro, "100.00", "1.20", ("Invoice", sale["Id"], "100.00"))
    token = client.read("Invoice", sale["Id"])["SyncToken"]
    client.save("Invoice", {"Id": sale["Id"], "SyncToken": token}, operation="void")
    assert client.read("Payment", payment["Id"])["UnappliedAmt"] == D("100.00")
    assert balances(client) == {"Accounts receivable - EUR": D("-120.00"), "Undeposited funds": D("120.00")}


def test_cheques_in_euro_are_deposited_at_the_rate_of_the_day(client: Client, euro: str) -> None:
    """200.00 EUR taken at 1.10 (220.00) reach a dollar account at 1.15 (230.00)."""
    payment = pay(client, euro, "200.00", "1.10")
    line = {"Amount": 200, "LinkedTxn": [{"TxnId": payment["Id"], "TxnType": "Payment"}]}
    body = {"DepositToAccountRef": {"value": client.id_of("Account", "Bank")}, "Line": [line]}
    client.fault("6000", "POST", "deposit", body)
    made = client.save("Deposit", {**body, "CurrencyRef": {"value": "EUR"}, "ExchangeRate": D("1.15")})
    assert (made["TotalAmt"], made["HomeTotalAmt"]) == (200, D("230.00"))
    found = balances(client)
    assert (found["Bank"], found["Exchange gain or loss"]) == (D("230.00"), D("-10.00"))
    assert "Undeposited funds" not in found


def test_a_bank_account_in_euro_takes_euro_only(client: Client, euro: str) -> None:
    bank = client.save("Account", {"Name": "Bank EUR", "AccountType": "Bank", "CurrencyRef": {"value": "EUR"}})["Id"]
    pay(client, euro, "50.00", "1.10", DepositToAccountRef={"value": bank})
    assert client.read("Account", bank)["CurrentBalance"] == D("50.00")
    body = {"CustomerRef": {"value": client.customer()}, "TotalAmt": 5, "DepositToAccountRef": {"value": bank}}
    client.fault("6000", "POST", "payment", body)
    income = {"Name": "Sales EUR", "AccountType": "Income", "CurrencyRef": {"value": "EUR"}}
    client.fault("6000", "POST", "account", income)


def test_a_journal_in_euro_is_an_open_item_in_euro(client: Client, euro: str) -> None:
    invoice(client, euro, "1.00", "1.10")  # opens the receivable
    journal = journal_on(client, euro, "10.00", "1.30")
    (item,) = snapshot(client).open_items
    assert str(item.open) == "EUR 10.00"
    pay(client, euro, "10.00", "1.20", ("JournalEntry", journal["Id"], "10.00"))
    assert balances(client)["Exchange gain or loss"] == D("1.00")
    assert balances(client)["Accounts receivable - EUR"] == D("1.10")


def journal_on(client: Client, customer: str, amount: str, rate: str) -> Any:
    sides: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
        ("Debit", "Accounts receivable - EUR", {"Entity": {"Type": "Customer", "EntityRef": {"value": customer}}}),
        ("Credit", "Gateway clearing", {}),
    )
    lines = [
        {
            "Amount": D(amount), "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": {
                "PostingType": side, "AccountRef": {"value": client.id_of("Account", account)}, **more,
            },
        }
        for side, account, more in sides
    ]  # fmt: skip
    currency = {"CurrencyRef": {"value": "EUR"}, "ExchangeRate": D(rate)}
    client.fault("6000", "POST", "journalentry", {"Line": lines})  # dollars do not fit that receivable
    return client.save("JournalEntry", {"Line": lines, **currency})


def test_yen_have_no_cents_and_dinars_three(client: Client) -> None:
    yen = client.customer("Globex KK", CurrencyRef={"value": "JPY"})
    sale = invoice(client, yen, "10001", "0.0067")
    assert (sale["TotalAmt"], sale["HomeTotalAmt"]) == (10001, D("67.01"))
    line = client.line("Badge printer", "10000.50", taxed=False)
    client.fault("6000", "POST", "invoice", client.sale(yen, line, ExchangeRate=D("0.0067")))
    dinar = client.customer("Globex KSC", CurrencyRef={"value": "KWD"})
    assert invoice(client, dinar, "10.005", "3.25")["HomeTotalAmt"] == D("32.52")


def test_a_document_without_a_rate_takes_the_last_one_known_on_its_day(client: Client, euro: str) -> None:
    line = client.line("Badge printer", "100.00", taxed=False)
    client.fault("6000", "POST", "invoice", client.sale(euro, line, TxnDate="2026-01-10"))
    rate(client, "1.10", "2026-01-01")
    rate(client, "1.20", "2026-01-15")
    early = client.invoice(euro, line, TxnDate="2026-01-10")
    late = client.invoice(euro, line, TxnDate="2026-01-15")
    assert [early["ExchangeRate"], late["ExchangeRate"]] == [D("1.10"), D("1.20")]
    rate(client, "9.99", "2026-01-01")
    kept = {"Id": early["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "as agreed"}
    assert client.save("Invoice", kept)["ExchangeRate"] == D("1.10")


def test_rates_are_asked_for_as_at_a_day(client: Client) -> None:
    rate(client, "1.10", "2026-01-01")
    made = rate(client, "1.20", "2026-01-15")
    assert (made["TargetCurrencyCode"], made["AsOfDate"]) == ("USD", "2026-01-15")
    query = {"sourcecurrencycode": "EUR", "asofdate": "2026-01-14"}
    assert client.ok("GET", "exchangerate", query=query)["ExchangeRate"]["Rate"] == D("1.10")
    client.fault("610", "GET", "exchangerate", query={"sourcecurrencycode": "CHF"})
    client.fault("610", "GET", "exchangerate", query={"sourcecurrencycode": "EUR", "asofdate": "2025-12-31"})
    found = client.one("ExchangeRate", "SourceCurrencyCode = 'EUR' AND AsOfDate = '2026-02-01'")
    assert found["Rate"] == D("1.20")
    client.fault("6000", "POST", "exchangerate", {"SourceCurrencyCode": "USD", "Rate": 1})
    for worthless in (D(0), D("1e-12")):
        client.fault("6000", "POST", "exchangerate", {"SourceCurrencyCode": "EUR", "Rate": worthless})


def test_a_currency_is_on_the_list_once_it_is_used(client: Client, euro: str) -> None:
    (listed,) = client.query("select * from CompanyCurrency")["CompanyCurrency"]
    assert (listed["Code"], listed["Active"]) == ("EUR", True)
    made = client.save("CompanyCurrency", {"Code": "CHF"})
    assert made["Name"] == "Swiss Franc"
    client.fault("6240", "POST", "companycurrency", {"Code": "EUR", "Name": "Euro again"})
    client.fault("6000", "POST", "companycurrency", {"Code": "USD"})


@pytest.mark.parametrize("change", [{"ExchangeRate": 2}, {"CurrencyRef": {"value": "EUR"}, "ExchangeRate": 2}])
def test_a_dollar_customer_is_billed_in_dollars_at_one(client: Client, change: dict[str, Any]) -> None:
    body = client.sale(client.customer(), client.line("Badge printer", "5.00"), **change)
    client.fault("6000", "POST", "invoice", body)
    shown = client.save("Invoice", {**body, "ExchangeRate": 1, "CurrencyRef": {"value": "USD"}})
    assert (shown["ExchangeRate"], shown["HomeTotalAmt"]) == (1, D("5.00"))


def test_what_a_payment_gained_on_an_invoice_holds_the_invoice(client: Client, euro: str) -> None:
    sale = invoice(client, euro, "100.00", "1.10")
    pay(client, euro, "40.00", "1.20", ("Invoice", sale["Id"], "40.00"))
    token = client.read("Invoice", sale["Id"])["SyncToken"]
    body = {"Id": sale["Id"], "SyncToken": token, "sparse": True}
    client.fault("800", "POST", "invoice", {**body, "ExchangeRate": D("1.30")})
    client.save("Invoice", {**body, "PrivateNote": "as agreed"})
    assert client.read("Invoice", sale["Id"])["HomeBalance"] == D("66.00")


def test_the_controller_sets_a_rate_by_hand(client: Client, world: World, euro: str) -> None:
    act = SetExchangeRate(currency="EUR", rate=D("1.17"))
    assert world.operate("accounting", act, "controller") == (
        ExchangeRateSet(currency="EUR", day=date(2026, 1, 5)),
    )  # fmt: skip
    sale = client.invoice(euro, client.line("Badge printer", "100.00", taxed=False))
    assert (sale["ExchangeRate"], sale["HomeTotalAmt"]) == (D("1.17"), D("117.00"))
    with pytest.raises(ActRefused, match="more than zero"):
        world.operate("accounting", SetExchangeRate(currency="EUR", rate=D(0)), "controller")
    with pytest.raises(ActRefused, match="three capital letters"):
        world.operate("accounting", SetExchangeRate(currency="Euro", rate=D(1)), "controller")
