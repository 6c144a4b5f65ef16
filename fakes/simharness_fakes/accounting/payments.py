"""Payments of customers: received, applied, changed, voided, deleted."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from simharness_fakes.accounting import chart, settlement
from simharness_fakes.accounting.chart import Stamp
from simharness_fakes.accounting.documents import Entry, Payment, PaymentDraft, Posting
from simharness_fakes.accounting.lookup import DocumentReading
from simharness_fakes.accounting.refusals import BadValue, Deposited, IsVoid
from simharness_fakes.accounting.state import State

ZERO = Decimal(0)


class Payments(DocumentReading[Payment]):
    """Money received. Unapplied money stays on the customer's receivable account as a credit."""

    kind = "payment"

    def __init__(self, state: State) -> None:
        self._state = state
        self._table = state.documents["payment"]

    def create(self, draft: PaymentDraft, by: Stamp) -> Payment:
        """Keep and post a payment and settle what it is applied to."""
        state = self._state
        state.check_open(draft.date)
        payment = self._build(draft, {})
        payment = msgspec.structs.replace(payment, **state.created(by, self.kind, "transaction"))
        self._keep(payment, {}, by)
        return payment

    def update(self, id: str, draft: PaymentDraft, by: Stamp) -> Payment:
        """Replace a payment by the complete new draft; documents it no longer settles are open again.

        Of a payment that was deposited only what it settles and its texts can change (`Deposited`).
        """
        state, old = self._state, self.get(id)
        if old.void:
            raise IsVoid(self.kind, id)
        state.check_open(old.date, draft.date)
        before = settlement.applied(old.applications)
        same = draft.customer == old.customer
        # Another customer's documents cannot be settled, so nothing carries over.
        payment = self._build(draft, before if same else {})
        if old.deposit and moved(payment) != moved(old):
            raise Deposited(self.kind, id, old.deposit)
        if not same:
            settlement.settle(state, old.customer, before, {}, by)
            before = {}
        payment = msgspec.structs.replace(payment, deposit=old.deposit, **state.changed(by, self.kind, old))
        self._keep(payment, before, by)
        return payment

    def void(self, id: str, by: Stamp) -> Payment:
        """Make the payment zero on its own date and reopen what it settled. Void twice is once."""
        state, old = self._state, self.get(id)
        if old.void:
            return old
        state.check_open(old.date)
        if old.deposit:
            raise Deposited(self.kind, id, old.deposit)
        payment = msgspec.structs.replace(
            old, amount=ZERO, unapplied=ZERO, applications=(), void=True, **state.changed(by, self.kind, old, "void")
        )
        self._keep(payment, settlement.applied(old.applications), by)
        return payment

    def delete(self, id: str, by: Stamp) -> Payment:
        """Remove a payment, reopen what it settled, and return its last version."""
        state, old = self._state, self.get(id)
        state.check_open(old.date)
        if old.deposit:
            raise Deposited(self.kind, id, old.deposit)
        settlement.settle(state, old.customer, settlement.applied(old.applications), {}, by)
        self._table.remove(id)
        state.ledger.post(id, None)
        state.log(by, self.kind, id, "delete")
        return old

    def _keep(self, payment: Payment, before: dict[str, Decimal], by: Stamp) -> None:
        state = self._state
        state.ledger.post(payment.id, entry_of(state, payment))
        self._table.put(payment)
        settlement.settle(state, payment.customer, before, settlement.applied(payment.applications), by)

    def _build(self, draft: PaymentDraft, before: dict[str, Decimal]) -> Payment:
        state = self._state
        customer: chart.Customer = state.refer("customer", "customer", draft.customer)
        currency = state.check_currency(draft.currency, customer)
        if draft.amount < 0 or not state.rounder.is_exact(draft.amount):
            raise BadValue("amount", draft.amount, "a payment is zero or more, in whole minor units")
        account = state.money_account("deposit_account", draft.deposit_account)
        if draft.method:
            state.refer("method", "payment_method", draft.method)
        if draft.location:
            state.refer("location", "department", draft.location)
        state.account_for("receivable")  # refused here, before anything is written
        round_ = state.rounder.round  # 12 and 12.00 are kept alike
        amount = round_(draft.amount)
        applications = tuple(msgspec.structs.replace(each, amount=round_(each.amount)) for each in draft.applications)
        rest = settlement.unapplied(state, customer.id, amount, draft.applications, before)
        return Payment(
            customer=customer.id, date=draft.date, amount=amount, unapplied=rest, applications=applications,
            deposit_account=account, currency=currency, number=draft.number, method=draft.method,
            location=draft.location, reference=draft.reference, note=draft.note, carried=draft.carried,
        )  # fmt: skip


def moved(payment: Payment) -> tuple[object, ...]:
    """What of a payment a deposit moved on, and so cannot change any more."""
    return payment.customer, payment.date, payment.amount, payment.deposit_account, payment.currency


def entry_of(state: State, payment: Payment) -> Entry:
    """What a payment posts: debit where it was deposited, credit the customer's receivable, gross."""
    postings: tuple[Posting, ...] = ()
    if payment.amount:
        receivable = state.account_for("receivable").id
        postings = (
            Posting(account=payment.deposit_account, amount=payment.amount, location=payment.location),
            Posting(account=receivable, amount=-payment.amount, customer=payment.customer, location=payment.location),
        )
    return Entry(
        id=payment.id, source="payment", date=payment.date, number=payment.number, postings=postings, note=payment.note
    )
