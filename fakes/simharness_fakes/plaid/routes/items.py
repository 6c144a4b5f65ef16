"""Items: how one is doing, and its removal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simharness.domain.exchange import Response
from simharness.fakekit.fake import Call
from simharness_fakes.plaid.routes.answers import answer, item_of
from simharness_fakes.plaid.wire import objects

if TYPE_CHECKING:
    from simharness_fakes.plaid.fake import Plaid


def retrieve(fake: Plaid, call: Call) -> Response:
    """An item and when it was last updated, also while it needs a login."""
    item = item_of(fake, call.body["access_token"])
    return answer(fake, {"item": objects.item(item, fake.profile.institution_name), "status": objects.status(item)})


def remove(fake: Plaid, call: Call) -> Response:
    """Remove an item: its access token leads nowhere from now on, and nobody is told anything about it."""
    item = item_of(fake, call.body["access_token"])
    fake.state.items.remove(item.id)
    fake.state.removed[item.access_token] = item.id
    fake.wrote("bank_link", item.id, "delete", (), call.actor)
    return answer(fake, {})
