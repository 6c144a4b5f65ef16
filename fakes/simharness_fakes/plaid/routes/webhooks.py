"""The public key with which webhooks are verified."""

from __future__ import annotations

import calendar
from typing import TYPE_CHECKING

from simharness.domain.exchange import Response
from simharness.fakekit.fake import Call
from simharness_fakes.plaid import errors
from simharness_fakes.plaid.routes.answers import answer

if TYPE_CHECKING:
    from simharness_fakes.plaid.fake import Plaid


def verification_key(fake: Plaid, call: Call) -> Response:
    """The key with the id that a webhook's signature names."""
    if call.body["key_id"] != fake.key.key_id:
        message = "no key has this key_id in this environment"
        raise errors.refusal(fake, errors.INPUT, "INVALID_WEBHOOK_VERIFICATION_KEY_ID", message)
    made = calendar.timegm(fake.born.utctimetuple())
    return answer(fake, {"key": {**fake.key.public(), "created_at": made, "expired_at": None}})
