"""What handlers share: the answer with its request id, the item of a request, its accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simharness.domain.exchange import Response
from simharness.fakekit.bodies import Json, write_json
from simharness.fakekit.fake import Call
from simharness.fakekit.problems import VendorError
from simharness_fakes.banking.lines import Account
from simharness_fakes.plaid import errors, updates
from simharness_fakes.plaid.state import Item
from simharness_fakes.plaid.wire.objects import Object

if TYPE_CHECKING:
    from simharness_fakes.plaid.fake import Plaid


def answer(fake: Plaid, fields: Object) -> Response:
    """A good answer; the request id is among its fields."""
    body = write_json({**fields, "request_id": fake.request_id})
    return Response(status=200, headers={"content-type": errors.JSON}, body=body)


def item_of(fake: Plaid, token: str) -> Item:
    """The item of an access token as it stands now; raises the refusal of a token that leads nowhere."""
    if token in fake.state.removed:
        message = "this item was removed: its access token leads nowhere any more"
        raise errors.refusal(fake, errors.ITEM, "ITEM_NOT_FOUND", message)
    found = fake.state.items.first("token", token)
    if found is None:
        message = "no item has this access token" if token.startswith("access-") else "this is not an access token"
        raise errors.refusal(fake, errors.INPUT, "INVALID_ACCESS_TOKEN", message)
    return updates.current(fake, found)


def readable(fake: Plaid, token: str) -> Item:
    """The item of an access token whose bank still lets Plaid in."""
    item = item_of(fake, token)
    if item.login_required:
        lost = errors.login_required()
        raise errors.refusal(
            fake, lost["error_type"], lost["error_code"], lost["error_message"], display=lost["display_message"]
        )
    return item


def options_of(call: Call) -> dict[str, Json]:
    """The `options` of a body, empty if there are none."""
    found = call.body.get("options")
    return found if isinstance(found, dict) else {}


def chosen(fake: Plaid, accounts: Sequence[Account], ids: list[str] | None) -> tuple[Account, ...]:
    """The accounts with these ids in their own order, or all; raises the refusal of an id that is none of them."""
    if ids is None:
        return tuple(accounts)
    known = {account.id for account in accounts}
    for account_id in ids:
        if account_id not in known:
            raise _no_account(fake, account_id)
    return tuple(account for account in accounts if account.id in ids)


def _no_account(fake: Plaid, account_id: str) -> VendorError:
    return errors.refusal(fake, errors.INPUT, "INVALID_ACCOUNT_ID", f"the item has no account {account_id}")
