"""What faults meet at Plaid: the feed that changes while a client reads it page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simharness.domain.exchange import Request
from simharness.fakekit.bodies import Unreadable, read_json
from simharness.fakekit.failing import Deed
from simharness_fakes.banking.feed import Kind
from simharness_fakes.plaid import updates
from simharness_fakes.plaid.wire import cursors

if TYPE_CHECKING:
    from simharness_fakes.plaid.fake import Plaid


def shift_page(fake: Plaid, request: Request) -> Deed | None:
    """The bank sends a line once more between two pages of transactions/sync; None for any other request."""
    try:
        body = read_json(request.body)
    except Unreadable:
        return None
    text = body.get("cursor") if isinstance(body, dict) else None
    cursor = cursors.read(text, fake.cursor_secret) if isinstance(text, str) and text not in ("", "now") else None
    if fake.operation_of(request) != "TransactionsSync" or cursor is None or not cursor.between_pages:
        return None
    item = fake.state.items.get(cursor.item)
    line = next(iter(fake.state.bank.lines), None)
    if item is None or line is None:
        return None

    def send_again() -> str:
        fake.state.bank.feed.tell(Kind.MODIFIED, line)
        updates.look(fake, item)
        return f"the bank sent the line {line.id} once more"

    return send_again
