"""Refunds of the gateway, by their reason: a sale gives back revenue and its own tax, everything else only money.

`sale`: a refund receipt that mirrors the invoice; receivables and the invoice stay as they are. Of a foreign sale it
bears the invoice's rate (by policy), and what the gateway's own rate makes of it is gained or lost. `overpayment` and
`duplicate`: the customer's credit goes back, so the journal is covered by the unapplied part of the payment. `deposit`:
the liability goes down, and where a deposit invoice was paid, with it the tax that it bore.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import msgspec

from simharness.reference.arithmetic.mirror import Given
from simharness.reference.arithmetic.money import ZERO
from simharness.reference.credit.givebacks import Givebacks, read_lines
from simharness.reference.credit.links import Moving, moved_by
from simharness.reference.errors import NotYet, Rejected
from simharness.reference.gateway.movements import Movement, movement_of
from simharness.reference.gateway.receipts import Posted, Receipts
from simharness.reference.invoicing.billed import Deferred
from simharness.reference.invoicing.invoices import Invoices
from simharness.reference.ledger.entries import Entries, Side
from simharness.reference.memory.relief import REFUND, Reliefs
from simharness.reference.posting.tasks import NEW, Nothing, Plan, Task, Tasks
from simharness.reference.recognition.deferrals import Deferrals
from simharness.reference.vendors.quickbooks import QuickBooks

SALE, OVERPAYMENT, DUPLICATE, DEPOSIT = "sale", "overpayment", "duplicate", "deposit"
#: What the gateway itself calls a reason says nothing about the books; then it is judged by what was paid.
_UNTOLD = frozenset({"", "requested_by_customer", "fraudulent"})


class Memo(msgspec.Struct, frozen=True, kw_only=True):
    """What to remember of a posted refund. `exchange`: by how much more base left clearing than the balance moved."""

    reason: str
    payment_id: str
    invoice_id: str = ""
    given: Given | None = None
    exchange: Decimal = ZERO
    deferred: tuple[Deferred, ...] = ()


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What is gained (negative: lost) in base on the exchange of a refund."""

    day: date
    amount: Decimal
    words: str


class Refunds:
    """The work of `refund` tasks."""

    def __init__(
        self,
        quickbooks: QuickBooks,
        receipts: Receipts,
        invoices: Invoices,
        givebacks: Givebacks,
        reliefs: Reliefs,
        deferrals: Deferrals,
        entries: Entries,
    ) -> None:
        self._quickbooks, self._receipts, self._invoices = quickbooks, receipts, invoices
        self._deferrals = deferrals
        self._givebacks, self._reliefs, self._entries = givebacks, reliefs, entries

    def plan(self, task: Task) -> Plan | Nothing:
        """A refund receipt, or a journal entry."""
        found = movement_of(task, self._entries.currency)
        posted = self._receipts.posted_charge(found.charge)
        reason = found.reason
        if reason in _UNTOLD:
            reason = SALE if posted.invoice_number else OVERPAYMENT
        if reason == SALE or (reason == DEPOSIT and self._paid_deposit(posted)):
            return self._sale(found, posted)
        if reason == DEPOSIT:
            return self._money(found, posted, DEPOSIT, "deposits")
        if reason in (OVERPAYMENT, DUPLICATE):
            customer_id = str(self._quickbooks.read("Payment", posted.payment_id)["CustomerRef"]["value"])
            return self._money(found, posted, reason, "receivable", customer_id)
        raise Rejected("unknown_reason", f"refund {found.source} gives the reason {reason!r}, which is none of ours")

    def _paid_deposit(self, posted: Posted) -> bool:
        """Whether the charge paid the invoice of a deposit."""
        invoice = self._invoices.numbered(posted.invoice_number) if posted.invoice_number else None
        return invoice is not None and self._invoices.deposit_of(str(invoice["Id"])) is not None

    def _sale(self, found: Movement, posted: Posted) -> Plan:
        invoice = self._givebacks.invoice(posted.invoice_number)
        worth, cents = found.worth(self._entries.cents), self._entries.cents
        if (billed := str(invoice["CurrencyRef"]["value"])) != worth.currency:
            raise Rejected("other_currency", f"refund {found.source} is in {worth.currency}, its invoice in {billed}")
        body, given, taken = self._givebacks.part(invoice, read_lines(found.lines), -worth.amount, found.day)
        body["DepositToAccountRef"] = {"value": self._entries.account("gateway_clearing")}
        rate, exchange = self._givebacks.rate(invoice), ZERO
        if rate is None:
            body |= worth.terms  # of the day: what the gateway really took
        else:
            exchange = cents.round(-worth.amount * rate) + found.amount
        memo = Memo(
            reason=SALE,
            payment_id=posted.payment_id,
            invoice_id=str(invoice["Id"]),
            given=given,
            exchange=exchange,
            deferred=taken,
        )
        return Plan(
            entity="RefundReceipt",
            body=body,
            day=found.day,
            amount=-worth.amount,
            customer_id=str(invoice["CustomerRef"]["value"]),
            memo=msgspec.json.encode(memo).decode(),
        )

    def _money(self, found: Movement, posted: Posted, reason: str, role: str, customer_id: str = "") -> Plan:
        worth = found.worth(self._entries.cents)
        body = self._entries.journal(
            Side(role=role, amount=-worth.amount, customer_id=customer_id),
            Side(role="gateway_clearing", amount=worth.amount),
            words=f"Refund of {found.charge}: {reason}",
            terms=worth.terms,
        )
        memo = msgspec.json.encode(Memo(reason=reason, payment_id=posted.payment_id)).decode()
        return Plan(entity="JournalEntry", body=body, day=found.day, amount=-worth.amount, memo=memo)

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterable[Task]:
        """A sale is remembered against its invoice; a customer's credit covers the journal that took it."""
        found = msgspec.json.decode(memo, type=Memo)
        amount = task.amount or Decimal(0)
        if found.reason == SALE:
            deal_id = self._invoices.deal_of(found.invoice_id)
            self._reliefs.keep(task.reference, found.invoice_id, deal_id, REFUND, given=found.given)
            day = msgspec.json.decode(task.facts, type=Movement).day
            self._deferrals.keep(task.reference, ledger_id, day, found.deferred)
            self._invoices.settled(found.invoice_id, Decimal(0))
            if found.exchange:
                movement = msgspec.json.decode(task.facts, type=Movement)
                words = f"Exchange of refund {movement.source}"
                apart = Difference(day=movement.day, amount=found.exchange, words=words)
                yield Task(
                    reference=f"{task.reference}:exchange",
                    kind="exchange",
                    at_s=task.at_s,
                    facts=msgspec.json.encode(apart).decode(),
                    amount=abs(found.exchange),
                )
            return
        if found.reason in (OVERPAYMENT, DUPLICATE):
            facts = Moving(payment_id=found.payment_id, journal_id=ledger_id, amount=amount)
            yield moved_by(task, facts)


class Differences:
    """The work of `exchange` tasks: a sale goes back at its invoice's rate, the money at the gateway's of the day."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries

    def plan(self, task: Task) -> Plan | Nothing:
        """What the refund took off clearing beyond the balance is put back there, and gained; less is lost."""
        facts = msgspec.json.decode(task.facts, type=Difference)
        body = self._entries.journal(
            Side(role="gateway_clearing", amount=facts.amount),
            Side(role="exchange_gain", amount=-facts.amount),
            words=facts.words,
        )
        return Plan(entity="JournalEntry", body=body, day=facts.day, amount=abs(facts.amount))

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterable[Task]:
        """Nothing follows."""
        del task, ledger_id, memo
        return ()


class RefundFailures:
    """The work of `refund_failed` tasks: the money did not reach the customer, so it is owed to him again."""

    def __init__(self, quickbooks: QuickBooks, tasks: Tasks, entries: Entries) -> None:
        self._quickbooks, self._tasks, self._entries = quickbooks, tasks, entries

    def plan(self, task: Task) -> Plan | Nothing:
        """Debit clearing; credit the customer, or the deposit where it was one."""
        found = movement_of(task, self._entries.currency)
        made = self._tasks.done_of(task.reference.removesuffix(":failed"))
        if made is None:
            if self._tasks.state(task.reference.removesuffix(":failed")) == NEW:
                raise NotYet(f"refund {found.source} is on its way into the ledger")
            raise Rejected("unknown_refund", f"the ledger does not hold refund {found.source}")
        memo, worth = msgspec.json.decode(made[1], type=Memo), found.worth(self._entries.cents)
        if memo.reason == DEPOSIT:
            credit = Side(role="deposits", amount=-worth.amount)
        else:
            customer_id = str(self._quickbooks.read("Payment", memo.payment_id)["CustomerRef"]["value"])
            credit = Side(role="receivable", amount=-worth.amount, customer_id=customer_id)
        debit = Side(role="gateway_clearing", amount=worth.amount)
        body = self._entries.journal(debit, credit, words=f"Refund {found.source} failed", terms=worth.terms)
        return Plan(entity="JournalEntry", body=body, day=found.day, amount=worth.amount)

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterable[Task]:
        """Nothing follows: the customer has a credit."""
        del task, ledger_id, memo
        return ()
