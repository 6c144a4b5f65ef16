"""Where personal data could have got to by now: everything that a connector wrote, told or kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from simharness.checks.privacy.canaries import sink_of
from simharness.checks.privacy.looking import FILES, Item
from simharness.domain.base import encode
from simharness.domain.record import RunRecord
from simharness.domain.snapshot import WorldSnapshot
from simharness.world.world import World


def sinks(record: RunRecord, world: World, state_dir: Path) -> Iterator[Item]:
    """Every item of every sink: records of the ledger, what was sent to each vendor, rows of evidence and of BI, and
    the connector's own files as they are on disk. What the connector keeps in a database server is not looked at.
    """
    yield from _ledger(world.snapshot())
    families = {vendor: family for family, vendor in record.header.stack}
    for exchange in record.exchanges:
        sent = exchange.request
        body, _ = world.exchange_log.bodies(exchange)
        if exchange.client == "connector" and (body or sent.query):
            place = f"request {exchange.sequence}: {sent.method} {sent.host}"
            data = b"\n".join((sent.path.encode(), sent.query.encode(), body))
            yield Item(sink_of(families.get(exchange.vendor, "outside")), place, data)
    for number, row in enumerate(record.evidence, start=1):
        yield Item(str(row.__struct_config__.tag), f"row {number}", encode(row))
    for reading in record.bi:
        for table in reading.tables:
            for number, cells in enumerate(table.rows, start=1):
                yield Item("bi", f"{table.name}, row {number}", encode(cells))
    if state_dir.is_dir():
        for path in sorted(each for each in state_dir.rglob("*") if each.is_file()):
            yield Item(FILES, str(path.relative_to(state_dir)), path)


def _ledger(world: WorldSnapshot) -> Iterator[Item]:
    for book in world.ledgers:
        for entry in book.entries:
            yield Item("ledger", f"entry {entry.id}", encode(entry))
        for document in book.documents:
            yield Item("ledger", f"{document.kind} {document.id}", encode(document))
        for party in book.parties:
            yield Item("ledger", f"customer {party.id}", encode(party))
