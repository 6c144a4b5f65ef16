"""What faults meet in an account: objects that somebody edits after they were told of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simharness.domain.exchange import Request
from simharness.fakekit.auth import Credential
from simharness.fakekit.bodies import read_json
from simharness.fakekit.failing import SOMEBODY, Deed

if TYPE_CHECKING:
    from simharness_fakes.stripe.fake import Stripe

#: The objects whose metadata somebody may change.
_EDITED = frozenset({"charge", "customer", "dispute", "payment_intent", "payout", "refund"})
_NOTE = b"metadata[seen]=yes"


def move_on(fake: Stripe, delivery: Request) -> Deed | None:
    """Somebody notes something on the object that a delivery tells of, through the API as anybody does."""
    told: Any = read_json(delivery.body)
    found = told["data"]["object"]
    if found.get("object") not in _EDITED:
        return None
    return lambda: _note(fake, found["object"], found["id"])


def _note(fake: Stripe, kind: str, object_id: str) -> str:
    token = f"rk_test_{fake.setup.ids.token('stripe somebody', 40)}"
    fake.tokens.add(Credential(token=token, actor=SOMEBODY))
    headers = {"authorization": f"Bearer {token}", "content-type": "application/x-www-form-urlencoded"}
    path = f"/v1/{kind}s/{object_id}"
    request = Request(method="POST", host=fake.pack.hosts[0], path=path, headers=headers, body=_NOTE)
    return f"somebody edited {object_id}" if fake.handle(request).status == 200 else ""
