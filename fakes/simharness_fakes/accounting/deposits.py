"""Deposits: payments moved on from undeposited funds, and money straight from other accounts."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from simharness_fakes.accounting import chart
from simharness_fakes.accounting.chart import Stamp
from simharness_fakes.accounting.documents import Entry, Payment, Posting, Sale
from simharness_fakes.accounting.exchange import in_base, rate_of
from simharness_fakes.accounting.lookup import DocumentReading
from simharness_fakes.accounting.movements import Deposit, DepositDraft, DepositLine
from simharness_fakes.accounting.refusals import (
    BadReference,
    BadValue,
    CurrencyMismatch,
    Deposited,
    IsVoid,
    Missing,
)
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
        state.check_account_currency(account, currency)
        rate = rate_of(state, currency, draft.rate, draft.date)
        _check_once(draft.lines)
        lines = tuple(
            self._line(position, line, account, (currency, rate), old)
            for position, line in enumerate(draft.lines, start=1)
        )
        total = sum((line.amount for line in lines), ZERO)
        if total < 0:
            raise BadValue("total", total, "a deposit is worth nothing or more")
        base = in_base(state, total, rate)
        gain = base - sum((line.base for line in lines), ZERO)
        if gain:
            state.account_for("exchange_gain")  # refused here, before anything is written
        return Deposit(
            account=account.id, date=draft.date, lines=lines, total=total, currency=currency, rate=rate, base=base,
            gain=gain, number=draft.number, location=draft.location, reference=draft.reference, note=draft.note,
            carried=draft.carried,
        )  # fmt: skip

    def _line(
        self,
        position: int,
        line: DepositLine,
        bank: chart.Account,
        worth: tuple[str, Decimal | None],
        old: Deposit | None,
    ) -> DepositLine:
        state, rounder = self._state, self._state.rounder_of(worth[0])
        if not rounder.is_exact(line.amount):
            raise BadValue(f"line {position} amount", line.amount, f"the smallest amount is {rounder.unit}")
        base = in_base(state, line.amount, worth[1])
        if line.document:
            account, base = self._moved_from(position, line, worth[0], old)
        elif line.account:
            named: chart.Account = state.refer(f"line {position} account", "account", line.account)
            state.check_no_control(f"line {position} account", named.id)
            state.check_account_currency(named, worth[0])
            if named.id == bank.id:
                raise BadValue(f"line {position} account", named.id, "money comes from another account")
            account = named.id
        else:
            raise Missing(f"line {position}", "a payment or an account")
        if line.customer:
            state.refer(f"line {position} customer", "customer", line.customer)
        if line.cost_centre:
            state.refer(f"line {position} cost_centre", "class", line.cost_centre)
        amount = rounder.round(line.amount)
        return msgspec.structs.replace(line, id=str(position), account=account, amount=amount, base=base)

    def _moved_from(self, position: int, line: DepositLine, currency: str, old: Deposit | None) -> tuple[str, Decimal]:
        """The undeposited funds a payment lies in and its worth there in base.

        Refuses what does not lie there, or not with that amount, or in another currency than the deposit's.
        """
        state, found = self._state, self._state.document(line.document)
        if not isinstance(found, Payment | Sale) or found.kind not in ("payment", "sales_receipt"):
            raise BadReference("application", "document", line.document)
        if found.void:
            raise IsVoid(found.kind, found.id)
        if found.deposit and (old is None or found.deposit != old.id):
            raise Deposited(found.kind, found.id, found.deposit)
        amount, account = money_of(found)
        if state.refer(f"line {position}", "account", account).kind != "undeposited":
            raise BadValue(f"line {position}", found.id, "the money does not lie in undeposited funds")
        if found.currency != currency:
            raise CurrencyMismatch(currency, found.currency)
        if line.amount != amount:
            raise BadValue(f"line {position} amount", line.amount, f"a payment is deposited whole: {amount}")
        return account, found.base


def money_of(document: Payment | Sale) -> tuple[Decimal, str]:
    """How much money a payment or sales receipt brought, and the account on which it was put."""
    if isinstance(document, Payment):
        return document.amount, document.deposit_account
    return document.total, document.account


def _check_once(lines: tuple[DepositLine, ...]) -> None:
    seen: set[str] = set()
    for line in lines:
        if line.document in seen:
            raise BadValue("lines", line.document, "a payment is deposited once")
        if line.document:
            seen.add(line.document)


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
    """What a deposit posts: debit the bank with the total, credit what each line comes from, and what was gained or
    lost on the exchange since the payments were taken.
    """
    foreign = deposit.rate is not None
    postings = [
        Posting(
            account=deposit.account, amount=deposit.base, foreign=deposit.total if foreign else None,
            location=deposit.location,
        )
    ]  # fmt: skip
    postings.extend(
        Posting(
            account=line.account, amount=-line.base, foreign=-line.amount if foreign else None, customer=line.customer,
            cost_centre=line.cost_centre, location=deposit.location, memo=line.description,
        )
        for line in deposit.lines
    )  # fmt: skip
    if deposit.gain:
        account = state.account_for("exchange_gain").id
        postings.append(Posting(account=account, amount=-deposit.gain, foreign=ZERO, location=deposit.location))
    return Entry(
        id=deposit.id, source="deposit", date=deposit.date, number=deposit.number, note=deposit.note,
        currency=deposit.currency if foreign else "",
        postings=tuple(posting for posting in postings if posting.amount or posting.foreign),
    )  # fmt: skip
