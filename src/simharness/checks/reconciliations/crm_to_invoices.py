"""R1: every won deal is invoiced once, with its own total and day, and the CRM shows what is still open."""

from __future__ import annotations

from decimal import Decimal

from simharness.checks.findings import Reporter, document_object, source_object
from simharness.checks.oracle.model import ExpectedDocument
from simharness.checks.reconciliations.breaks import BreakKind, Reconciliation
from simharness.checks.references import LinkedDocument
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.crm import Deal
from simharness.domain.finding import CheckResult

#: What answers to a source other than a deal, where it names one. An invoice always answers to a deal.
_FOR_OTHERS = frozenset({"credit_memo", "refund_receipt", "sales_receipt"})


def crm_to_invoices(scope: Scope, *, nothing_expected: bool = False) -> CheckResult:
    """Left: what the deals call for. Right: the ledger's invoices and credit memos that name a deal."""
    both = Reconciliation(Reporter("R1", scope.record.header), "deals in the CRM", "documents in the ledger")
    pairing = scope.pairing
    both.left_count = len(pairing.pairs) + len(pairing.missing)
    both.right_count = len(pairing.pairs) + len(pairing.unexpected) + len(pairing.duplicates)
    for expected, linked in pairing.pairs:
        _compare(both, scope, expected, linked)
    for expected in pairing.missing:
        both.broken(
            BreakKind.MISSING_RIGHT,
            f"{expected.deal_id}:{expected.kind}:{expected.version}",
            f"there is no {expected}",
            left=expected.money(expected.total),
            objects=[_deal(scope, expected.deal_id, expected.deal)],
            at_risk=expected.money(expected.total),
            origin=expected.origin,
        )
    for linked in pairing.unexpected:
        both.broken(
            BreakKind.MISSING_LEFT,
            _item(linked),
            f"no event of deal {linked.reference.id} calls for this {_words(linked)}",
            right=linked.document.total,
            objects=[_document(scope, linked), _deal(scope, linked.reference.id)],
            at_risk=linked.document.total,
        )
    for first, further in pairing.duplicates:
        both.broken(
            BreakKind.DUPLICATE,
            f"{_item(first)}:{further.document.id}",
            f"deal {first.reference.id} has a further {_words(further)} for the same event",
            left=first.document.total,
            right=further.document.total,
            objects=[_deal(scope, first.reference.id), _document(scope, first), _document(scope, further)],
            at_risk=further.document.total,
        )
    _unreferenced(both, scope)
    _status(both, scope)
    return both.result(nothing_expected=nothing_expected)


def _compare(both: Reconciliation, scope: Scope, expected: ExpectedDocument, linked: LinkedDocument) -> None:
    document = linked.document
    objects = [_deal(scope, expected.deal_id, expected.deal), _document(scope, linked)]
    total = expected.money(expected.total)
    both.matched += 1
    if document.total != total:
        both.broken(
            BreakKind.AMOUNT,
            _item(linked),
            f"the {expected} has another total",
            left=total,
            right=document.total,
            objects=objects,
            at_risk=_difference(document.total, total),
            origin=expected.origin,
        )
    in_time = expected.dated <= document.date <= expected.latest
    if not in_time and not scope.judged.closings.may_bear(expected.dated, document.date, document.created_at):
        both.broken(
            BreakKind.DATE,
            _item(linked),
            f"the {expected} bears another day",
            left=expected.dated,
            right=document.date,
            objects=objects,
            at_risk=document.total,
            origin=expected.origin,
        )


def _unreferenced(both: Reconciliation, scope: Scope) -> None:
    """Documents the connector itself wrote without saying for which deal, or for which other source."""
    for document in scope.ledger.documents if scope.ledger else ():
        if document.id in scope.links.by_id or document.status == "void" or not scope.by_connector(document.created_by):
            continue
        if document.kind in _FOR_OTHERS and scope.effects.by_record(document.kind, document.id):
            continue  # A refund, an operator's credit, a settlement discount: other reconciliations hold these.
        both.right_count += 1
        both.broken(
            BreakKind.MISSING_LEFT,
            f"unreferenced:{document.kind}:{document.id}",
            f"the connector wrote this {document.kind.replace('_', ' ')} without naming a deal",
            right=document.total,
            objects=[document_object(scope.ledger.vendor if scope.ledger else "", document)],
            at_risk=document.total,
        )


def _status(both: Reconciliation, scope: Scope) -> None:
    """The outstanding amount and state that the connector wrote back to the deals."""
    crm = scope.checkpoint.world.crm if scope.checkpoint else None
    if not scope.connector.writes_status or crm is None:
        return
    for deal in crm.deals:
        invoices = scope.links.of_deal(deal.id, "invoice")
        if invoices and deal.id not in scope.contested:
            _shown(both, scope, deal, invoices)


def _shown(both: Reconciliation, scope: Scope, deal: Deal, invoices: list[LinkedDocument]) -> None:
    currency = invoices[0].document.currency
    still_open = Money(sum((linked.document.open.amount for linked in invoices), Decimal(0)), currency)
    objects = [_deal(scope, deal.id, deal.name), *(_document(scope, linked) for linked in invoices)]
    if deal.outstanding is None or deal.outstanding != still_open:
        shown = "no outstanding amount" if deal.outstanding is None else str(deal.outstanding)
        risk = still_open if deal.outstanding is None else _difference(deal.outstanding, still_open)
        both.broken(
            BreakKind.AMOUNT,
            f"{deal.id}:outstanding",
            f"deal {deal.name!r} shows {shown}, its invoices have {still_open} open",
            left=shown,
            right=still_open,
            objects=objects,
            at_risk=risk,
        )
    if deal.billing_status == "rejected" and deal.id in scope.judged.refused_deals:
        return  # A change of it is refused, which says nothing about what was billed before.
    if all(linked.is_deposit for linked in invoices):
        _deposit_shown(both, scope, deal, still_open, objects)
        return
    settled = deal.billing_status in {"paid", "credited", "written off"}
    if settled != (not still_open):
        both.broken(
            BreakKind.AMOUNT,
            f"{deal.id}:status",
            f"deal {deal.name!r} shows billing status {deal.billing_status!r}, its invoices have {still_open} open",
            left=deal.billing_status or "no billing status",
            right=still_open,
            objects=objects,
            at_risk=still_open,
        )


def _deposit_shown(both: Reconciliation, scope: Scope, deal: Deal, still_open: Money, objects: list[str]) -> None:
    """While nothing but its deposit is billed, a deal is neither paid nor invoiced: sales sees where the deposit is."""
    kept = any(deposit.left for deposit in scope.expected.deposits if deposit.deal_id == deal.id)
    should = "deposit invoiced" if still_open else "deposit paid" if kept else "deposit given back"
    if deal.billing_status != should:
        both.broken(
            BreakKind.AMOUNT,
            f"{deal.id}:status",
            f"deal {deal.name!r} shows billing status {deal.billing_status!r}, only its deposit is billed",
            left=deal.billing_status or "no billing status",
            right=should,
            objects=objects,
            at_risk=still_open,
        )


def _difference(one: Money, other: Money) -> Money:
    return one - other if one.currency == other.currency else one


def _item(linked: LinkedDocument) -> str:
    return f"{linked.reference.id}:{linked.document.kind}:{linked.version}"


def _words(linked: LinkedDocument) -> str:
    return linked.document.kind.replace("_", " ")


def _document(scope: Scope, linked: LinkedDocument) -> str:
    return document_object(scope.vendors.get("accounting", ""), linked.document)


def _deal(scope: Scope, deal_id: str, name: str = "") -> str:
    return source_object(scope.vendors.get("crm", ""), "deal", deal_id, name)
