"""Journal entries: lines as given, balanced; lines on a receivable account become open amounts of their customers."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from simharness_fakes.accounting import chart, settlement
from simharness_fakes.accounting.chart import Stamp
from simharness_fakes.accounting.documents import Entry, Journal, JournalDraft, JournalLine, OpenAmount, Posting
from simharness_fakes.accounting.lookup import DocumentReading
from simharness_fakes.accounting.refusals import (
    BadValue,
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
        settlement.unlink(state, id, by)
        lines = tuple(msgspec.structs.replace(line, amount=ZERO) for line in old.lines)
        journal = msgspec.structs.replace(
            old, lines=lines, receivables=(), void=True, **state.changed(by, self.kind, old, "void")
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
        for position, line in enumerate(draft.lines, start=1):
            _check_line(state, position, line)
        if difference := sum((line.amount for line in draft.lines), ZERO):
            raise Unbalanced(difference)
        lines = tuple(
            msgspec.structs.replace(line, id=line.id or str(position), amount=state.rounder.round(line.amount))
            for position, line in enumerate(draft.lines)
        )
        return Journal(
            date=draft.date, lines=lines, currency=currency, number=draft.number,
            receivables=_receivables(state, lines, old), reference=draft.reference, note=draft.note,
            adjustment=draft.adjustment, carried=draft.carried,
        )  # fmt: skip


def _check_line(state: State, position: int, line: JournalLine) -> None:
    account: chart.Account = state.refer(f"line {position} account", "account", line.account)
    if not state.rounder.is_exact(line.amount):
        raise BadValue(f"line {position} amount", line.amount, f"the smallest amount is {state.rounder.unit}")
    if account.kind == "receivable" and not line.customer:
        raise Missing(f"line {position}, on a receivable account,", "a customer")
    if line.customer:
        state.refer(f"line {position} customer", "customer", line.customer)
    if line.cost_centre:
        state.refer(f"line {position} cost_centre", "class", line.cost_centre)
    if line.location:
        state.refer(f"line {position} location", "department", line.location)


def _receivables(state: State, lines: tuple[JournalLine, ...], old: Journal | None) -> tuple[OpenAmount, ...]:
    """What the lines put on customers' accounts, less what payments already settled of the earlier version."""
    sums: dict[str, Decimal] = {}
    for line in lines:
        if line.account in state.ledger.receivables:
            sums[line.customer] = sums.get(line.customer, ZERO) + line.amount
    settled = {each.customer: each.amount - each.open for each in old.receivables} if old else {}
    for customer, done in settled.items():
        amount = sums.get(customer, ZERO)
        if done and (amount * done < 0 or abs(amount) < abs(done)):
            raise OverApplied(old.id if old else "", abs(done), abs(amount))
    return tuple(
        OpenAmount(customer=customer, amount=amount, open=amount - settled.get(customer, ZERO))
        for customer, amount in sums.items()
        if amount
    )


def entry_of(journal: Journal) -> Entry:
    """What a journal entry posts: its lines."""
    postings = tuple(
        Posting(
            account=line.account, amount=line.amount, customer=line.customer, cost_centre=line.cost_centre,
            location=line.location, memo=line.description,
        )
        for line in journal.lines
        if line.amount
    )  # fmt: skip
    return Entry(
        id=journal.id, source="journal", date=journal.date, number=journal.number, postings=postings, note=journal.note
    )
