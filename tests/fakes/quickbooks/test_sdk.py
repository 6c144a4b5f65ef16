"""A session of the vendor's own SDKs, unmodified, over a real socket: python-quickbooks and intuit-oauth."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from intuitlib.client import AuthClient
from intuitlib.exceptions import AuthClientError
from quickbooks import QuickBooks
from quickbooks.batch import batch_create
from quickbooks.cdc import change_data_capture
from quickbooks.exceptions import AuthorizationException, ObjectNotFoundException, QuickbooksException
from quickbooks.objects.account import Account
from quickbooks.objects.attachable import Attachable
from quickbooks.objects.base import AttachableRef, CustomerMemo, EmailAddress, LinkedTxn, Ref
from quickbooks.objects.bill import Bill
from quickbooks.objects.billpayment import BillPayment, BillPaymentLine, CheckPayment
from quickbooks.objects.company_info import CompanyInfo
from quickbooks.objects.companycurrency import CompanyCurrency
from quickbooks.objects.creditmemo import CreditMemo
from quickbooks.objects.customer import Customer
from quickbooks.objects.deposit import Deposit, DepositLine, DepositLineDetail
from quickbooks.objects.detailline import (
    AccountBasedExpenseLine,
    AccountBasedExpenseLineDetail,
    DiscountLine,
    DiscountLineDetail,
    SalesItemLine,
    SalesItemLineDetail,
)
from quickbooks.objects.exchangerate import ExchangeRate
from quickbooks.objects.invoice import Invoice
from quickbooks.objects.item import Item
from quickbooks.objects.journalentry import JournalEntry, JournalEntryLine, JournalEntryLineDetail
from quickbooks.objects.payment import Payment, PaymentLine
from quickbooks.objects.preferences import Preferences
from quickbooks.objects.purchase import Purchase
from quickbooks.objects.refundreceipt import RefundReceipt
from quickbooks.objects.salesreceipt import SalesReceipt
from quickbooks.objects.tax import TxnTaxDetail
from quickbooks.objects.taxagency import TaxAgency
from quickbooks.objects.taxcode import TaxCode
from quickbooks.objects.taxservice import TaxRateDetails, TaxService
from quickbooks.objects.term import Term
from quickbooks.objects.transfer import Transfer
from quickbooks.objects.vendor import Vendor
from quickbooks.objects.vendorcredit import VendorCredit

from simharness.domain.dictionary import Dictionary
from simharness.world.doors.host import WorldHost
from simharness.world.doors.server import Served
from tests.fakes.conftest import furnished

pytestmark = pytest.mark.socket


@pytest.fixture
def host(us_saas: Dictionary) -> WorldHost:
    return WorldHost(lambda: furnished(us_saas))


@pytest.fixture
def connection(host: WorldHost, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    with Served(host) as doors:
        base_url = doors.urls["quickbooks"]
        monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
        monkeypatch.setattr(QuickBooks, "api_url_v3", f"{base_url}/v3")
        monkeypatch.setattr(QuickBooks, "sandbox_api_url_v3", f"{base_url}/v3")
        yield dict(host.world.fake("accounting").connection(base_url))


def auth_client(connection: dict[str, str]) -> AuthClient:
    return AuthClient(
        connection["client_id"],
        connection["client_secret"],
        "http://localhost/callback",
        connection["discovery_url"],
        access_token=connection["access_token"],
        refresh_token=connection["refresh_token"],
    )


@pytest.fixture
def qb(connection: dict[str, str]) -> QuickBooks:
    return QuickBooks(
        auth_client=auth_client(connection),
        refresh_token=connection["refresh_token"],
        company_id=connection["realm_id"],
        minorversion=75,
    )


def ref(id: str) -> Ref:
    found = Ref()
    found.value = id
    return found


def customer(qb: QuickBooks, name: str = "Globex") -> Customer:
    made = Customer()
    made.DisplayName = name
    made.PrimaryEmailAddr = EmailAddress()
    made.PrimaryEmailAddr.Address = "ap@globex.example"
    return made.save(qb=qb)


def item_line(qb: QuickBooks, item: str, amount: int) -> SalesItemLine:
    line = SalesItemLine()
    line.Amount = amount
    line.SalesItemLineDetail = SalesItemLineDetail()
    line.SalesItemLineDetail.ItemRef = Item.filter(Name=item, qb=qb)[0].to_ref()
    line.SalesItemLineDetail.TaxCodeRef = ref("TAX")
    return line


def invoice(qb: QuickBooks, buyer: Customer, amount: int = 1000, *, request_id: str | None = None) -> Invoice:
    """10 % off, taxed in Austin: of 1,000.00 there remain 900.00, with 8.25 % 974.25."""
    discount = DiscountLine()
    discount.DiscountLineDetail = DiscountLineDetail()
    discount.DiscountLineDetail.PercentBased = True
    discount.DiscountLineDetail.DiscountPercent = 10
    made = Invoice()
    made.CustomerRef = buyer.to_ref()
    made.Line = [item_line(qb, "Badge printer", amount), discount]
    made.TxnTaxDetail = TxnTaxDetail()
    made.TxnTaxDetail.TxnTaxCodeRef = TaxCode.filter(Name="TX Austin", qb=qb)[0].to_ref()
    made.ApplyTaxAfterDiscount = True
    made.CustomerMemo = CustomerMemo()
    made.CustomerMemo.value = "Thank you"
    return made.save(qb=qb, request_id=request_id)


def test_a_sale_from_customer_to_credit(qb: QuickBooks) -> None:
    buyer = customer(qb)
    sold = invoice(qb, buyer)
    assert (str(sold.TotalAmt), sold.DocNumber, sold.CustomerMemo.value) == ("974.25", "1001", "Thank you")

    paid = Payment()
    paid.CustomerRef, paid.TotalAmt = buyer.to_ref(), 500
    line = PaymentLine()
    line.Amount, line.LinkedTxn = 500, [sold.to_linked_txn()]
    paid.Line = [line]
    paid = paid.save(qb=qb)
    assert (paid.UnappliedAmt, paid.DepositToAccountRef.name) == (0, "Undeposited funds")

    memo = CreditMemo()
    memo.CustomerRef, memo.Line = buyer.to_ref(), [item_line(qb, "Badge printer", 100)]
    memo = memo.save(qb=qb)
    link = Payment()
    link.CustomerRef, link.TotalAmt, link.Line = buyer.to_ref(), 0, []
    for document in (sold, memo):
        part = PaymentLine()
        part.Amount, part.LinkedTxn = 100, [document.to_linked_txn()]
        link.Line.append(part)
    link.save(qb=qb)
    assert str(Invoice.get(sold.Id, qb=qb).Balance) == "374.25"
    assert CreditMemo.get(memo.Id, qb=qb).RemainingCredit == 0

    paid.void(qb=qb)
    assert str(Invoice.get(sold.Id, qb=qb).Balance) == "874.25"


def deposit_line(amount: Decimal, **detail: Ref) -> DepositLine:
    line = DepositLine()
    line.Amount = amount
    if detail:
        line.DepositLineDetail = DepositLineDetail()
        line.DepositLineDetail.AccountRef = detail["account"]
    return line


def test_money_comes_and_goes(qb: QuickBooks) -> None:
    """A payment of 974.25 is deposited less a fee of 15.00; 100.00 and its tax go back; the bank gets a payout."""
    buyer = customer(qb)
    sold = invoice(qb, buyer)
    paid = Payment()
    paid.CustomerRef, paid.TotalAmt, paid.PaymentRefNum = buyer.to_ref(), Decimal("974.25"), "1041"
    line = PaymentLine()
    line.Amount, line.LinkedTxn = Decimal("974.25"), [sold.to_linked_txn()]
    paid.Line = [line]
    paid = paid.save(qb=qb)

    bank, clearing, charges = (
        Account.filter(Name=name, qb=qb)[0] for name in ("Bank", "Gateway clearing", "Bank charges")
    )
    moved = deposit_line(Decimal("974.25"))
    link = LinkedTxn()
    link.TxnId, link.TxnType, link.TxnLineId = paid.Id, "Payment", 0
    moved.LinkedTxn = [link]
    banked = Deposit()
    banked.DepositToAccountRef = bank.to_ref()
    banked.Line = [moved, deposit_line(Decimal("-15.00"), account=charges.to_ref())]
    banked = banked.save(qb=qb)
    assert str(banked.TotalAmt) == "959.25"
    with pytest.raises(QuickbooksException) as refused:
        Payment.get(paid.Id, qb=qb).void(qb=qb)
    assert refused.value.error_code == 6540

    back = RefundReceipt()
    back.CustomerRef, back.DepositToAccountRef = buyer.to_ref(), clearing.to_ref()
    back.Line = [item_line(qb, "Badge printer", 100)]
    back.TxnTaxDetail = TxnTaxDetail()
    back.TxnTaxDetail.TxnTaxCodeRef = TaxCode.filter(Name="TX Austin", qb=qb)[0].to_ref()
    back = back.save(qb=qb)
    assert (str(back.TotalAmt), back.Balance) == ("108.25", 0)

    payout = Transfer()
    payout.FromAccountRef, payout.ToAccountRef, payout.Amount = clearing.to_ref(), bank.to_ref(), 200
    payout = payout.save(qb=qb)
    payout.PrivateNote = "checked"
    assert (payout.save(qb=qb).SyncToken, Transfer.get(payout.Id, qb=qb).PrivateNote) == ("1", "checked")
    assert str(Account.get(bank.Id, qb=qb).CurrentBalance) == "1159.25"
    assert str(Account.get(clearing.Id, qb=qb).CurrentBalance) == "-308.25"

    cash = SalesReceipt()
    cash.CustomerRef, cash.Line = buyer.to_ref(), [item_line(qb, "Badge printer", 10)]
    cash = cash.save(qb=qb)
    cash.void(qb=qb)
    assert SalesReceipt.get(cash.Id, qb=qb).TotalAmt == 0
    Deposit.get(banked.Id, qb=qb).delete(qb=qb)
    Payment.get(paid.Id, qb=qb).void(qb=qb)
    assert str(Invoice.get(sold.Id, qb=qb).Balance) == "974.25"


def test_what_is_bought_is_owed_and_paid(qb: QuickBooks) -> None:
    seller = Vendor()
    seller.DisplayName = "Initech Hosting"
    seller = seller.save(qb=qb)
    bank, fees = (Account.filter(Name=name, qb=qb)[0] for name in ("Bank", "Gateway fees"))

    def bought(document: Bill | VendorCredit | Purchase, amount: int) -> None:
        line = AccountBasedExpenseLine()
        line.Amount = amount
        line.AccountBasedExpenseLineDetail = AccountBasedExpenseLineDetail()
        line.AccountBasedExpenseLineDetail.AccountRef = fees.to_ref()
        document.Line = [line]

    owed, credit, paid = Bill(), VendorCredit(), Purchase()
    for document, amount in ((owed, 300), (credit, 50), (paid, 7)):
        bought(document, amount)
    owed.VendorRef = credit.VendorRef = seller.to_ref()
    paid.AccountRef, paid.PaymentType = bank.to_ref(), "Check"
    owed, credit, paid = owed.save(qb=qb), credit.save(qb=qb), paid.save(qb=qb)
    settled = BillPayment()
    settled.VendorRef, settled.PayType, settled.TotalAmt = seller.to_ref(), "Check", 250
    settled.CheckPayment = CheckPayment()
    settled.CheckPayment.BankAccountRef = bank.to_ref()
    for amount, kind, document in ((300, "Bill", owed), (50, "VendorCredit", credit)):
        part = BillPaymentLine()
        link = LinkedTxn()
        link.TxnId, link.TxnType = document.Id, kind
        part.Amount, part.LinkedTxn = amount, [link]
        settled.Line.append(part)
    settled = settled.save(qb=qb)
    assert Bill.get(owed.Id, qb=qb).Balance == 0
    assert str(Account.get(bank.Id, qb=qb).CurrentBalance) == "-257.0"
    settled.void(qb=qb)
    assert Bill.get(owed.Id, qb=qb).Balance == 300
    assert Vendor.get(seller.Id, qb=qb).Balance == 250


def test_a_customer_in_euro_and_what_the_exchange_costs(qb: QuickBooks) -> None:
    known = ExchangeRate()
    known.SourceCurrencyCode, known.Rate, known.AsOfDate = "EUR", 1.1, "2026-01-01"
    assert known.save(qb=qb).TargetCurrencyCode == "USD"
    buyer = Customer()
    buyer.DisplayName = "Globex SA"
    buyer.CurrencyRef = ref("EUR")
    buyer = buyer.save(qb=qb)
    sold = Invoice()
    sold.CustomerRef, sold.Line = buyer.to_ref(), [item_line(qb, "Badge printer", 100)]
    assert sold.save(qb=qb).HomeTotalAmt == 100  # the SDK says ExchangeRate 1 where nobody says another
    sold.ExchangeRate = None
    sold = sold.save(qb=qb)
    assert (sold.ExchangeRate, sold.HomeTotalAmt, sold.CurrencyRef.value) == (1.1, 110, "EUR")
    assert [found.Code for found in CompanyCurrency.all(qb=qb)] == ["EUR"]
    found = ExchangeRate.where("SourceCurrencyCode = 'EUR' AND AsOfDate = '2026-01-09'", qb=qb)
    assert [each.Rate for each in found] == [1.1]


def test_a_note_is_attached_to_an_invoice(qb: QuickBooks) -> None:
    sold = invoice(qb, customer(qb))
    note = Attachable()
    note.Note = "as agreed on the phone"
    link = AttachableRef()
    link.EntityRef = ref(sold.Id)
    link.EntityRef.type = "Invoice"
    note.AttachableRef = [link]
    kept = note.save(qb=qb)
    assert Attachable.get(kept.Id, qb=qb).AttachableRef[0].EntityRef.value == sold.Id
    kept.delete(qb=qb)


def test_an_object_that_was_read_can_be_saved_again(qb: QuickBooks) -> None:
    sold = invoice(qb, customer(qb))
    again = Invoice.get(sold.Id, qb=qb)
    again.PrivateNote = "checked"
    saved = again.save(qb=qb)
    assert (saved.PrivateNote, saved.TotalAmt, saved.SyncToken) == ("checked", sold.TotalAmt, "1")


def test_decimals_arrive_as_they_were_sent(connection: dict[str, str]) -> None:
    exact = QuickBooks(
        auth_client=auth_client(connection), refresh_token=connection["refresh_token"],
        company_id=connection["realm_id"], minorversion=75, use_decimal=True,
    )  # fmt: skip
    made = Invoice()
    made.CustomerRef = customer(exact).to_ref()
    line = item_line(exact, "Badge printer", 1)
    line.Amount = Decimal("0.30")
    line.SalesItemLineDetail.UnitPrice, line.SalesItemLineDetail.Qty = Decimal("0.10"), Decimal(3)
    made.Line = [line]
    saved = made.save(qb=exact)
    assert (saved.TotalAmt, saved.Line[0].SalesItemLineDetail.UnitPrice) == (Decimal("0.30"), Decimal("0.10"))
    assert saved.save(qb=exact).TotalAmt == Decimal("0.30")


def test_a_stale_object_and_a_number_that_is_taken_are_refused(qb: QuickBooks) -> None:
    buyer = customer(qb)
    sold = invoice(qb, buyer)
    stale = Invoice.get(sold.Id, qb=qb)
    sold.save(qb=qb)
    with pytest.raises(QuickbooksException) as refused:
        stale.save(qb=qb)
    assert refused.value.error_code == 5010
    second = Invoice()
    second.CustomerRef, second.DocNumber = buyer.to_ref(), "1001"
    second.Line = [item_line(qb, "Badge printer", 1)]
    with pytest.raises(QuickbooksException) as refused:
        second.save(qb=qb)
    assert refused.value.error_code == 6140
    with pytest.raises(ObjectNotFoundException):
        Invoice.get(999, qb=qb)


def test_a_request_id_makes_a_repeat_safe(qb: QuickBooks) -> None:
    buyer = customer(qb)
    first, again = (invoice(qb, buyer, request_id="deal-1-v1") for _ in range(2))
    assert first.Id == again.Id
    assert Invoice.count(qb=qb) == 1


def test_a_void_and_a_deleted_invoice(qb: QuickBooks) -> None:
    buyer = customer(qb)
    first, second = invoice(qb, buyer), invoice(qb, buyer)
    first.void(qb=qb)
    assert Invoice.get(first.Id, qb=qb).TotalAmt == 0
    second.delete(qb=qb)
    assert [found.Id for found in Invoice.all(qb=qb)] == [first.Id]


def test_lists_are_filtered_ordered_and_paged(qb: QuickBooks) -> None:
    for name in ("Globex", "Initech", "O'Hara"):
        customer(qb, name)
    assert [found.DisplayName for found in Customer.all(order_by="DisplayName DESC", qb=qb)] == [
        "O'Hara", "Initech", "Globex",
    ]  # fmt: skip
    page = Customer.where("Active = true", order_by="DisplayName", start_position=2, max_results=1, qb=qb)
    assert [found.DisplayName for found in page] == ["Initech"]
    assert [found.DisplayName for found in Customer.choose(["Globex", "Initech"], field="DisplayName", qb=qb)] == [
        "Globex", "Initech",
    ]  # fmt: skip
    assert Customer.count("DisplayName LIKE '%e%'", qb=qb) == 2
    assert len(Item.all(qb=qb)) == 7
    assert Term.filter(Name="Net 30", qb=qb)[0].DueDays == 30


def test_a_batch_and_what_changed(qb: QuickBooks) -> None:
    names = ("Globex", "Initech", "Globex")
    wanted = []
    for name in names:
        made = Customer()
        made.DisplayName = name
        wanted.append(made)
    answer = batch_create(wanted, qb=qb)
    assert [made.DisplayName for made in answer.successes] == ["Globex", "Initech"]
    assert [fault.Error[0].code for fault in answer.faults] == ["6240"]
    changed = change_data_capture([Customer, Invoice], "2026-01-05T00:00:00-08:00", qb=qb)
    assert [found.DisplayName for found in changed.Customer] == ["Globex", "Initech"]
    assert not hasattr(changed, "Invoice")


def test_reports_company_and_preferences(qb: QuickBooks, connection: dict[str, str]) -> None:
    invoice(qb, customer(qb))
    report = qb.get_report("TrialBalance", {"start_date": "2026-01-01", "end_date": "2026-01-31"})
    assert report["Rows"]["Row"][-1]["Summary"]["ColData"] == [
        {"value": "TOTAL"}, {"value": "1074.25"}, {"value": "1074.25"},
    ]  # fmt: skip
    assert qb.get_report("GeneralLedger", {"columns": "tx_date,account_name,subt_nat_amount"})["Rows"]["Row"]
    assert CompanyInfo.get(connection["realm_id"], qb=qb).CompanyName == "Acme Access Inc."
    prefs = Preferences.get(qb=qb)
    prefs.AccountingInfoPrefs.BookCloseDate = "2025-12-31"
    assert prefs.save(qb=qb).AccountingInfoPrefs.BookCloseDate == "2025-12-31"


def test_the_chart_the_journal_and_a_tax_code(qb: QuickBooks) -> None:
    petty = Account()
    petty.Name, petty.AccountType, petty.AcctNum = "Petty cash", "Bank", "1001"
    petty = petty.save(qb=qb)
    journal = JournalEntry()
    bank = Account.filter(Name="Bank", qb=qb)[0]
    for side, account in (("Debit", petty), ("Credit", bank)):
        line = JournalEntryLine()
        line.Amount = 25
        line.JournalEntryLineDetail = JournalEntryLineDetail()
        line.JournalEntryLineDetail.PostingType = side
        line.JournalEntryLineDetail.AccountRef = account.to_ref()
        journal.Line.append(line)
    assert journal.save(qb=qb).TotalAmt == 25
    assert Account.get(petty.Id, qb=qb).CurrentBalance == 25
    agency = TaxAgency()
    agency.DisplayName = "Nevada"
    rate = TaxRateDetails()
    rate.TaxRateName, rate.RateValue, rate.TaxAgencyId = "NV state", Decimal("6.85"), agency.save(qb=qb).Id
    code = TaxService()
    code.TaxCode, code.TaxRateDetails = "NV Reno", [rate]
    assert code.save(qb=qb).TaxCode == "NV Reno"
    assert TaxCode.filter(Name="NV Reno", qb=qb)[0].Taxable is True


def test_a_dead_token_is_renewed_and_a_replaced_one_dies(
    host: WorldHost, connection: dict[str, str], qb: QuickBooks
) -> None:
    host.world.advance(timedelta(days=1))
    with pytest.raises(AuthorizationException):
        Customer.all(qb=qb)
    client = auth_client(connection)
    client.refresh()
    assert client.refresh_token != connection["refresh_token"]
    renewed = QuickBooks(
        auth_client=client, refresh_token=client.refresh_token, company_id=connection["realm_id"], minorversion=75
    )
    assert Customer.all(qb=renewed) == []
    host.world.advance(timedelta(days=1))
    with pytest.raises(AuthClientError, match="invalid_grant"):
        auth_client(connection).refresh()
    client.refresh()
    assert client.revoke() is True
