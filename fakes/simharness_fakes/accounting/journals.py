"""Journal entries: lines as given, balanced; lines on a receivable account become open amounts of their customers."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from simharness_fakes.accounting import chart, payments
from simharness_fakes.accounting.chart import Stamp
from simharness_fakes.accounting.documents import Entry, Journal, JournalDraft, JournalLine, OpenAmount, Posting
from simharness_fakes.accounting.exchange import parts_in_base, rate_of
from simharness_fakes.accounting.lookup import DocumentReading
from simharness_fakes.accounting.refusals import (
    BadValue,
    CurrencyMismatch,
    HasLinks,
    IsVoid,
    Missing,
    OverApplied,
    Unbalanced,
)
from simharness_fakes.accounting.state import State

ZERO = Decimal(0)


class Journals(DocumentReading[Journal]):
    """The journal entries of a company."""

    kind = "journal"

    def __init__(self, state: State) -> None:
        self._state = state
        self._table = state.documents["journal"]

    def create(self, draft: JournalDraft, by: Stamp) -> Journal:
        """Keep and post a journal entry; refuses `Unbalanced`."""
        state = self._state
        state.check_open(draft.date)
        journal = self._build(draft, None)
        state.check_number(self.kind, self._table, draft.number)
        number = draft.number or state.next_number("journal", self._table)
        journal = msgspec.structs.replace(journal, number=number, **state.created(by, self.kind, "transaction"))
        self._keep(journal)
        return journal

    def update(self, id: str, draft: JournalDraft, by: Stamp) -> Journal:
        """Replace a journal entry by the complete new draft; refuses to take back what payments settled or used."""
        state, old = self._state, self.get(id)
        if old.void:
            raise IsVoid(self.kind, id)
        state.check_open(old.date, draft.date)
        state.check_number(self.kind, self._table, draft.number, id)
        journal = self._build(draft, old)
        journal = msgspec.structs.replace(
            journal, number=draft.number or old.number, **state.changed(by, self.kind, old)
        )
        self._keep(journal)
        return journal

    def void(self, id: str, by: Stamp) -> Journal:
        """Make every line zero on the entry's own date and drop its links. Void twice is once."""
        state, old = self._state, self.get(id)
        if old.void:
            return old
        state.check_open(old.date)
        payments.unlink(state, id, by)
        lines = tuple(msgspec.structs.replace(line, amount=ZERO) for line in old.lines)
        journal = msgspec.structs.replace(
            old, lines=lines, bases=(), receivables=(), void=True, **state.changed(by, self.kind, old, "void")
        )
        self._keep(journal)
        return journal

    def delete(self, id: str, by: Stamp) -> Journal:
        """Remove a journal entry and return its last version; refuses `HasLinks` while payments name it."""
        state, old = self._state, self.get(id)
        state.check_open(old.date)
        if links := state.links(id):
            raise HasLinks(self.kind, id, tuple(p.id for p in links))
        self._table.remove(id)
        state.ledger.post(id, None)
        state.log(by, self.kind, id, "delete")
        return old

    def _keep(self, journal: Journal) -> None:
        self._state.ledger.post(journal.id, entry_of(journal))
        self._table.put(journal)

    def _build(self, draft: JournalDraft, old: Journal | None) -> Journal:
        state = self._state
        if len(draft.lines) < 2:
            raise Missing("a journal entry", "at least two lines")
        currency = state.check_currency(draft.currency)
        rate = rate_of(state, currency, draft.rate, draft.date)
        for position, line in enumerate(draft.lines, start=1):
            _check_line(state, position, line, currency)
        if difference := sum((line.amount for line in draft.lines), ZERO):
            raise Unbalanced(difference)
        round_ = state.rounder_of(currency).round
        lines = tuple(
            msgspec.structs.replace(line, id=line.id or str(position), amount=round_(line.amount))
            for position, line in enumerate(draft.lines)
        )
        _, bases = parts_in_base(state, ZERO, [line.amount for line in lines], rate)
        return Journal(
            date=draft.date, lines=lines, currency=currency, rate=rate, bases=bases, number=draft.number,
            receivables=_receivables(state, lines, bases, old), reference=draft.reference, note=draft.note,
            adjustment=draft.adjustment, carried=draft.carried,
        )  # fmt: skip


def _check_line(state: State, position: int, line: JournalLine, currency: str) -> None:
    account: chart.Account = state.refer(f"line {position} account", "account", line.account)
    rounder = state.rounder_of(currency)
    if not rounder.is_exact(line.amount):
        raise BadValue(f"line {position} amount", line.amount, f"the smallest amount is {rounder.unit}")
    state.check_account_currency(account, currency)
    if account.kind == "payable":
        raise BadValue(f"line {position} account", account.id, "a debt to a vendor is entered as a bill")
    if account.kind == "receivable":
        if not line.customer:
            raise Missing(f"line {position}, on a receivable account,", "a customer")
        if (account.currency or state.settings.currency) != currency:
            raise CurrencyMismatch(currency, account.currency or state.settings.currency)
    if line.customer:
        customer: chart.Customer = state.refer(f"line {position} customer", "customer", line.customer)
        if account.kind == "receivable":
            state.check_currency(currency, customer)
    if line.cost_centre:
        state.refer(f"line {position} cost_centre", "class", line.cost_centre)
    if line.location:
        state.refer(f"line {position} location", "department", line.location)


def _receivables(
    state: State, lines: tuple[JournalLine, ...], bases: tuple[Decimal, ...], old: Journal | None
) -> tuple[OpenAmount, ...]:
    """What the lines put on customers' accounts, less what payments already settled of the earlier version."""
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for line, base in zip(lines, bases, strict=True):
        if line.account in state.ledger.receivables:
            before = sums.get(line.customer, (ZERO, ZERO))
            sums[line.customer] = (before[0] + line.amount, before[1] + base)
    settled = {each.customer: each for each in old.receivables} if old else {}
    found: list[OpenAmount] = []
    for customer in dict.fromkeys((*sums, *settled)):
        amount, base = sums.get(customer, (ZERO, ZERO))
        earlier = settled.get(customer)
        done = earlier.amount - earlier.open if earlier is not None else ZERO
        done_base = earlier.base - earlier.open_base if earlier is not None else ZERO
        if done and (amount * done < 0 or abs(amount) < abs(done)):
            raise OverApplied(old.id if old else "", abs(done), abs(amount))
        changed = earlier is not None and (amount, base) != (earlier.amount, earlier.base)
        if done and changed and old is not None and old.rate is not None:
            raise HasLinks("journal", old.id, tuple(each.id for each in state.links(old.id)))
        if amount:
            found.append(
                OpenAmount(customer=customer, amount=amount, open=amount - done, base=base, open_base=base - done_base)
            )
    return tuple(found)


def entry_of(journal: Journal) -> Entry:
    """What a journal entry posts: its lines."""
    foreign = journal.rate is not None
    postings = tuple(
        Posting(
            account=line.account, amount=base, foreign=line.amount if foreign else None, customer=line.customer,
            cost_centre=line.cost_centre, location=line.location, memo=line.description,
        )
        for line, base in zip(journal.lines, journal.bases or (ZERO,) * len(journal.lines), strict=True)
        if line.amount
    )  # fmt: skip
    return Entry(
        id=journal.id, source="journal", date=journal.date, number=journal.number, postings=postings,
        note=journal.note, currency=journal.currency if foreign else "",
    )  # fmt: skip
