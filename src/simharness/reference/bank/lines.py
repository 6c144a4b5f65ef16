"""The work of bank lines: one effect on the ledger's bank account a line, dated the line.

Payouts come from transit, cheques and wires through undeposited funds, the bank's own charges are an expense. What
nothing explains goes to the account for unmatched money, with one alert, once gateway and payroll were asked on its day
or later: what it is may be younger than what they told before.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from simharness.reference.arithmetic.exchange import terms
from simharness.reference.bank.cheques import ChequeBook
from simharness.reference.bank.feed import Bank, Line
from simharness.reference.bank.matching import Advice, Between, Charge, Cheques, Unexplained, Unmatched, meaning
from simharness.reference.bank.people import PeopleLines
from simharness.reference.bank.wires import Wires
from simharness.reference.errors import NotYet, Rejected
from simharness.reference.gateway.disputes import moving
from simharness.reference.gateway.intercompany import DUE_FROM, DUE_TO
from simharness.reference.gateway.movements import Movement
from simharness.reference.ledger.entries import DepositLine, Entries, Side
from simharness.reference.mapping.model import BankRules
from simharness.reference.memory.evidence import Evidence
from simharness.reference.posting.tasks import Nothing, Plan, Task, Tasks
from simharness.reference.vendors.http import Json


class Memo(msgspec.Struct, frozen=True, kw_only=True):
    """What to remember of a posted line: the label of what it settles and is found by, the payment of a cheque that
    came back, or why it is unmatched.
    """

    label: str = ""
    returned: str = ""
    unmatched: str = ""


class BankLines:
    """The work of `bank_line` tasks."""

    def __init__(
        self,
        tasks: Tasks,
        cheques: ChequeBook,
        wires: Wires,
        people: PeopleLines,
        entries: Entries,
        evidence: Evidence,
        rules: BankRules,
        bank: Bank,
    ) -> None:
        self._bank = bank
        self._tasks, self._cheques, self._wires, self._people = tasks, cheques, wires, people
        self._entries, self._evidence, self._rules = entries, evidence, rules

    def plan(self, task: Task) -> Plan | Nothing:
        """Raises `NotYet` while the payments of a wire are on their way, or nobody was asked what the line may be."""
        line = msgspec.json.decode(task.facts, type=Line)
        home = line.currency == self._entries.currency
        if not home and not self._entries.has(f"bank_{line.currency}"):
            raise Rejected("currency_not_kept", f"bank line {line.id} is in {line.currency or 'no currency'}")
        if not line.amount:
            return Nothing()
        try:
            return ((self._payout(line) or self._payroll(line)) if home else None) or self._told(task, line)
        except Unmatched as unmatched:
            if self._bank.asked_on is None or self._bank.asked_on < line.day:
                raise NotYet from unmatched
            return self._unmatched(line, unmatched.reason)

    def done(self, task: Task, ledger_id: str, memo: str) -> Iterable[Task]:
        """A payout is found once each way, and so is what a payroll causes; a cheque that came back opens its invoices;
        unmatched money is told.
        """
        found = msgspec.json.decode(memo, type=Memo)
        if found.label:
            self._tasks.label(task.reference, found.label)
        if found.unmatched:
            line = msgspec.json.decode(task.facts, type=Line)
            reason = f"bank line {line.id} of {line.day} {line.name!r}: {found.unmatched}"
            self._evidence.alert(f"unmatched:{task.reference}", f"{task.reference}:unmatched", reason, abs(line.amount))
        if found.returned:
            yield moving(task, found.returned, ledger_id)

    def _told(self, task: Task, line: Line) -> Plan:
        match meaning(line, self._rules):
            case Cheques(numbers, returned=True):
                return self._returned(line, numbers)
            case Cheques(numbers):
                payments, worth = self._cheques.deposited(numbers, line)
                return self._plan("Deposit", self._entries.deposit(payments, worth, into=line.currency), line)
            case Charge():
                return self._journal(line, "bank_charges", words=f"{line.name} {line.reference}".strip())
            case Between(payer, payee):
                return self._journal(line, self._owed(payee if line.amount < 0 else payer), words=line.reference)
            case Advice() as advice:
                lines, worth = self._wires.deposit_lines(task, line, advice)
                return self._plan("Deposit", self._entries.deposit(lines, worth, into=line.currency), line)
            case Unexplained(reason):
                raise Unmatched(reason)

    def _owed(self, entity: str) -> str:
        """The account on which the other entity owes, or is owed. Raises `Unmatched` where there is none."""
        found = [role.format(entity) for role in (DUE_FROM, DUE_TO) if self._entries.has(role.format(entity))]
        if not found:
            raise Unmatched(f"it names the entity {entity!r}, with which these books have no account")
        return found[0]

    def _payout(self, line: Line) -> Plan | None:
        """The payout whose trace the line carries, arriving or (when it failed) going back."""
        payouts = self._tasks.found("payout", line.reference) if line.reference else []
        if not payouts:
            return None
        payout = msgspec.json.decode(payouts[0].facts, type=Movement)
        sent = -payout.amount
        if line.amount not in (sent, -sent):
            raise Unmatched(f"it carries the reference of payout {payout.source}, which is {sent}")
        way = "arrived" if line.amount == sent else "returned"
        days = abs((line.day - (payout.arrival or payout.day)).days)
        if days > self._rules.payout_days and way == "arrived":
            raise Unmatched(f"it carries the reference of payout {payout.source}, {days} days off its arrival")
        label = f"{payout.source}:{way}"
        if self._tasks.found("bank_line", label):
            raise Unmatched(f"payout {payout.source} is on the statement already")
        body = self._entries.transfer("payouts_in_transit", "bank", line.amount)
        return self._plan("Transfer", body, line, Memo(label=label))

    def _payroll(self, line: Line) -> Plan | None:
        """What a payroll causes, against the account on which it is awaited or owed."""
        found = self._people.told(line)
        if found is None:
            return None
        return self._journal(line, found.role, words=line.name or line.reference, memo=Memo(label=found.label))

    def _returned(self, line: Line, numbers: tuple[str, ...]) -> Plan:
        cheque = self._cheques.returned(numbers, line)
        words = f"Returned cheque {numbers[0]}"
        sides = (
            Side(role="receivable", amount=-line.amount, customer_id=cheque.customer_id),
            Side(role="bank", amount=line.amount),
        )
        body = self._entries.journal(*sides, words=words, terms=terms(line.currency, None))
        return self._plan("JournalEntry", body, line, Memo(returned=cheque.payment_id))

    def _unmatched(self, line: Line, reason: str) -> Plan:
        memo = Memo(unmatched=reason)
        if line.amount < 0:
            return self._journal(line, "unmatched", words=line.name, memo=memo)
        lines = [DepositLine(role="unmatched", amount=line.amount)]
        body = self._entries.deposit(lines, terms(line.currency, None), into=line.currency)
        return self._plan("Deposit", body, line, memo)

    def _journal(self, line: Line, role: str, *, words: str, memo: Memo | None = None) -> Plan:
        sides = (Side(role=role, amount=-line.amount), Side(role="bank", amount=line.amount))
        body = self._entries.journal(*sides, words=words, terms=terms(line.currency, None))
        return self._plan("JournalEntry", body, line, memo)

    def _plan(self, entity: str, body: Json, line: Line, memo: Memo | None = None) -> Plan:
        text = msgspec.json.encode(memo or Memo()).decode()
        return Plan(entity=entity, body=body, day=line.day, amount=abs(line.amount), memo=text)
