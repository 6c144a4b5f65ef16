"""Transfers between two accounts of the company."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from simharness_fakes.accounting import chart
from simharness_fakes.accounting.chart import Stamp
from simharness_fakes.accounting.documents import Entry, Posting
from simharness_fakes.accounting.exchange import in_base, rate_of
from simharness_fakes.accounting.lookup import DocumentReading
from simharness_fakes.accounting.movements import Transfer, TransferDraft
from simharness_fakes.accounting.refusals import BadValue, Missing
from simharness_fakes.accounting.state import State

ZERO = Decimal(0)
#: What money can be moved between: accounts of the balance sheet, debts of customers and to vendors apart.
_KINDS = (
    "bank", "undeposited", "current_asset", "fixed_asset", "credit_card", "current_liability", "long_term_liability",
    "equity",
)  # fmt: skip


class Transfers(DocumentReading[Transfer]):
    """The transfers of a company."""

    kind = "transfer"

    def __init__(self, state: State) -> None:
        self._state = state
        self._table = state.documents[self.kind]

    def create(self, draft: TransferDraft, by: Stamp) -> Transfer:
        """Keep and post a transfer."""
        self._state.check_open(draft.date)
        transfer = self._build(draft)
        transfer = msgspec.structs.replace(transfer, **self._state.created(by, self.kind, "transaction"))
        self._keep(transfer)
        return transfer

    def update(self, id: str, draft: TransferDraft, by: Stamp) -> Transfer:
        """Replace a transfer by the complete new draft."""
        old = self.get(id)
        self._state.check_open(old.date, draft.date)
        transfer = msgspec.structs.replace(self._build(draft), **self._state.changed(by, self.kind, old))
        self._keep(transfer)
        return transfer

    def delete(self, id: str, by: Stamp) -> Transfer:
        """Remove a transfer and return its last version."""
        old = self.get(id)
        self._state.check_open(old.date)
        self._table.remove(id)
        self._state.ledger.post(id, None)
        self._state.log(by, self.kind, id, "delete")
        return old

    def _keep(self, transfer: Transfer) -> None:
        self._state.ledger.post(transfer.id, entry_of(transfer))
        self._table.put(transfer)

    def _build(self, draft: TransferDraft) -> Transfer:
        state = self._state
        currency = state.check_currency(draft.currency)
        rate, rounder = rate_of(state, currency, draft.rate, draft.date), state.rounder_of(currency)
        for field, id in (("source", draft.source), ("target", draft.target)):
            if not id:
                raise Missing("a transfer", f"a {field} account")
            account: chart.Account = state.refer(field, "account", id)
            if account.kind not in _KINDS:
                raise BadValue(field, id, "money is moved between accounts of the balance sheet")
            state.check_account_currency(account, currency)
        if draft.source == draft.target:
            raise BadValue("target", draft.target, "money is moved to another account")
        if draft.amount <= 0 or not rounder.is_exact(draft.amount):
            raise BadValue("amount", draft.amount, "a transfer is more than zero, in whole minor units")
        amount = rounder.round(draft.amount)
        return Transfer(
            source=draft.source, target=draft.target, date=draft.date, amount=amount, currency=currency, rate=rate,
            base=in_base(state, amount, rate), note=draft.note, carried=draft.carried,
        )  # fmt: skip


def entry_of(transfer: Transfer) -> Entry:
    """What a transfer posts: credit where the money was, debit where it is."""
    foreign = transfer.rate is not None
    own = transfer.amount if foreign else None
    return Entry(
        id=transfer.id, source="transfer", date=transfer.date, number="", note=transfer.note,
        currency=transfer.currency if foreign else "",
        postings=(
            Posting(account=transfer.target, amount=transfer.base, foreign=own),
            Posting(account=transfer.source, amount=-transfer.base, foreign=-own if own is not None else None),
        ),
    )  # fmt: skip
