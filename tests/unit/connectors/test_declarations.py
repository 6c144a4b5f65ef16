"""A scope asked of nobody, and a vendor asked for nothing, are refused with their words."""

from __future__ import annotations

from simharness.connectors.declarations import wrong_scopes

VENDORS = ("quickbooks", "stripe")


def test_scopes_are_asked_of_vendors_that_there_are_and_by_name() -> None:
    assert list(wrong_scopes({"stripe": ("rak_charge_read",)}, VENDORS)) == []
    (unknown,) = wrong_scopes({"stirpe": ("rak_charge_read",)}, VENDORS)
    assert "stirpe" in unknown.what
    assert "stripe" in unknown.mend
    (empty,) = wrong_scopes({"stripe": ()}, VENDORS)
    assert empty.what == "no scope of stripe is named"
