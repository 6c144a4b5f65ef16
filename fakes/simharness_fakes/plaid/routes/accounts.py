"""Accounts: as Plaid last saw them, and their balances asked of the bank now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simharness.domain.exchange import Response
from simharness.fakekit.fake import Call
from simharness_fakes.banking.lines import Account
from simharness_fakes.plaid.routes.answers import answer, chosen, options_of, readable
from simharness_fakes.plaid.state import Item
from simharness_fakes.plaid.wire import objects

if TYPE_CHECKING:
    from simharness_fakes.plaid.fake import Plaid


def listed(fake: Plaid, call: Call) -> Response:
    """The accounts with the balances of Plaid's last look."""
    item = readable(fake, call.body["access_token"])
    return _answer(fake, call, item, fake.state.bank.accounts_at(item.fetched))


def balances(fake: Plaid, call: Call) -> Response:
    """The accounts with the balances of this moment; what was last seen of the lines stays as it is."""
    item = readable(fake, call.body["access_token"])
    return _answer(fake, call, item, tuple(fake.state.bank.accounts))


def _answer(fake: Plaid, call: Call, item: Item, accounts: Sequence[Account]) -> Response:
    wanted = chosen(fake, accounts, options_of(call).get("account_ids"))
    return answer(
        fake,
        {
            "accounts": [objects.account(account) for account in wanted],
            "item": objects.item(item, fake.profile.institution_name),
        },
    )
