"""Name lists, chart, tax and the company itself over the wire."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.fakes.quickbooks.driving import Client

D = Decimal


def test_a_customer_is_unique_whatever_the_case_of_its_name(client: Client) -> None:
    first = client.customer("Globex")
    assert f"Id={first}" in client.fault("6240", "POST", "customer", {"DisplayName": "GLOBEX"})["Detail"]


def test_a_customer_without_any_name_is_refused_and_one_is_composed_of_its_parts(client: Client) -> None:
    client.fault("6080", "POST", "customer", {"CompanyName": "Globex"})
    assert client.save("Customer", {"GivenName": "Ada", "FamilyName": "Byron"})["DisplayName"] == "Ada Byron"


def test_a_name_with_a_colon_is_refused(client: Client) -> None:
    client.fault("6000", "POST", "customer", {"DisplayName": "Globex:West"})


def test_what_an_sdk_sends_for_not_set_counts_as_not_set(client: Client) -> None:
    noise = {
        "Title": "", "GivenName": "", "CompanyName": "", "Notes": "", "OpenBalanceDate": "", "Balance": 0,
        "SyncToken": 0, "sparse": False, "domain": "QBO", "Level": 0, "ResaleNum": "", "Job": False,
    }  # fmt: skip
    made = client.save("Customer", {"DisplayName": "Globex", **noise})
    assert not {"Title", "GivenName", "CompanyName", "Notes", "ResaleNum"} & made.keys()
    assert set(client.sent[-1].notes.inert) == {
        "body.OpenBalanceDate", "body.Balance", "body.domain", "body.Level",
    }  # fmt: skip


def test_the_name_changes_by_a_sparse_update_and_nothing_else_does(client: Client) -> None:
    made = client.save(
        "Customer",
        {
            "DisplayName": "Globex", "Notes": "hubspot:company:1", "PrimaryPhone": {"FreeFormNumber": "1"},
            "BillAddr": {"City": "Reno"}, "TaxExemptionReasonId": "9", "ResaleNum": "R-1",
        },
    )  # fmt: skip
    renamed = client.save("Customer", {"Id": made["Id"], "SyncToken": "0", "sparse": True, "DisplayName": "Globex SE"})
    named = ("DisplayName", "FullyQualifiedName", "PrintOnCheckName", "SyncToken")
    assert [renamed[name] for name in named] == ["Globex SE", "Globex SE", "Globex SE", "1"]
    assert {k: v for k, v in renamed.items() if k not in named} == {k: v for k, v in made.items() if k not in named}
    assert renamed["Taxable"] is False


def test_an_empty_text_clears_a_field(client: Client) -> None:
    made = client.save("Customer", {"DisplayName": "Globex", "Notes": "x", "PrimaryPhone": {"FreeFormNumber": "1"}})
    body = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Notes": "", "PrimaryPhone": {"FreeFormNumber": ""}}
    assert not {"Notes", "PrimaryPhone"} & client.save("Customer", body).keys()


def test_a_customers_currency_is_fixed(client: Client) -> None:
    made = client.save("Customer", {"DisplayName": "Globex", "CurrencyRef": {"value": "USD"}})
    body = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "CurrencyRef": {"value": "EUR"}}
    client.fault("6000", "POST", "customer", body)


def test_a_name_list_has_no_delete_but_can_be_made_inactive(client: Client) -> None:
    made = client.save("Customer", {"DisplayName": "Globex"})
    client.fault("2170", "POST", "customer", {"Id": made["Id"], "SyncToken": "0"}, query={"operation": "delete"})
    client.save("Customer", {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Active": False})
    assert client.query("select * from Customer") == {}
    assert client.one("Customer", "Active = false")["Id"] == made["Id"]


def test_an_item_sells_into_its_income_account(client: Client) -> None:
    assert client.fault("2020", "POST", "item", {"Name": "Lamp", "Type": "Service"})["element"] == "IncomeAccountRef"
    income = {"value": client.id_of("Account", "Hardware sales")}
    made = client.save("Item", {"Name": "Lamp", "Type": "NonInventory", "IncomeAccountRef": income, "UnitPrice": 5})
    assert (made["Type"], made["UnitPrice"], made["Taxable"]) == ("NonInventory", 5, False)
    line = {"Amount": 5, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": {"value": made["Id"]}}}
    sale = client.invoice(client.customer(), line)
    assert sale["Line"][0]["SalesItemLineDetail"]["ItemAccountRef"]["name"] == "Hardware sales"


def test_inventory_is_not_modelled_and_says_so(client: Client) -> None:
    income = {"value": client.id_of("Account", "Hardware sales")}
    client.fault("2170", "POST", "item", {"Name": "Lamp", "Type": "Inventory", "IncomeAccountRef": income})


def test_an_account_needs_a_type_it_keeps(client: Client) -> None:
    client.fault("6010", "POST", "account", {"Name": "Petty cash"})
    made = client.save("Account", {"Name": "Petty cash", "AccountType": "Bank", "AcctNum": "1001"})
    assert (made["Classification"], made["AccountType"], made["AcctNum"]) == ("Asset", "Bank", "1001")
    client.fault("6000", "POST", "account", {"Name": "Other", "AccountType": "Bank", "AcctNum": "1001"})
    contra = client.save("Account", {"Name": "Rebates", "AccountSubType": "DiscountsRefundsGiven"})
    assert (contra["AccountType"], contra["Classification"]) == ("Income", "Revenue")


@pytest.mark.parametrize(
    ("entity", "body", "shown"),
    [
        ("Class", {"Name": "North"}, {"SubClass": False, "FullyQualifiedName": "North", "Active": True}),
        ("Department", {"Name": "Berlin"}, {"SubDepartment": False, "FullyQualifiedName": "Berlin", "Active": True}),
        ("Term", {"Name": "Net 45", "DueDays": 45}, {"Type": "STANDARD", "DueDays": 45}),
        ("PaymentMethod", {"Name": "Wire"}, {"Type": "NON_CREDIT_CARD", "Active": True}),
        ("TaxAgency", {"DisplayName": "Oregon"}, {"TaxTrackedOnSales": True}),
    ],
)
def test_each_list_is_made_and_read_back(
    client: Client, entity: str, body: dict[str, object], shown: dict[str, object]
) -> None:
    made = client.save(entity, body)
    assert made == {**made, **body, **shown}
    assert client.read(entity, made["Id"]) == made


def test_a_term_needs_its_days(client: Client) -> None:
    assert client.fault("2020", "POST", "term", {"Name": "Soon"})["element"] == "DueDays"


def test_the_tax_service_makes_a_code_with_its_rates_or_nothing(client: Client) -> None:
    agency = client.save("TaxAgency", {"DisplayName": "Nevada"})["Id"]
    rate = {"TaxRateName": "NV state", "RateValue": D("6.85"), "TaxAgencyId": agency, "TaxApplicableOn": "Sales"}
    before = client.query("select count(*) from TaxRate")["totalCount"]
    taken = {"TaxCode": "TX Austin", "TaxRateDetails": [rate]}
    client.fault("6240", "POST", "taxservice/taxcode", taken)
    assert client.query("select count(*) from TaxRate")["totalCount"] == before
    made = client.ok("POST", "taxservice/taxcode", {**taken, "TaxCode": "NV Reno"})
    (detail,) = made["TaxRateDetails"]
    assert client.read("TaxRate", detail["TaxRateId"])["RateValue"] == D("6.85")
    line = client.line("Badge printer", "100.00")
    code = {"TxnTaxCodeRef": {"value": made["TaxCodeId"]}}
    assert client.invoice(client.customer(), line, TxnTaxDetail=code)["TxnTaxDetail"]["TotalTax"] == D("6.85")


def test_a_us_company_lists_the_two_codes_of_lines(client: Client) -> None:
    codes = client.query("select * from TaxCode")["TaxCode"]
    assert [(code["Id"], code["Taxable"]) for code in codes[:2]] == [("TAX", True), ("NON", False)]
    assert client.read("TaxCode", "NON")["Name"] == "NON"


def test_a_rate_shows_its_history(client: Client) -> None:
    rate = client.one("TaxRate", "Name = 'WA Seattle Seattle'")
    assert rate["RateValue"] == D("3.85")
    assert rate["EffectiveTaxRate"] == [
        {"RateValue": D("3.85"), "EndDate": "2026-03-31"},
        {"RateValue": D("4.05"), "EffectiveDate": "2026-04-01"},
    ]


def test_the_company_tells_who_it_is(client: Client) -> None:
    info = client.ok("GET", f"companyinfo/{client.realm}")["CompanyInfo"]
    assert (info["CompanyName"], info["Country"]) == ("Acme Access Inc.", "US")
    assert client.ok("GET", "companyInfo/1")["CompanyInfo"] == info
    client.fault("610", "GET", "companyinfo/2")


def test_the_closing_date_is_a_preference(client: Client) -> None:
    prefs = client.ok("GET", "preferences")["Preferences"]
    body = {"Id": "1", "SyncToken": prefs["SyncToken"], "AccountingInfoPrefs": {"BookCloseDate": "2025-12-31"}}
    saved = client.ok("POST", "preferences", body)["Preferences"]
    assert saved["AccountingInfoPrefs"]["BookCloseDate"] == "2025-12-31"
    client.fault("5010", "POST", "preferences", body)
