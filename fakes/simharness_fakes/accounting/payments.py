"""Payments of customers and to vendors: made, applied, changed, voided, deleted."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from simharness_fakes.accounting import automation, chart
from simharness_fakes.accounting.chart import Stamp
from simharness_fakes.accounting.documents import Entry, Payment, PaymentDraft, Posting
from simharness_fakes.accounting.exchange import in_base, rate_of
from simharness_fakes.accounting.lookup import DocumentReading
from simharness_fakes.accounting.refusals import BadValue, Deposited, IsVoid, Missing
from simharness_fakes.accounting.settlement import Settled, Taken, applied, settle, settling, without
from simharness_fakes.accounting.state import State

ZERO = Decimal(0)


class Payments(DocumentReading[Payment]):
    """Money received (`payment`) or paid out (`bill_payment`). What settles nothing stays on the party's account as a
    credit.
    """

    def __init__(self, state: State, kind: str) -> None:
        self._state = state
        self._table = state.documents[kind]
        self.kind = kind

    def create(self, draft: PaymentDraft, by: Stamp) -> Payment:
        """Keep and post a payment and settle what it is applied to."""
        state = self._state
        state.check_open(draft.date)
        payment = self._build(draft, {})
        if state.settings.auto_apply_payments and payment.unapplied and self.kind == "payment":
            more = automation.with_debts(state, draft, payment.unapplied)
            payment = payment if more is None else self._build(more, {})
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
        before = applied(old.applications)
        same = (draft.vendor or draft.customer) == old.party
        # Another party's documents cannot be settled, so nothing carries over.
        payment = self._build(draft, before if same else {})
        if old.deposit and moved(payment) != moved(old):
            raise Deposited(self.kind, id, old.deposit)
        if not same:
            settle(state, old.party, before, {}, by)
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
            old, amount=ZERO, unapplied=ZERO, base=ZERO, control=ZERO, gain=ZERO, applications=(), void=True,
            **state.changed(by, self.kind, old, "void"),
        )  # fmt: skip
        self._keep(payment, applied(old.applications), by)
        return payment

    def delete(self, id: str, by: Stamp) -> Payment:
        """Remove a payment, reopen what it settled, and return its last version."""
        state, old = self._state, self.get(id)
        state.check_open(old.date)
        if old.deposit:
            raise Deposited(self.kind, id, old.deposit)
        settle(state, old.party, applied(old.applications), {}, by)
        self._table.remove(id)
        state.ledger.post(id, None)
        state.log(by, self.kind, id, "delete")
        return old

    def _keep(self, payment: Payment, before: dict[str, Taken], by: Stamp) -> None:
        state = self._state
        state.ledger.post(payment.id, entry_of(state, payment))
        self._table.put(payment)
        settle(state, payment.party, before, applied(payment.applications), by)

    def _build(self, draft: PaymentDraft, before: dict[str, Taken]) -> Payment:
        state = self._state
        party = self._party(draft)
        currency = state.check_currency(draft.currency, party)
        rounder = state.rounder_of(currency)
        if draft.amount < 0 or not rounder.is_exact(draft.amount):
            raise BadValue("amount", draft.amount, "a payment is zero or more, in whole minor units")
        account = self._account(draft, currency)
        if draft.method:
            state.refer("method", "payment_method", draft.method)
        if draft.location:
            state.refer("location", "department", draft.location)
        if self.kind == "payment":
            state.account_for("receivable")  # refused here, before anything is written
        rate = rate_of(state, currency, draft.rate, draft.date)
        amount = rounder.round(draft.amount)  # 12 and 12.00 are kept alike
        settled = settling(state, (self.kind, party.id), amount, draft.applications, before, rounder.unit)
        base, control = worth(state, amount, rate, settled)
        if base != control:
            state.account_for("exchange_gain")  # refused here, before anything is written
        return Payment(
            customer=party.id if self.kind == "payment" else "", vendor=party.id if self.kind != "payment" else "",
            date=draft.date, amount=amount, unapplied=settled.unapplied, applications=settled.applications,
            deposit_account=account, currency=currency, rate=rate, base=base, control=control, gain=base - control,
            number=draft.number, method=draft.method, location=draft.location, reference=draft.reference,
            note=draft.note, carried=draft.carried,
        )  # fmt: skip

    def _party(self, draft: PaymentDraft) -> chart.Customer | chart.Vendor:
        if self.kind == "payment":
            customer: chart.Customer = self._state.refer("customer", "customer", draft.customer)
            return customer
        vendor: chart.Vendor = self._state.refer("vendor", "vendor", draft.vendor)
        return vendor

    def _account(self, draft: PaymentDraft, currency: str) -> str:
        if self.kind == "payment":
            return self._state.money_account("deposit_account", draft.deposit_account, currency)
        if not draft.deposit_account:
            raise Missing("a payment to a vendor", "the account it is paid from")
        account: chart.Account = self._state.refer("account", "account", draft.deposit_account)
        if account.kind not in ("bank", "credit_card", "current_asset"):
            raise BadValue("account", account.id, "vendors are paid from a bank or a credit card")
        self._state.check_account_currency(account, currency)
        return account.id


def worth(state: State, amount: Decimal, rate: Decimal | None, settled: Settled) -> tuple[Decimal, Decimal]:
    """What the money of a payment is worth in base, and what the payment takes off the party's account in base.

    Debts and credits count by their own rates; what is left unapplied counts by the payment's rate. The difference of
    the two figures is gained or lost.
    """
    if rate is None:
        return amount, amount
    base = in_base(state, amount, rate)
    left = ZERO
    if settled.unapplied:
        left = base - in_base(state, settled.debts.amount, rate) + in_base(state, settled.credits.amount, rate)
    return base, settled.debts.base - settled.credits.base + left


def moved(payment: Payment) -> tuple[object, ...]:
    """What of a payment a deposit moved on, and so cannot change any more."""
    return payment.customer, payment.date, payment.amount, payment.deposit_account, payment.currency, payment.rate


def unlink(state: State, document: str, by: Stamp) -> None:
    """Drop every application that names a document, which is about to be worth zero.

    Cash that settled it becomes unapplied. In a foreign currency that changes what the payment posted, so it is refused
    (`PeriodClosed`) where the payment is in a closed period.
    """
    links = state.links(document)
    for payment in links:
        if payment.rate is not None:
            state.check_open(payment.date)
    for payment in links:
        kept = without(state, payment, document)
        before = applied(payment.applications)
        payer, unit = (payment.kind, payment.party), state.rounder_of(payment.currency).unit
        settled = settling(state, payer, payment.amount, kept, before, unit)
        base, control = worth(state, payment.amount, payment.rate, settled)
        changed = msgspec.structs.replace(
            payment, applications=settled.applications, unapplied=settled.unapplied, base=base, control=control,
            gain=base - control, **state.changed(by, payment.kind, payment),
        )  # fmt: skip
        before.pop(document)
        settle(state, payment.party, before, applied(settled.applications), by)
        state.documents[payment.kind].put(changed)
        if payment.rate is not None:
            state.ledger.post(payment.id, entry_of(state, changed))


def entry_of(state: State, payment: Payment) -> Entry:
    """What a payment posts, gross: debit where it was put, credit the customer's receivable, and what was gained or
    lost on the exchange; a payment to a vendor the mirror image.
    """
    postings: tuple[Posting, ...] = ()
    foreign = payment.rate is not None
    if payment.amount or payment.control:
        sign = -1 if payment.vendor else 1
        control = state.control_account("payable" if payment.vendor else "receivable", payment)
        own = sign * payment.amount if foreign else None
        postings = (
            Posting(
                account=payment.deposit_account, amount=sign * payment.base, foreign=own, location=payment.location
            ),
            Posting(
                account=control, amount=-sign * payment.control, foreign=-own if own is not None else None,
                customer=payment.customer, vendor=payment.vendor, location=payment.location,
            ),
        )  # fmt: skip
        if payment.gain:
            gain = Posting(
                account=state.account_for("exchange_gain").id, amount=-sign * payment.gain, foreign=ZERO,
                location=payment.location,
            )  # fmt: skip
            postings = (*postings, gain)
    return Entry(
        id=payment.id, source=payment.kind, date=payment.date, number=payment.number, note=payment.note,
        currency=payment.currency if foreign else "",
        postings=tuple(each for each in postings if each.amount or each.foreign),
    )  # fmt: skip
