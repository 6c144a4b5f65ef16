"""Deposits: payments moved on from undeposited funds, and money straight from other accounts."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from simharness_fakes.accounting import chart
from simharness_fakes.accounting.chart import Stamp
from simharness_fakes.accounting.documents import Entry, Payment, Posting, Sale
from simharness_fakes.accounting.lookup import DocumentReading
from simharness_fakes.accounting.movements import Deposit, DepositDraft, DepositLine
from simharness_fakes.accounting.refusals import BadReference, BadValue, Deposited, IsVoid, Missing
from simharness_fakes.accounting.state import State

ZERO = Decimal(0)


class Deposits(DocumentReading[Deposit]):
    """The deposits of a company. A payment is deposited once and as a whole."""

    kind = "deposit"

    def __init__(self, state: State) -> None:
        self._state = state
        self._table = state.documents[self.kind]

    def create(self, draft: DepositDraft, by: Stamp) -> Deposit:
        """Keep and post a deposit; the payments it names are deposited from now on."""
        self._state.check_open(draft.date)
        deposit = self._build(draft, None)
        deposit = msgspec.structs.replace(deposit, **self._state.created(by, self.kind, "transaction"))
        self._keep(deposit, (), by)
        return deposit

    def update(self, id: str, draft: DepositDraft, by: Stamp) -> Deposit:
        """Replace a deposit by the complete new draft; payments it no longer names are undeposited again."""
        old = self.get(id)
        self._state.check_open(old.date, draft.date)
        deposit = self._build(draft, old)
        deposit = msgspec.structs.replace(deposit, **self._state.changed(by, self.kind, old))
        self._keep(deposit, _moved(old), by)
        return deposit

    def delete(self, id: str, by: Stamp) -> Deposit:
        """Remove a deposit and return its last version; its payments are undeposited again."""
        state, old = self._state, self.get(id)
        state.check_open(old.date)
        _mark(state, _moved(old), "", by)
        self._table.remove(id)
        state.ledger.post(id, None)
        state.log(by, self.kind, id, "delete")
        return old

    def _keep(self, deposit: Deposit, before: tuple[str, ...], by: Stamp) -> None:
        now = _moved(deposit)
        self._state.ledger.post(deposit.id, entry_of(self._state, deposit))
        self._table.put(deposit)
        _mark(self._state, tuple(each for each in before if each not in now), "", by)
        _mark(self._state, tuple(each for each in now if each not in before), deposit.id, by)

    def _build(self, draft: DepositDraft, old: Deposit | None) -> Deposit:
        state = self._state
        if not draft.account:
            raise Missing("a deposit", "the account it arrives on")
        account: chart.Account = state.refer("account", "account", draft.account)
        if account.kind not in ("bank", "current_asset", "credit_card"):
            raise BadValue("account", draft.account, "money is deposited to a bank or other current asset account")
        if not draft.lines:
            raise Missing("a deposit", "at least one line")
        if draft.location:
            state.refer("location", "department", draft.location)
        currency = state.check_currency(draft.currency)
        _check_once(draft.lines)
        lines = tuple(self._line(position, line, account, old) for position, line in enumerate(draft.lines, start=1))
        total = sum((line.amount for line in lines), ZERO)
        if total < 0:
            raise BadValue("total", total, "a deposit is worth nothing or more")
        return Deposit(
            account=account.id, date=draft.date, lines=lines, total=total, currency=currency, number=draft.number,
            location=draft.location, reference=draft.reference, note=draft.note, carried=draft.carried,
        )  # fmt: skip

    def _line(self, position: int, line: DepositLine, bank: chart.Account, old: Deposit | None) -> DepositLine:
        state = self._state
        if not state.rounder.is_exact(line.amount):
            raise BadValue(f"line {position} amount", line.amount, f"the smallest amount is {state.rounder.unit}")
        if line.document:
            account = self._moved_from(position, line, old)
        elif line.account:
            account = state.refer(f"line {position} account", "account", line.account).id
            state.check_no_receivable(f"line {position} account", account)
            if account == bank.id:
                raise BadValue(f"line {position} account", account, "money comes from another account")
        else:
            raise Missing(f"line {position}", "a payment or an account")
        if line.customer:
            state.refer(f"line {position} customer", "customer", line.customer)
        if line.cost_centre:
            state.refer(f"line {position} cost_centre", "class", line.cost_centre)
        return msgspec.structs.replace(line, id=str(position), account=account, amount=state.rounder.round(line.amount))

    def _moved_from(self, position: int, line: DepositLine, old: Deposit | None) -> str:
        """The undeposited funds a payment lies in; refuses what does not lie there, or not with that amount."""
        state, found = self._state, self._state.document(line.document)
        if not isinstance(found, Payment) and not (isinstance(found, Sale) and found.kind == "sales_receipt"):
            raise BadReference("application", "document", line.document)
        if found.void:
            raise IsVoid(found.kind, found.id)
        if found.deposit and (old is None or found.deposit != old.id):
            raise Deposited(found.kind, found.id, found.deposit)
        amount, account = money_of(found)
        if state.refer(f"line {position}", "account", account).kind != "undeposited":
            raise BadValue(f"line {position}", found.id, "the money does not lie in undeposited funds")
        if line.amount != amount:
            raise BadValue(f"line {position} amount", line.amount, f"a payment is deposited whole: {amount}")
        return account


def money_of(document: Payment | Sale) -> tuple[Decimal, str]:
    """How much money a payment or sales receipt brought, and the account on which it was put."""
    if isinstance(document, Payment):
        return document.amount, document.deposit_account
    return document.total, document.account


def _check_once(lines: tuple[DepositLine, ...]) -> None:
    named = [line.document for line in lines if line.document]
    for each in named:
        if named.count(each) > 1:
            raise BadValue("lines", each, "a payment is deposited once")


def _moved(deposit: Deposit) -> tuple[str, ...]:
    return tuple(line.document for line in deposit.lines if line.document)


def _mark(state: State, documents: tuple[str, ...], deposit: str, by: Stamp) -> None:
    """Say of documents which deposit moved their money on, "" for none."""
    for id in documents:
        found = state.document(id)
        if isinstance(found, Payment | Sale):
            touched = state.touched(by, found.kind, found)
            state.documents[found.kind].put(msgspec.structs.replace(found, deposit=deposit, **touched))


def entry_of(state: State, deposit: Deposit) -> Entry:
    """What a deposit posts: debit the bank with the total, credit what each line comes from."""
    postings = [Posting(account=deposit.account, amount=deposit.total, location=deposit.location)]
    postings.extend(
        Posting(
            account=line.account, amount=-line.amount, customer=line.customer, cost_centre=line.cost_centre,
            location=deposit.location, memo=line.description,
        )
        for line in deposit.lines
    )  # fmt: skip
    return Entry(
        id=deposit.id, source="deposit", date=deposit.date, number=deposit.number, note=deposit.note,
        postings=tuple(posting for posting in postings if posting.amount),
    )  # fmt: skip
