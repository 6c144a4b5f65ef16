"""What settles what, changed after the fact: money of a payment moved onto a journal, and credits linked to debits.

In QuickBooks the first is an update of the payment, the second a payment of zero whose lines link both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal

import msgspec

from simharness.reference.arithmetic.money import ZERO
from simharness.reference.invoicing.billing import INVOICE
from simharness.reference.invoicing.invoices import Invoices
from simharness.reference.ledger.periods import Periods
from simharness.reference.memory.relief import Reliefs
from simharness.reference.posting.tasks import Nothing, Plan, Task
from simharness.reference.vendors.http import Json
from simharness.reference.vendors.quickbooks import QuickBooks

PAYMENT, JOURNAL, CREDIT_MEMO = "Payment", "JournalEntry", "CreditMemo"
#: Ends the reference of the task that applies a relief to its invoice.
APPLIED = ":applied"
#: The tasks that follow when a task opened invoices again by what it took from a payment, by the ids of both.
Follow = Callable[[Task, Iterable[str], str], Iterable[Task]]


class Moving(msgspec.Struct, frozen=True, kw_only=True):
    """A payment's money that has gone back: it covers the journal that took it, no longer its invoices.

    `reopens`: what is not unapplied is taken off the payment's invoices, so that they are open again.
    """

    payment_id: str
    journal_id: str
    amount: Decimal
    reopens: bool = False


def moved_by(task: Task, moving: Moving) -> Task:
    """The task that lets a payment cover what `task` has posted."""
    return Task(
        reference=f"{task.reference}:moved",
        kind="move",
        at_s=task.at_s,
        facts=msgspec.json.encode(moving).decode(),
        amount=moving.amount,
    )


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """By how much which invoices were opened again."""

    invoices: dict[str, Decimal] = {}


class Linking(msgspec.Struct, frozen=True, kw_only=True):
    """A credit that is to settle a debit as far as that is open; types as the ledger writes them. `currency` "" is the
    company's.
    """

    customer_id: str
    day: date
    amount: Decimal
    credit_type: str
    credit_id: str
    debit_type: str
    debit_id: str
    currency: str = ""


class Restoring(msgspec.Struct, frozen=True, kw_only=True):
    """The way back of a move: the payment's money is there again, so it settles the invoices instead of the journal.

    `credit_id` is the journal that brought the money back; it settles what the payment covered.
    """

    customer_id: str
    payment_id: str
    journal_id: str
    credit_id: str
    day: date
    amount: Decimal
    invoices: dict[str, Decimal]
    currency: str = ""


class Moves:
    """The work of `move` tasks."""

    def __init__(self, quickbooks: QuickBooks, invoices: Invoices, periods: Periods, follow: Follow) -> None:
        self._quickbooks, self._invoices, self._periods = quickbooks, invoices, periods
        self._follow = follow

    def plan(self, task: Task) -> Plan | Nothing:
        """The payment with its lines changed. In a closed month it stays as it is: the journal is the open item."""
        facts = msgspec.json.decode(task.facts, type=Moving)
        payment = self._quickbooks.read(PAYMENT, facts.payment_id)
        lines: list[Json] = [dict(line) for line in payment.get("Line", [])]
        day = date.fromisoformat(payment["TxnDate"])
        if any(_links(line, facts.journal_id) for line in lines) or not self._periods.is_open(day):
            return Nothing()
        unapplied = Decimal(payment["UnappliedAmt"])
        amount, freed = facts.amount if facts.reopens else min(facts.amount, unapplied), ZERO
        moved: dict[str, Decimal] = {}
        for line in reversed(lines):
            if line["LinkedTxn"][0]["TxnType"] == INVOICE and unapplied + freed < amount:
                part = min(amount - unapplied - freed, Decimal(line["Amount"]))
                line["Amount"] = Decimal(line["Amount"]) - part
                moved[str(line["LinkedTxn"][0]["TxnId"])] = part
                freed += part
        covered = min(amount, unapplied + freed)
        if not covered:
            return Nothing()
        lines = [line for line in lines if line["Amount"]]
        lines.append({"Amount": covered, "LinkedTxn": [{"TxnId": facts.journal_id, "TxnType": JOURNAL}]})
        body = with_lines(payment, lines)
        memo = msgspec.json.encode(Moved(invoices=moved)).decode()
        return Plan(entity=PAYMENT, body=body, day=day, amount=covered, action="update", memo=memo)

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterable[Task]:
        """The invoices are open again, for what else was paid for them."""
        del ledger_id
        opened = msgspec.json.decode(memo, type=Moved).invoices
        for invoice_id, amount in opened.items():
            self._invoices.settled(invoice_id, -amount)
        return self._follow(task, opened, msgspec.json.decode(task.facts, type=Moving).payment_id)


class Restores:
    """The work of `restore` tasks."""

    def __init__(self, quickbooks: QuickBooks, invoices: Invoices, periods: Periods) -> None:
        self._quickbooks, self._invoices, self._periods = quickbooks, invoices, periods

    def plan(self, task: Task) -> Plan | Nothing:
        """The payment with its lines as they were, as far as the invoices are still open. In a closed month it stays as
        it is, and the money that came back settles the invoices itself.
        """
        facts = msgspec.json.decode(task.facts, type=Restoring)
        payment = self._quickbooks.read(PAYMENT, facts.payment_id)
        lines: list[Json] = [dict(line) for line in payment.get("Line", [])]
        covering = next((line for line in lines if _links(line, facts.journal_id)), None)
        if covering is None or not self._periods.is_open(date.fromisoformat(payment["TxnDate"])):
            return Nothing()
        moved: dict[str, Decimal] = {}
        left = min(facts.amount, Decimal(covering["Amount"]))
        covering["Amount"] = Decimal(covering["Amount"]) - left
        for invoice_id, amount in facts.invoices.items():
            part = min(left, amount, Decimal(self._invoices.read(invoice_id)["Balance"]))
            if part > 0:
                moved[invoice_id] = part
                left -= part
                lines.append({"Amount": part, "LinkedTxn": [{"TxnId": invoice_id, "TxnType": INVOICE}]})
        memo = msgspec.json.encode(Moved(invoices=moved)).decode()
        day = date.fromisoformat(payment["TxnDate"])
        body = with_lines(payment, together(line for line in lines if line["Amount"]))
        return Plan(entity=PAYMENT, body=body, day=day, amount=facts.amount, action="update", memo=memo)

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterable[Task]:
        """The money that came back settles the journal that took it, or the invoices where the payment stays."""
        facts = msgspec.json.decode(task.facts, type=Restoring)
        for invoice_id, amount in msgspec.json.decode(memo, type=Moved).invoices.items():
            self._invoices.settled(invoice_id, amount)
        debits = {facts.journal_id: facts.amount} if ledger_id else facts.invoices
        left = facts.amount
        for number, (document_id, amount) in enumerate(debits.items(), start=1):
            linking = Linking(
                customer_id=facts.customer_id,
                day=facts.day,
                amount=min(left, amount),
                credit_type=JOURNAL,
                credit_id=facts.credit_id,
                debit_type=JOURNAL if ledger_id else INVOICE,
                debit_id=document_id,
                currency=facts.currency,
            )
            left -= linking.amount
            yield Task(
                reference=f"{task.reference}{APPLIED}:{number}",
                kind="link",
                at_s=task.at_s,
                facts=msgspec.json.encode(linking).decode(),
                amount=linking.amount,
            )


class Links:
    """The work of `link` tasks."""

    def __init__(self, invoices: Invoices, reliefs: Reliefs, currency: str) -> None:
        self._invoices, self._reliefs, self._currency = invoices, reliefs, currency

    def plan(self, task: Task) -> Plan | Nothing:
        """A payment of zero; nothing where the invoice is settled already (the credit stays unapplied)."""
        facts = msgspec.json.decode(task.facts, type=Linking)
        amount = facts.amount
        if facts.debit_type == INVOICE:
            amount = min(amount, Decimal(self._invoices.read(facts.debit_id)["Balance"]))
        if amount <= 0:
            return Nothing(memo="0")
        body: Json = {
            "CustomerRef": {"value": facts.customer_id},
            "TotalAmt": ZERO,
            "CurrencyRef": {"value": facts.currency or self._currency},
            "Line": [
                {"Amount": amount, "LinkedTxn": [{"TxnId": facts.debit_id, "TxnType": facts.debit_type}]},
                {"Amount": amount, "LinkedTxn": [{"TxnId": facts.credit_id, "TxnType": facts.credit_type}]},
            ],
        }
        return Plan(
            entity=PAYMENT,
            body=body,
            day=facts.day,
            amount=amount,
            customer_id=facts.customer_id,
            action="apply",
            memo=str(amount),
        )

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterator[Task]:
        """Both are settled by the amount."""
        del ledger_id
        facts = msgspec.json.decode(task.facts, type=Linking)
        for document_id in (facts.debit_id, facts.credit_id):
            self._invoices.settled(document_id, Decimal(memo))
        self._reliefs.settled(task.reference.removesuffix(APPLIED), Decimal(memo))
        return iter(())


def _links(line: Json, journal_id: str) -> bool:
    return any(str(each["TxnId"]) == journal_id and each["TxnType"] == JOURNAL for each in line["LinkedTxn"])


def with_lines(payment: Json, lines: list[Json]) -> Json:
    """The update by which a payment settles something else."""
    return {
        "Id": payment["Id"],
        "SyncToken": payment["SyncToken"],
        "sparse": True,
        "CustomerRef": {"value": payment["CustomerRef"]["value"]},
        "TotalAmt": payment["TotalAmt"],
        "Line": lines,
    }


def together(lines: Iterable[Json]) -> list[Json]:
    """One line a document."""
    found: dict[str, Json] = {}
    for line in lines:
        linked = str(line["LinkedTxn"][0]["TxnId"])
        if linked in found:
            found[linked]["Amount"] += line["Amount"]
        else:
            found[linked] = {"Amount": Decimal(line["Amount"]), "LinkedTxn": line["LinkedTxn"]}
    return list(found.values())
