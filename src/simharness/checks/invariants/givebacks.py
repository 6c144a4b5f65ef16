"""V6 of what takes a sale back: credit notes and refunds come to what was told, a line and its own tax at a time."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from simharness.checks.arithmetic.rounding import minor_unit
from simharness.checks.deferred import nets_as_sold
from simharness.checks.findings import Reporter, amount, document_object
from simharness.checks.oracle.model import Origin
from simharness.checks.originals import Back, taken_back
from simharness.checks.scope import Scope
from simharness.core.money import Money
from simharness.domain.books import Document
from simharness.domain.fact import CreditApproved, PaymentRefunded

_ZERO = Decimal(0)

#: How the cents of a proportional share fall on lines is free, as long as net and tax make the amount.
_FREE_UNITS = 5


def givebacks_come_to(scope: Scope, report: Reporter) -> None:
    """Totals as told; with lines the net of each, without them in proportion to what is left of each; together never
    above the invoice.
    """
    sums: defaultdict[str, list[Document]] = defaultdict(list)
    originals: dict[str, Document] = {}
    left: dict[str, list[Decimal]] = {}
    told = _told(scope)
    for back in taken_back(scope):
        if back.noun == "deal":
            continue
        report.examined += 1
        for original in back.originals[:1]:
            sums[original.id].append(back.document)
            originals[original.id] = original
        fact = told.get((back.noun, back.id, back.state))
        lines = next((left.setdefault(original.id, _nets(original)) for original in back.originals), [])
        if fact is not None:
            _compare(scope, report, back, fact, lines)
        _take(lines, back.document, fact)
    for key, documents in sums.items():
        _whole(scope, report, originals[key], documents)


def _told(scope: Scope) -> dict[tuple[str, str, str], CreditApproved | PaymentRefunded]:
    """What was told, by noun, id of the reference and which of several it is."""
    told: dict[tuple[str, str, str], CreditApproved | PaymentRefunded] = {}
    count: defaultdict[str, int] = defaultdict(int)
    for fact in scope.facts:
        if isinstance(fact, PaymentRefunded):
            told["refund", fact.refund_id, ""] = fact
        elif isinstance(fact, CreditApproved):
            count[fact.invoice_number] += 1
            told["credit", fact.invoice_number, str(count[fact.invoice_number])] = fact
    return told


def _nets(original: Document) -> list[Decimal]:
    return [line.amount.amount for line in original.lines if line.kind == "item"]


def _take(left: list[Decimal], document: Document, fact: CreditApproved | PaymentRefunded | None) -> None:
    """Take off what is left of an invoice's lines what a document gave back of them."""
    total = sum(left, _ZERO)
    if fact is not None and fact.lines:
        for position, money in fact.lines:
            if 1 <= position <= len(left):
                left[position - 1] -= money.amount
    elif total:
        left[:] = [net - net * document.net.amount / total for net in left]


def _compare(
    scope: Scope, report: Reporter, back: Back, fact: CreditApproved | PaymentRefunded, left: list[Decimal]
) -> None:
    document = back.document
    if document.total != fact.amount:
        same = document.currency == fact.amount.currency
        _report(scope, report, back, fact, "total", f"total {fact.amount}", f"total {document.total}",
                document.total - fact.amount if same else document.total)  # fmt: skip
        return
    nets = sorted(nets_as_sold(scope, back))
    if fact.lines:
        should = sorted(money.amount for _, money in fact.lines if money)
        if nets != should:
            _report(scope, report, back, fact, "lines", _list(should, document), _list(nets, document), document.net)
        return
    original = next(iter(back.originals), None)
    items = [line for line in original.lines if line.kind == "item"] if original else []
    if original is None or not original.net or any(line.amount.amount < 0 for line in items):
        return
    unit, total = minor_unit(document.currency), sum(left, _ZERO)
    if any(line.kind == "discount" for line in original.lines) or not total:
        return  # A discount of the whole document lowers each line; the ledger keeps the lines without it.
    shares = sorted((net * document.net.amount / total for net in left), reverse=True)
    found = [*sorted(nets, reverse=True), *[_ZERO] * (len(shares) - len(nets))]
    if len(found) != len(shares) or any(
        abs(share - net) > unit * _FREE_UNITS for share, net in zip(shares, found, strict=True)
    ):
        rounded = sorted(share.quantize(unit) for share in shares if abs(share) >= unit)
        _report(scope, report, back, fact, "shares", _list(rounded, document), _list(nets, document), document.net)


def _whole(scope: Scope, report: Reporter, original: Document, documents: list[Document]) -> None:
    """Together never more than the invoice, and what gives all of it back gives back its net and tax to the cent."""
    total = sum((item.total.amount for item in documents), _ZERO)
    tax = sum((item.tax.amount for item in documents), _ZERO)
    above = total > original.total.amount
    if not above and (total != original.total.amount or tax == original.tax.amount):
        return
    vendor = scope.vendors.get("accounting", "")
    report.found(
        f"given-back:{original.kind}:{original.id}",
        f"more is given back of invoice {original.number or original.id} than it came to" if above
        else f"all of invoice {original.number or original.id} is given back, and not its own tax",
        expected=f"at most {original.total}" if above else f"tax {original.tax}",
        actual=f"{amount(total, original.currency)}" if above else f"tax {amount(tax, original.currency)}",
        objects=[document_object(vendor, original), *(document_object(vendor, item) for item in documents)],
        at_risk=Money(total - original.total.amount if above else tax - original.tax.amount, original.currency),
    )  # fmt: skip


def _list(values: list[Decimal], document: Document) -> str:
    return "lines " + ", ".join(str(amount(value, document.currency)) for value in values)


def _report(
    scope: Scope,
    report: Reporter,
    back: Back,
    fact: CreditApproved | PaymentRefunded,
    what: str,
    expected: str,
    actual: str,
    risk: Money,
) -> None:
    document = back.document
    report.found(
        f"{back.noun}:{back.id}:{back.state}:{what}",
        f"{document.kind.replace('_', ' ')} {document.number or document.id} of {back.source} has other figures than "
        "were told",
        expected=expected,
        actual=actual,
        objects=[document_object(scope.vendors.get("accounting", ""), document)],
        at_risk=risk,
        origin=Origin(step=fact.step, where=fact.where, on=fact.on),
    )
