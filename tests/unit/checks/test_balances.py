"""Balances are sums of postings up to a day, that day among them, an account at a time."""

from __future__ import annotations

from decimal import Decimal

from simharness.checks.balances import balances_at
from tests.unit.checks import builders as b


def test_a_posting_counts_from_its_own_day_on_and_what_is_settled_is_left_out() -> None:
    lines = (b.posting("a1100", "100.00"), b.posting("a4010", "-100.00"))
    back = (b.posting("a1100", "-100.00"), b.posting("a1000", "100.00"))
    entries = (
        b.structs.replace(b.invoice_entry(), date=b.day("2026-01-31"), lines=lines),
        b.structs.replace(b.payment_entry(), date=b.day("2026-02-01"), lines=back),
    )
    assert balances_at(entries, b.day("2026-01-30")) == {}
    assert balances_at(entries, b.day("2026-01-31")) == {"a1100": Decimal(100), "a4010": Decimal(-100)}
    assert balances_at(entries, b.day("2026-02-01")) == {"a4010": Decimal(-100), "a1000": Decimal(100)}
