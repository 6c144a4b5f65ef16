"""Invoices and credit memos over the wire: figures by hand, the vendor's refusals, updates that keep the rest."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from simharness.core.content import content_folder
from simharness.domain.acts import ClosePeriod
from simharness.stories.dictionaries import load_dictionary
from simharness.world.world import World
from tests.fakes.conftest import furnished
from tests.fakes.quickbooks.driving import Client, ledger_of, operate

D = Decimal


def company(name: str) -> Client:
    return Client(ledger_of(furnished(load_dictionary(content_folder("scenarios") / "dictionaries" / f"{name}.yaml"))))


def test_a_discount_line_lowers_the_taxable_base_and_each_authority_is_rounded_by_itself(client: Client) -> None:
    # 8 × 219.95 = 1,759.60; 5 % of 3,759.60 = 187.98; taxable 1,671.62: 121.19 + 22.98; 3,571.62 + 144.17.
    customer = client.customer()
    code = client.id_of("TaxCode", "CA San Francisco")
    sale = client.invoice(
        customer,
        client.line("Badge printer", "1759.60", Qty=8, UnitPrice=D("219.95")),
        client.line("Onboarding service", "2000.00", taxed=False),
        {"DetailType": "DiscountLineDetail", "DiscountLineDetail": {"PercentBased": True, "DiscountPercent": 5}},
        TxnTaxDetail={"TxnTaxCodeRef": {"value": code}},
        TxnDate="2026-01-12",
    )
    assert [tax["Amount"] for tax in sale["TxnTaxDetail"]["TaxLine"]] == [D("121.19"), D("22.98")]
    assert (sale["TxnTaxDetail"]["TotalTax"], sale["TotalAmt"], sale["Balance"]) == (
        D("144.17"), D("3715.79"), D("3715.79"),
    )  # fmt: skip
    assert [(line["DetailType"], line["Amount"]) for line in sale["Line"]] == [
        ("SalesItemLineDetail", D("1759.60")),
        ("SalesItemLineDetail", D("2000.00")),
        ("SubTotalLineDetail", D("3759.60")),
        ("DiscountLineDetail", D("187.98")),
    ]


def test_the_rate_is_that_of_the_invoice_date(client: Client) -> None:
    # Seattle: 6.5 + 3.85 until March, 6.5 + 4.05 from April; 1,000 → 103.50 and 105.50.
    customer, code = client.customer(), client.id_of("TaxCode", "WA Seattle")
    taxes = {
        day: client.invoice(
            customer,
            client.line("Badge printer", "1000.00"),
            TxnTaxDetail={"TxnTaxCodeRef": {"value": code}},
            TxnDate=day,
        )["TxnTaxDetail"]["TotalTax"]
        for day in ("2026-03-31", "2026-04-01")
    }
    assert taxes == {"2026-03-31": D("103.50"), "2026-04-01": D("105.50")}


def test_a_tax_that_is_sent_with_its_lines_stands(client: Client) -> None:
    customer, code = client.customer(), client.id_of("TaxCode", "TX Austin")
    detail = {"TxnTaxCodeRef": {"value": code}, "TotalTax": D("8.24"), "TaxLine": [{"Amount": D("8.24")}]}
    sale = client.invoice(customer, client.line("Badge printer", "100.00"), TxnTaxDetail=detail)
    assert (sale["TxnTaxDetail"]["TotalTax"], sale["TotalAmt"]) == (D("8.24"), D("108.24"))


def test_tax_lines_that_do_not_add_up_are_refused(client: Client) -> None:
    customer, code = client.customer(), client.id_of("TaxCode", "TX Austin")
    detail = {"TxnTaxCodeRef": {"value": code}, "TotalTax": D("8.25"), "TaxLine": [{"Amount": D("8.24")}]}
    body = client.sale(customer, client.line("Badge printer", "100.00"), TxnTaxDetail=detail)
    assert "8.24" in client.fault("6000", "POST", "invoice", body)["Detail"]


def test_the_code_of_a_us_document_follows_from_the_rates_its_tax_lines_name(client: Client) -> None:
    customer = client.customer()
    code = client.one("TaxCode", "Name = 'TX Austin'")
    rates = [each["TaxRateRef"]["value"] for each in code["SalesTaxRateList"]["TaxRateDetail"]]
    amounts = (D("6.25"), D("2.00"))
    lines = [
        {"Amount": amount, "TaxLineDetail": {"TaxRateRef": {"value": rate}}}
        for amount, rate in zip(amounts, rates, strict=True)
    ]
    sale = client.invoice(customer, client.line("Badge printer", "100.00"), TxnTaxDetail={"TaxLine": lines})
    assert sale["TxnTaxDetail"]["TxnTaxCodeRef"]["value"] == code["Id"]
    assert sale["TxnTaxDetail"]["TotalTax"] == D("8.25")


def test_automated_sales_tax_overrides_the_tax_that_was_sent() -> None:
    # The address lies in San Francisco: 7.25 % and 1.375 % of 1,000.00 are 72.50 and 13.75.
    client = company("us-saas-ast")
    address = {"City": "San Francisco", "CountrySubDivisionCode": "CA", "Country": "US"}
    customer = client.customer(ShipAddr=address)
    sale = client.invoice(
        customer, client.line("Badge printer", "1000.00"), client.line("Onboarding service", "500.00"),
        TxnTaxDetail={"TotalTax": D("1.00")},
    )  # fmt: skip
    assert (sale["TxnTaxDetail"]["TotalTax"], sale["TotalAmt"]) == (D("86.25"), D("1586.25"))
    assert client.ok("GET", "preferences")["Preferences"]["TaxPrefs"]["PartnerTaxEnabled"] is True


@pytest.mark.parametrize("city", ["San Francisco", "SF"])
def test_a_documents_own_address_decides_before_the_customers(city: str) -> None:
    client = company("us-saas-ast")
    customer = client.customer(ShipAddr={"CountrySubDivisionCode": "OR", "Country": "US"})
    address = {"City": city, "CountrySubDivisionCode": "CA", "Country": "US"}
    taxed = client.invoice(customer, client.line("Badge printer", "1000.00"), ShipAddr=address)
    untaxed = client.invoice(customer, client.line("Badge printer", "1000.00"))
    assert (taxed["TxnTaxDetail"]["TotalTax"], untaxed["TxnTaxDetail"]["TotalTax"]) == (D("86.25"), 0)


def test_a_global_company_takes_a_code_on_every_line() -> None:
    # 100.00 at 19 % and 50.00 at 7 %: 19.00 + 3.50.
    client = company("eu-saas")
    customer = client.customer()
    high, low = ({"value": client.id_of("TaxCode", name)} for name in ("DE 19", "DE 7"))
    lines = [
        client.line("Badge printer", "100.00", TaxCodeRef=high),
        client.line("Access handbook", "50.00", TaxCodeRef=low),
    ]
    sale = client.invoice(customer, *lines, GlobalTaxCalculation="TaxExcluded")
    assert (sale["TxnTaxDetail"]["TotalTax"], sale["TotalAmt"]) == (D("22.50"), D("172.50"))
    assert [tax["TaxLineDetail"]["TaxPercent"] for tax in sale["TxnTaxDetail"]["TaxLine"]] == [19, 7]


def test_a_tax_inclusive_document_shows_the_net_and_the_gross_of_its_lines() -> None:
    # 119.00 with 19 % inside: 100.00 + 19.00.
    client = company("eu-saas")
    code = {"value": client.id_of("TaxCode", "DE 19")}
    line = client.line("Badge printer", "100.00", TaxCodeRef=code, TaxInclusiveAmt=D("119.00"), Qty=1, UnitPrice=119)
    sale = client.invoice(client.customer(), line, GlobalTaxCalculation="TaxInclusive")
    detail = sale["Line"][0]["SalesItemLineDetail"]
    assert (sale["Line"][0]["Amount"], detail["TaxInclusiveAmt"], sale["TotalAmt"]) == (D(100), D(119), D(119))
    assert sale["TxnTaxDetail"]["TotalTax"] == D(19)


def test_a_us_line_knows_no_code_but_tax_and_non(client: Client) -> None:
    code = {"value": client.id_of("TaxCode", "TX Austin")}
    body = client.sale(client.customer(), client.line("Badge printer", "1.00", TaxCodeRef=code))
    client.fault("6100", "POST", "invoice", body)


def test_an_amount_that_is_not_quantity_times_price_is_refused(client: Client) -> None:
    body = client.sale(client.customer(), client.line("Badge printer", "100.00", Qty=3, UnitPrice=33))
    assert "Supplied value:100" in client.fault("6070", "POST", "invoice", body)["Detail"]
    assert client.query("select count(*) from Invoice")["totalCount"] == 0


def test_quantity_and_price_of_zero_mean_that_only_the_amount_was_given(client: Client) -> None:
    sale = client.invoice(client.customer(), client.line("Badge printer", "100.00", Qty=0, UnitPrice=0))
    assert sale["TotalAmt"] == D("100.00")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"CustomerRef": {"value": ""}}, "2020"),
        ({"CustomerRef": {"value": "999"}}, "2500"),
        ({"Line": []}, "2020"),
        ({"SalesTermRef": {"value": "999"}}, "2500"),
        ({"DepartmentRef": {"value": "999"}}, "2500"),
        ({"TxnDate": "2026-02-30"}, "2090"),
        ({"TxnDate": "tomorrow"}, "2010"),
        ({"DocNumber": "x" * 22}, "2050"),
        ({"GlobalTaxCalculation": "Sometimes"}, "2170"),
        ({"Bogus": "1"}, "2010"),
        ({"CurrencyRef": {"value": "EUR"}}, "6000"),
        ({"DueDate": "2026-02-30"}, "2090"),
        ({"ShipDate": "2026-02-30"}, "2090"),
    ],
)
def test_what_an_invoice_cannot_be_is_refused_with_the_vendors_code(
    client: Client, change: dict[str, object], code: str
) -> None:
    body = {**client.sale(client.customer(), client.line("Badge printer", "100.00")), **change}
    client.fault(code, "POST", "invoice", body)
    assert client.query("select count(*) from Invoice")["totalCount"] == 0


def test_a_service_date_is_a_day_of_the_calendar(client: Client) -> None:
    line = client.line("Badge printer", "100.00", ServiceDate="2026-02-30")
    error = client.fault("2090", "POST", "invoice", client.sale(client.customer(), line))
    assert error["element"] == "Line.0.SalesItemLineDetail.ServiceDate"


def test_nothing_is_sold_into_what_customers_owe(client: Client) -> None:
    receivable = client.one("Account", "AccountType = 'Accounts Receivable'")["Id"]
    ref = {"value": receivable}
    client.fault("6000", "POST", "item", {"Name": "Odd", "Type": "Service", "IncomeAccountRef": ref})
    discount = {"Amount": D("1.00"), "DetailType": "DiscountLineDetail"}
    lines = client.line("Badge printer", "5.00"), {**discount, "DiscountLineDetail": {"DiscountAccountRef": ref}}
    client.fault("6000", "POST", "invoice", client.sale(client.customer(), *lines))


def test_an_inactive_item_cannot_be_sold(client: Client) -> None:
    item = client.one("Item", "Name = 'Badge roll'")
    line = client.line("Badge roll", "1.00")
    client.save("Item", {"Id": item["Id"], "SyncToken": item["SyncToken"], "sparse": True, "Active": False})
    assert "inactive" in client.fault("610", "POST", "invoice", client.sale(client.customer(), line))["Detail"]


def test_a_number_that_is_taken_is_refused_and_the_ledger_numbers_without_gaps(client: Client) -> None:
    customer = client.customer()
    line = client.line("Badge printer", "1.00")
    first = client.invoice(customer, line)
    error = client.fault("6140", "POST", "invoice", client.sale(customer, line, DocNumber=first["DocNumber"]))
    assert f"TxnId={first['Id']}" in error["Detail"]
    assert [client.invoice(customer, line)["DocNumber"] for _ in range(2)] == ["1002", "1003"]


def test_nothing_is_written_into_a_closed_period(client: Client, world: World) -> None:
    customer = client.customer()
    line = client.line("Badge printer", "1.00")
    january = client.invoice(customer, line, TxnDate="2026-01-31")
    operate(world, ClosePeriod(until=date(2026, 1, 31)))
    client.fault("6210", "POST", "invoice", client.sale(customer, line, TxnDate="2026-01-31"))
    token = {"Id": january["Id"], "SyncToken": january["SyncToken"]}
    client.fault("6210", "POST", "invoice", {**token, "sparse": True, "TxnDate": "2026-02-01"})
    client.fault("6210", "POST", "invoice", token, query={"operation": "void"})
    client.fault("6210", "POST", "invoice", token, query={"operation": "delete"})
    assert client.invoice(customer, line, TxnDate="2026-02-01")["TxnDate"] == "2026-02-01"
    prefs = client.ok("GET", "preferences")["Preferences"]["AccountingInfoPrefs"]
    assert prefs["BookCloseDate"] == "2026-01-31"


def test_a_sparse_update_keeps_what_it_does_not_name(client: Client) -> None:
    sale = client.invoice(
        client.customer(), client.line("Badge printer", "100.00"), PrivateNote="source 1", TxnDate="2026-01-12",
        CustomerMemo={"value": "hello"}, BillEmail={"Address": "a@example.com"},
    )  # fmt: skip
    changed = client.save(
        "Invoice", {"Id": sale["Id"], "SyncToken": sale["SyncToken"], "sparse": True, "DueDate": "2026-03-01"}
    )
    volatile = ("SyncToken", "DueDate")
    assert changed["DueDate"] == "2026-03-01"
    assert changed["SyncToken"] == "1"
    assert {k: v for k, v in changed.items() if k not in volatile} == {
        k: v for k, v in sale.items() if k not in volatile
    }


def test_a_full_update_clears_what_it_does_not_name(client: Client) -> None:
    customer = client.customer()
    line = client.line("Badge printer", "100.00")
    sale = client.invoice(customer, line, PrivateNote="source 1", CustomerMemo={"value": "hello"})
    token = {"Id": sale["Id"], "SyncToken": sale["SyncToken"]}
    changed = client.save("Invoice", {**client.sale(customer, line), **token})
    assert "PrivateNote" not in changed
    assert "CustomerMemo" not in changed
    assert changed["DocNumber"] == sale["DocNumber"]


def test_a_record_sent_back_as_it_was_read_stays_the_same(client: Client) -> None:
    customer, code = client.customer(), client.id_of("TaxCode", "CA San Francisco")
    term = client.id_of("Term", "Net 30")
    sale = client.invoice(
        customer,
        client.line("Badge printer", "1759.60", Qty=8, UnitPrice=D("219.95"), ServiceDate="2026-01-02"),
        {"DetailType": "DescriptionOnly", "Description": "as agreed"},
        {"DetailType": "DiscountLineDetail", "Amount": D("10.00"), "DiscountLineDetail": {"PercentBased": False}},
        TxnTaxDetail={"TxnTaxCodeRef": {"value": code}},
        SalesTermRef={"value": term},
    )
    again = client.save("Invoice", sale)
    volatile = ("SyncToken",)
    assert {k: v for k, v in again.items() if k not in volatile} == {k: v for k, v in sale.items() if k not in volatile}


def test_new_lines_are_taxed_anew_unless_their_tax_is_sent(client: Client) -> None:
    customer, code = client.customer(), client.id_of("TaxCode", "TX Austin")
    detail = {"TxnTaxCodeRef": {"value": code}, "TotalTax": D("9.99")}
    sale = client.invoice(customer, client.line("Badge printer", "100.00"), TxnTaxDetail=detail)
    line = client.line("Badge printer", "200.00")
    body = {"Id": sale["Id"], "SyncToken": "0", "sparse": True, "Line": [line]}
    assert client.save("Invoice", body)["TxnTaxDetail"]["TotalTax"] == D("16.50")


def test_a_stale_sync_token_is_refused_and_changes_nothing(client: Client) -> None:
    sale = client.invoice(client.customer(), client.line("Badge printer", "100.00"))
    body = {"Id": sale["Id"], "SyncToken": sale["SyncToken"], "sparse": True, "PrivateNote": "one"}
    client.save("Invoice", body)
    client.fault("5010", "POST", "invoice", {**body, "PrivateNote": "two"})
    assert client.read("Invoice", sale["Id"])["PrivateNote"] == "one"


@pytest.mark.parametrize("query", [{}, {"operation": "update"}, {"operation": "delete"}, {"operation": "void"}])
def test_a_change_without_sync_token_is_refused(client: Client, query: dict[str, str]) -> None:
    sale = client.invoice(client.customer(), client.line("Badge printer", "100.00"))
    error = client.fault("2020", "POST", "invoice", {"Id": sale["Id"], "sparse": True}, query=query)
    assert error["element"] == "SyncToken"


def test_a_void_invoice_is_worth_nothing_and_stays(client: Client) -> None:
    customer = client.customer()
    sale = client.invoice(customer, client.line("Badge printer", "100.00"), PrivateNote="source 1")
    token = {"Id": sale["Id"], "SyncToken": sale["SyncToken"]}
    void = client.save("Invoice", token, operation="void")
    assert (void["TotalAmt"], void["Balance"], void["PrivateNote"]) == (0, 0, "Voided - source 1")
    assert client.read("Invoice", sale["Id"])["DocNumber"] == sale["DocNumber"]
    assert client.read("Customer", customer)["Balance"] == 0


def test_a_deleted_invoice_is_gone_from_reads_and_queries(client: Client) -> None:
    sale = client.invoice(client.customer(), client.line("Badge printer", "100.00"))
    token = {"Id": sale["Id"], "SyncToken": sale["SyncToken"]}
    assert client.save("Invoice", token, operation="delete") == {
        "domain": "QBO", "status": "Deleted", "Id": sale["Id"],
    }  # fmt: skip
    client.fault("610", "GET", f"invoice/{sale['Id']}")
    assert client.query("select * from Invoice") == {}


def test_an_invoice_with_a_payment_cannot_be_deleted(client: Client) -> None:
    customer = client.customer()
    sale = client.invoice(customer, client.line("Badge printer", "100.00"))
    client.paid(customer, "40.00", ("Invoice", sale["Id"], "40.00"))
    token = {"Id": sale["Id"], "SyncToken": client.read("Invoice", sale["Id"])["SyncToken"]}
    client.fault("800", "POST", "invoice", token, query={"operation": "delete"})


def test_a_credit_memo_has_no_void(client: Client) -> None:
    body = client.sale(client.customer(), client.line("Badge printer", "100.00"))
    memo = client.save("CreditMemo", body)
    assert (memo["RemainingCredit"], memo["Balance"]) == (D("100.00"), D("100.00"))
    token = {"Id": memo["Id"], "SyncToken": memo["SyncToken"]}
    client.fault("2170", "POST", "creditmemo", token, query={"operation": "void"})


def test_terms_and_dates_are_the_customers_unless_given(client: Client) -> None:
    customer = client.customer(SalesTermRef={"value": client.id_of("Term", "Net 30")})
    sale = client.invoice(customer, client.line("Badge printer", "1.00"))
    # The world's instant is 5 January 2026, 09:00 in Los Angeles.
    assert (sale["TxnDate"], sale["DueDate"]) == ("2026-01-05", "2026-02-04")


def test_two_discount_lines_are_refused(client: Client) -> None:
    discount = {"Amount": 1, "DetailType": "DiscountLineDetail", "DiscountLineDetail": {"PercentBased": False}}
    body = client.sale(client.customer(), client.line("Badge printer", "100.00"), discount, discount)
    client.fault("6090", "POST", "invoice", body)
