"""Vendors, bills, vendor credits, payments to vendors and purchases over the wire."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from simharness.domain.books import LedgerSnapshot
from tests.fakes.quickbooks.driving import Client

D = Decimal


def snapshot(client: Client) -> LedgerSnapshot:
    (found,) = client.fake.snapshot()
    assert isinstance(found, LedgerSnapshot)
    return found


def balance(client: Client, account: str) -> Decimal:
    return D(client.one("Account", f"Name = '{account}'")["CurrentBalance"])


@pytest.fixture
def vendor(client: Client) -> str:
    return str(client.save("Vendor", {"DisplayName": "Initech Hosting"})["Id"])


def line(client: Client, account: str, amount: str, **detail: Any) -> dict[str, Any]:
    shown = {"AccountRef": {"value": client.id_of("Account", account)}, **detail}
    kind = "AccountBasedExpenseLineDetail"
    return {"Amount": D(amount), "DetailType": kind, kind: shown}


def bill(client: Client, vendor: str, amount: str, **more: Any) -> Any:
    body = {"VendorRef": {"value": vendor}, "Line": [line(client, "Gateway fees", amount)], **more}
    return client.save("Bill", body)


def pay(client: Client, vendor: str, amount: str, *links: tuple[str, str, str], **more: Any) -> Any:
    lines = [{"Amount": D(a), "LinkedTxn": [{"TxnId": id, "TxnType": kind}]} for kind, id, a in links]
    how = {"PayType": "Check", "CheckPayment": {"BankAccountRef": {"value": client.id_of("Account", "Bank")}}}
    return client.save(
        "BillPayment", {"VendorRef": {"value": vendor}, "TotalAmt": D(amount), "Line": lines, **how, **more}
    )


def test_a_bill_is_owed_until_it_is_paid(client: Client, vendor: str) -> None:
    made = bill(client, vendor, "300.00", DocNumber="R-77", TxnDate="2026-01-10", PrivateNote="hosting")
    assert (made["Balance"], made["DueDate"], made["APAccountRef"]["name"]) == (300, "2026-01-10", "Accounts payable")
    assert client.read("Vendor", vendor)["Balance"] == D("300.00")
    paid = pay(client, vendor, "100.00", ("Bill", made["Id"], "100.00"))
    now = client.read("Bill", made["Id"])
    assert (now["Balance"], now["LinkedTxn"]) == (200, [{"TxnId": paid["Id"], "TxnType": "BillPaymentCheck"}])
    assert (balance(client, "Accounts payable"), balance(client, "Bank")) == (D("200.00"), D("-100.00"))
    (document,), (payment,) = snapshot(client).documents, snapshot(client).payments
    assert (document.kind, document.party, document.open.amount) == ("bill", vendor, 200)
    assert (payment.kind, payment.party, payment.unapplied.amount) == ("vendor", vendor, 0)
    assert snapshot(client).vendors[0].balance == document.open


def test_a_vendor_credit_is_used_by_a_payment_of_nothing(client: Client, vendor: str) -> None:
    made = bill(client, vendor, "300.00")
    body = {"VendorRef": {"value": vendor}, "Line": [line(client, "Gateway fees", "50.00")]}
    credit = client.save("VendorCredit", body)
    pay(client, vendor, "0", ("Bill", made["Id"], "50.00"), ("VendorCredit", credit["Id"], "50.00"))
    assert client.read("Bill", made["Id"])["Balance"] == 250
    assert client.read("VendorCredit", credit["Id"])["Balance"] == 0
    client.fault("800", "POST", "vendorcredit", {"Id": credit["Id"], "SyncToken": "1"}, query={"operation": "delete"})


def test_a_void_payment_to_a_vendor_opens_the_bill_again(client: Client, vendor: str) -> None:
    made = bill(client, vendor, "300.00")
    paid = pay(client, vendor, "300.00", ("Bill", made["Id"], "300.00"))
    key = {"Id": paid["Id"], "SyncToken": paid["SyncToken"], "sparse": True}
    client.save("BillPayment", key, operation="update", include="void")
    assert client.read("Bill", made["Id"])["Balance"] == 300
    assert balance(client, "Bank") == 0


@pytest.mark.parametrize(
    ("links", "amount", "code"),
    [
        ([("Bill", "own", "300.01")], "400.00", "6000"),
        ([("Bill", "own", "50.00")], "40.00", "6000"),
        ([("Bill", "other", "1.00")], "1.00", "620"),
        ([("VendorCredit", "own", "1.00")], "1.00", "2500"),
        ([("Bill", "999", "1.00")], "1.00", "2500"),
    ],
)
def test_a_payment_to_a_vendor_settles_his_bills_and_no_more_than_they_are(
    client: Client, vendor: str, links: list[tuple[str, str, str]], amount: str, code: str
) -> None:
    other = str(client.save("Vendor", {"DisplayName": "Umbrella"})["Id"])
    ids = {"own": bill(client, vendor, "300.00")["Id"], "other": bill(client, other, "10.00")["Id"]}
    lines = [{"Amount": D(a), "LinkedTxn": [{"TxnId": ids.get(i, i), "TxnType": kind}]} for kind, i, a in links]
    bank = {"CheckPayment": {"BankAccountRef": {"value": client.id_of("Account", "Bank")}}}
    body = {"VendorRef": {"value": vendor}, "PayType": "Check", "TotalAmt": D(amount), "Line": lines, **bank}
    client.fault(code, "POST", "billpayment", body)
    assert balance(client, "Accounts payable") == D("310.00")


def test_a_purchase_is_paid_when_it_is_bought(client: Client, vendor: str) -> None:
    card = client.save("Account", {"Name": "Card", "AccountType": "Credit Card"})["Id"]
    body = {"Line": [line(client, "Bank charges", "12.00")], "AccountRef": {"value": card}}
    client.fault("6000", "POST", "purchase", {**body, "PaymentType": "Check"})
    client.fault("2020", "POST", "purchase", body)
    made = client.save("Purchase", {**body, "PaymentType": "CreditCard", "EntityRef": {"value": vendor}})
    assert made["EntityRef"] == {"value": vendor, "name": "Initech Hosting", "type": "Vendor"}
    assert client.read("Account", card)["CurrentBalance"] == D("12.00")
    assert snapshot(client).documents[0].kind == "purchase"
    client.save("Purchase", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")
    assert client.read("Account", card)["CurrentBalance"] == 0


def test_a_vendor_shares_the_list_of_names_with_customers(client: Client, vendor: str) -> None:
    client.fault("6240", "POST", "customer", {"DisplayName": "initech hosting"})
    client.customer("Globex")
    client.fault("6240", "POST", "vendor", {"DisplayName": "Globex"})
    assert client.one("Vendor", "DisplayName = 'Initech Hosting'")["Id"] == vendor


def test_a_bill_in_euro_paid_at_another_rate_loses_on_the_exchange(client: Client) -> None:
    """100.00 EUR owed at 1.10 (110.00), paid at 1.25 (125.00): 15.00 lost."""
    vendor = str(client.save("Vendor", {"DisplayName": "Hosting GmbH", "CurrencyRef": {"value": "EUR"}})["Id"])
    made = bill(client, vendor, "100.00", ExchangeRate=D("1.10"))
    assert made["APAccountRef"]["name"] == "Accounts payable - EUR"
    pay(client, vendor, "100.00", ("Bill", made["Id"], "100.00"), ExchangeRate=D("1.25"))
    names = {account.id: account.name for account in snapshot(client).accounts}
    sums: dict[str, Decimal] = {}
    for entry in snapshot(client).entries:
        for posting in entry.lines:
            sums[names[posting.account]] = sums.get(names[posting.account], D(0)) + posting.amount.amount
    assert {name: amount for name, amount in sums.items() if amount} == {
        "Gateway fees": D("110.00"), "Bank": D("-125.00"), "Exchange gain or loss": D("15.00"),
    }  # fmt: skip


def test_queries_find_bills_by_vendor_and_due_date(client: Client, vendor: str) -> None:
    made = bill(client, vendor, "5.00", DueDate="2026-03-01")
    assert client.one("Bill", f"VendorRef = '{vendor}' AND DueDate > '2026-02-01'") == client.read("Bill", made["Id"])
    assert client.query("select count(*) from BillPayment")["totalCount"] == 0


def test_what_is_bought_for_an_item_posts_on_its_expense_account(client: Client, vendor: str) -> None:
    body = {"Name": "Server", "Type": "NonInventory"}
    income = {"IncomeAccountRef": {"value": client.id_of("Account", "Hardware sales")}}
    fees = client.id_of("Account", "Gateway fees")
    item = client.save("Item", {**body, **income, "ExpenseAccountRef": {"value": fees}})["Id"]
    kind = "ItemBasedExpenseLineDetail"
    detail = {"ItemRef": {"value": item}, "Qty": 2, "UnitPrice": 10}
    wrong = {"VendorRef": {"value": vendor}, "Line": [{"Amount": 19, "DetailType": kind, kind: detail}]}
    client.fault("6070", "POST", "bill", wrong)
    client.save("Bill", {"VendorRef": {"value": vendor}, "Line": [{"Amount": 20, "DetailType": kind, kind: detail}]})
    assert snapshot(client).documents[0].lines[0].account == fees


def test_what_is_owed_ages_by_vendor_and_due_date(client: Client, vendor: str) -> None:
    """300.00 due on 10 January, 20.00 paid in January, 50.00 credited in February: at the end of February."""
    made = bill(client, vendor, "300.00", TxnDate="2026-01-10")
    pay(client, vendor, "20.00", ("Bill", made["Id"], "20.00"), TxnDate="2026-01-20")
    body = {"VendorRef": {"value": vendor}, "Line": [line(client, "Gateway fees", "50.00")], "TxnDate": "2026-02-20"}
    client.save("VendorCredit", body)
    found = client.ok("GET", "reports/AgedPayables", query={"report_date": "2026-02-28"})
    row, total = found["Rows"]["Row"]
    assert [cell["value"] for cell in row["ColData"]] == [
        "Initech Hosting", "0.00", "-50.00", "280.00", "0.00", "0.00", "230.00",
    ]  # fmt: skip
    assert total["Summary"]["ColData"][-1]["value"] == "230.00"


def test_the_general_ledger_names_every_kind_of_transaction(client: Client, vendor: str) -> None:
    customer, clearing = client.customer(), {"value": client.id_of("Account", "Gateway clearing")}
    bank = {"value": client.id_of("Account", "Bank")}
    sold = client.sale(customer, client.line("Badge printer", "5.00"))
    client.save("SalesReceipt", sold)
    client.save("RefundReceipt", {**sold, "DepositToAccountRef": clearing})
    paid = client.paid(customer, "5.00")
    link = {"Amount": 5, "LinkedTxn": [{"TxnId": paid["Id"], "TxnType": "Payment"}]}
    client.save("Deposit", {"DepositToAccountRef": bank, "Line": [link]})
    client.save("Transfer", {"FromAccountRef": bank, "ToAccountRef": clearing, "Amount": 1})
    made = bill(client, vendor, "7.00")
    pay(client, vendor, "7.00", ("Bill", made["Id"], "7.00"))
    bought = {"Line": [line(client, "Bank charges", "1.00")]}
    client.save("VendorCredit", {**bought, "VendorRef": {"value": vendor}})
    client.save("Purchase", {**bought, "AccountRef": bank, "PaymentType": "Check", "EntityRef": {"value": vendor}})
    query = {"columns": "txn_type,name,subt_nat_amount"}
    found = client.ok("GET", "reports/GeneralLedger", query=query)
    told = {
        (row["ColData"][0]["value"], row["ColData"][1]["value"])
        for account in found["Rows"]["Row"]
        for row in account["Rows"]["Row"]
    }
    assert told == {
        ("Sales Receipt", "Globex"), ("Refund", "Globex"), ("Payment", "Globex"), ("Deposit", ""), ("Transfer", ""),
        ("Bill", "Initech Hosting"), ("Bill Payment (Check)", "Initech Hosting"), ("Vendor Credit", "Initech Hosting"),
        ("Expense", "Initech Hosting"),
    }  # fmt: skip


def test_a_closed_period_takes_nothing_that_is_bought(client: Client, vendor: str) -> None:
    old = {"TxnDate": "2026-01-02"}
    made = bill(client, vendor, "9.00", **old)
    paid = pay(client, vendor, "4.00", ("Bill", made["Id"], "4.00"), **old)
    bank = {"AccountRef": {"value": client.id_of("Account", "Bank")}, "PaymentType": "Cash"}
    bought = {"Line": [line(client, "Bank charges", "1.00")], **old}
    bodies = {
        "Bill": {**bought, "VendorRef": {"value": vendor}},
        "VendorCredit": {**bought, "VendorRef": {"value": vendor}},
        "Purchase": {**bought, **bank},
        "BillPayment": {
            "VendorRef": {"value": vendor}, "TotalAmt": 1, "PayType": "Check", "Line": [], **old,
            "CheckPayment": {"BankAccountRef": bank["AccountRef"]},
        },
    }  # fmt: skip
    kept = {
        "Bill": made, "BillPayment": paid,
        **{name: client.save(name, bodies[name]) for name in ("VendorCredit", "Purchase")},
    }  # fmt: skip
    before = snapshot(client).entries
    token = client.ok("GET", "preferences")["Preferences"]["SyncToken"]
    close = {"SyncToken": token, "AccountingInfoPrefs": {"BookCloseDate": "2026-01-02"}}
    client.ok("POST", "preferences", close)
    for entity, body in bodies.items():
        client.fault("6210", "POST", entity.lower(), body)
        now = client.read(entity, kept[entity]["Id"])
        key = {"Id": now["Id"], "SyncToken": now["SyncToken"], "sparse": True}
        client.fault("6210", "POST", entity.lower(), {**key, "TxnDate": "2026-02-01"})
        client.fault("6210", "POST", entity.lower(), key, query={"operation": "delete"})
    key = {"Id": paid["Id"], "SyncToken": paid["SyncToken"], "sparse": True}
    client.fault("6210", "POST", "billpayment", key, query={"operation": "void"})
    assert snapshot(client).entries == before
