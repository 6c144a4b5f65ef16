"""What Plaid keeps: items (logins at the bank), and the tokens that lead to one."""

from __future__ import annotations

from datetime import datetime

from simharness.domain.base import Record
from simharness.fakekit.tables import Table
from simharness_fakes.banking.bank import Bank


class Item(Record, frozen=True, kw_only=True):
    """A login at the bank that Plaid may use.

    `fetched` is the place in the bank's feed up to which Plaid has looked, `fetched_at` when it did (None: not yet);
    `synced` whether transactions/sync was ever called; `login_required` that the bank lets Plaid in no more.
    """

    id: str
    access_token: str
    institution: str
    created_at: datetime
    products: tuple[str, ...] = ("transactions",)
    webhook: str = ""
    fetched: int = 0
    fetched_at: datetime | None = None
    synced: bool = False
    login_required: bool = False
    last_webhook: str = ""
    last_webhook_at: datetime | None = None


class PublicToken(Record, frozen=True, kw_only=True):
    """What Link hands out for an item; it is exchanged once for the item's access token."""

    token: str
    item: str
    expires_at: datetime
    exchanged: bool = False


class State:
    """Everything of one client; a removed item leaves its access token in `removed`."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.items: Table[Item] = Table(lambda item: item.id, token=lambda item: item.access_token)
        self.public_tokens: Table[PublicToken] = Table(lambda token: token.token)
        self.removed: dict[str, str] = {}
        #: Items for which the next look at the bank is on the agenda.
        self.planned: dict[str, None] = {}

    def fork(self, bank: Bank) -> State:
        """An independent copy over a copy of the bank; what was planned is to be planned again."""
        twin = State(bank)
        twin.items, twin.public_tokens = self.items.fork(), self.public_tokens.fork()
        twin.removed = dict(self.removed)
        return twin
