"""Expectations on invoices, payments and what customers owe."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from simharness.checks.arithmetic.days import days_past_due
from simharness.checks.expectations.case import Case
from simharness.checks.findings import document_object, party_object, payment_object
from simharness.core.money import Money
from simharness.domain.books import Document, DocumentLine
from simharness.domain.expectation import (
    CustomerOwes,
    ExpectedLine,
    InvoiceCount,
    InvoiceIs,
    PaymentIs,
    TaxPayableIs,
)

#: What a cell says that wants something, whatever it is, and the code of a line that bears no tax.
_ANY, _UNTAXED = "*", "NON"
#: What documents of a customer do to what he owes and to the tax that is owed on his account.
_SIGNS: Mapping[str, int] = MappingProxyType(
    {"invoice": 1, "sales_receipt": 1, "credit_memo": -1, "refund_receipt": -1}
)


def invoice_is(case: Case, said: InvoiceIs) -> None:
    """Every stated figure, day, state and line of an invoice."""
    document = case.document(said.invoice)
    if document is None:
        risk = said.total or said.net
        case.wrong("absent", f"there is no such document: {said.invoice}", said.invoice, "nothing", at_risk=risk)
        return
    objects = [document_object(case.vendor, document)]
    for name, should, found in (
        ("net", said.net, document.net),
        ("tax", said.tax, document.tax),
        ("total", said.total, document.total),
        ("open", said.open, document.open),
    ):
        if should is not None:
            word = "open balance" if name == "open" else name
            case.differs(name, f"{said.invoice} has another {word}", should, found, objects)
    for word, day, shown in (("due", said.due, document.due), ("dated", said.dated, document.date)):
        if day is not None and day != shown:
            message = f"{said.invoice} is {word} on another day"
            case.wrong(word, message, day, shown or "no day", objects=objects, at_risk=document.total)
    if said.status is not None and said.status.replace("_", " ") not in states(case, document):
        found_states = ", ".join(sorted(states(case, document)))
        message = f"{said.invoice} is not {said.status}"
        case.wrong("status", message, said.status, found_states, objects=objects, at_risk=document.open)
    for code, tax in said.tax_under:
        charged = sum((group.tax.amount for group in document.taxes if group.code == code), Decimal(0))
        message = f"{said.invoice} carries another tax under {code}"
        case.differs(f"tax:{code}", message, tax, Money(charged, tax.currency), objects)
    if said.lines is not None:
        _lines(case, said, document)


def states(case: Case, document: Document) -> set[str]:
    """Every state that is true of a document; paid and credited may both be."""
    if document.status == "void":
        return {"void"}
    states = {"open"} if document.open == document.total and document.open else set()
    if document.open and document.open != document.total:
        states.add("partly paid")
    if not document.open:
        credited, written_off = _given_up(case, document)
        if written_off:
            states.add("written off")
        states.add("credited" if credited and credited == document.total.amount else "paid")
        if written_off == document.total.amount:
            states.discard("paid")
    checkpoint = case.scope.checkpoint
    if document.open and document.due and checkpoint is not None and case.ledger is not None:
        today = checkpoint.world.at.astimezone(case.zone).date()
        if days_past_due(document.due, today) > 0:
            states.add("overdue")
    return states


def _given_up(case: Case, document: Document) -> tuple[Decimal, Decimal]:
    """How much of an invoice payments without money settled: by credits, and by journals that name a write-off."""
    journals = {effect.entry.source_id for effect in case.scope.effects.naming("write_off")}
    settled = written_off = Decimal(0)
    for payment in case.ledger.payments if case.ledger else ():
        if payment.amount or payment.status == "void":
            continue
        mine = sum((item.amount.amount for item in payment.applications if item.document == document.id), Decimal(0))
        used = sum((item.amount.amount for item in payment.applications if item.document in journals), Decimal(0))
        settled += mine
        written_off += min(mine, abs(used))
    return settled - written_off, written_off


def _lines(case: Case, said: InvoiceIs, document: Document) -> None:
    """An exact set: each stated line takes one line that fits; none may be left on either side."""
    rest = [line for line in document.lines if line.kind in {"item", "discount"}]
    absent: list[ExpectedLine] = []
    for wanted in sorted(said.lines or (), key=_stated, reverse=True):
        fitting = next((line for line in rest if _fits(case, wanted, line, document)), None)
        if fitting is None:
            absent.append(wanted)
        else:
            rest.remove(fitting)
    if absent or rest:
        risk = sum((abs(line.amount.amount) for line in rest), Decimal(0))
        case.wrong(
            "lines",
            f"{said.invoice} has other lines",
            "; ".join(_told(line) for line in absent) or "no further line",
            "; ".join(_shown(case, line) for line in rest) or "no such line",
            objects=[document_object(case.vendor, document)],
            at_risk=Money(risk, document.currency),
        )


def _stated(line: ExpectedLine) -> int:
    """How much a line says: the most exact choose first."""
    return sum(value is not None for value in (line.product, line.net, line.account, line.tax_code, line.cost_centre))


def _fits(case: Case, wanted: ExpectedLine, line: DocumentLine, document: Document) -> bool:
    net = line.amount if line.kind == "item" else -line.amount
    account = case.account(wanted.account) if wanted.account is not None else None
    codes = {line.tax_code} if line.taxable or line.tax_code != _UNTAXED else {line.tax_code, ""}
    if document.tax_code and line.taxable and line.tax_code in {"TAX", document.tax_code}:
        codes.add(document.tax_code)
    return (
        _says(wanted.product, line.item)
        and (wanted.net is None or wanted.net == net)
        and _says(account.id if account is not None else wanted.account, line.account)
        and any(_says(wanted.tax_code, code) for code in codes)
        and _says(wanted.cost_centre, line.cost_centre or document.cost_centre)
    )


def _says(wanted: str | None, found: str) -> bool:
    """Whether a cell holds: None is not checked, "" wants nothing, `*` something."""
    return wanted is None or wanted == found or (wanted == _ANY and found != "")


def _told(line: ExpectedLine) -> str:
    names = ("product", "net", "account", "tax code", "cost centre")
    parts = (line.product, line.net, line.account, line.tax_code, line.cost_centre)
    words = {"": "no {}", _ANY: "any {}"}
    return " ".join(
        words[part].format(name) if isinstance(part, str) and part in words else str(part)
        for name, part in zip(names, parts, strict=True)
        if part is not None
    )


def _shown(case: Case, line: DocumentLine) -> str:
    parts = (line.item, line.amount, case.scope.account_label(line.account), line.tax_code, line.cost_centre)
    return " ".join(str(part) for part in parts if str(part))


def invoice_count(case: Case, said: InvoiceCount) -> None:
    """How many invoices name the deal."""
    found = case.documents(said.deal, "invoice")
    if len(found) != said.count:
        spare = found[said.count :]
        case.wrong(
            "count",
            f"deal {said.deal!r} has another number of invoices",
            said.count,
            len(found),
            objects=[document_object(case.vendor, item.document) for item in found],
            at_risk=Money(sum((i.document.total.amount for i in spare), Decimal(0)), case.zero().currency),
        )


def customer_owes(case: Case, said: CustomerOwes) -> None:
    """The customer's open invoices and debits less open credits and unapplied money."""
    party = case.party(said.customer, said.amount.currency)
    owed = Decimal(0)
    if party is not None and case.ledger is not None:
        for document in case.ledger.documents:
            if document.party == party.id and document.kind in _SIGNS:
                owed += document.open.amount * _SIGNS[document.kind]
        owed += sum((item.open.amount for item in case.ledger.open_items if item.party == party.id), Decimal(0))
        received = (item for item in case.ledger.payments if item.kind == "customer" and item.party == party.id)
        owed -= sum((item.unapplied.amount for item in received), Decimal(0))
    elif said.amount:
        case.wrong(
            "absent", f"the ledger has no customer {said.customer!r}", said.amount, "nothing", at_risk=said.amount
        )
        return
    objects = [party_object(case.vendor, party)] if party else []
    message = f"customer {said.customer!r} owes another amount"
    case.differs("owes", message, said.amount, Money(owed, said.amount.currency), objects)


def tax_payable_is(case: Case, said: TaxPayableIs) -> None:
    """Tax of the documents dated in the period under the code, credit memos and refunds deducted."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for document in case.ledger.documents if case.ledger else ():
        if document.status != "void" and f"{document.date:%Y-%m}" == said.period:
            for group in document.taxes:
                sums[group.code] += group.tax.amount * _SIGNS.get(document.kind, 0)
    message = f"tax payable under {said.code} for {said.period} is another amount"
    case.differs("tax", message, said.amount, Money(sums[said.code], said.amount.currency))


def payment_is(case: Case, said: PaymentIs) -> None:
    """To which invoice a payment was applied, and how much of it is left."""
    charge_id = case.names.charges.get(said.payment, said.payment)
    payments = case.scope.links.payments_of.get(charge_id, [])
    if not payments:
        case.wrong(
            "absent", f"payment {said.payment!r} is not in the ledger", said.payment, "nothing", at_risk=said.applied
        )
        return
    payment = payments[0]
    objects = [payment_object(case.vendor, payment)]
    by_document: defaultdict[str, Decimal] = defaultdict(Decimal)
    for item in payment.applications:
        by_document[item.document] += item.amount.amount
    applied = sum(by_document.values(), Decimal(0))
    if said.settles is not None:
        target = case.document(said.settles)
        applied = by_document[target.id] if target else Decimal(0)
        if not applied:
            numbers = {d.id: d.number for d in (case.ledger.documents if case.ledger else ())}
            others = ", ".join(f"invoice {numbers.get(key, key)}" for key, value in by_document.items() if value)
            message = f"payment {said.payment!r} does not settle {said.settles}"
            case.wrong("settles", message, said.settles, others or "nothing", objects=objects, at_risk=payment.amount)
            return
    if said.applied is not None:
        shown = Money(applied, said.applied.currency)
        case.differs("applied", f"payment {said.payment!r} applies another amount", said.applied, shown, objects)
    if said.unapplied is not None:
        message = f"payment {said.payment!r} leaves another amount unapplied"
        case.differs("unapplied", message, said.unapplied, payment.unapplied, objects)
