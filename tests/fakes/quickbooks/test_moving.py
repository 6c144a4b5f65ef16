"""Receipts, deposits and transfers over the wire."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from simharness.core.money import Money
from simharness.domain.acts import ActRefused, ClosePeriod, TakeCheque
from simharness.domain.books import LedgerSnapshot
from simharness.domain.events import ChequeTaken
from simharness.world.world import World
from tests.fakes.quickbooks.driving import Client, ledger_of, operate

D = Decimal


def balance(client: Client, account: str) -> Decimal:
    return D(client.one("Account", f"Name = '{account}'")["CurrentBalance"])


def direct(client: Client, account: str, amount: str, **more: Any) -> dict[str, Any]:
    detail = {"AccountRef": {"value": client.id_of("Account", account)}, **more}
    return {"Amount": D(amount), "DetailType": "DepositLineDetail", "DepositLineDetail": detail}


def of_payment(payment: Any, amount: str = "") -> dict[str, Any]:
    link = {"TxnId": payment["Id"], "TxnType": "Payment", "TxnLineId": "0"}
    return {"Amount": D(amount) if amount else payment["TotalAmt"], "LinkedTxn": [link]}


def deposit(client: Client, *lines: dict[str, Any], **more: Any) -> Any:
    body = {"DepositToAccountRef": {"value": client.id_of("Account", "Bank")}, "Line": list(lines), **more}
    return client.save("Deposit", body)


def snapshot(client: Client) -> LedgerSnapshot:
    (found,) = client.fake.snapshot()
    assert isinstance(found, LedgerSnapshot)
    return found


def test_a_deposit_moves_payments_from_undeposited_funds_to_the_bank_less_a_fee(client: Client) -> None:
    customer = client.customer()
    first, second = (client.paid(customer, amount) for amount in ("1000.00", "950.00"))
    made = deposit(
        client, of_payment(first), of_payment(second), direct(client, "Bank charges", "-15.00"), PrivateNote="x"
    )
    assert made["TotalAmt"] == D("1935.00")
    assert balance(client, "Undeposited funds") == 0
    assert balance(client, "Bank") == D("1935.00")
    assert client.read("Payment", first["Id"])["LinkedTxn"] == [{"TxnId": made["Id"], "TxnType": "Deposit"}]
    (shown,) = snapshot(client).deposits
    assert (shown.note, shown.total.amount) == ("x", D("1935.00"))
    assert [(line.payment, line.amount.amount) for line in shown.lines] == [
        (first["Id"], D("1000.00")), (second["Id"], D("950.00")), ("", D("-15.00")),
    ]  # fmt: skip
    assert all(payment.deposited for payment in snapshot(client).payments)


def test_money_straight_from_an_account_needs_no_payment(client: Client) -> None:
    customer = client.customer()
    who = {"value": customer, "type": "CUSTOMER"}
    made = deposit(client, direct(client, "Unmatched receipts", "77.00", Entity=who, CheckNum="12"))
    assert balance(client, "Unmatched receipts") == D("77.00")
    assert made["Line"][0]["DepositLineDetail"]["Entity"]["value"] == customer
    again = client.save("Deposit", made)
    assert again["Line"] == made["Line"]


def test_a_deposited_payment_keeps_its_money_but_may_settle_something_else(client: Client) -> None:
    customer = client.customer()
    sale = client.invoice(customer, client.line("Badge printer", "100.00"))
    payment = client.paid(customer, "100.00", ("Invoice", sale["Id"], "100.00"))
    deposit(client, of_payment(payment))
    now = client.read("Payment", payment["Id"])
    body = {"Id": now["Id"], "SyncToken": now["SyncToken"], "sparse": True}
    client.fault("6540", "POST", "payment", {**body, "TotalAmt": 90, "Line": []})
    client.fault("6540", "POST", "payment", {**body, "TxnDate": "2026-01-01"})
    client.fault("6540", "POST", "payment", body, query={"operation": "delete"})
    client.fault("6540", "POST", "payment", body, query={"operation": "update", "include": "void"})
    client.save("Payment", {**body, "Line": []})
    assert client.read("Invoice", sale["Id"])["Balance"] == D("100.00")
    assert client.read("Payment", payment["Id"])["LinkedTxn"]


def test_a_deleted_deposit_gives_its_payments_back(client: Client) -> None:
    payment = client.paid(client.customer(), "100.00")
    made = deposit(client, of_payment(payment))
    client.save("Deposit", {"Id": made["Id"], "SyncToken": made["SyncToken"]}, operation="delete")
    assert balance(client, "Undeposited funds") == D("100.00")
    assert balance(client, "Bank") == 0
    now = client.read("Payment", payment["Id"])
    client.save("Payment", {"Id": now["Id"], "SyncToken": now["SyncToken"]}, operation="delete")
    assert snapshot(client).payments == ()


def test_an_update_of_a_deposit_gives_back_what_it_no_longer_names(client: Client) -> None:
    customer = client.customer()
    first, second = (client.paid(customer, amount) for amount in ("10.00", "20.00"))
    made = deposit(client, of_payment(first))
    client.save("Deposit", {**made, "Line": [of_payment(second)]})
    assert balance(client, "Undeposited funds") == D("10.00")
    assert [payment.deposited for payment in snapshot(client).payments] == [False, True]


def test_a_payment_is_deposited_once_whole_and_from_undeposited_funds(client: Client) -> None:
    customer = client.customer()
    payment = client.paid(customer, "100.00")
    bank = {"DepositToAccountRef": {"value": client.id_of("Account", "Bank")}}
    cleared = client.paid(customer, "5.00", DepositToAccountRef={"value": client.id_of("Account", "Gateway clearing")})
    client.fault("6000", "POST", "deposit", {**bank, "Line": [of_payment(payment, "99.00")]})
    client.fault("6000", "POST", "deposit", {**bank, "Line": [of_payment(payment), of_payment(payment)]})
    client.fault("6000", "POST", "deposit", {**bank, "Line": [of_payment(cleared)]})
    client.fault("6000", "POST", "deposit", {**bank, "Line": [direct(client, "Bank charges", "-1.00")]})
    client.fault("2500", "POST", "deposit", {**bank, "Line": [of_payment({"Id": "999", "TotalAmt": 1})]})
    client.fault("2020", "POST", "deposit", {"Line": [of_payment(payment)]})
    deposit(client, of_payment(payment))
    client.fault("6540", "POST", "deposit", {**bank, "Line": [of_payment(payment)]})
    assert balance(client, "Bank") == D("100.00")


def test_a_transfer_moves_money_between_accounts(client: Client) -> None:
    refs = {
        "FromAccountRef": {"value": client.id_of("Account", "Gateway clearing")},
        "ToAccountRef": {"value": client.id_of("Account", "Payouts in transit")},
    }
    made = client.save("Transfer", {**refs, "Amount": D("970.70"), "PrivateNote": "stripe:payout:po_1"})
    assert balance(client, "Gateway clearing") == D("-970.70")
    assert balance(client, "Payouts in transit") == D("970.70")
    (shown,) = snapshot(client).transfers
    assert (shown.source, shown.target, str(shown.amount.amount), shown.note) == (
        refs["FromAccountRef"]["value"], refs["ToAccountRef"]["value"], "970.70", "stripe:payout:po_1",
    )  # fmt: skip
    changed = client.save("Transfer", {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Amount": 1})
    assert changed["ToAccountRef"] == made["ToAccountRef"]
    assert balance(client, "Payouts in transit") == 1
    client.save("Transfer", {"Id": made["Id"], "SyncToken": "1"}, operation="delete")
    assert balance(client, "Payouts in transit") == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Amount": 0}, "6000"),
        ({"Amount": -5}, "6000"),
        ({"ToAccountRef": None}, "2020"),
        ({"ToAccountRef": {"value": "999"}}, "2500"),
        ({"CurrencyRef": {"value": "EUR"}}, "6000"),
    ],
)
def test_a_transfer_that_moves_nothing_is_refused(client: Client, change: dict[str, Any], code: str) -> None:
    body = {
        "FromAccountRef": {"value": client.id_of("Account", "Gateway clearing")},
        "ToAccountRef": {"value": client.id_of("Account", "Bank")},
        "Amount": 1,
    }
    client.fault(code, "POST", "transfer", {**body, **change})
    client.fault("6000", "POST", "transfer", {**body, "ToAccountRef": body["FromAccountRef"]})
    assert client.query("select count(*) from Transfer")["totalCount"] == 0


def test_a_refund_receipt_takes_revenue_and_tax_back_and_leaves_the_receivable_alone(client: Client) -> None:
    """Austin, 8.25 %: 100.00 + 8.25."""
    customer = client.customer()
    code = {"TxnTaxCodeRef": {"value": client.id_of("TaxCode", "TX Austin")}}
    clearing = client.id_of("Account", "Gateway clearing")
    body = client.sale(
        customer, client.line("Badge printer", "100.00"), TxnTaxDetail=code, PrivateNote="stripe:refund:re_1",
        DepositToAccountRef={"value": clearing},
    )  # fmt: skip
    made = client.save("RefundReceipt", body)
    assert (made["TotalAmt"], made["Balance"]) == (D("108.25"), 0)
    assert balance(client, "Gateway clearing") == D("-108.25")
    assert balance(client, "Sales tax payable") == D("-8.25")
    assert balance(client, "Accounts receivable") == 0
    (shown,) = snapshot(client).documents
    assert (shown.kind, shown.account, shown.open.amount, shown.status) == ("refund_receipt", clearing, 0, "paid")
    (entry,) = snapshot(client).entries
    assert {line.account: line.amount.amount for line in entry.lines}[clearing] == D("-108.25")


def test_a_refund_receipt_says_where_the_money_comes_from(client: Client) -> None:
    body = client.sale(client.customer(), client.line("Badge printer", "1.00"))
    assert client.fault("2020", "POST", "refundreceipt", body)["element"] == "DepositToAccountRef"
    income = {"DepositToAccountRef": {"value": client.id_of("Account", "Hardware sales")}}
    client.fault("6000", "POST", "refundreceipt", {**body, **income})


def test_a_sales_receipt_lies_in_undeposited_funds_until_it_is_deposited(client: Client) -> None:
    customer = client.customer()
    made = client.save("SalesReceipt", client.sale(customer, client.line("Badge printer", "80.00")))
    assert balance(client, "Undeposited funds") == D("80.00")
    link = {"TxnId": made["Id"], "TxnType": "SalesReceipt"}
    moved = deposit(client, {"Amount": D("80.00"), "LinkedTxn": [link]})
    assert balance(client, "Bank") == D("80.00")
    now = client.read("SalesReceipt", made["Id"])
    assert now["LinkedTxn"] == [{"TxnId": moved["Id"], "TxnType": "Deposit"}]
    body = {"Id": now["Id"], "SyncToken": now["SyncToken"], "sparse": True}
    client.fault("6540", "POST", "salesreceipt", body, query={"operation": "update", "include": "void"})
    client.fault("6540", "POST", "salesreceipt", {**body, "Line": [client.line("Badge printer", "81.00")]})
    client.save("SalesReceipt", {**body, "PrivateNote": "thanks"})
    client.save("Deposit", {"Id": moved["Id"], "SyncToken": "0"}, operation="delete")
    token = client.read("SalesReceipt", made["Id"])["SyncToken"]
    void = client.save("SalesReceipt", {**body, "SyncToken": token}, operation="update", include="void")
    assert (void["TotalAmt"], balance(client, "Undeposited funds")) == (0, 0)


def test_receipts_are_no_debts_that_a_payment_could_settle(client: Client) -> None:
    customer = client.customer()
    made = client.save("SalesReceipt", client.sale(customer, client.line("Badge printer", "80.00")))
    line = {"Amount": 1, "LinkedTxn": [{"TxnId": made["Id"], "TxnType": "Invoice"}]}
    client.fault("2500", "POST", "payment", {"CustomerRef": {"value": customer}, "TotalAmt": 1, "Line": [line]})


def test_one_sequence_numbers_every_document_that_sells(client: Client) -> None:
    customer, line = client.customer(), client.line("Badge printer", "1.00")
    clearing = {"DepositToAccountRef": {"value": client.id_of("Account", "Gateway clearing")}}
    numbers = [
        client.save(entity, client.sale(customer, line, **clearing if entity == "RefundReceipt" else {}))["DocNumber"]
        for entity in ("Invoice", "RefundReceipt", "SalesReceipt", "CreditMemo")
    ]
    assert numbers == ["1001", "1002", "1003", "1004"]


def test_queries_batches_and_changes_know_what_moves_money(client: Client) -> None:
    customer = client.customer()
    payment = client.paid(customer, "10.00")
    made = deposit(client, of_payment(payment), TxnDate="2026-01-20")
    found = client.one("Deposit", "TxnDate >= '2026-01-20' and TotalAmt = '10.00'")
    assert found == client.read("Deposit", made["Id"])
    transfer = {
        "FromAccountRef": {"value": client.id_of("Account", "Bank")},
        "ToAccountRef": {"value": client.id_of("Account", "Payouts in transit")},
        "Amount": 2,
    }
    items = [{"bId": "1", "operation": "create", "Transfer": transfer}]
    (answer,) = client.ok("POST", "batch", {"BatchItemRequest": items})["BatchItemResponse"]
    query = {"entities": "Deposit,Transfer,RefundReceipt", "changedSince": "2026-01-01T00:00:00Z"}
    changed = client.ok("GET", "cdc", query=query)["CDCResponse"][0]["QueryResponse"]
    assert [each.get("Deposit", each.get("Transfer")) for each in changed] == [[found], [answer["Transfer"]], None]


def test_a_journal_on_the_receivable_is_an_open_item_that_payments_settle(client: Client) -> None:
    """A dispute: the payment moves from the invoice to the journal, so the invoice is open again."""
    customer = client.customer()
    sale = client.invoice(customer, client.line("Badge printer", "100.00"))
    clearing = client.id_of("Account", "Gateway clearing")
    payment = client.paid(
        customer, "100.00", ("Invoice", sale["Id"], "100.00"), DepositToAccountRef={"value": clearing}
    )
    journal = dispute(client, customer, "100.00")
    (item,) = snapshot(client).open_items
    assert (item.entry, item.party, item.amount.amount, item.open.amount) == (journal["Id"], customer, 100, 100)
    line = {"Amount": 100, "LinkedTxn": [{"TxnId": journal["Id"], "TxnType": "JournalEntry"}]}
    token = client.read("Payment", payment["Id"])["SyncToken"]
    client.save("Payment", {"Id": payment["Id"], "SyncToken": token, "sparse": True, "Line": [line]})
    assert client.read("Invoice", sale["Id"])["Balance"] == D("100.00")
    assert [each.open.amount for each in snapshot(client).open_items] == [0]
    assert client.read("Customer", customer)["Balance"] == D("100.00")


def dispute(client: Client, customer: str, amount: str, *, won: bool = False) -> Any:
    sides = ("Credit", "Debit") if won else ("Debit", "Credit")
    named = {"Entity": {"Type": "Customer", "EntityRef": {"value": customer}}}
    lines = []
    for side, account, more in zip(
        sides, ("Accounts receivable", "Gateway clearing"), (named, dict[str, Any]()), strict=True
    ):
        detail = {"PostingType": side, "AccountRef": {"value": client.id_of("Account", account)}, **more}
        lines.append({"Amount": D(amount), "DetailType": "JournalEntryLineDetail", "JournalEntryLineDetail": detail})
    return client.save("JournalEntry", {"Line": lines, "PrivateNote": "stripe:dispute:dp_1"})


def test_a_payment_of_nothing_links_two_journals_or_a_credit_and_an_invoice(client: Client) -> None:
    customer = client.customer()
    lost, won = dispute(client, customer, "60.00"), dispute(client, customer, "60.00", won=True)
    assert [each.open.amount for each in snapshot(client).open_items] == [60, -60]
    client.paid(customer, "0", ("JournalEntry", lost["Id"], "60.00"), ("JournalEntry", won["Id"], "60.00"))
    assert [each.open.amount for each in snapshot(client).open_items] == [0, 0]
    sale = client.invoice(customer, client.line("Badge printer", "100.00"))
    write_off = dispute(client, customer, "40.00", won=True)
    memo = client.save("CreditMemo", client.sale(customer, client.line("Badge printer", "30.00")))
    client.paid(
        customer, "0", ("Invoice", sale["Id"], "70.00"), ("JournalEntry", write_off["Id"], "40.00"),
        ("CreditMemo", memo["Id"], "30.00"),
    )  # fmt: skip
    assert client.read("Invoice", sale["Id"])["Balance"] == D("30.00")
    assert client.read("CreditMemo", memo["Id"])["RemainingCredit"] == 0


def test_a_cheque_is_a_payment_in_undeposited_funds_under_its_number(client: Client, world: World) -> None:
    customer = client.customer()
    sale = client.invoice(customer, client.line("Badge printer", "320.00"))
    act = TakeCheque(
        party_id=customer, amount=Money(D("320.00"), "USD"), number="1041",
        applications=((sale["Id"], Money(D("320.00"), "USD")),),
    )  # fmt: skip
    (event,) = world.operate("accounting", act, "bookkeeper")
    assert isinstance(event, ChequeTaken)
    payment = client.read("Payment", event.payment_id)
    assert (payment["PaymentRefNum"], payment["DepositToAccountRef"]["name"]) == ("1041", "Undeposited funds")
    assert client.read("Invoice", sale["Id"])["Balance"] == 0
    (shown,) = snapshot(client).payments
    assert (shown.kind, shown.number, shown.deposited, shown.created_by) == ("customer", "1041", False, "bookkeeper")
    last = ledger_of(world).writes[-1]
    assert (last.dataset, last.record_id, last.action, last.actor) == (
        "payment", event.payment_id, "create", "bookkeeper",
    )  # fmt: skip


def test_a_cheque_for_more_than_is_open_is_refused(client: Client, world: World) -> None:
    customer = client.customer()
    sale = client.invoice(customer, client.line("Badge printer", "10.00"))
    usd = Money(D("20.00"), "USD")
    act = TakeCheque(party_id=customer, amount=usd, number="1", applications=((sale["Id"], usd),))
    with pytest.raises(ActRefused, match=r"only 10\.00 available"):
        operate(world, act)
    stranger = TakeCheque(party_id="999", amount=usd, number="1")
    with pytest.raises(ActRefused, match="999"):
        operate(world, stranger)


def test_a_closed_period_takes_no_document_of_any_kind(client: Client, world: World) -> None:
    customer = client.customer()
    bank, clearing = (client.id_of("Account", name) for name in ("Bank", "Gateway clearing"))
    payment = client.paid(customer, "10.00", TxnDate="2026-01-02")
    old = {"TxnDate": "2026-01-02"}
    sold = client.sale(customer, client.line("Badge printer", "5.00"), DepositToAccountRef={"value": clearing}, **old)
    bodies: dict[str, dict[str, Any]] = {
        "SalesReceipt": sold,
        "RefundReceipt": sold,
        "Deposit": {"DepositToAccountRef": {"value": bank}, "Line": [of_payment(payment)], **old},
        "Transfer": {"FromAccountRef": {"value": bank}, "ToAccountRef": {"value": clearing}, "Amount": 1, **old},
    }
    made = {entity: client.save(entity, body) for entity, body in bodies.items()}
    before = snapshot(client).entries
    operate(world, ClosePeriod(until=payment_day(payment)))
    for entity, body in bodies.items():
        path, record = entity.lower(), made[entity]
        client.fault("6210", "POST", path, body)
        key = {"Id": record["Id"], "SyncToken": record["SyncToken"], "sparse": True}
        client.fault("6210", "POST", path, {**key, "TxnDate": "2026-02-01"})
        client.fault("6210", "POST", path, key, query={"operation": "delete"})
    key = {"Id": made["SalesReceipt"]["Id"], "SyncToken": made["SalesReceipt"]["SyncToken"], "sparse": True}
    client.fault("6210", "POST", "salesreceipt", key, query={"operation": "update", "include": "void"})
    assert snapshot(client).entries == before


def payment_day(payment: Any) -> date:
    return date.fromisoformat(payment["TxnDate"])
