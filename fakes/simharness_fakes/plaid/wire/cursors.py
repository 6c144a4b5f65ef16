"""Cursors of transactions/sync: where a client stands in an item's feed, sealed so that nobody can make one up."""

from __future__ import annotations

import hmac

from simharness.domain.base import Record
from simharness.fakekit import paging

_SEAL = 16


class Cursor(Record, frozen=True, kw_only=True):
    """A place in the feed of an item, or of one account of it (`account` is empty for all).

    Between two pages of one loop `end` is the place at which the loop ends and `done` how many of its updates were
    given out; a client that has everything up to `start` stands there with `end == start`.
    """

    item: str
    account: str
    start: int
    end: int
    done: int = 0

    @property
    def between_pages(self) -> bool:
        """Whether a loop is under way."""
        return self.end > self.start


def write(cursor: Cursor, secret: str) -> str:
    """The cursor as opaque text; below the 256 characters that Plaid promises."""
    text = f"{cursor.item}|{cursor.account}|{cursor.start}|{cursor.end}|{cursor.done}"
    return paging.cursor(f"{_seal(text, secret)}|{text}")


def read(text: str, secret: str) -> Cursor | None:
    """The cursor that `write` wrote; None if it is none of ours."""
    seal, _, rest = (paging.position(text) or "").partition("|")
    if not rest or not hmac.compare_digest(seal.encode(), _seal(rest, secret).encode()):
        return None
    item, account, start, end, done = rest.split("|")
    return Cursor(item=item, account=account, start=int(start), end=int(end), done=int(done))


def _seal(text: str, secret: str) -> str:
    return hmac.digest(secret.encode(), text.encode(), "sha256").hex()[:_SEAL]
