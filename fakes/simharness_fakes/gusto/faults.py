"""What faults meet in Gusto: files that somebody changes, so that their version is another, and lists that lag."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol, TypeVar

from msgspec.structs import replace

from simharness.domain.exchange import Request
from simharness.fakekit.bodies import Json, Unreadable, read_json, write_json
from simharness.fakekit.failing import SOMEBODY, Deed

if TYPE_CHECKING:
    from simharness_fakes.gusto.fake import Gusto

#: Which lists may run behind: what they show is filtered by `seen`.
LAGGING = frozenset({"ListPayrolls", "ListEmployees", "ListDepartments"})
#: What somebody changes of an object, by the operation that updates it: nothing that anybody is paid by.
_EDITED: Mapping[str, str] = MappingProxyType(
    {"UpdateEmployee": "preferred_first_name", "UpdateHomeAddress": "street_2", "UpdateJob": "title"}
)


class _Record(Protocol):
    @property
    def id(self) -> str: ...


R = TypeVar("R", bound=_Record)


def seen(fake: Gusto, records: Iterable[R]) -> list[R]:
    """What a list shows: everything, or, while lists stand still, what was not written since then."""
    if fake.stands_at is None:
        return list(records)
    edge, hidden = fake.stands_at, set[str]()
    for write in reversed(fake.writes):
        if write.at <= edge:
            break
        if write.vendor == fake.vendor:
            hidden.add(write.record_id)
    return [record for record in records if record.id not in hidden]


def meddle(fake: Gusto, request: Request) -> Deed | None:
    """Somebody changes the object that a request updates, through the API as anybody does; its version is another."""
    name = _EDITED.get(fake.operation_of(request), "")
    if not name or "version" not in _body(request.body):
        return None
    present = replace(request, method="GET", body=b"")
    return lambda: _edit(fake, present, name)


def _edit(fake: Gusto, present: Request, name: str) -> str:
    headers = {**present.headers, **fake.issue(SOMEBODY, fake.every_scope())}
    found = fake.handle(replace(present, headers=headers))
    body = _body(found.body)
    if found.status != 200 or "version" not in body:
        return ""
    told = str(body.get(name) or "").removesuffix(" Jr")
    value = told if str(body.get(name) or "") != told else f"{told} Jr".strip()
    change = write_json({"version": body["version"], name: value})
    sent = {**headers, "content-type": "application/json"}
    if fake.handle(replace(present, method="PUT", headers=sent, body=change)).status != 200:
        return ""
    return f"somebody changed {name} of {present.path}"


def _body(body: bytes) -> Mapping[str, Json]:
    try:
        read = read_json(body)
    except Unreadable:
        return {}
    return read if isinstance(read, dict) else {}
