"""What a connector gave up under faults: the one excuse for a lack, and what it takes to be one.

An item may be missing only where it is listed as rejected or as a dead letter, a person was alerted who can read item
and amount, and nothing of it was written. What depends on it alone (the customer nobody billed, a balance) follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from simharness.checks.convergence.ledger import records
from simharness.checks.convergence.said import Said
from simharness.checks.convergence.told import LISTED, SUCCESS, open_rows
from simharness.checks.convergence.words import LATER, Words
from simharness.checks.listed import SHOWN, ids
from simharness.core.money import Money
from simharness.domain.evidence import Alert, DeadLetter, Evidence, LogRow, Reject
from simharness.domain.fact import CustomerChanged, DealChanged, DealDelivered, InvoiceEntered
from simharness.domain.fault import Plan
from simharness.domain.fault_kinds import KINDS
from simharness.domain.record import RunRecord

#: A source that names a part has so many colons: kind, id and version, or system, kind and id, stand before it.
_PART = 3
#: A shorter number is no id: it may stand anywhere.
_TELLING = 4
#: Of these one source may bring one each.
_DOCUMENTS = frozenset({"invoice", "credit_memo"})


def may_fail(plan: Plan) -> bool:
    """Whether a plan can make success impossible: a kind that does not pass by itself, or a fault that goes on.

    A single fault that passes is no reason to give anything up (retries outlast it).
    """
    return any(not KINDS[fault.kind].survivable or fault.times > 1 for fault in plan.faults if fault.kind in KINDS)


class GivenUp:
    """Refusals and dead letters that are open at the end of the faulted run and were not in the clean one."""

    def __init__(self, faulted: RunRecord, clean: Iterable[Said]) -> None:
        known = {(item.noun, item.name) for item in clean if item.noun in LISTED}
        rows = open_rows(faulted.evidence)
        listed = [row for row in rows if not isinstance(row, Alert) and (_noun(row), row.source) not in known]
        self._rows = [row for row in listed if not row.source.endswith(SHOWN)]
        self._shown = {row.source: row for row in listed if row.source.endswith(SHOWN)}
        self._alerts = [row for row in rows if isinstance(row, Alert)]
        self._faulted = faulted
        self._posted = {_unnumbered(row.source) for row in faulted.evidence if _is_success(row)}

    def __bool__(self) -> bool:
        return bool(self._rows or self._shown)

    @cached_property
    def _by_id(self) -> dict[str, Reject | DeadLetter]:
        found: dict[str, Reject | DeadLetter] = {}
        for row in self._rows:
            for id in (row.source, *ids(row.source)):
                if not (id.isdigit() and len(id) < _TELLING):
                    found.setdefault(id, row)
        crm = self._faulted.final.world.crm if self._faulted.final else None
        for deal in crm.deals if crm else ():
            if deal.id in found:  # the customer of a deal that was given up need not be there
                found.setdefault(deal.company_id, found[deal.id])
        return found

    def row_of(self, item: Said) -> Reject | DeadLetter | None:
        """What lists an item, or the source that it comes from or belongs to, as not posted."""
        closest = max((row for row in self._rows if covers(row, item)), key=lambda row: len(row.source), default=None)
        if closest is not None:
            return closest
        for source in item.sources:
            for id in (source, *ids(source)):
                if id in self._by_id and not _is_other_part(self._by_id[id], item):
                    return self._by_id[id]
        return None

    @cached_property
    def taken_up(self) -> tuple[Reject | DeadLetter, ...]:
        """What was listed and told to somebody meanwhile, and is in the books at the end since something changed."""
        still = {row.source for row in (*self._rows, *self._shown.values())}
        told = [row.source for row in self._faulted.evidence if isinstance(row, Alert)]
        return tuple(
            row
            for row in self._faulted.evidence
            if isinstance(row, Reject | DeadLetter) and not row.source.endswith(SHOWN) and row.source not in still
            if any(_same(each, row.source) for each in told)
        )

    @cached_property
    def made_anew(self) -> tuple[Reject | DeadLetter, ...]:
        """What of that waited while its customer or its deal was changed, or somebody else billed the deal, and is made
        of what the systems say since.
        """
        crm = self._faulted.final.world.crm if self._faulted.final else None
        owners = {deal.id: deal.company_id for deal in crm.deals} if crm else {}
        changed = [
            (each.company_id if isinstance(each, CustomerChanged) else each.deal_id, each.at)
            for each in self._faulted.facts
            if isinstance(each, CustomerChanged | DealChanged | DealDelivered | InvoiceEntered)
        ]
        return tuple(
            row
            for row in self.taken_up
            for named in ({each for id in ids(row.source) for each in (id, owners.get(id, id))},)
            if any(id in named and at > row.at for id, at in changed)
        )

    def rows_about(self, item: Said) -> Iterator[Reject | DeadLetter]:
        """What lists an item itself as not posted, or not changed; what others made bears the id in words of theirs."""
        for row in self._rows:
            ours = ":".join((*row.source.split(":")[:2], ""))
            theirs = not any(source.startswith(ours) for source in item.sources)
            names_it = theirs and not set(item.sources).isdisjoint(ids(row.source))
            by_id = any(_is_below(row.source, name) for name in self._record_names(row).get(item.what, ()))
            if covers(row, item) or names_it or by_id:
                yield row

    def row_on(self, item: Said) -> Reject | DeadLetter | None:
        """What lists that the record of a ledger which an alert names could not be changed."""
        for row in self._rows:
            names = {name for of in self._record_names(row).values() for name in of}
            if any(source in names and _is_below(row.source, source) for source in item.sources):
                return row
        return None

    def _record_names(self, row: Reject | DeadLetter) -> dict[str, list[str]]:
        """The names of records in the books which a row is about, by what they are."""
        return self._records.get(row.entity if len(self._records) > 1 else next(iter(self._records), ""), {})

    @cached_property
    def _records(self) -> dict[str, dict[str, list[str]]]:
        """The same of the books of each entity."""
        found: dict[str, dict[str, list[str]]] = {}
        for ledger in self._faulted.final.world.ledgers if self._faulted.final else ():
            of = found.setdefault(ledger.entity, {})
            for name, what in records(ledger, Words((ledger,), self._faulted.header.connector)):
                of.setdefault(what, []).append(name)
        return found

    def part_of(self, item: Said) -> Reject | DeadLetter | None:
        """What lists a later part of an item's source as not posted, or a part of another source that names the item as
        what it would have changed; where the source itself is not listed.
        """
        if any(covers(row, item) for row in self._rows):
            return None
        below = tuple(f"{source.partition(':')[2]}:" for source in item.sources if ":" in source)
        named = {source for source in item.sources if len(source) >= _TELLING}
        for row in self._rows:
            if row.source.partition(":")[2].startswith(below) or not named.isdisjoint(row.source.split(":")[_PART:]):
                return row
        return None

    def part_before(self, item: Said) -> Reject | DeadLetter | None:
        """What lists a part of an item's source as not posted, where the item is what came of the source later."""
        if item.group.rpartition(":")[2] not in LATER:
            return None
        stems = {row.source.rpartition(":")[0]: row for row in self._rows if row.source.count(":") >= _PART}
        return next((row for stem, row in stems.items() if any(_is_below(each, stem) for each in item.sources)), None)

    def halves(self, row: Reject | DeadLetter, others: Iterable[Said]) -> bool:
        """Whether a listed source was written in part all the same.

        What bears a name of its own below the source's, and is told as posted by that, is no half of anything: people
        read what was done and what was not.
        """
        return any(covers(row, other) and not self._is_told_apart(row, other) for other in others)

    def _is_told_apart(self, row: Reject | DeadLetter, item: Said) -> bool:
        below = f"{_unnumbered(row.source)}:"
        return any(source.startswith(below) and _unnumbered(source) in self._posted for source in item.sources)

    def shown_row_of(self, item: Said) -> Reject | DeadLetter | None:
        """What lists that what came of a record could not be shown on it: on the record, or in what was told of it."""
        whole = f"{item.system}:{item.noun}:{item.name}{SHOWN}"
        return next((self._shown[each] for each in (whole, *item.sources) if each in self._shown), None)

    def untold(self, row: Reject | DeadLetter, worth: Money | None) -> str:
        """What is missing of the alert about a listed source, "" if a person can read item and amount."""
        alerts = [alert for alert in self._alerts if _same(alert.source, row.source)]
        if not alerts:
            return "no open alert names it"
        wanted = row.amount or worth
        if wanted is not None and wanted.amount and not any(alert.amount is not None for alert in alerts):
            return "the open alert names no amount"
        return ""


def covers(row: Reject | DeadLetter, item: Said) -> bool:
    """Whether a row is about all of an item's source, and not about a later part of it or about something beside it.

    What an event brings to the books of another entity is something beside it: no ledger writes into two at once. Where
    a source brings several things, a row names one of them by what it is: `deal:1:v2:invoice`.
    """
    books = item.system.partition(" ")[2]
    if row.entity and books and row.entity != books:
        return False
    listed = row.source.partition(":")[2]
    told = [source.partition(":")[2] for source in item.sources]
    if any(each == listed or (each.startswith(listed) and each[len(listed)] in ": ") for each in told if listed):
        return True
    return _part_of_own(row, item) == item.noun


def _part_of_own(row: Reject | DeadLetter, item: Said) -> str:
    """What a row lists of an item's own source, "" where it lists another source, or all of it."""
    whole, _, part = row.source.partition(":")[2].rpartition(":")
    told = [source.partition(":")[2] for source in item.sources]
    return part if any(each == whole or each.startswith(f"{whole} ") for each in told if whole) else ""


def _is_other_part(row: Reject | DeadLetter, item: Said) -> bool:
    """Whether a row lists one document of an item's source by what it is, and the item neither is that nor hangs on it:
    the other document is whole by itself.
    """
    part = _part_of_own(row, item)
    whole = row.source.partition(":")[2].removesuffix(f":{part}")
    of_it = (each for each in item.touches if each.startswith(f"{part} ") and f":{whole} " in f"{each} ")
    return part in _DOCUMENTS and item.noun not in (part, "entry") and not any(of_it)


def _is_below(source: str, stem: str) -> bool:
    return source.startswith(f"{stem}:")


def _is_success(row: Evidence) -> bool:
    return isinstance(row, LogRow) and row.outcome in SUCCESS


def _unnumbered(source: str) -> str:
    """A source without numbers behind its id: they name something in the ledger, which is another in each run."""
    parts = source.split(":")
    return ":".join([*parts[:3], *(part for part in parts[3:] if not part.isdigit())])


def _noun(row: Evidence) -> str:
    return "reject" if isinstance(row, Reject) else "dead letter"


def _same(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}:") or other.startswith(f"{one}:")
