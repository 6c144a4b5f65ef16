"""A repeated creation as an update of what the first one made: for the profile under which a key names the object."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import msgspec

from simharness.domain.exchange import Request, Response
from simharness.fakekit.bodies import write_json
from simharness.fakekit.fake import Call
from simharness_fakes.quickbooks.entities import BY_KIND
from simharness_fakes.quickbooks.state import Company


def as_update(company: Company, call: Call, first: Response) -> Request | None:
    """The same fields for the entity that the first request created, as it is now; None where it created none."""
    if not isinstance(call.body, dict) or call.body.get("Id"):
        return None
    made = msgspec.json.decode(first.body)
    entity = next((each for each in BY_KIND.values() if isinstance(made.get(each.name), dict)), None)
    if entity is None or "update" not in entity.can:
        return None
    record = entity.find(company, str(made[entity.name].get("Id")))
    if record is None:
        return None
    body = {**call.body, "Id": record.id, "SyncToken": str(record.version)}
    query = urlencode([(name, value) for name, value in parse_qsl(call.request.query) if name != "requestid"])
    return msgspec.structs.replace(call.request, body=write_json(body), query=query)
