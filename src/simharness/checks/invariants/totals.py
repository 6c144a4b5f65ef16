"""V6: invoice totals follow the declared rounding and tax policy to the cent."""

from __future__ import annotations

from decimal import Decimal

from simharness.checks.findings import Reporter, amount, document_object, source_object
from simharness.checks.invariants.early_payment import discounts_as_granted
from simharness.checks.invariants.givebacks import givebacks_come_to
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.books import Document
from simharness.domain.finding import CheckResult


def totals_follow_policy(scope: Scope) -> CheckResult:
    """V6: a document that answers to a deal has the figures that facts and policy give; every document adds up."""
    report = Reporter("V6", scope.record.header)
    vendor = scope.vendors.get("accounting", "")
    for expected, linked in scope.pairing.pairs:
        document = linked.document
        report.examined += 1
        figures = (
            ("net", amount(expected.net, expected.currency), document.net),
            ("tax", amount(expected.tax, expected.currency), document.tax),
            ("total", amount(expected.total, expected.currency), document.total),
        )
        wrong = [(name, should, found) for name, should, found in figures if should != found]
        if not wrong:
            continue
        report.found(
            f"{expected.deal_id}:{expected.kind}:{linked.version}",
            f"the {expected} ({document.number or document.id}) has another "
            + " and ".join(name for name, _, _ in wrong),
            expected=", ".join(f"{name} {should}" for name, should, _ in wrong),
            actual=", ".join(f"{name} {found}" for name, _, found in wrong),
            objects=[
                source_object(scope.vendors.get("crm", ""), "deal", expected.deal_id, expected.deal),
                document_object(vendor, document),
            ],
            at_risk=_risk(figures),
            origin=expected.origin,
        )
    for document in scope.ledger.documents if scope.ledger else ():
        report.examined += 1
        _adds_up(report, vendor, document)
    givebacks_come_to(scope, report)
    discounts_as_granted(scope, report)
    return report.result("no document is there to compute")


def _risk(figures: tuple[tuple[str, Money, Money], ...]) -> Money:
    """The greatest difference among the figures: a wrong tax can hide behind a right total."""
    return max((abs(found - should) for _, should, found in figures if found.currency == should.currency),
               default=figures[-1][1])  # fmt: skip


def _adds_up(report: Reporter, vendor: str, document: Document) -> None:
    lines = Decimal(0)
    for line in document.lines:
        if line.kind == "item":
            lines += line.amount.amount
        elif line.kind == "discount":
            lines -= line.amount.amount
    if document.net.amount != lines:
        report.found(
            f"{document.kind}:{document.id}:lines",
            f"the lines of {document.kind} {document.number or document.id} do not sum to its net",
            expected=f"lines {amount(lines, document.currency)}",
            actual=f"net {document.net}",
            objects=[document_object(vendor, document)],
            at_risk=Money(document.net.amount - lines, document.currency),
        )
    if document.total != document.net + document.tax:
        report.found(
            f"{document.kind}:{document.id}:total",
            f"net and tax of {document.kind} {document.number or document.id} do not sum to its total",
            expected=f"net and tax {document.net + document.tax}",
            actual=f"total {document.total}",
            objects=[document_object(vendor, document)],
            at_risk=document.total - (document.net + document.tax),
        )
