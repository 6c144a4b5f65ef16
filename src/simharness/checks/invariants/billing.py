"""V5 and V20: every deal line is billed once, and no source record is lost on the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from simharness.checks.findings import Reporter, amount, document_object, not_applicable, source_object
from simharness.checks.invariants.sources import sources_are_kept
from simharness.checks.oracle.model import ExpectedDocument, ExpectedPayment
from simharness.checks.references import LinkedDocument
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.books import DocumentLine
from simharness.domain.evidence import DeadLetter, Reject
from simharness.domain.finding import CheckResult
from simharness.domain.policy import DiscountPresentation

_ZERO = Decimal(0)


def billed_to_date(scope: Scope) -> CheckResult:
    """V5: per deal line, invoiced net less credits for deal changes = what the deal line calls for.

    Where income is presented gross of discount, or documents do not name their lines, the deal as a whole is compared.
    """
    if not scope.references.declares("invoice"):
        return not_applicable("V5", "the connector declares no reference rule for invoices")
    report = Reporter("V5", scope.record.header)
    expected: dict[str, list[ExpectedDocument]] = defaultdict(list)
    for document in scope.expected.documents:
        expected[document.deal_id].append(document)
    for deal_id in dict.fromkeys([*expected, *scope.links.documents_of]):
        if deal_id in scope.contested:
            continue
        linked = scope.links.documents_of.get(deal_id, [])
        wanted = expected.get(deal_id, [])
        report.examined += 1
        asked = [item for item in linked if item.is_deposit]
        if asked or any(document.is_deposit for document in wanted):  # an advance bills no line
            _compare_deal(scope, report, [document for document in wanted if document.is_deposit], asked, ":deposit")
            wanted = [document for document in wanted if not document.is_deposit]
            linked = [item for item in linked if not item.is_deposit]
        if _by_line(scope, linked):
            _compare_lines(scope, report, wanted, linked)
        else:
            _compare_deal(scope, report, wanted, linked)
    return report.result("no deal was billed and none had to be")


def item_lines(scope: Scope, linked: LinkedDocument) -> list[DocumentLine]:
    """The lines that sell something: without subtotals, texts, what lowers the total on the discount account, and what
    takes a deposit off.

    A credit that takes a discount's fall back raises the total on that account. Such a line is told from a sale on the
    wrong account by the reference, which names the lines of the deal only.
    """
    discounts = scope.book.account_with("discounts_given")
    deposits = scope.book.account_with("deposits")
    items = [
        line
        for line in linked.document.lines
        if line.kind == "item" and (linked.is_deposit or not deposits or scope.number_of(line.account) != deposits)
    ]
    on_discounts = {line.id for line in items if discounts == scope.number_of(line.account) != ""}
    sold = [line for line in items if line.id not in on_discounts or line.amount.amount >= 0]
    contra = scope.book.policy.discounts is DiscountPresentation.CONTRA
    if contra and linked.reference.lines and len(sold) > len(linked.reference.lines):
        sold = [line for line in items if line.id not in on_discounts]
    return sold


def _by_line(scope: Scope, linked: Sequence[LinkedDocument]) -> bool:
    if scope.book.policy.discounts is DiscountPresentation.CONTRA:
        return False
    return all(item.reference.lines and len(item.reference.lines) == len(item_lines(scope, item)) for item in linked)


def _compare_lines(
    scope: Scope, report: Reporter, wanted: list[ExpectedDocument], linked: list[LinkedDocument]
) -> None:
    should: dict[str, Decimal] = defaultdict(Decimal)
    names: dict[str, str] = {}
    for document in wanted:
        for line in document.sold:
            should[line.line_id] += _signed(document.kind, line.net)
            names[line.line_id] = line.product
    billed: dict[str, Decimal] = defaultdict(Decimal)
    for item in linked:
        for line_id, kept in zip(item.reference.lines, item_lines(scope, item), strict=True):
            billed[line_id] += _signed(item.document.kind, kept.amount.amount)
    tolerance = _ZERO
    if scope.book.policy.prices_include_tax:
        # The net of a group with tax inside is exact; how its last cent falls on the lines is the ledger's choice.
        tolerance = scope.book.tax_policy.unit * len(linked)
    currency = wanted[0].currency if wanted else scope.dictionary.currency
    for line_id in dict.fromkeys([*should, *billed]):
        if abs(should[line_id] - billed[line_id]) > tolerance:
            deal_id = wanted[0].deal_id if wanted else linked[0].reference.id
            report.found(
                f"{deal_id}:{line_id}",
                f"deal line {line_id} ({names.get(line_id, 'unknown')}) is not billed as the deal says",
                expected=f"billed to date {amount(should[line_id], currency)}",
                actual=f"billed to date {amount(billed[line_id], currency)}",
                objects=_objects(scope, wanted, linked, line_id),
                at_risk=Money(billed[line_id] - should[line_id], currency),
                origin=wanted[0].origin if wanted else None,
            )


def _compare_deal(
    scope: Scope, report: Reporter, wanted: list[ExpectedDocument], linked: list[LinkedDocument], key: str = ""
) -> None:
    should = sum((_signed(document.kind, document.net) for document in wanted), _ZERO)
    billed = sum((_signed(item.document.kind, item.document.net.amount) for item in linked), _ZERO)
    if should == billed:
        return
    currency = wanted[0].currency if wanted else scope.dictionary.currency
    deal_id = wanted[0].deal_id if wanted else linked[0].reference.id
    report.found(
        f"{deal_id}{key}",
        f"{'the deposit of ' if key else ''}deal {wanted[0].deal if wanted else deal_id!r} is not billed as it says",
        expected=f"billed to date {amount(should, currency)}",
        actual=f"billed to date {amount(billed, currency)}",
        objects=_objects(scope, wanted, linked),
        at_risk=Money(billed - should, currency),
        origin=wanted[0].origin if wanted else None,
    )


def _objects(
    scope: Scope, wanted: list[ExpectedDocument], linked: list[LinkedDocument], line_id: str = ""
) -> list[str]:
    crm, vendor = scope.vendors.get("crm", ""), scope.vendors.get("accounting", "")
    deal_id, name = (wanted[0].deal_id, wanted[0].deal) if wanted else (linked[0].reference.id, "")
    line = [source_object(crm, "deal_line", line_id)] if line_id else []
    return [source_object(crm, "deal", deal_id, name), *line, *(document_object(vendor, i.document) for i in linked)]


def _signed(kind: str, value: Decimal) -> Decimal:
    return value if kind == "invoice" else -value


def nothing_is_lost(scope: Scope) -> CheckResult:
    """V20: count and control total of won deals, charges and all other sources = what names them + listed rejects."""
    report = Reporter("V20", scope.record.header)
    rejected = {
        row.source.split(":")[2]: row
        for row in scope.record.evidence
        if isinstance(row, (Reject, DeadLetter)) and row.source.count(":") >= 2
    }
    _documents(scope, report, rejected)
    _refusals(scope, report, rejected)
    _overdue(scope, report)
    _payments(scope, report, rejected)
    sources_are_kept(scope, report)
    return report.result("no deal was won and no customer paid")


def _documents(scope: Scope, report: Reporter, rejected: dict[str, Reject | DeadLetter]) -> None:
    wanted = [
        document
        for document in scope.expected.documents
        if not document.optional or (document.total and document.deal_id in scope.links.documents_of)
    ]
    optional = {document.deal_id for document in scope.expected.documents if document.optional}
    due = [
        document
        for document in wanted
        if document.deal_id not in rejected or document.deal_id in scope.links.documents_of
    ]
    found = [
        item
        for deal_id, linked in scope.links.documents_of.items()
        for item in linked
        if deal_id not in scope.contested and (deal_id not in optional or item.document.total)
    ]
    currency = scope.dictionary.currency
    report.examined += len(wanted) + len(found)
    should = sum((_signed(document.kind, document.total) for document in due), _ZERO)
    posted = sum((_signed(item.document.kind, item.document.total.amount) for item in found), _ZERO)
    if len(due) == len(found) and should == posted:
        return
    lost = [document for document in scope.pairing.missing if document.deal_id not in rejected]
    report.found(
        "documents",
        "the documents in the ledger are not those that the won deals call for less the listed rejects",
        expected=f"{len(due)} documents, control total {amount(should, currency)}",
        actual=f"{len(found)} documents, control total {amount(posted, currency)}",
        objects=[source_object(scope.vendors.get("crm", ""), "deal", item.deal_id, item.deal) for item in lost],
        at_risk=Money(posted - should, currency),
        origin=lost[0].origin if lost else None,
    )


def _refusals(scope: Scope, report: Reporter, rejected: dict[str, Reject | DeadLetter]) -> None:
    if "reject" not in scope.connector.evidence:
        return
    for refusal in scope.expected.refusals:
        report.examined += 1
        if refusal.deal_id not in rejected:
            report.found(
                f"{refusal.deal_id}:reject",
                f"deal {refusal.deal!r} cannot be billed ({refusal.reason}) and no reject lists it",
                expected=f"a reject of {refusal.amount}",
                actual="no reject",
                objects=[source_object(scope.vendors.get("crm", ""), "deal", refusal.deal_id, refusal.deal)],
                at_risk=refusal.amount,
                origin=refusal.origin,
            )


def _overdue(scope: Scope, report: Reporter) -> None:
    """A won deal that the billing system leaves without invoice is listed by an alert."""
    if "alert" not in scope.connector.evidence:
        return
    for late in scope.expected.overdue:
        report.examined += 1
        if not scope.judged.listed.told(late.deal_id):
            report.found(
                f"{late.deal_id}:overdue",
                f"deal {late.deal!r} has no invoice ({late.reason}) and nobody was told",
                expected=f"an alert of {late.amount}",
                actual="no alert",
                objects=[source_object(scope.vendors.get("crm", ""), "deal", late.deal_id, late.deal)],
                at_risk=late.amount,
                origin=late.origin,
            )


def _payments(scope: Scope, report: Reporter, rejected: dict[str, Reject | DeadLetter]) -> None:
    if not scope.references.declares("payment"):
        return
    due: list[ExpectedPayment] = [
        payment
        for payment in scope.expected.payments
        if payment.charge_id not in rejected or payment.charge_id in scope.links.payments_of
    ]
    found = [payment for payments in scope.links.payments_of.values() for payment in payments]
    report.examined += len(due) + len(found)
    should = sum((payment.amount.amount for payment in due), _ZERO)
    posted = sum((payment.amount.amount for payment in found), _ZERO)
    if len(due) == len(found) and should == posted:
        return
    lost = [payment for payment in due if payment.charge_id not in scope.links.payments_of]
    currency = scope.dictionary.currency
    report.found(
        "payments",
        "the payments in the ledger are not the charges that customers made less the listed rejects",
        expected=f"{len(due)} payments, control total {amount(should, currency)}",
        actual=f"{len(found)} payments, control total {amount(posted, currency)}",
        objects=[
            source_object(scope.vendors.get("payments", ""), "charge", item.charge_id, item.payment) for item in lost
        ],
        at_risk=Money(posted - should, currency),
        origin=lost[0].origin if lost else None,
    )
