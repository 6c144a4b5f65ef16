"""A call of the connector is named in words, and what nobody calls so leads to the nearest words."""

from __future__ import annotations

import pytest

from simharness.core.errors import UsageError
from simharness.stories.calls import all_calls, call_named


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("save invoice", "quickbooks.saveInvoice"),
        ("saving the invoice", "quickbooks.saveInvoice"),
        ("Save Journal Entry", "quickbooks.saveJournalEntry"),
        ("quickbooks.saveInvoice", "quickbooks.saveInvoice"),
        ("quickbooks save invoice", "quickbooks.saveInvoice"),
        ("merging objects", "hubspot.mergeObjects"),
        ("charge list", "stripe.ChargeList"),
        ("transactions sync", "plaid.TransactionsSync"),
    ],
)
def test_a_call_is_found_by_the_words_of_its_operation(text: str, call: str) -> None:
    assert str(call_named(text)) == call


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("save invoise", "did you mean 'save invoice'?"),
        ("quickbooks.saveInvoise", "did you mean 'quickbooks.saveInvoice'?"),
        ("", "the valid words are"),
    ],
)
def test_words_of_no_call_lead_to_the_nearest(text: str, mend: str) -> None:
    with pytest.raises(UsageError) as refused:
        call_named(text)
    assert mend in (refused.value.mend or "")


def test_words_that_two_vendors_have_are_asked_for_with_the_vendor() -> None:
    with pytest.raises(UsageError, match="several vendors") as refused:
        call_named("discovery")
    assert "quickbooks.discovery or signon.discovery" in (refused.value.mend or "")
    assert str(call_named("discovery", ["signon"])) == "signon.discovery"


def test_every_operation_of_every_pack_can_be_said_with_its_vendor() -> None:
    for call in all_calls():
        assert call_named(str(call)) == call
