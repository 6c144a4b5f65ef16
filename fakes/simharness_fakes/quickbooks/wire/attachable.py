"""Attachments: notes and names of files linked to records."""

from __future__ import annotations

from collections.abc import Mapping

from simharness.fakekit.bodies import Json
from simharness_fakes.accounting.chart import Attachment
from simharness_fakes.quickbooks import errors
from simharness_fakes.quickbooks.state import Company
from simharness_fakes.quickbooks.wire.given import Given, flag, kept
from simharness_fakes.quickbooks.wire.parts import Wire, carried, head, put

KEEPS = frozenset({"Category", "ContentType", "Size", "Lat", "Long", "PlaceName", "Tag"})


def attachable(company: Company, record: Attachment) -> Wire:
    """An Attachable."""
    wire = head(record)
    wire.update(carried(record))
    put(wire, "FileName", record.file_name)
    put(wire, "Note", record.note)
    wire["AttachableRef"] = [
        {"EntityRef": {"type": kind, "value": id}, "IncludeOnSend": include} for kind, id, include in record.links
    ]
    return wire


def read_attachable(company: Company, given: Given, old: Attachment | None) -> Attachment:
    """An Attachable from a body; what it is linked to must exist."""
    before = old if old is not None and given.keep else Attachment()
    links = before.links
    if "AttachableRef" in given:
        bodies = given.body["AttachableRef"] or ()
        links = tuple(_link(company, position, body) for position, body in enumerate(bodies))
    return Attachment(
        file_name=given.text("FileName", before.file_name),
        note=given.text("Note", before.note),
        links=links,
        carried=kept(given, KEEPS, before.carried),
    )


def _link(company: Company, position: int, body: Mapping[str, Json]) -> tuple[str, str, bool]:
    from simharness_fakes.quickbooks.entities import BY_LOWER  # the table of entities knows this module

    path = f"AttachableRef.{position}.EntityRef."
    named = Given(body.get("EntityRef") or {}, path=path)
    kind, id = named.needed("type"), named.needed("value")
    entity = BY_LOWER.get(kind.lower())
    if entity is None or entity.find(company, id) is None:
        raise errors.bad_reference(f"{path}value", id, kind)
    return entity.name, id, flag(body.get("IncludeOnSend")) is True
