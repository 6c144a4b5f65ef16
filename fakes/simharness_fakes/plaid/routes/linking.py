"""Linking an account holder's bank: link tokens, public tokens, the institution."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from simharness.domain.exchange import Response
from simharness.fakekit.fake import Call
from simharness.fakekit.problems import VendorError
from simharness_fakes.plaid import errors, hooks, updates
from simharness_fakes.plaid.routes.answers import answer, item_of
from simharness_fakes.plaid.wire.objects import moment

if TYPE_CHECKING:
    from simharness_fakes.plaid.fake import Plaid

_LINK_TOKEN_LIFETIME = timedelta(hours=4)
_UPDATE_LIFETIME = timedelta(minutes=30)


def link_token(fake: Plaid, call: Call) -> Response:
    """A token for Link. With an access token it opens update mode: the account holder logs in a while later."""
    body = call.body
    update = body.get("access_token")
    if update is None and not body.get("products"):
        raise errors.refusal(fake, errors.REQUEST, "MISSING_FIELDS", "required fields are missing: products")
    if "webhook" in body:
        check_webhook(fake, body["webhook"])
    if update is not None:
        item = item_of(fake, update)
        if "webhook" in body:
            item = fake.state.items.put(replace(item, webhook=body["webhook"]))
        if item.login_required:
            updates.login_soon(fake, item)
    lifetime = _LINK_TOKEN_LIFETIME if update is None else _UPDATE_LIFETIME
    token = f"link-sandbox-{fake.setup.ids.uuid('plaid link token')}"
    return answer(fake, {"expiration": moment(fake.setup.clock.now + lifetime), "link_token": token})


def exchange(fake: Plaid, call: Call) -> Response:
    """The access token of the item that a public token leads to."""
    token = fake.state.public_tokens.get(call.body["public_token"])
    item = fake.state.items.get(token.item) if token is not None else None
    if token is None or item is None:
        raise _no_token(fake, "no item has this public token")
    if token.expires_at <= fake.setup.clock.now:
        raise _no_token(fake, f"the public token ended at {moment(token.expires_at)}")
    if token.exchanged and not fake.profile.public_token_repeats:
        raise _no_token(fake, "the public token was exchanged already")
    if not token.exchanged:
        fake.state.public_tokens.put(replace(token, exchanged=True))
        fake.wrote("bank_link", item.id, "create", ("vendor:products", "vendor:webhook"), call.actor)
    return answer(fake, {"access_token": item.access_token, "item_id": item.id})


def institution(fake: Plaid, call: Call) -> Response:
    """The one institution there is."""
    check_institution(fake, call.body["institution_id"])
    return answer(
        fake,
        {
            "institution": {
                "connection_availability": "SUPPORTED",
                "country_codes": ["US"],
                "institution_id": fake.profile.institution_id,
                "name": fake.profile.institution_name,
                "oauth": False,
                "products": ["balance", "transactions"],
                "routing_numbers": [],
            }
        },
    )


def check_institution(fake: Plaid, institution_id: str) -> None:
    """Raise the refusal of an institution that is not the one there is."""
    if institution_id != fake.profile.institution_id:
        message = f"there is no institution {institution_id}"
        raise errors.refusal(fake, errors.INPUT, "INVALID_INSTITUTION", message)


def check_webhook(fake: Plaid, url: str) -> None:
    """Raise the refusal of a webhook that nothing can be sent to; an empty one is none."""
    if url and not hooks.usable(url):
        raise errors.refusal(fake, errors.REQUEST, "INVALID_FIELD", "webhook must be a URL with http or https")


def _no_token(fake: Plaid, message: str) -> VendorError:
    return errors.refusal(fake, errors.INPUT, "INVALID_PUBLIC_TOKEN", message)
