"""V6 of settlement discounts: the credit notes that a bank line brings come to what was granted, to the cent."""

from __future__ import annotations

from decimal import Decimal

from simharness.checks.findings import Reporter, amount, document_object
from simharness.checks.oracle.model import Origin
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.fact import BankLinePosted, BankMoved

_ZERO = Decimal(0)


def discounts_as_granted(scope: Scope, report: Reporter) -> None:
    """Where nothing is granted at all, V8 tells by what is then open of the invoices."""
    if scope.ledger is None:
        return
    memos = {item.id: item for item in scope.ledger.documents if item.kind == "credit_memo" and item.status != "void"}
    posted = {fact.pending_id: fact.line_id for fact in scope.facts if isinstance(fact, BankLinePosted)}
    for fact in scope.facts:
        if not isinstance(fact, BankMoved):
            continue
        line_id = fact.line_id if not fact.pending else posted.get(fact.line_id, "")
        effects = [each for each in scope.effects.of.get(("bank_line", line_id), ()) if each.entry.source_id in memos]
        mine = [memos[each.entry.source_id] for each in effects if each.entry.source == "credit_memo"]
        if not mine:
            continue
        report.examined += 1
        currency = mine[0].currency
        should = fact.discount or Money.zero(currency)
        found = Money(sum((memo.total.amount for memo in mine), _ZERO), currency)
        if found != should:
            report.found(
                f"bank_line:{line_id}:discount",
                f"the settlement discounts of bank line {fact.name or line_id} are not what was granted",
                expected=str(should),
                actual=str(amount(found.amount, currency)),
                objects=[document_object(scope.ledger.vendor, memo) for memo in mine],
                at_risk=found - should if found.currency == should.currency else found,
                origin=Origin(step=fact.step, where=fact.where, on=fact.on),
            )
