"""What people and other programs enter by hand: customers and invoices by the dictionary's names, and voids."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from simharness.core.clock import day_in
from simharness.core.money import Money
from simharness.domain.acts import ActRefused, EnterInvoice, EnterParty, InvoiceLine, VoidInvoice
from simharness.domain.events import InvoiceEntered, InvoiceVoided, PartySaved
from simharness_fakes.accounting import chart
from simharness_fakes.accounting.chart import Stamp
from simharness_fakes.accounting.documents import ItemLine, SaleDraft

if TYPE_CHECKING:
    from simharness_fakes.accounting.books import Books
    from simharness_fakes.accounting.masters import Register

T = TypeVar("T", bound=chart.Kept)


def enter_party(books: Books, act: EnterParty, by: Stamp) -> PartySaved:
    """A customer as somebody enters it; the ledger wants its name unique."""
    terms = _named(books.terms, act.terms, "terms").id if act.terms else ""
    record = chart.Customer(name=act.name, currency=act.currency, terms=terms, email=act.email, note=act.note)
    return PartySaved(party_id=books.customers.create(record, by).id)


def enter_invoice(books: Books, act: EnterInvoice, by: Stamp) -> InvoiceEntered:
    """An invoice whose tax the ledger calculates from the codes of its lines."""
    codes = [code for line in act.lines if (code := line.tax_code)]
    us = books.settings.tax_model == "us"
    if us and len(set(codes)) > 1:
        raise ActRefused(f"a document of this company bears one tax code, not {', '.join(sorted(set(codes)))}")
    draft = SaleDraft(
        customer=act.party_id,
        date=act.day or day_in(by.at, books.settings.time_zone),
        lines=tuple(_line(books, line, us=us) for line in act.lines),
        number=act.number,
        terms=_named(books.terms, act.terms, "terms").id if act.terms else "",
        currency=act.currency,
        tax_code=_named(books.tax_codes, codes[0], "tax code").id if us and codes else "",
        location=_coded(books.departments, act.location, "location").id if act.location else "",
        note=act.note,
        memo=act.memo,
    )
    sale = books.invoices.create(draft, by)
    return InvoiceEntered(
        invoice_id=sale.id,
        number=sale.number,
        net=Money(sale.net, sale.currency),
        total=Money(sale.total, sale.currency),
    )


def void_invoice(books: Books, act: VoidInvoice, by: Stamp) -> InvoiceVoided:
    """An invoice that is worth nothing from now on."""
    if books.invoices.find(act.invoice_id) is None:
        raise ActRefused(f"there is no invoice {act.invoice_id!r}")
    return InvoiceVoided(invoice_id=books.invoices.void(act.invoice_id, by).id)


def _line(books: Books, line: InvoiceLine, *, us: bool) -> ItemLine:
    code = line.tax_code
    return ItemLine(
        item=_named(books.items, line.product, "item").id,
        amount=line.amount.amount,
        quantity=line.quantity,
        unit_price=line.unit_price.amount if line.unit_price is not None else None,
        description=line.description or line.product,
        taxable=None if code is None or not us else bool(code),
        tax_code="" if us or not code else _named(books.tax_codes, code, "tax code").id,
        cost_centre=_coded(books.classes, line.cost_centre, "cost centre").id if line.cost_centre else "",
    )


def _named(register: Register[T], name: str, what: str) -> T:
    found = register.by_name(name)
    if found is None:
        raise ActRefused(f"the ledger has no {what} {name!r}")
    return found


def _coded(register: Register[T], code: str, what: str) -> T:
    """By finance's code where the ledger keeps it, else by name."""
    return next((each for each in register.all() if getattr(each, "code", "") == code), None) or _named(
        register, code, what
    )
