"""What faults meet in QuickBooks: records that somebody saves, batches that go well in parts, queries that lag."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace as replace_in
from typing import TYPE_CHECKING

from msgspec.structs import replace

from simharness.domain.exchange import Request, Response
from simharness.fakekit.bodies import Json, Unreadable, read_json, read_pairs, write_json
from simharness.fakekit.failing import SOMEBODY, Deed
from simharness_fakes.accounting.refusals import Refusal
from simharness_fakes.quickbooks.entities import BY_LOWER, Entity
from simharness_fakes.quickbooks.errors import SYSTEM, Error, Refused
from simharness_fakes.quickbooks.query import parse, run
from simharness_fakes.quickbooks.state import Company
from simharness_fakes.quickbooks.wire.times import instant

if TYPE_CHECKING:
    from simharness_fakes.quickbooks.fake import Quickbooks

#: What shows many records: they may run behind what was written.
LAGGING = frozenset({"query", "queryByPost", "changes", "batch"})
_QUERIES = frozenset({"query", "queryByPost"})
_CHANGED = "metadata.lastupdatedtime"
_TROUBLE = Refused(
    Error(
        code="10000", message="An application error has occurred while processing your request",
        detail="System Failure Error: the item was not carried out",
    ),
    kind=SYSTEM,
)  # fmt: skip


def meddle(fake: Quickbooks, request: Request) -> Deed | None:
    """Somebody opens the record that a request changes and saves it as it is: its SyncToken is another afterwards."""
    parts = request.path.strip("/").lower().split("/")
    if request.method != "POST" or len(parts) != 4 or parts[2] not in fake.companies:
        return None
    company, entity, body = fake.companies[parts[2]], BY_LOWER.get(parts[3]), _body(request)
    record_id = str(body.get("Id") or "0")
    if entity is None or "update" not in entity.can or record_id == "0" or entity.find(company, record_id) is None:
        return None
    return lambda: _save(fake, company, entity, record_id)


def _save(fake: Quickbooks, company: Company, entity: Entity, record_id: str) -> str:
    record = entity.find(company, record_id)
    if record is None:
        return ""
    body = {"Id": record_id, "SyncToken": str(record.version), "sparse": True}
    try:
        fake.writer(company, SOMEBODY).save(entity, body, "update")
    except (Refused, Refusal):
        return ""  # in a closed period nobody saves it
    return f"somebody saved {entity.name} {record_id}, whose SyncToken went on from {record.version}"


def partly(fake: Quickbooks, request: Request) -> Callable[[], Response] | None:
    """A batch of which every second item is a fault of the system."""
    body = _body(request)
    items = body.get("BatchItemRequest")
    if fake.operation_of(request) != "batch" or not isinstance(items, list) or not items:
        return None

    def answer() -> Response:
        spared = [one for number, one in enumerate(items) if number % 2]
        time, done = instant(fake.setup.clock.now, millis=True), iter(())
        response = fake.reply({})
        if spared:
            response = fake.handle(replace(request, body=write_json({**body, "BatchItemRequest": spared})))
            if response.status >= 300:
                return response
            done = iter(read_json(response.body)["BatchItemResponse"])
        told = [
            next(done) if number % 2 else {"bId": str(one.get("bId", "")), "Fault": _TROUBLE.fault()}
            for number, one in enumerate(items)
        ]
        notes = response.notes if spared else fake.notes_of(request)
        return replace(response, body=write_json({"BatchItemResponse": told, "time": time}), notes=notes)

    return answer


def shift_page(fake: Quickbooks, request: Request) -> Deed | None:
    """Of a query in order of the last change, the first record found is saved and moves behind all others."""
    parts = request.path.strip("/").split("/")
    if fake.operation_of(request) not in _QUERIES or len(parts) < 3 or parts[2] not in fake.companies:
        return None
    company = fake.companies[parts[2]]
    try:
        wanted = parse.parse(_query(request))
    except Refused:
        return None
    entity = BY_LOWER.get(wanted.entity.lower())
    by_change = any(order.name.lower() == _CHANGED and not order.descending for order in wanted.order[:1])
    if entity is None or "update" not in entity.can or wanted.start < 2 or not by_change:
        return None
    first = replace_in(wanted, start=1, limit=1, columns=("Id",), count=False)
    top = run.run(company, first, run.declared(fake.contract))
    record_id = str(top[entity.name][0]["Id"]) if entity.name in top else ""
    return (lambda: _save(fake, company, entity, record_id)) if record_id else None


def _query(request: Request) -> str:
    if request.method == "POST":
        return request.body.decode(errors="replace")
    try:
        return dict(read_pairs(request.query)).get("query", "")
    except Unreadable:
        return ""


def _body(request: Request) -> Mapping[str, Json]:
    try:
        read = read_json(request.body)
    except Unreadable:
        return {}
    return read if isinstance(read, dict) else {}
