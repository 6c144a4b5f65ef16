"""Deposits and transfers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from simharness.fakekit.bodies import Json
from simharness_fakes.accounting.movements import Deposit, DepositDraft, DepositLine, Transfer, TransferDraft
from simharness_fakes.quickbooks import errors
from simharness_fakes.quickbooks.state import Company
from simharness_fakes.quickbooks.wire.given import Given, kept
from simharness_fakes.quickbooks.wire.parts import Wire, carried, currency_ref, head, home, put, rate_given, ref

#: What a deposit can move on, by the engine's kind.
_MOVED: Mapping[str, str] = MappingProxyType({"payment": "Payment", "sales_receipt": "SalesReceipt"})
_LINE_KEEPS = frozenset({"PaymentMethodRef", "CheckNum"})


def deposit(company: Company, record: Deposit) -> Wire:
    """A Deposit; a line names the payment it moves on or the account the money is from."""
    books, wire = company.books, head(record)
    wire.update(
        DepositToAccountRef=ref(books.accounts, record.account),
        TxnDate=record.date.isoformat(),
        TotalAmt=record.total,
        CurrencyRef=currency_ref(record.currency),
        Line=[_deposit_line(company, number, line) for number, line in enumerate(record.lines, start=1)],
    )
    wire.update(home(company, record.rate, HomeTotalAmt=record.base))
    put(wire, "DocNumber", record.number)
    put(wire, "PrivateNote", record.note)
    if record.location:
        wire["DepartmentRef"] = ref(books.departments, record.location)
    return wire


def _deposit_line(company: Company, number: int, line: DepositLine) -> Wire:
    books = company.books
    wire: Wire = {"Id": line.id, "LineNum": number, "Amount": line.amount}
    put(wire, "Description", line.description)
    if line.document:
        found = books.document(line.document)
        kind = _MOVED.get(found.kind, "Payment") if found is not None else "Payment"
        wire["LinkedTxn"] = [{"TxnId": line.document, "TxnType": kind, "TxnLineId": "0"}]
        return wire
    detail: Wire = {"AccountRef": ref(books.accounts, line.account)}
    if line.customer:
        detail["Entity"] = {**ref(books.customers, line.customer), "type": "CUSTOMER"}
    if line.cost_centre:
        detail["ClassRef"] = ref(books.classes, line.cost_centre)
    detail.update(carried(line))
    wire.update(DetailType="DepositLineDetail", DepositLineDetail=detail)
    return wire


def read_deposit(company: Company, given: Given, old: Deposit | None) -> DepositDraft:
    """A draft from a body; lines are replaced as a whole or, in a sparse update without lines, not at all."""
    sparse = old if given.keep else None
    account = given.ref("DepositToAccountRef", sparse.account if sparse else "")
    if not account:
        raise errors.missing("DepositToAccountRef")
    if "Line" in given:
        lines = tuple(_read_line(company, position, body) for position, body in enumerate(given.body["Line"] or ()))
    elif sparse is not None:
        lines = sparse.lines
    else:
        raise errors.missing("Line")
    return DepositDraft(
        account=account,
        date=given.day("TxnDate", sparse.date if sparse else None) or company.today,
        lines=lines,
        currency=given.ref("CurrencyRef", sparse.currency if sparse else ""),
        rate=rate_given(given, sparse.rate if sparse else None),
        number=given.text("DocNumber", sparse.number if sparse else ""),
        location=given.ref("DepartmentRef", sparse.location if sparse else ""),
        note=given.text("PrivateNote", sparse.note if sparse else ""),
    )


def _read_line(company: Company, position: int, body: Mapping[str, Json]) -> DepositLine:
    line = Given(body, path=f"Line.{position}.")
    amount = line.number("Amount")
    if amount is None:
        raise errors.missing(line.path + "Amount")
    links: Sequence[Json] = line.body.get("LinkedTxn") or ()
    if links:
        return DepositLine(amount=amount, document=_linked(company, line, links), description=line.text("Description"))
    detail = Given(line.body.get("DepositLineDetail") or {}, path=line.path + "DepositLineDetail.")
    account = detail.ref("AccountRef")
    if not account:
        raise errors.missing(detail.path + "AccountRef")
    return DepositLine(
        amount=amount,
        account=account,
        customer=detail.ref("Entity"),
        cost_centre=detail.ref("ClassRef"),
        description=line.text("Description"),
        carried=kept(detail, _LINE_KEEPS, None),
    )


def _linked(company: Company, line: Given, links: Sequence[Json]) -> str:
    """The payment a line moves on."""
    if len(links) != 1:
        raise errors.business("A line of a deposit moves one transaction.", line.path + "LinkedTxn")
    link = Given(links[0], path=line.path + "LinkedTxn.")
    id, kind = link.needed("TxnId"), link.needed("TxnType")
    found = company.books.document(id)
    if found is None or _MOVED.get(found.kind) != kind:
        raise errors.bad_reference(link.path + "TxnId", id, kind)
    return id


def transfer(company: Company, record: Transfer) -> Wire:
    """A Transfer."""
    books, wire = company.books, head(record)
    wire.update(
        FromAccountRef=ref(books.accounts, record.source),
        ToAccountRef=ref(books.accounts, record.target),
        Amount=record.amount,
        TxnDate=record.date.isoformat(),
        CurrencyRef=currency_ref(record.currency),
    )
    wire.update(home(company, record.rate))
    put(wire, "PrivateNote", record.note)
    return wire


def read_transfer(company: Company, given: Given, old: Transfer | None) -> TransferDraft:
    """A draft from a body."""
    sparse = old if given.keep else None
    source = given.ref("FromAccountRef", sparse.source if sparse else "")
    target = given.ref("ToAccountRef", sparse.target if sparse else "")
    amount = given.number("Amount", sparse.amount if sparse else None)
    for name, value in (("FromAccountRef", source), ("ToAccountRef", target)):
        if not value:
            raise errors.missing(name)
    if amount is None:
        raise errors.missing("Amount")
    return TransferDraft(
        source=source,
        target=target,
        date=given.day("TxnDate", sparse.date if sparse else None) or company.today,
        amount=amount,
        currency=given.ref("CurrencyRef", sparse.currency if sparse else ""),
        rate=rate_given(given, sparse.rate if sparse else None),
        note=given.text("PrivateNote", sparse.note if sparse else ""),
    )
