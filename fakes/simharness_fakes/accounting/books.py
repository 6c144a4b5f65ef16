"""One company's books: the aggregate a pack holds.

Registers keep the masters, every kind of document posts to one ledger, reports are read from the entries. Every write
is all or nothing: a `Refusal` leaves everything as it was. Nothing here knows HTTP or a vendor.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import msgspec

from simharness.core.clock import day_in
from simharness.core.ids import Ids
from simharness.domain.acts import (
    Act,
    ActRefused,
    ClosePeriod,
    EditParty,
    EnterInvoice,
    EnterParty,
    Furnish,
    SetExchangeRate,
    TakeCheque,
    VoidInvoice,
)
from simharness.domain.books import LedgerSnapshot
from simharness.domain.dictionary import Dictionary
from simharness.domain.events import (
    ChequeTaken,
    DomainEvent,
    ExchangeRateSet,
    Furnished,
    PartySaved,
    PeriodClosed,
)
from simharness_fakes.accounting import ageing, chart, entering, furnishing, reports, snapshots
from simharness_fakes.accounting.attachments import Attachments
from simharness_fakes.accounting.bills import Bills
from simharness_fakes.accounting.chart import Settings, Stamp
from simharness_fakes.accounting.deposits import Deposits
from simharness_fakes.accounting.documents import Apply, Change, Entry, Payment, PaymentDraft
from simharness_fakes.accounting.journals import Journals
from simharness_fakes.accounting.masters import Accounts, Register
from simharness_fakes.accounting.payments import Payments
from simharness_fakes.accounting.rates import Rates
from simharness_fakes.accounting.refusals import BadValue
from simharness_fakes.accounting.sales import Sales
from simharness_fakes.accounting.state import Document, NewId, State, numbered
from simharness_fakes.accounting.transfers import Transfers


class Books:
    """A company's books in memory. `ids` belongs to the caller's fake; `new_id` names a record of a kind from it.

    The kinds handed to `new_id` are `transaction` (one sequence for all documents) and each register's kind.
    """

    def __init__(self, settings: Settings, ids: Ids, *, new_id: NewId = numbered) -> None:
        self._open(State(settings, ids, new_id))

    def _open(self, state: State) -> None:
        self._state = state
        self._told = snapshots.Memory()
        self.accounts = Accounts(state)
        self.items = Register[chart.Item](state, "item")
        self.customers = Register[chart.Customer](state, "customer")
        self.classes = Register[chart.Class](state, "class")
        self.departments = Register[chart.Department](state, "department")
        self.terms = Register[chart.Term](state, "term")
        self.payment_methods = Register[chart.PaymentMethod](state, "payment_method")
        self.tax_agencies = Register[chart.TaxAgency](state, "tax_agency")
        self.tax_rates = Register[chart.TaxRate](state, "tax_rate")
        self.tax_codes = Register[chart.TaxCode](state, "tax_code")
        self.tax_regions = Register[chart.TaxRegion](state, "tax_region")
        self.invoices = Sales(state, "invoice")
        self.credit_memos = Sales(state, "credit_memo")
        self.sales_receipts = Sales(state, "sales_receipt")
        self.refund_receipts = Sales(state, "refund_receipt")
        self.payments = Payments(state, "payment")
        self.vendors = Register[chart.Vendor](state, "vendor")
        self.bills = Bills(state, "bill")
        self.vendor_credits = Bills(state, "vendor_credit")
        self.purchases = Bills(state, "purchase")
        self.bill_payments = Payments(state, "bill_payment")
        self.currencies = Register[chart.Currency](state, "currency")
        self.rates = Rates(state)
        self.attachments = Attachments(state)
        self.deposits = Deposits(state)
        self.transfers = Transfers(state)
        self.journals = Journals(state)

    def fork(self) -> Books:
        """An independent copy that continues with the same next ids; records are shared, since they never change."""
        twin = Books.__new__(Books)
        twin._open(self._state.fork())
        return twin

    @property
    def settings(self) -> Settings:
        """The company's settings as they stand."""
        return self._state.settings

    @property
    def names_version(self) -> int:
        """Another number after every change of the settings or of a master that other masters may name."""
        return self._state.names_version

    def change_settings(self, settings: Settings, by: Stamp) -> Settings:
        """Replace the settings. Refuses (`BadValue`) another base currency of books with entries, and to go back to one
        currency.
        """
        state = self._state
        if state.settings.multi_currency and not settings.multi_currency:
            raise BadValue("multi_currency", "no", "books that keep several currencies keep them for good")
        if settings.currency != state.settings.currency and len(state.ledger.entries):
            raise BadValue("currency", settings.currency, "the base currency cannot change after the first posting")
        state.settings = msgspec.structs.replace(
            settings, version=state.settings.version + 1, updated_at=by.at, updated_by=by.actor
        )
        state.names_version += 1
        state.log(by, "settings", "settings", "update")
        return state.settings

    def close(self, until: date | None, by: Stamp) -> Settings:
        """Set the closing date: nothing dated on or before it may be written any more; None opens everything."""
        return self.change_settings(msgspec.structs.replace(self.settings, closed_until=until), by)

    def document(self, id: str) -> Document | None:
        """The document with this id, whatever its kind; None when there is none."""
        return self._state.document(id)

    def links(self, document_id: str) -> tuple[Payment, ...]:
        """The payments whose applications name a document, in order of creation."""
        return self._state.links(document_id)

    def entry(self, document_id: str) -> Entry | None:
        """What a document posts; None for one that posts nothing (void, or all zero)."""
        return self._state.ledger.entries.get(document_id)

    def entries(self) -> Iterator[Entry]:
        """Every entry, in order of creation of its document."""
        return iter(self._state.ledger.entries)

    def balance(self, account_id: str) -> Decimal:
        """The account's balance over all dates, debit positive."""
        return self._state.ledger.balance(account_id)

    def customer_balance(self, customer_id: str) -> Decimal:
        """What a customer owes in base: all postings on receivable accounts that name the customer, credits and
        unapplied cash deducted.
        """
        return self._state.ledger.customer_balance(customer_id)[0]

    def owed_by(self, customer_id: str) -> Decimal:
        """What a customer owes, in his own currency."""
        return self._state.ledger.customer_balance(customer_id)[1]

    def owed_to(self, vendor_id: str) -> Decimal:
        """What is owed to a vendor, in his own currency."""
        return self._state.ledger.vendor_balance(vendor_id)[1]

    def foreign_balance(self, account_id: str) -> Decimal:
        """The balance of an account of another currency in that currency, debit positive."""
        return self._state.ledger.foreign_balance(account_id)

    def changes_since(self, instant: datetime, kinds: tuple[str, ...] = ()) -> tuple[Change, ...]:
        """The last change of each record changed at or after an instant, deletions included, in order of change."""
        return self._state.changes.since(instant, kinds)

    def changes_after(self, sequence: int) -> tuple[Change, ...]:
        """Every change after a sequence number (0: from the beginning), in order."""
        return self._state.changes.after(sequence)

    def trial_balance(self, as_at: date) -> reports.TrialBalance:
        """Every account with a balance on a day."""
        return reports.trial_balance(self._state, as_at)

    def profit_and_loss(self, start: date, end: date) -> reports.ProfitAndLoss:
        """Income and expense between two days, both inclusive, on the accrual basis."""
        return reports.profit_and_loss(self._state, start, end)

    def balance_sheet(self, as_at: date) -> reports.BalanceSheet:
        """Assets, liabilities and equity on a day; income not yet carried forward is equity's `net_income`."""
        return reports.balance_sheet(self._state, as_at)

    def general_ledger(self, start: date, end: date, account: str = "") -> reports.GeneralLedger:
        """Every posting between two days by account, with opening and closing balances; one account's when given."""
        return reports.general_ledger(self._state, start, end, account)

    def aged_payables(self, as_at: date) -> ageing.Aged:
        """What was owed on a day, by vendor and days past due, from applications dated on or before it."""
        return ageing.aged_payables(self._state, as_at)

    def aged_receivables(self, as_at: date) -> ageing.Aged:
        """What was open on a day, by customer and days past due, from applications dated on or before it."""
        return ageing.aged_receivables(self._state, as_at)

    def furnish(self, dictionary: Dictionary, by: Stamp) -> None:
        """Make the books hold what the dictionary lists; doing it again changes nothing."""
        furnishing.furnish(self, dictionary, by)

    def snapshot(self, vendor: str) -> LedgerSnapshot:
        """The canonical records of everything these books hold."""
        return snapshots.snapshot(self._state, vendor, self._told)

    def operate(self, act: Act, by: Stamp) -> tuple[DomainEvent, ...]:
        """Do what somebody does in a ledger: furnish it, close a period, edit or enter a customer, take a cheque, enter
        or void an invoice, set a rate of exchange. Others raise `ActRefused`.
        """
        if isinstance(act, Furnish):
            self.furnish(act.dictionary, by)
            return (Furnished(dictionary=act.dictionary.name),)
        if isinstance(act, ClosePeriod):
            self.close(act.until, by)
            return (PeriodClosed(until=act.until.isoformat()),)
        if isinstance(act, EditParty):
            return (self._edit_party(act, by),)
        if isinstance(act, TakeCheque):
            return (self._take_cheque(act, by),)
        if isinstance(act, EnterParty):
            return (entering.enter_party(self, act, by),)
        if isinstance(act, EnterInvoice):
            return (entering.enter_invoice(self, act, by),)
        if isinstance(act, VoidInvoice):
            return (entering.void_invoice(self, act, by),)
        if isinstance(act, SetExchangeRate):
            rate = self.rates.set(act.currency, act.day or day_in(by.at, self.settings.time_zone), act.rate, by)
            return (ExchangeRateSet(currency=rate.currency, day=rate.day),)
        raise ActRefused(f"nobody can do {type(act).__name__} in a ledger")

    def _edit_party(self, act: EditParty, by: Stamp) -> PartySaved:
        customer = self.customers.find(act.party_id)
        if customer is None:
            raise ActRefused(f"there is no customer {act.party_id!r}")
        phone = customer.phone if act.phone is None else act.phone
        email = customer.email if act.email is None else act.email
        self.customers.update(customer.id, msgspec.structs.replace(customer, phone=phone, email=email), by)
        return PartySaved(party_id=customer.id)

    def _take_cheque(self, act: TakeCheque, by: Stamp) -> ChequeTaken:
        draft = PaymentDraft(
            customer=act.party_id,
            date=day_in(by.at, self.settings.time_zone),
            amount=act.amount.amount,
            currency=act.amount.currency,
            reference=act.number,
            applications=tuple(Apply(document=id, amount=part.amount) for id, part in act.applications),
        )
        return ChequeTaken(payment_id=self.payments.create(draft, by).id)
