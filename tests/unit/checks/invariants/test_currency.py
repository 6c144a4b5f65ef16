"""V18 turns red for amounts finer than their currency."""

from __future__ import annotations

import pytest

from simharness.core.money import Money
from tests.unit.checks import builders as b


def test_a_posting_with_a_tenth_of_a_cent() -> None:
    lines = (b.posting("a1150", "1000.001"), b.posting("a1100", "-1000.001", party="p1"))
    entries = (b.invoice_entry(), b.entry("payment", "2", "2026-01-20", *lines))
    found = b.the_finding("V18", b.record(books=b.ledger(entries=entries)))
    assert (found.expected, found.actual) == ("2 decimals", "USD 1,000.001")
    assert found.objects == ("quickbooks:payment:2",)


@pytest.mark.parametrize("field", ["net", "tax", "total", "open"])
def test_every_figure_of_a_document_is_looked_at(field: str) -> None:
    document = b.invoice(**{field: b.usd("1.005")})
    assert b.the_finding("V18", b.record(books=b.ledger(documents=(document,)))).actual == "USD 1.005"


def test_a_yen_has_no_decimals_and_a_dinar_three() -> None:
    for amount, right in ((Money("1.5", "JPY"), False), (Money("100", "JPY"), True), (Money("1.005", "KWD"), True)):
        story = b.record(books=b.ledger(payments=(b.payment(amount=amount),)))
        assert b.passes("V18", story) is right


def test_written_zeros_are_not_finer() -> None:
    assert b.passes("V18", b.record(books=b.ledger(payments=(b.payment(amount=b.usd("1000.0000")),))))


def test_an_amount_in_the_log_is_an_amount() -> None:
    row = b.log("hubspot:deal:D1:v1", "quickbooks:invoice:1", "4410.505", "k1")
    assert b.the_finding("V18", b.record(evidence=(row,))).objects == ("evidence:hubspot:deal:D1:v1",)
