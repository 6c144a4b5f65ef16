"""Documents side by side: an invoice with the figures and lines it should have, and lists of what was found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from simharness.checks.expectations.documents import states
from simharness.checks.oracle.model import ExpectedDocument
from simharness.core.money import Money
from simharness.domain.books import Document
from simharness.domain.expectation import CustomerOwes, ExpectedLine, InvoiceCount, InvoiceIs, PaymentIs
from simharness.report.explaining.explanation import Table
from simharness.report.explaining.figures import COLUMNS, apart_text, signed
from simharness.report.explaining.subject import DOCUMENTS, Subject, titled
from simharness.report.explaining.taxes import tax_tables
from simharness.report.words import counted, money_text

_RIGHT = (1, 2, 3)
#: So many lines of a document, and so many documents of a list, are shown.
_LINES = 14
_DOCUMENTS = 2
_ANY = "*"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a document, as it should be or as it is: whose words are the same beside each other."""

    name: str
    net: Decimal | None
    words: str


def document_tables(subject: Subject) -> Iterator[Table]:
    """For an invoice its figures, lines and tax, for counts and sums the documents that were found."""
    said = subject.said
    if isinstance(said, InvoiceIs):
        document = subject.case.document(said.invoice)
        if document is not None:
            yield _figures(subject, said, document)
            yield from _lines(subject, document, said)
            yield from tax_tables(subject, said, document)
    elif isinstance(said, InvoiceCount):
        yield _found([item.document for item in subject.case.documents(said.deal, "invoice")])
    elif isinstance(said, CustomerOwes):
        yield from _owed(subject, said)
    elif isinstance(said, PaymentIs):
        yield from _applied(subject)
    elif said is None:
        for document in _of_objects(subject)[:_DOCUMENTS]:
            yield from _lines(subject, document, None)


def _of_objects(subject: Subject) -> list[Document]:
    ledger = subject.case.ledger
    wanted = {(thing.kind, thing.id) for thing in subject.things if thing.kind in DOCUMENTS}
    return [item for item in (ledger.documents if ledger is not None else ()) if (item.kind, item.id) in wanted]


def _figures(subject: Subject, said: InvoiceIs, document: Document) -> Table:
    """Every figure, day and state that the step states, beside what the invoice has."""
    rows = [
        (name, money_text(should), money_text(found), apart_text(should, found))
        for name, should, found in (
            ("net", said.net, document.net),
            ("tax", said.tax, document.tax),
            ("total", said.total, document.total),
            ("open", said.open, document.open),
        )
        if should is not None
    ]
    for code, tax in said.tax_under:
        charged = Money(sum((g.tax.amount for g in document.taxes if g.code == code), Decimal(0)), tax.currency)
        rows.append((f"tax {code}", money_text(tax), money_text(charged), apart_text(tax, charged)))
    for name, day, other in (("dated", said.dated, document.date), ("due", said.due, document.due)):
        if day is not None:
            apart = f"{(other - day).days:+d} days" if other is not None and other != day else ""
            rows.append((name, str(day), str(other or "no day"), apart))
    if said.status is not None:
        true = states(subject.case, document)
        holds = said.status.replace("_", " ") in true
        rows.append(
            ("status", said.status, said.status if holds else ", ".join(sorted(true)), "" if holds else "another")
        )
    return Table(title=titled(document), columns=COLUMNS, rows=tuple(rows), right=_RIGHT)


def _lines(subject: Subject, document: Document, said: InvoiceIs | None) -> Iterator[Table]:
    """The lines beside those that the step states, or else those that the deal and the dictionary call for; the tax
    by code where it is not what they call for.
    """
    meant = _called_for(subject, document)
    if said is not None and said.lines is not None:
        should = [_stated(line) for line in said.lines]
        by = "as the step states them"
    elif meant is not None:
        should = [_meant(line.product, line.net, (line.account, line.tax_code)) for line in meant.lines]
        by = "as the deal and the dictionary call for them"
    else:
        return
    found = [line for number in range(len(document.lines)) if (line := _actual(subject, document, number)) is not None]
    rows = list(_beside(should, found, document.currency))
    if len(rows) > _LINES:
        rows = [*rows[:_LINES], (f"and {counted(len(rows) - _LINES, 'further line')}", "", "", "")]
    title = f"the lines of {titled(document)}, {by}"
    if any(row[3] for row in rows):
        yield Table(title=title, columns=COLUMNS, rows=tuple(rows), right=(3,))
    else:
        yield Table(title=title, columns=COLUMNS[:3], rows=tuple(row[:3] for row in rows))
    if meant is not None:
        yield from _taxes(document, {group.code: group.tax for group in meant.groups})


def _taxes(document: Document, should: Mapping[str, Decimal]) -> Iterator[Table]:
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for group in document.taxes:
        found[group.code] += group.tax.amount
    if {code: tax for code, tax in should.items() if tax} != {code: tax for code, tax in found.items() if tax}:
        before = [_Line(code, tax, "") for code, tax in should.items()]
        rows = tuple(_beside(before, [_Line(code, tax, "") for code, tax in found.items()], document.currency))
        title = f"the tax of {titled(document)} by code, as the dictionary calls for it"
        yield Table(title=title, columns=COLUMNS, rows=rows, right=_RIGHT)


def _called_for(subject: Subject, document: Document) -> ExpectedDocument | None:
    pairs = subject.case.scope.pairing.pairs
    return next((should for should, linked in pairs if linked.document.id == document.id), None)


def _stated(line: ExpectedLine) -> _Line:
    words = {"": "no {}", _ANY: "any {}"}
    parts = (
        words[part].format(name) if part in words else part
        for name, part in (("account", line.account), ("tax code", line.tax_code), ("cost centre", line.cost_centre))
        if part is not None
    )
    name = {None: "any product", "": "no product", _ANY: "any product"}.get(line.product, line.product)
    return _Line(name or "", line.net.amount if line.net is not None else None, ", ".join(parts))


def _meant(product: str, net: Decimal, words: Iterable[str]) -> _Line:
    return _Line(product, net, ", ".join(part for part in words if part))


def _actual(subject: Subject, document: Document, number: int) -> _Line | None:
    """A line of a document with account, tax code and cost centre; None for one that sells nothing."""
    line = document.lines[number]
    if line.kind not in {"item", "discount"}:
        return None
    net = line.amount.amount if line.kind == "item" else -line.amount.amount
    account = subject.case.scope.number_of(line.account) or subject.case.scope.account_label(line.account)
    code = document.tax_code if line.tax_code == "TAX" and document.tax_code else line.tax_code
    return _meant(
        line.item or line.description or line.kind, net, (account, code, line.cost_centre or document.cost_centre)
    )


def _beside(should: Sequence[_Line], found: Sequence[_Line], currency: str) -> Iterator[tuple[str, str, str, str]]:
    """Lines of one name and figure first, then those of one name, then whatever is left on either side."""
    rest = list(found)
    pairs: list[tuple[_Line, _Line | None]] = []
    for line in should:
        same_name = [each for each in rest if each.name == line.name]
        fitting = [each for each in same_name if line.net is None or each.net == line.net] or same_name
        if fitting:
            rest.remove(fitting[0])
        pairs.append((line, fitting[0] if fitting else None))
    for line, other in pairs:
        apart = ""
        if line.net is not None and other is not None and other.net is not None and other.net != line.net:
            apart = signed(Money(other.net - line.net, currency))
        yield line.name, _told(line, currency), _told(other, currency), apart if other is not None else "missing"
    for each in rest:
        yield each.name, "nothing", _told(each, currency), "not expected"


def _told(line: _Line | None, currency: str) -> str:
    if line is None:
        return "nothing"
    figure = money_text(Money(line.net, currency)) if line.net is not None else "any amount"
    return f"{figure}  {line.words}".rstrip()


def _found(documents: Sequence[Document]) -> Table:
    rows = tuple(
        (
            item.number or item.id,
            str(item.date),
            money_text(item.total),
            money_text(item.open),
            item.status.replace("_", " "),
        )
        for item in documents
    )
    none = (("none", "", "", "", ""),)
    columns = ("invoices found", "dated", "total", "open", "status")
    return Table(title="", columns=columns, rows=rows or none, right=(2, 3))


def _owed(subject: Subject, said: CustomerOwes) -> Iterator[Table]:
    """The open documents and the unapplied money that make what a customer owes."""
    party, ledger = subject.case.party(said.customer, said.amount.currency), subject.case.ledger
    if party is None or ledger is None:
        return
    rows = [
        (
            titled(item),
            str(item.date),
            money_text(item.total),
            money_text(item.open),
        )
        for item in ledger.documents
        if item.party == party.id and item.open and item.kind in DOCUMENTS
    ]
    rows += [
        (f"journal {item.entry}", str(item.date), money_text(item.amount), money_text(item.open))
        for item in ledger.open_items
        if item.party == party.id and item.open
    ]
    rows += [
        (f"payment {item.id}, unapplied", str(item.date), money_text(item.amount), money_text(-item.unapplied))
        for item in ledger.payments
        if item.party == party.id and item.kind == "customer" and item.unapplied
    ]
    nothing = [("nothing is open", "", "", "")]
    columns = ("what makes the balance", "dated", "amount", "open")
    yield Table(title="", columns=columns, rows=tuple(rows or nothing), right=(2, 3))


def _applied(subject: Subject) -> Iterator[Table]:
    """To which documents the payment was applied."""
    ledger = subject.case.ledger
    wanted = {thing.id for thing in subject.things if thing.kind == "payment"}
    if ledger is None:
        return
    for payment in ledger.payments:
        if payment.id in wanted:
            rows = [
                (subject.settled.get(i.document, f"record {i.document}"), money_text(i.amount))
                for i in payment.applications
            ]
            rows.append(("unapplied", money_text(payment.unapplied)))
            title = f"payment {payment.id} of {payment.date}, {money_text(payment.amount)}"
            yield Table(title=title, columns=("applied to", "amount"), rows=tuple(rows), right=(1,))
