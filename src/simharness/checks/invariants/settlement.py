"""V8: open balances, and applications that stay within the invoice and the payment and go where they belong."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from simharness.checks.arithmetic.settlement import open_balance
from simharness.checks.findings import Reporter, amount, document_object, payment_object, source_object
from simharness.checks.invariants.open_amounts import open_as_told
from simharness.checks.oracle.model import ExpectedPayment
from simharness.checks.references import LinkedDocument
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.books import Document, LedgerSnapshot, Payment
from simharness.domain.fact import PaymentDisputed, PaymentRefunded
from simharness.domain.finding import CheckResult

_ZERO = Decimal(0)

#: What is settled or used up later; receipts were paid at once.
_SETTLED = frozenset({"invoice", "credit_memo", "bill", "vendor_credit"})


def settled_as_paid(scope: Scope) -> CheckResult:
    """V8 over every document and payment of the ledger, then over the payments and credits that the facts call for."""
    report = Reporter("V8", scope.record.header)
    if scope.ledger is None:
        return report.result("there is no ledger")
    documents = {document.id: document for document in scope.ledger.documents}
    credits_ = _credit_ids(scope.ledger)
    applied = _applied(scope.ledger, credits_)
    for document in scope.ledger.documents:
        if document.status != "void" and document.kind in _SETTLED:
            report.examined += 1
            _document(scope, report, document, applied[document.id])
    for payment in scope.ledger.payments:
        if payment.status != "void":
            report.examined += 1
            _payment(scope, report, payment, credits_)
    _open_items(scope, report, applied)
    by_number = {document.number: document for document in scope.ledger.documents if document.kind == "invoice"}
    returns = _returns(scope)
    for expected in scope.expected.payments:
        for payment in scope.links.payments_of.get(expected.charge_id, ())[:1]:
            target = by_number.get(expected.invoice_number)
            _destination(scope, report, expected, payment, documents, target, returns[expected.charge_id])
    _credits(scope, report, documents)
    open_as_told(scope, report)
    return report.result("the ledger holds no documents or payments")


def _credit_ids(ledger: LedgerSnapshot) -> set[str]:
    """The ids of what is used up and not settled: credit memos, and journals that credit a receivable."""
    found = {document.id for document in ledger.documents if document.kind in {"credit_memo", "vendor_credit"}}
    return found | {item.entry for item in ledger.open_items if item.amount.amount < 0}


def _applied(ledger: LedgerSnapshot, credits_: set[str]) -> defaultdict[str, Decimal]:
    """What was applied to (an invoice) or used up of (a credit) each document, positive in both cases."""
    applied: defaultdict[str, Decimal] = defaultdict(Decimal)
    for payment in ledger.payments:
        if payment.status == "void":
            continue
        for application in payment.applications:
            value = application.amount.amount
            applied[application.document] += abs(value) if application.document in credits_ else value
    return applied


def _document(scope: Scope, report: Reporter, document: Document, applied: Decimal) -> None:
    vendor = scope.vendors.get("accounting", "")
    kind, name = document.kind.replace("_", " "), document.number or document.id
    rest = open_balance(document.total.amount, [applied])
    if rest < 0:
        report.found(
            f"{document.kind}:{document.id}:over",
            f"more is applied to {kind} {name} than it comes to",
            expected=f"at most {document.total}",
            actual=f"applied {amount(applied, document.currency)}",
            objects=[document_object(vendor, document)],
            at_risk=Money(rest, document.currency),
        )
    elif rest != document.open.amount:
        report.found(
            f"{document.kind}:{document.id}:open",
            f"the open balance of {kind} {name} is not its total less what was applied",
            expected=f"open {amount(rest, document.currency)} "
            f"({document.total} less {amount(applied, document.currency)})",
            actual=f"open {document.open}",
            objects=[document_object(vendor, document)],
            at_risk=Money(document.open.amount - rest, document.currency),
        )
    paid = document.status == "paid"
    if document.total and paid != (not document.open):
        report.found(
            f"{document.kind}:{document.id}:status",
            f"{kind} {name} is {document.status} with {document.open} open",
            expected="paid" if not document.open else "open or partly paid",
            actual=document.status,
            objects=[document_object(vendor, document)],
            at_risk=document.open,
        )


def _open_items(scope: Scope, report: Reporter, applied: defaultdict[str, Decimal]) -> None:
    """What a journal put on a customer is open as far as nothing was applied to it or used of it.

    Of a journal on several customers, what was applied cannot be told apart by its id, so the sum is compared.
    """
    ledger = scope.ledger
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    still: defaultdict[str, Decimal] = defaultdict(Decimal)
    for item in ledger.open_items if ledger else ():
        report.examined += 1
        sums[item.entry] += abs(item.amount.amount)
        still[item.entry] += abs(item.open.amount)
    for entry, value in sums.items():
        rest = open_balance(value, [applied[entry]])
        if ledger is not None and rest != still[entry]:
            report.found(
                f"journal:{entry}:{'over' if rest < 0 else 'open'}",
                f"what journal {entry} put on the receivable is not open as far as nothing was applied to it",
                expected=f"open {amount(rest, ledger.currency)} "
                f"({amount(value, ledger.currency)} less {amount(applied[entry], ledger.currency)})",
                actual=f"open {amount(still[entry], ledger.currency)}",
                objects=[f"{ledger.vendor}:journal:{entry}"],
                at_risk=Money(still[entry] - rest, ledger.currency),
            )


def _payment(scope: Scope, report: Reporter, payment: Payment, credits_: set[str]) -> None:
    used = sum(
        (
            -abs(item.amount.amount) if item.document in credits_ else item.amount.amount
            for item in payment.applications
        ),
        _ZERO,
    )
    rest = payment.amount.amount - used
    currency = payment.amount.currency
    if rest != payment.unapplied.amount or rest < 0:
        report.found(
            f"payment:{payment.id}:unapplied",
            f"payment {payment.id} applies {'more than it is' if rest < 0 else 'another amount than it shows'}",
            expected=f"unapplied {amount(rest, currency)} ({payment.amount} less {amount(used, currency)})",
            actual=f"unapplied {payment.unapplied}",
            objects=[payment_object(scope.vendors.get("accounting", ""), payment)],
            at_risk=Money(payment.unapplied.amount - rest if rest >= 0 else rest, currency),
        )


def _is_credit(documents: dict[str, Document], document_id: str) -> bool:
    document = documents.get(document_id)
    return document is not None and document.kind == "credit_memo"


def _returns(scope: Scope) -> defaultdict[str, set[str]]:
    """The journals that gave a charge's money back, or opened again what was written off of its invoice, by charge: its
    payment may settle them.
    """
    returns: defaultdict[str, set[str]] = defaultdict(set)
    gateway = scope.gateway
    sources = [("refund", item.id, item.charge) for item in (gateway.refunds if gateway else ())]
    sources += [("dispute", item.id, item.charge) for item in (gateway.disputes if gateway else ())]
    for fact in scope.facts:
        if isinstance(fact, PaymentRefunded):
            sources.append(("refund", fact.refund_id, fact.charge_id))
        elif isinstance(fact, PaymentDisputed):
            sources.append(("dispute", fact.dispute_id, fact.charge_id))
    for noun, id, charge in sources:
        for effect in scope.effects.of.get((noun, id), ()):
            returns[charge].add(effect.entry.source_id or effect.entry.id)
    for payment in scope.expected.payments:
        for effect in scope.effects.of.get(("write_off", payment.invoice_number), ()):
            if effect.is_recovery:
                returns[payment.charge_id].add(effect.entry.source_id or effect.entry.id)
    return returns


def _destination(
    scope: Scope,
    report: Reporter,
    expected: ExpectedPayment,
    payment: Payment,
    documents: dict[str, Document],
    target: Document | None,
    returns: set[str],
) -> None:
    vendor = scope.vendors.get("accounting", "")
    objects = [
        source_object(scope.vendors.get("payments", ""), "charge", expected.charge_id, expected.payment),
        payment_object(vendor, payment),
    ]
    mine = returns | ({target.id} if target is not None else set())
    astray = [item for item in payment.applications if item.document not in mine]
    if astray:
        other = [documents[item.document] for item in astray if item.document in documents]
        report.found(
            f"{expected.charge_id}:astray",
            f"payment {expected.payment!r} settles what it does not name",
            expected=f"invoice {expected.invoice_number}"
            if expected.invoice_number
            else "nothing: it has no reference",
            actual=", ".join(f"{item.kind.replace('_', ' ')} {item.number or item.id}" for item in other)
            or "an unknown document",
            objects=[*objects, *(document_object(vendor, item) for item in (*other, *([target] if target else [])))],
            at_risk=Money(sum((item.amount.amount for item in astray), _ZERO), payment.amount.currency),
            origin=expected.origin,
        )
    if target is not None and payment.unapplied.amount > 0 and target.open.amount > 0 and not returns:
        could = min(payment.unapplied.amount, target.open.amount)
        report.found(
            f"{expected.charge_id}:unapplied",
            f"payment {expected.payment!r} is unapplied although invoice {target.number} is open",
            expected=f"{Money(could, payment.amount.currency)} more applied to invoice {target.number}",
            actual=f"unapplied {payment.unapplied}, open {target.open}",
            objects=[*objects, document_object(vendor, target)],
            at_risk=Money(could, payment.amount.currency),
            origin=expected.origin,
        )


def _credits(scope: Scope, report: Reporter, documents: dict[str, Document]) -> None:
    """A credit for a deal change settles that deal's earlier invoice as far as it is open, and no other deal's."""
    vendor = scope.vendors.get("accounting", "")
    settled_by = _settled_by(scope, documents)
    for expected, linked in scope.pairing.pairs:
        if expected.kind != "credit_memo":
            continue
        memo = linked.document
        invoices = [item for item in scope.links.of_deal(expected.deal_id, "invoice") if _is_before(item, linked)]
        own = {item.document.id for item in scope.links.of_deal(expected.deal_id, "invoice")}
        astray = [documents[key] for key in settled_by.get(memo.id, ()) if key not in own]
        waiting = [item.document for item in invoices if item.document.open.amount > 0]
        touched = [item for item in waiting if item.id in settled_by.get(memo.id, ())]
        idle = memo.open.amount > 0 and bool(waiting) and (not settled_by.get(memo.id) or bool(touched))
        if not astray and not idle:
            continue
        others = astray or touched or waiting[:1]
        report.found(
            f"{expected.deal_id}:credit:{linked.version}",
            f"the {expected} does not settle the deal's own open invoice",
            expected="applied to the deal's oldest open invoice as far as it is open",
            actual=f"open {memo.open}, " + ("applied to " if astray else "beside open ")
            + ", ".join(f"invoice {item.number or item.id}" for item in others),
            objects=[document_object(vendor, memo), *(document_object(vendor, item) for item in others)],
            at_risk=memo.open if idle else memo.total - memo.open,
            origin=expected.origin,
        )  # fmt: skip


def _is_before(invoice: LinkedDocument, credit: LinkedDocument) -> bool:
    """By version; what falls due by itself has none to compare, so its creation says."""
    made, later = invoice.document.created_at, credit.document.created_at
    if invoice.reference.due and made is not None and later is not None:
        return made < later
    return invoice.version < credit.version


def _settled_by(scope: Scope, documents: dict[str, Document]) -> dict[str, list[str]]:
    """Invoices that each credit memo was used for, as payments without money link them."""
    used: dict[str, list[str]] = {}
    for payment in scope.ledger.payments if scope.ledger else ():
        memos = [item.document for item in payment.applications if _is_credit(documents, item.document)]
        invoices = [item.document for item in payment.applications if item.document in documents]
        for memo in memos:
            used.setdefault(memo, []).extend(key for key in invoices if documents[key].kind == "invoice")
    return used
