"""V27 of products: what the ledger sells under the name of one product is not another product of the deal."""

from __future__ import annotations

from simharness.checks.findings import Reporter, document_object
from simharness.checks.invariants.billing import item_lines
from simharness.checks.scope import Scope


def products_are_their_own(scope: Scope, report: Reporter) -> None:
    """Over documents whose reference names the lines of their deal.

    A connector may sell everything under one item of its own, or call products as it likes: only the name of another
    product of the dictionary is wrong.
    """
    products = {product.name for product in scope.dictionary.products}
    vendor = scope.vendors.get("accounting", "")
    for expected, linked in scope.pairing.pairs:
        items, named = item_lines(scope, linked), linked.reference.lines
        if len(items) != len(named):
            continue
        product_of = {line.line_id: line.product for line in expected.lines}
        for line, line_id in zip(items, named, strict=True):
            should = product_of.get(line_id, "")
            report.examined += 1
            if not should or line.item == should or line.item not in products:
                continue
            report.found(
                f"{expected.deal_id}:{linked.version}:{line_id}:product",
                f"a line of the {expected} sells another product",
                expected=should,
                actual=line.item,
                objects=[document_object(vendor, linked.document)],
                at_risk=line.amount,
                origin=expected.origin,
            )
