"""Transactions: the feed since a cursor, the list of a range of days, and a look at the bank right now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from simharness.domain.exchange import Response
from simharness.fakekit.fake import Call
from simharness.fakekit.paging import page
from simharness.fakekit.problems import VendorError
from simharness_fakes.banking.feed import Change, Kind
from simharness_fakes.banking.lines import Line
from simharness_fakes.plaid import errors, updates
from simharness_fakes.plaid.routes.answers import answer, chosen, options_of, readable
from simharness_fakes.plaid.state import Item
from simharness_fakes.plaid.wire import cursors, objects
from simharness_fakes.plaid.wire.cursors import Cursor

if TYPE_CHECKING:
    from simharness_fakes.plaid.fake import Plaid

_PAGE = 100
_READY, _NOT_READY = "HISTORICAL_UPDATE_COMPLETE", "NOT_READY"


def sync(fake: Plaid, call: Call) -> Response:
    """A page of what changed since the cursor; without one, everything."""
    options = options_of(call)
    item = readable(fake, call.body["access_token"])
    account = options.get("account_id", "")
    chosen(fake, tuple(fake.state.bank.accounts), [account] if account else None)
    if not item.synced:
        item = fake.state.items.put(replace(item, synced=True))
    if item.fetched_at is None:
        return _sync_answer(fake, item, account, (), next_cursor="", more=False)
    cursor = _cursor(fake, item, account, call.body.get("cursor", ""))
    if not cursor.between_pages:
        cursor = replace(cursor, end=item.fetched)
    elif _changes(fake, account, cursor.end, item.fetched):
        message = "transactions changed since the first page: begin again with the cursor of the first page"
        raise errors.refusal(fake, errors.TRANSACTIONS, "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION", message)
    changes = _changes(fake, account, cursor.start, cursor.end)
    part, following = page(changes, cursor.done, int(call.body.get("count", _PAGE)))
    after = replace(cursor, start=cursor.end, done=0) if following is None else replace(cursor, done=following)
    return _sync_answer(
        fake,
        item,
        account,
        part,
        next_cursor=cursors.write(after, fake.cursor_secret),
        more=following is not None,
        original=bool(options.get("include_original_description")),
    )


def listed(fake: Plaid, call: Call) -> Response:
    """The transactions of a range of days, the latest first."""
    options = options_of(call)
    item = readable(fake, call.body["access_token"])
    if item.fetched_at is None:
        raise errors.refusal(fake, errors.ITEM, "PRODUCT_NOT_READY", "transactions are not there yet: try again later")
    first, last = date.fromisoformat(call.body["start_date"]), date.fromisoformat(call.body["end_date"])
    if first > last:
        raise errors.refusal(fake, errors.REQUEST, "INVALID_FIELD", "start_date must not be after end_date")
    accounts = chosen(fake, fake.state.bank.accounts_at(item.fetched), options.get("account_ids"))
    wanted = {account.id for account in accounts}
    lines = [
        line for line in fake.state.bank.lines_at(item.fetched) if line.account in wanted and first <= line.date <= last
    ]
    # The latest day first; of one day the line that came last.
    lines.reverse()
    lines.sort(key=lambda line: line.date, reverse=True)
    part, _ = page(lines, int(options.get("offset", 0)), int(options.get("count", _PAGE)))
    original = bool(options.get("include_original_description"))
    return answer(
        fake,
        {
            "accounts": [objects.account(account) for account in accounts],
            "item": objects.item(item, fake.profile.institution_name),
            "total_transactions": len(lines),
            "transactions": [objects.transaction(line, original=original) for line in part],
        },
    )


def refresh(fake: Plaid, call: Call) -> Response:
    """Look at the bank now; webhooks tell what is new."""
    item = readable(fake, call.body["access_token"])
    if item.fetched_at is None:
        raise errors.refusal(fake, errors.ITEM, "PRODUCT_NOT_READY", "transactions are not there yet: try again later")
    updates.look(fake, item)
    return answer(fake, {})


def _changes(fake: Plaid, account: str, start: int, end: int) -> tuple[Change, ...]:
    changes = fake.state.bank.feed.between(start, end)
    return tuple(c for c in changes if c.line.account == account) if account else changes


def _cursor(fake: Plaid, item: Item, account: str, text: str) -> Cursor:
    if not text:
        return Cursor(item=item.id, account=account, start=0, end=0)
    if text == "now":
        return Cursor(item=item.id, account=account, start=item.fetched, end=item.fetched)
    found = cursors.read(text, fake.cursor_secret)
    if found is None or found.item != item.id or found.account != account:
        raise _bad_cursor(fake)
    return found


def _bad_cursor(fake: Plaid) -> VendorError:
    message = "cursor must be one that this item was given, for the same account"
    return errors.refusal(fake, errors.REQUEST, "INVALID_FIELD", message)


def _sync_answer(
    fake: Plaid,
    item: Item,
    account: str,
    changes: Sequence[Change],
    *,
    next_cursor: str,
    more: bool,
    original: bool = False,
) -> Response:
    def lines(kind: Kind) -> list[Line]:
        return [change.line for change in changes if change.kind is kind]

    accounts = [a for a in fake.state.bank.accounts_at(item.fetched) if account in ("", a.id)]
    return answer(
        fake,
        {
            "accounts": [objects.account(each) for each in accounts],
            "added": [objects.transaction(line, original=original) for line in lines(Kind.ADDED)],
            "has_more": more,
            "modified": [objects.transaction(line, original=original) for line in lines(Kind.MODIFIED)],
            "next_cursor": next_cursor,
            "removed": [objects.removed(line) for line in lines(Kind.REMOVED)],
            "transactions_update_status": _NOT_READY if item.fetched_at is None else _READY,
        },
    )
