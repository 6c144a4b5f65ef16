"""The bank statement: which lines are posted, which payout each one is, and what still waits in the books."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property

from simharness.checks.gateway import NOUNS
from simharness.checks.scope import Scope
from simharness.domain.bank import BankLine
from simharness.domain.fact import BankLinePosted, BankMoved, ChequeTaken
from simharness.domain.gateway import Payout

_ZERO = Decimal(0)


class Statement:
    """Posted bank lines of one state of the world, payouts told by their reference and never by amount alone."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        lines = scope.bank.lines if scope.bank else ()
        self.posted = tuple(line for line in lines if line.status == "posted")
        self.pending = {line.id: line for line in lines if line.status != "posted"}
        self.payouts = scope.gateway.payouts if scope.gateway else ()

    @cached_property
    def ledger_accounts(self) -> frozenset[str]:
        """The ids of the ledger's bank accounts."""
        banks = {key for key, account in self._scope.accounts.items() if account.kind == "bank"}
        return frozenset(banks | self._scope.accounts_with("bank"))

    @cached_property
    def named(self) -> dict[str, list[BankLine]]:
        """Posted lines by the reference they bear."""
        found: defaultdict[str, list[BankLine]] = defaultdict(list)
        for line in self.posted:
            if line.reference:
                found[line.reference.strip()].append(line)
        return dict(found)

    def lines_of(self, payout: Payout) -> list[BankLine]:
        """The posted lines that bear the reference of a payout."""
        return self.named.get(payout.reference, []) if payout.reference else []

    @cached_property
    def payout_of(self) -> dict[str, Payout]:
        """The payout of each bank line whose reference and amount agree with it: its arrival, or its way back."""
        return {
            line.id: payout
            for payout in self.payouts
            for line in self.lines_of(payout)
            if line.amount.currency == payout.amount.currency
            and line.amount.amount in (payout.amount.amount, -payout.amount.amount)
        }

    def in_transit(self, payout: Payout) -> Decimal:
        """What left the gateway's balance for a payout and is not on the statement."""
        arrived = (line.amount.amount for line in self.lines_of(payout) if line.id in self.payout_of)
        return self._sent.get(payout.id, _ZERO) - sum(arrived, _ZERO)

    @cached_property
    def _sent(self) -> dict[str, Decimal]:
        sent: defaultdict[str, Decimal] = defaultdict(Decimal)
        for line in self._scope.gateway.balance_lines if self._scope.gateway else ():
            if NOUNS.get(line.kind) == "payout":
                sent[line.source] -= line.amount.amount
        return dict(sent)

    def waiting_cheques(self) -> dict[str, ChequeTaken]:
        """Cheques taken whose deposit is not on the statement, by the ledger's payment; a bank changes foreign ones."""
        taken = {fact.cheque: fact for fact in self._scope.facts if isinstance(fact, ChequeTaken)}
        for fact in self._moves():
            if fact.purpose == "cheques":
                known = [taken[number] for number, _ in fact.advice if number in taken]
                abroad = any(each.amount.currency != fact.amount.currency for each in known)
                if known and (abroad or sum((each.amount.amount for each in known), _ZERO) == fact.amount.amount):
                    for each in known:
                        taken.pop(each.cheque, None)
        return {fact.payment_id: fact for fact in taken.values()}

    def _moves(self) -> Iterator[BankMoved]:
        """What the story moved on the bank account, pending lines only once they were posted."""
        posted = {fact.pending_id for fact in self._scope.facts if isinstance(fact, BankLinePosted) and fact.line_id}
        for fact in self._scope.facts:
            if isinstance(fact, BankMoved) and (not fact.pending or fact.line_id in posted):
                yield fact
