"""What a ledger holds on each account at the end of a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from simharness.domain.books import Entry


def balances_at(entries: Iterable[Entry], until: date) -> dict[str, Decimal]:
    """By account id, from the postings up to and including a day, debit positive; zeros are left out."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        if entry.date <= until:
            for line in entry.lines:
                sums[line.account] += line.amount.amount
    return {account: total for account, total in sums.items() if total}
