"""What the ledger posted for which source: every entry by the sources that its texts name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from simharness.checks.references import References
from simharness.core.money import Money
from simharness.domain.books import Deposit, Document, Entry, LedgerSnapshot, Payment, Transfer

#: Sources whose effects are told apart behind a colon: the way there and the way back, or the first and the second.
_NUMBERED = frozenset({"dispute", "payout", "credit", "write_off"})

_Poster = Document | Payment | Deposit | Transfer


class Effect(NamedTuple):
    """One entry that names a source. `state` tells several effects of one source apart ("" for the first): the way
    back (`won`, `failed`), which of several (`2`), or a loss that was paid after all (`1:recovered`).
    """

    noun: str
    id: str
    state: str
    entry: Entry

    @property
    def is_exchange(self) -> bool:
        """Whether it is what was gained or lost beside the effect proper: they come to the source's amount together."""
        return self.state == "exchange"

    @property
    def is_link(self) -> bool:
        """Whether it only says what settles what: all it may post is what an exchange brought meanwhile."""
        return "applied" in self.state.split(":")

    @property
    def is_recovery(self) -> bool:
        """Whether a write-off is taken back, because the customer paid after all."""
        return self.state.endswith("recovered")

    def __str__(self) -> str:
        return f"{self.noun.replace('_', ' ')} {self.id}"


class Effects:
    """The entries of one ledger by noun and id of the source they name, in the ledger's order; links are left out.

    `named` are the ids of all entries that name a source, those of links too.
    """

    def __init__(self, ledger: LedgerSnapshot, references: References) -> None:
        self.of: dict[tuple[str, str], list[Effect]] = {}
        self.by_entry: dict[str, list[Effect]] = {}
        self.named: set[str] = set()
        self._posters = _Posters(ledger)
        fields = references.source_fields
        for entry in ledger.entries:
            named: list[tuple[str, str, str]] = []
            for field in fields:
                text = (entry.note if field == "note" else "") or self._posters.text(field, entry)
                if text:
                    named += references.sources(field, text)
            if named:
                self.named.add(entry.id)
            for noun, source, state in named:
                effect = _effect(noun, source, state, entry)
                if not effect.is_link:
                    self.by_entry.setdefault(entry.id, []).append(effect)
                    self.of.setdefault((noun, effect.id), []).append(effect)

    @cached_property
    def _by_record(self) -> dict[tuple[str, str], list[Effect]]:
        return {(found[0].entry.source, found[0].entry.source_id): found for found in self.by_entry.values()}

    def by_record(self, kind: str, id: str) -> list[Effect]:
        """The sources that the entry of a document, payment, deposit, transfer or journal names."""
        return self._by_record.get((kind, id), [])

    def naming(self, *nouns: str) -> Iterator[Effect]:
        """Every effect of some nouns."""
        for (noun, _), effects in self.of.items():
            if noun in nouns:
                yield from effects


def moved(entry: Entry, accounts: Collection[str], abroad: Collection[str] = ()) -> dict[str, Decimal]:
    """What an entry moves on some accounts, debit positive, by currency; zero sums left out.

    Counted is the worth in base, on accounts that are kept `abroad` the amount in the currency of the transaction.
    """
    sums: dict[str, Decimal] = {}
    for line in entry.lines:
        if line.account in accounts:
            amount = line.foreign if line.foreign is not None and line.account in abroad else line.amount
            before = sums.get(amount.currency)
            sums[amount.currency] = amount.amount if before is None else before + amount.amount
    return {currency: amount for currency, amount in sums.items() if amount}


def movement(entry: Entry, accounts: Collection[str], currency: str, abroad: Collection[str] = ()) -> Money | None:
    """What an entry moves on some accounts in one currency, or the first other one; None where it moves nothing.

    Counted as `moved` does.
    """
    first: Money | None = None
    for line in entry.lines:
        if line.account in accounts:
            if first is not None:
                return _summed(entry, accounts, currency, abroad)
            first = line.foreign if line.foreign is not None and line.account in abroad else line.amount
    return first if first is not None and first.amount else None


def _summed(entry: Entry, accounts: Collection[str], currency: str, abroad: Collection[str]) -> Money | None:
    sums = moved(entry, accounts, abroad)
    if not sums:
        return None
    chosen = currency if currency in sums else next(iter(sums))
    return Money(sums[chosen], chosen)


def together(postings: Iterable[tuple[Effect, Money]]) -> list[tuple[Effect, Money]]:
    """Postings of one source as effects proper, what was gained or lost on the exchange counted with the first."""
    proper: list[tuple[Effect, Money]] = []
    apart: list[tuple[Effect, Money]] = []
    for effect, amount in postings:
        (apart if effect.is_exchange else proper).append((effect, amount))
    if not proper:
        return apart
    effect, amount = proper[0]
    for _, more in apart:
        amount += more
    return [(effect, amount), *proper[1:]]


def entry_object(vendor: str, entry: Entry) -> str:
    """`quickbooks:journal:12`."""
    return f"{vendor}:{entry.source}:{entry.source_id or entry.id}"


class _Posters:
    """The records that posted entries; most entries say themselves what they are of, so they are indexed when asked."""

    def __init__(self, ledger: LedgerSnapshot) -> None:
        self._ledger = ledger

    @cached_property
    def _by_source(self) -> dict[tuple[str, str], _Poster]:
        ledger = self._ledger
        posters: dict[tuple[str, str], _Poster] = {(item.kind, item.id): item for item in ledger.documents}
        posters |= {("payment", item.id): item for item in ledger.payments}
        posters |= {("deposit", item.id): item for item in ledger.deposits}
        posters |= {("transfer", item.id): item for item in ledger.transfers}
        return posters

    def text(self, field: str, entry: Entry) -> str:
        """A field of an entry: its own, or that of the record that posted it."""
        own: str = getattr(entry, field, "")
        return own or str(getattr(self._by_source.get((entry.source, entry.source_id)), field, ""))


def _effect(noun: str, source: str, state: str, entry: Entry) -> Effect:
    if noun in _NUMBERED and not state and ":" in source:
        source, _, state = source.rpartition(":")
    return Effect(noun, source, state, entry)
