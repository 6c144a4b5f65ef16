"""Payments and journal entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from simharness.fakekit.bodies import Json
from simharness_fakes.accounting.documents import (
    Apply,
    Journal,
    JournalDraft,
    JournalLine,
    Payment,
    PaymentDraft,
)
from simharness_fakes.quickbooks import errors
from simharness_fakes.quickbooks.state import Company
from simharness_fakes.quickbooks.wire.given import Given
from simharness_fakes.quickbooks.wire.parts import Wire, currency_ref, head, home, put, rate_given, ref
from simharness_fakes.quickbooks.wire.sale import private_note
from simharness_fakes.quickbooks.wire.sale_in import money_account

ZERO = Decimal(0)
#: How a linked transaction's type is written, by the engine's kind.
_TYPES: Mapping[str, str] = MappingProxyType(
    {"invoice": "Invoice", "credit_memo": "CreditMemo", "journal": "JournalEntry"}
)


def payment(company: Company, record: Payment) -> Wire:
    """A Payment; a line for each document it settles or uses."""
    books, wire = company.books, head(record)
    wire.update(
        TxnDate=record.date.isoformat(),
        CurrencyRef=currency_ref(record.currency),
        CustomerRef=ref(books.customers, record.customer),
        DepositToAccountRef=ref(books.accounts, record.deposit_account),
        TotalAmt=record.amount,
        UnappliedAmt=record.unapplied,
        ProcessPayment=False,
        Line=[_payment_line(company, application) for application in record.applications],
    )
    wire.update(home(company, record.rate))
    put(wire, "PaymentRefNum", record.reference)
    put(wire, "PrivateNote", private_note(record.note, void=record.void))
    if record.deposit:
        wire["LinkedTxn"] = [{"TxnId": record.deposit, "TxnType": "Deposit"}]
    if record.method:
        wire["PaymentMethodRef"] = ref(books.payment_methods, record.method)
    return wire


def _payment_line(company: Company, application: Apply) -> Wire:
    document = company.books.document(application.document)
    kind = _TYPES.get(document.kind, "") if document is not None else ""
    return {"Amount": application.amount, "LinkedTxn": [{"TxnId": application.document, "TxnType": kind}]}


def read_payment(company: Company, given: Given, old: Payment | None) -> PaymentDraft:
    """A draft from a body; its lines are replaced as a whole or, in a sparse update without lines, not at all."""
    sparse = old if given.keep else None
    customer = given.ref("CustomerRef", sparse.customer if sparse else "")
    if not customer:
        raise errors.missing("CustomerRef")
    amount = given.number("TotalAmt", sparse.amount if sparse else None)
    if amount is None:
        raise errors.missing("TotalAmt")
    applications = sparse.applications if sparse and "Line" not in given else _applications(company, given)
    account = given.ref("DepositToAccountRef", sparse.deposit_account if sparse else "")
    return PaymentDraft(
        customer=customer,
        date=given.day("TxnDate", sparse.date if sparse else None) or company.today,
        amount=amount,
        applications=applications,
        deposit_account=money_account(company, account),
        currency=given.ref("CurrencyRef", sparse.currency if sparse else ""),
        rate=rate_given(given, sparse.rate if sparse else None),
        method=given.ref("PaymentMethodRef", sparse.method if sparse else ""),
        reference=given.text("PaymentRefNum", sparse.reference if sparse else ""),
        note=given.text("PrivateNote", sparse.note if sparse else ""),
    )


def _applications(company: Company, given: Given) -> tuple[Apply, ...]:
    found: list[Apply] = []
    for position, body in enumerate(given.body.get("Line") or ()):
        line = Given(body, path=f"Line.{position}.")
        amount = line.number("Amount")
        if amount is None:
            raise errors.missing(line.path + "Amount")
        links: Sequence[Json] = line.body.get("LinkedTxn") or ()
        if len(links) != 1:
            raise errors.missing(line.path + "LinkedTxn")
        link = Given(links[0], path=line.path + "LinkedTxn.")
        document, kind = link.needed("TxnId"), link.needed("TxnType")
        target = company.books.document(document)
        if target is None or _TYPES.get(target.kind) != kind:
            raise errors.bad_reference(link.path + "TxnId", document, kind)
        if amount:
            found.append(Apply(document=document, amount=amount))
    return tuple(found)


def journal(company: Company, record: Journal) -> Wire:
    """A JournalEntry; amounts are positive, the posting type tells the side."""
    wire = head(record)
    wire.update(
        Adjustment=record.adjustment,
        TxnDate=record.date.isoformat(),
        CurrencyRef=currency_ref(record.currency),
        TotalAmt=sum((line.amount for line in record.lines if line.amount > 0), ZERO),
        Line=[_journal_line(company, line) for line in record.lines],
    )
    wire.update(home(company, record.rate, HomeTotalAmt=sum((base for base in record.bases if base > 0), ZERO)))
    put(wire, "DocNumber", record.number)
    put(wire, "PrivateNote", private_note(record.note, void=record.void))
    return wire


def _journal_line(company: Company, line: JournalLine) -> Wire:
    books = company.books
    detail: Wire = {
        "PostingType": "Credit" if line.amount < 0 else "Debit",
        "AccountRef": ref(books.accounts, line.account),
    }
    if line.customer:
        detail["Entity"] = {"Type": "Customer", "EntityRef": ref(books.customers, line.customer)}
    if line.cost_centre:
        detail["ClassRef"] = ref(books.classes, line.cost_centre)
    if line.location:
        detail["DepartmentRef"] = ref(books.departments, line.location)
    wire: Wire = {"Id": line.id, "Amount": abs(line.amount), "DetailType": "JournalEntryLineDetail"}
    put(wire, "Description", line.description)
    wire["JournalEntryLineDetail"] = detail
    return wire


def read_journal(company: Company, given: Given, old: Journal | None) -> JournalDraft:
    """A draft from a body."""
    sparse = old if given.keep else None
    if "Line" in given:
        lines = tuple(_read_line(position, body) for position, body in enumerate(given.body["Line"] or ()))
    elif sparse is not None:
        lines = sparse.lines
    else:
        raise errors.missing("Line")
    return JournalDraft(
        date=given.day("TxnDate", sparse.date if sparse else None) or company.today,
        lines=lines,
        number=given.text("DocNumber", sparse.number if sparse else ""),
        currency=given.ref("CurrencyRef", sparse.currency if sparse else ""),
        rate=rate_given(given, sparse.rate if sparse else None),
        note=given.text("PrivateNote", sparse.note if sparse else ""),
        adjustment=given.flag("Adjustment", sparse.adjustment if sparse else False, default=False),
    )


def _read_line(position: int, body: Mapping[str, Json]) -> JournalLine:
    line = Given(body, path=f"Line.{position}.")
    detail = Given(line.body.get("JournalEntryLineDetail") or {}, path=line.path + "JournalEntryLineDetail.")
    amount = line.number("Amount")
    if amount is None:
        raise errors.missing(line.path + "Amount")
    side, account = detail.needed("PostingType"), detail.ref("AccountRef")
    if not account:
        raise errors.missing(detail.path + "AccountRef")
    entity = Given(detail.body.get("Entity") or {}, path=detail.path + "Entity.")
    return JournalLine(
        account=account,
        amount=amount if side == "Debit" else -amount,
        customer=entity.ref("EntityRef"),
        cost_centre=detail.ref("ClassRef"),
        location=detail.ref("DepartmentRef"),
        description=line.text("Description"),
        id=line.text("Id"),
    )
