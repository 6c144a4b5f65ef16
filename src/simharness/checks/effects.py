"""What the ledger posted for which source: every entry by the sources that its texts name."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from simharness.checks.references import References
from simharness.core.money import Money
from simharness.domain.books import Deposit, Document, Entry, LedgerSnapshot, Payment, Transfer

#: Sources whose effects are told apart behind a colon: the way there and the way back, or the first and the second.
_NUMBERED = frozenset({"dispute", "payout", "credit", "write_off"})

_Poster = Document | Payment | Deposit | Transfer


@dataclass(frozen=True, slots=True)
class Effect:
    """One entry that names a source. `state` tells several effects of one source apart ("" for the first)."""

    noun: str
    id: str
    state: str
    entry: Entry

    def __str__(self) -> str:
        return f"{self.noun.replace('_', ' ')} {self.id}"


class Effects:
    """The entries of one ledger by noun and id of the source they name, in the ledger's order."""

    def __init__(self, ledger: LedgerSnapshot, references: References) -> None:
        self.of: dict[tuple[str, str], list[Effect]] = {}
        self.by_entry: dict[str, list[Effect]] = {}
        self._by_record: dict[tuple[str, str], list[Effect]] = {}
        posters = _posters(ledger)
        fields = references.source_fields
        for entry in ledger.entries:
            found: list[Effect] = []
            poster = posters.get((entry.source, entry.source_id))
            for field in fields:
                text = _text(field, entry, poster)
                if text:
                    found += [_effect(*named, entry) for named in references.sources(field, text)]
            if found:
                self.by_entry[entry.id] = found
                self._by_record[entry.source, entry.source_id] = found
                for effect in found:
                    self.of.setdefault((effect.noun, effect.id), []).append(effect)

    def by_record(self, kind: str, id: str) -> list[Effect]:
        """The sources that the entry of a document, payment, deposit, transfer or journal names."""
        return self._by_record.get((kind, id), [])

    def naming(self, *nouns: str) -> Iterator[Effect]:
        """Every effect of some nouns."""
        for (noun, _), effects in self.of.items():
            if noun in nouns:
                yield from effects


def moved(entry: Entry, accounts: Collection[str]) -> dict[str, Decimal]:
    """What an entry moves on some accounts, debit positive, by the currency of the transaction; zero sums left out."""
    sums: dict[str, Decimal] = {}
    for line in entry.lines:
        if line.account in accounts:
            amount = line.amount if line.foreign is None else line.foreign
            before = sums.get(amount.currency)
            sums[amount.currency] = amount.amount if before is None else before + amount.amount
    return {currency: amount for currency, amount in sums.items() if amount}


def movement(entry: Entry, accounts: Collection[str], currency: str) -> Money | None:
    """What an entry moves on some accounts in one currency, or the first other one; None where it moves nothing."""
    sums = moved(entry, accounts)
    if not sums:
        return None
    chosen = currency if currency in sums else next(iter(sums))
    return Money(sums[chosen], chosen)


def entry_object(vendor: str, entry: Entry) -> str:
    """`quickbooks:journal:12`."""
    return f"{vendor}:{entry.source}:{entry.source_id or entry.id}"


def _posters(ledger: LedgerSnapshot) -> dict[tuple[str, str], _Poster]:
    """The records that posted entries, by the entry's source."""
    posters: dict[tuple[str, str], _Poster] = {(item.kind, item.id): item for item in ledger.documents}
    posters |= {("payment", item.id): item for item in ledger.payments}
    posters |= {("deposit", item.id): item for item in ledger.deposits}
    posters |= {("transfer", item.id): item for item in ledger.transfers}
    return posters


def _text(field: str, entry: Entry, poster: _Poster | None) -> str:
    """A field of an entry: its own, or that of the record that posted it."""
    own: str = getattr(entry, field, "")
    return own or str(getattr(poster, field, ""))


def _effect(noun: str, source: str, state: str, entry: Entry) -> Effect:
    if noun in _NUMBERED and not state and ":" in source:
        source, _, state = source.rpartition(":")
    return Effect(noun, source, state, entry)
