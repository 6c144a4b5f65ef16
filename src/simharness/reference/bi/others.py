"""Records that another program wrote, as if this one had: BI tells deals and companies by one form of reference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from simharness.reference.beside.foreign import named
from simharness.reference.vendors.http import Json


def taken_over(invoices: Iterable[Json], references: Mapping[str, str]) -> list[Json]:
    """Invoices that were taken for a deal's own, by id, with the reference that this program would have given them.

    What was voided since keeps its note, which says so.
    """
    return [
        {**each, "PrivateNote": references[str(each["Id"])]}
        if str(each["Id"]) in references and each["TotalAmt"]
        else each
        for each in invoices
    ]


def of_companies(customers: Iterable[Json], template: str) -> list[Json]:
    """Customers that another program made, by the company they name."""
    pattern = named(template)
    if pattern is None:
        return list(customers)
    return [
        {**each, "Notes": f"hubspot:company:{found[1]}"}
        if (found := pattern.fullmatch(str(each.get("Notes") or "")))
        else each
        for each in customers
    ]
