"""A scope asked of nobody, a vendor asked for nothing, and a budget of nothing are refused with their words."""

from __future__ import annotations

from simharness.connectors.declarations import wrong_budget, wrong_scopes
from simharness.domain.connector import Budget

VENDORS = ("quickbooks", "stripe")


def test_scopes_are_asked_of_vendors_that_there_are_and_by_name() -> None:
    assert list(wrong_scopes({"stripe": ("rak_charge_read",)}, VENDORS)) == []
    (unknown,) = wrong_scopes({"stirpe": ("rak_charge_read",)}, VENDORS)
    assert "stirpe" in unknown.what
    assert "stripe" in unknown.mend
    (empty,) = wrong_scopes({"stripe": ()}, VENDORS)
    assert empty.what == "no scope of stripe is named"


def test_a_budget_lets_something_be_done() -> None:
    assert not list(wrong_budget(None))
    assert not list(wrong_budget(Budget(per_event=1, per_pass=1)))
    assert [wrong.text for wrong in wrong_budget(Budget(per_event=0, per_pass=-1))] == ["per_event", "per_pass"]
