"""Payments and journal entries over the wire."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.fakes.quickbooks.driving import Client

D = Decimal


def test_a_payment_settles_what_its_lines_name_and_goes_to_undeposited_funds(client: Client) -> None:
    customer = client.customer()
    sale = client.invoice(customer, client.line("Badge printer", "100.00"))
    payment = client.paid(customer, "60.00", ("Invoice", sale["Id"], "40.00"))
    assert payment["UnappliedAmt"] == D("20.00")
    assert payment["DepositToAccountRef"]["name"] == "Undeposited funds"
    settled = client.read("Invoice", sale["Id"])
    assert settled["Balance"] == D("60.00")
    assert settled["LinkedTxn"] == [{"TxnId": payment["Id"], "TxnType": "Payment"}]
    assert client.read("Customer", customer)["Balance"] == D("40.00")


def test_settling_an_invoice_makes_a_new_version_of_it(client: Client) -> None:
    customer = client.customer()
    sale = client.invoice(customer, client.line("Badge printer", "100.00"))
    client.paid(customer, "10.00", ("Invoice", sale["Id"], "10.00"))
    stale = {"Id": sale["Id"], "SyncToken": sale["SyncToken"], "sparse": True, "PrivateNote": "x"}
    client.fault("5010", "POST", "invoice", stale)


def test_a_payment_of_nothing_links_a_credit_memo_to_an_invoice(client: Client) -> None:
    customer = client.customer()
    sale = client.invoice(customer, client.line("Badge printer", "100.00"))
    memo = client.save("CreditMemo", client.sale(customer, client.line("Badge printer", "30.00")))
    link = client.paid(customer, "0", ("Invoice", sale["Id"], "30.00"), ("CreditMemo", memo["Id"], "30.00"))
    assert (link["TotalAmt"], link["UnappliedAmt"]) == (0, 0)
    assert client.read("Invoice", sale["Id"])["Balance"] == D("70.00")
    assert client.read("CreditMemo", memo["Id"])["RemainingCredit"] == 0


@pytest.mark.parametrize(("operation", "include"), [("update", "void"), ("void", "")])
def test_a_void_payment_opens_the_invoice_again(client: Client, operation: str, include: str) -> None:
    customer = client.customer()
    sale = client.invoice(customer, client.line("Badge printer", "100.00"))
    payment = client.paid(customer, "40.00", ("Invoice", sale["Id"], "40.00"))
    query = {"operation": operation, **({"include": include} if include else {})}
    void = client.save("Payment", {"Id": payment["Id"], "SyncToken": "0", "sparse": True}, **query)
    assert (void["TotalAmt"], void["Line"]) == (0, [])
    assert client.read("Invoice", sale["Id"])["Balance"] == D("100.00")


def test_a_sparse_update_without_lines_keeps_the_links_and_one_with_lines_replaces_them(client: Client) -> None:
    customer = client.customer()
    first, second = (client.invoice(customer, client.line("Badge printer", "50.00")) for _ in range(2))
    payment = client.paid(customer, "50.00", ("Invoice", first["Id"], "50.00"))
    body = {"Id": payment["Id"], "SyncToken": "0", "sparse": True}
    kept = client.save("Payment", {**body, "PaymentRefNum": "cheque 7"})
    assert (kept["Line"], kept["PaymentRefNum"]) == (payment["Line"], "cheque 7")
    line = {"Amount": 50, "LinkedTxn": [{"TxnId": second["Id"], "TxnType": "Invoice"}]}
    client.save("Payment", {**body, "SyncToken": "1", "Line": [line]})
    assert [client.read("Invoice", each["Id"])["Balance"] for each in (first, second)] == [D("50.00"), 0]


@pytest.mark.parametrize(
    ("links", "amount", "code"),
    [
        ([("Invoice", "invoice", "100.01")], "200.00", "6000"),
        ([("Invoice", "invoice", "50.00")], "40.00", "6000"),
        ([("Invoice", "999", "1.00")], "1.00", "2500"),
        ([("CreditMemo", "invoice", "1.00")], "1.00", "2500"),
        ([("Invoice", "other", "1.00")], "1.00", "620"),
        ([("Invoice", "invoice", "1.00"), ("CreditMemo", "memo", "1.00")], "0", "620"),
    ],
)
def test_a_payment_never_settles_more_than_there_is_nor_anothers_document(
    client: Client, links: list[tuple[str, str, str]], amount: str, code: str
) -> None:
    customer, other = client.customer(), client.customer("Initech")
    ids = {
        "invoice": client.invoice(customer, client.line("Badge printer", "100.00"))["Id"],
        "other": client.invoice(other, client.line("Badge printer", "100.00"))["Id"],
        "memo": client.save("CreditMemo", client.sale(other, client.line("Badge printer", "100.00")))["Id"],
    }
    lines = [{"Amount": D(a), "LinkedTxn": [{"TxnId": ids.get(i, i), "TxnType": kind}]} for kind, i, a in links]
    body = {"CustomerRef": {"value": customer}, "TotalAmt": D(amount), "Line": lines}
    client.fault(code, "POST", "payment", body)
    assert client.query("select count(*) from Payment")["totalCount"] == 0
    assert client.read("Invoice", ids["invoice"])["Balance"] == D("100.00")


def test_money_cannot_be_deposited_to_an_income_account(client: Client) -> None:
    income = client.id_of("Account", "Hardware sales")
    body = {"CustomerRef": {"value": client.customer()}, "TotalAmt": 1, "DepositToAccountRef": {"value": income}}
    client.fault("6000", "POST", "payment", body)


def test_a_payment_needs_a_customer_and_an_amount(client: Client) -> None:
    assert client.fault("2020", "POST", "payment", {"TotalAmt": 1})["element"] == "CustomerRef"
    body = {"CustomerRef": {"value": client.customer()}}
    assert client.fault("2020", "POST", "payment", body)["element"] == "TotalAmt"


def entry(client: Client, *lines: tuple[str, str, str], **more: object) -> dict[str, object]:
    shown = [
        {
            "Amount": D(amount),
            "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": {
                "PostingType": side,
                "AccountRef": {"value": client.id_of("Account", account)},
                **more,
            },
        }
        for side, account, amount in lines
    ]
    return {"Line": shown, "PrivateNote": "correction", "TxnDate": "2026-01-12"}


def test_a_journal_entry_posts_its_lines_and_reads_back_as_sent(client: Client) -> None:
    made = client.save("JournalEntry", entry(client, ("Debit", "Bank", "12.50"), ("Credit", "Gateway fees", "12.50")))
    assert made["TotalAmt"] == D("12.50")
    details = [line["JournalEntryLineDetail"] for line in made["Line"]]
    assert [(detail["PostingType"], detail["AccountRef"]["name"]) for detail in details] == [
        ("Debit", "Bank"), ("Credit", "Gateway fees"),
    ]  # fmt: skip
    assert client.one("Account", "Name = 'Bank'")["CurrentBalance"] == D("12.50")
    again = client.save("JournalEntry", made)
    assert again["Line"] == made["Line"]


def test_a_journal_entry_that_does_not_balance_is_refused(client: Client) -> None:
    body = entry(client, ("Debit", "Bank", "12.50"), ("Credit", "Gateway fees", "12.49"))
    assert "0.01" in client.fault("6000", "POST", "journalentry", body)["Detail"]


def test_a_receivable_line_names_its_customer(client: Client) -> None:
    body = entry(client, ("Debit", "Accounts receivable", "5.00"), ("Credit", "Bad debt expense", "5.00"))
    client.fault("2020", "POST", "journalentry", body)
    customer = client.customer()
    named = {"Type": "Customer", "EntityRef": {"value": customer}}
    lines = (("Debit", "Accounts receivable", "5.00"), ("Credit", "Bad debt expense", "5.00"))
    client.save("JournalEntry", entry(client, *lines, Entity=named))
    assert client.read("Customer", customer)["Balance"] == D("5.00")


def test_a_deleted_journal_entry_takes_its_postings_with_it(client: Client) -> None:
    made = client.save("JournalEntry", entry(client, ("Debit", "Bank", "1.00"), ("Credit", "Gateway fees", "1.00")))
    client.save("JournalEntry", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")
    assert client.one("Account", "Name = 'Bank'")["CurrentBalance"] == 0
