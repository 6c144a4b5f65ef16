"""How the tax of a document came about: the base, the rate of each authority, and where it was rounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from simharness.core.money import Money
from simharness.domain.books import Document, TaxGroup
from simharness.domain.expectation import InvoiceIs
from simharness.domain.policy import TaxPolicy
from simharness.report.explaining.explanation import Table
from simharness.report.explaining.figures import less
from simharness.report.explaining.subject import Subject, titled
from simharness.report.words import money_text

_COLUMNS = ("", "base", "rate", "base times rate", "tax")
_RIGHT = (1, 2, 3, 4)
_HUNDRED = Decimal(100)
_ROUNDED: Mapping[TaxPolicy, str] = MappingProxyType(
    {
        TaxPolicy.PER_COMPONENT: "rounded for each authority by itself",
        TaxPolicy.PER_GROUP: "rounded once for all authorities of a tax code",
        TaxPolicy.PER_LINE: "rounded on every line",
    }
)
#: An open balance that is less than this apart may be apart by what was rounded, also on the credit notes.
_SMALL = Decimal(1)


def tax_tables(subject: Subject, said: InvoiceIs, document: Document) -> Iterator[Table]:
    """The tax of an invoice whose tax or total is another than stated; nothing for one without tax."""
    stated = [(said.total, document.total), (said.tax, document.tax)]
    for code, tax in said.tax_under:
        charged = (group.tax.amount for group in document.taxes if group.code == code)
        stated.append((tax, Money(sum(charged, Decimal(0)), document.currency)))
    if any(should is not None and should != found for should, found in stated):
        yield from _of(subject, document)
    elif said.open is not None and said.open != document.open:
        apart = less(document.open, said.open)
        if apart is not None and abs(apart.amount) < _SMALL:
            notes = subject.case.documents(said.invoice.deal, "credit_memo") if said.invoice.deal else []
            for each in (document, *(item.document for item in notes)):
                yield from _of(subject, each)


def _of(subject: Subject, document: Document) -> Iterator[Table]:
    groups = document.taxes
    if not groups or document.tax_overridden:
        return
    rows = [_row(group.rate.removeprefix(group.code).strip() or group.rate or group.code, [group]) for group in groups]
    for code in dict.fromkeys(group.code for group in groups):
        parts = [group for group in groups if group.code == code]
        if len(parts) > 1 and len({part.base for part in parts}) == 1:
            rows.append(_row(f"together {code}".strip(), parts))
    how = _ROUNDED[subject.case.scope.book.tax_policy.tax]
    yield Table(title=f"the tax of {titled(document)}, {how}", columns=_COLUMNS, rows=tuple(rows), right=_RIGHT)


def _row(name: str, parts: Sequence[TaxGroup]) -> tuple[str, ...]:
    """A rate on its base, or several rates on the same base."""
    base = parts[0].base
    percent = sum((part.percent for part in parts), Decimal(0))
    tax = sum((part.tax for part in parts), Money.zero(base.currency))
    exact = money_text(Money(base.amount * percent / _HUNDRED, base.currency))
    return name, money_text(base), f"{percent.normalize():f} %", exact, money_text(tax)
