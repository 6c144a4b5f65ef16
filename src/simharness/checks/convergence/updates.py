"""What a refused update leaves: a record as it stood, and what is made with its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from simharness.checks.convergence.said import Said
from simharness.checks.convergence.words import Words
from simharness.domain.evidence import DeadLetter, Reject
from simharness.domain.record import RunRecord

#: How the log of what was written calls nouns.
_DATASETS: Mapping[str, str] = MappingProxyType({"customer": "party", "vendor": "party"})


class Updates:
    """Records whose update was given up, and which of their words are other for it."""

    def __init__(self) -> None:
        self._lacks: set[str] = set()
        self._kept: set[str] = set()

    def add(self, was: Said, ended: Said) -> None:
        """A record that ended as it was before, instead of as it should be."""
        self._lacks |= set(_parts(was) - _parts(ended)) | (_named(was) - _named(ended))
        self._kept |= set(_parts(ended) - _parts(was)) | (_named(ended) - _named(was))

    def explain(self, was: Said, ended: Said) -> bool:
        """Whether what is written in a document is other only in words that are those of such a record."""
        before, after = _parts(was), _parts(ended)
        return self.are_of_one(was, ended) and set(before - after) <= self._lacks and set(after - before) <= self._kept

    def are_of_one(self, was: Said, ended: Said) -> bool:
        """Whether two things are of one customer, whose new name may be what lacks."""
        new, old = (set(each.party.split(", ")) for each in (was, ended))
        return new == old or (new - old <= self._lacks and old - new <= self._kept)


def stands_as_before(faulted: RunRecord, row: Reject | DeadLetter, ended: Said) -> bool:
    """Whether the connector changed nothing of a record of a ledger in the step in which the update was refused, nor
    since.
    """
    since = max((each.world.at for each in faulted.checkpoints if each.world.at < row.at), default=None)
    actors = {
        each.response.notes.actor
        for each in faulted.exchanges
        if each.client == "connector" and each.response is not None
    }
    ids = set(_ids(faulted, ended))
    return not any(
        (write.entity, write.record_id) in ids
        and write.dataset == _DATASETS.get(ended.noun, ended.noun)
        and write.action != "create"
        and write.actor in actors
        and (since is None or write.at >= since)
        for write in faulted.writes
    )


def _ids(faulted: RunRecord, ended: Said) -> Iterator[tuple[str, str]]:
    """Entity and id of a record in the ledger of the run with faults."""
    ledgers = faulted.final.world.ledgers if faulted.final else ()
    for ledger in ledgers:
        words = Words((ledger,), faulted.header.connector)
        if ended.system != (ledger.vendor if len(ledgers) == 1 else f"{ledger.vendor} {ledger.entity}"):
            continue
        names = [(each.id, f"customer {each.name} {each.currency}".rstrip()) for each in ledger.parties]
        names += [(id, words.of(name)) for id, name in words.documents.items()]
        yield from ((ledger.entity, id) for id, name in names if name == ended.what)


def renamed(missing: dict[str, list[Said]], further: dict[str, list[Said]]) -> None:
    """Put what is there under another name beside what it should be: customers and vendors that one source names, and
    what bears the name of a customer in its own.
    """
    ended = {_identity(items[0]): name for name, items in further.items() if _identity(items[0])}
    for name, items in missing.items():
        other = ended.get(_identity(items[0]))
        if other is not None and other not in missing and name not in further:
            further[name] = further.pop(other)


def _identity(item: Said) -> tuple[str, str, tuple[str, ...]] | None:
    if item.noun == "open item" and item.group:
        return (item.system, item.noun, (item.name.removesuffix(f" of {item.party}"), item.content))
    is_party = item.noun in {"customer", "vendor"} and bool(item.sources)
    return (item.system, item.noun, item.sources) if is_party else None


def _parts(item: Said) -> Counter[str]:
    return Counter(item.content.split(", "))


def _named(item: Said) -> set[str]:
    return set(item.party.split(", "))
