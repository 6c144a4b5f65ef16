"""How what happens at the bank becomes known to Plaid: looks at the feed, one item at a time, and what is told of them.

With an interval of 0 Plaid sees each change at once; else it looks every so often after the item was linked, if
something changed, and whenever it is asked to. An item that needs a login is not looked at until somebody logs in.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from simharness_fakes.banking.feed import Kind
from simharness_fakes.banking.lines import Line
from simharness_fakes.plaid import errors, hooks
from simharness_fakes.plaid.state import Item

if TYPE_CHECKING:
    from simharness_fakes.plaid.fake import Plaid


def linked(fake: Plaid, item: Item) -> Item:
    """Look for the first time, now or when transactions are ready."""
    if fake.profile.ready_after > timedelta(0):
        fake.setup.clock.after(fake.profile.ready_after, lambda: _first_look(fake, item.id), f"plaid ready {item.id}")
        return item
    return look(fake, item)


def current(fake: Plaid, item: Item) -> Item:
    """The item as it stands now; one that became ready in the meantime has been looked at."""
    ready = fake.setup.clock.now - item.created_at >= fake.profile.ready_after
    return look(fake, item) if item.fetched_at is None and ready else item


def changed(fake: Plaid) -> None:
    """Something changed at the bank: every item is looked at now or at its next turn."""
    for item in tuple(fake.state.items):
        if item.fetched_at is None:
            continue
        if fake.profile.update_interval > timedelta(0):
            plan(fake, item)
        else:
            look(fake, item)


def plan(fake: Plaid, item: Item) -> None:
    """Put the item's next look on the agenda, once."""
    every, now = fake.profile.update_interval, fake.setup.clock.now
    if item.id in fake.state.planned or every <= timedelta(0):
        return
    fake.state.planned[item.id] = None
    turns = (now - item.created_at) // every + 1

    def turn() -> None:
        fake.state.planned.pop(item.id, None)
        found = fake.state.items.get(item.id)
        if found is not None:
            look(fake, found)

    fake.setup.clock.at(item.created_at + every * turns, turn, f"plaid looks for {item.id}")


def look(fake: Plaid, item: Item) -> Item:
    """Look at the bank now and tell what is new; returns the item as it is afterwards."""
    if item.login_required:
        return item
    first, before, end = item.fetched_at is None, item.fetched, fake.state.bank.feed.end
    seen = fake.state.items.put(replace(item, fetched=end, fetched_at=fake.setup.clock.now))
    kinds = Counter(change.kind for change in fake.state.bank.feed.between(before, end))
    if (kinds or first) and seen.synced:
        updates_available(fake, seen)
    if fake.profile.classic_webhooks:
        _classic(fake, seen, before, end, first=first)
    return seen


def updates_available(fake: Plaid, item: Item) -> None:
    """Tell that transactions/sync has news."""
    complete = item.fetched_at is not None
    more = {"historical_update_complete": complete, "initial_update_complete": complete}
    hooks.tell(fake, item, "TRANSACTIONS", "SYNC_UPDATES_AVAILABLE", more)


def login_lost(fake: Plaid, item: Item) -> Item:
    """The bank lets Plaid in no more."""
    lost = fake.state.items.put(replace(item, login_required=True))
    hooks.tell(fake, lost, "ITEM", "ERROR", {"error": dict(errors.login_required())})
    return lost


def login_soon(fake: Plaid, item: Item) -> None:
    """The account holder will log in again: what happened since is looked at then."""

    def log_in() -> None:
        found = fake.state.items.get(item.id)
        if found is not None and found.login_required:
            look(fake, fake.state.items.put(replace(found, login_required=False)))

    fake.setup.clock.after(fake.profile.login_after, log_in, f"login of {item.id}")


def recognise_later(fake: Plaid, line: Line) -> None:
    """Let the counterparty of a line be known after the while that the profile says."""

    def recognise() -> None:
        if fake.state.bank.recognise(line.id) is not None:
            changed(fake)

    if not line.recognised:
        fake.setup.clock.after(fake.profile.enrich_after, recognise, f"counterparty of {line.id}")


def _first_look(fake: Plaid, item_id: str) -> None:
    found = fake.state.items.get(item_id)
    if found is not None:
        current(fake, found)


def _classic(fake: Plaid, item: Item, before: int, end: int, *, first: bool) -> None:
    """The webhooks for those who read with transactions/get."""
    changes = fake.state.bank.feed.between(before, end)
    gone = [change.line.id for change in changes if change.kind is Kind.REMOVED]
    new = sum(change.kind is Kind.ADDED for change in changes)
    news: dict[str, Any] = {"error": None, "new_transactions": new}
    if gone:
        more = {"error": None, "removed_transactions": gone}
        hooks.tell(fake, item, "TRANSACTIONS", "TRANSACTIONS_REMOVED", more)
    if first:
        hooks.tell(fake, item, "TRANSACTIONS", "INITIAL_UPDATE", news)
        hooks.tell(fake, item, "TRANSACTIONS", "HISTORICAL_UPDATE", {**news, "new_transactions": 0})
    elif new:
        hooks.tell(fake, item, "TRANSACTIONS", "DEFAULT_UPDATE", news)
