"""What is said about invoices and credit memos."""

from __future__ import annotations

from datetime import date

from simharness.core.money import Money
from simharness.domain.base import Record
from simharness.domain.expectation import CustomerOwes, ExpectedLine, InvoiceCount, InvoiceIs, InvoiceRef
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.verb import Claim, Sentence, Verb
from simharness.stories.words import Cell


class LineClaim(Record, frozen=True, kw_only=True):
    """One line an invoice must have, in any order; what is not said is not checked, "" says that there is none, and `*`
    that there is one.
    """

    product: t.ProductCell | None = None
    net: Money | Cell | None = None
    account: t.AccountCell | None = None
    tax_code: str | Cell | None = None
    cost_centre: t.CostCentreCell | None = None


class InvoiceClaim(Claim, frozen=True, kw_only=True):
    """Figures and state of an invoice or a credit memo.

    It is named by its deal (`nth` counts a deal's documents of one kind from 1) or by its number in the ledger.
    """

    invoice_of: t.DealName | None = None
    credit_memo_of: t.DealName | None = None
    invoice: str | None = None
    nth: int = 1
    net: Money | None = None
    tax: Money | None = None
    total: Money | None = None
    open: Money | None = None
    status: t.Status | None = None
    due: date | None = None
    dated: date | None = None
    lines: tuple[LineClaim, ...] | None = None
    tax_under: tuple[tuple[t.TaxCodeName, Money], ...] = ()


class CountClaim(Claim, frozen=True, kw_only=True):
    """How many invoices a deal has; credit memos do not count."""

    invoices_of: t.DealName
    count: int


class NoInvoiceClaim(Claim, frozen=True, kw_only=True):
    """A deal has no invoice at all."""

    no_invoice_of: t.DealName


class OwesClaim(Claim, frozen=True, kw_only=True):
    """What a customer owes: open invoices less unapplied payments and credits."""

    customer: t.CustomerName
    owes: Money


def _invoice_is(stage: Stage, p: InvoiceClaim) -> None:
    lines = None
    if p.lines is not None:
        lines = tuple(
            ExpectedLine(
                product=_said(line.product),
                net=line.net if isinstance(line.net, Money) else None,
                account=_said(line.account),
                tax_code=_said(line.tax_code),
                cost_centre=_said(line.cost_centre),
            )
            for line in p.lines
        )
    stage.expect(
        InvoiceIs(
            **stage.claim,
            invoice=InvoiceRef(
                deal=p.invoice_of or p.credit_memo_of or "",
                ordinal=p.nth,
                number=p.invoice or "",
                kind="credit_memo" if p.credit_memo_of else "invoice",
            ),
            net=p.net,
            tax=p.tax,
            total=p.total,
            open=p.open,
            status=p.status,
            due=p.due,
            dated=p.dated,
            lines=lines,
            tax_under=p.tax_under,
        )
    )


def _said(cell: str | Cell | None) -> str | None:
    return cell.value if isinstance(cell, Cell) else cell


def _wrong_invoice(p: InvoiceClaim) -> str | None:
    if p.nth < 1:
        return "nth counts from 1"
    if any(line.net is Cell.EMPTY for line in p.lines or ()):
        return "every line of an invoice has a net amount: write it, * for any, or ~ if it is not to be checked"
    stated = (p.net, p.tax, p.total, p.open, p.status, p.due, p.dated, p.lines, p.tax_under or None)
    if all(value is None for value in stated):
        return "says nothing about the document: give net, tax, total, open, status, due, dated, lines or tax_under"
    return None


def _count(stage: Stage, p: CountClaim) -> None:
    stage.expect(InvoiceCount(**stage.claim, deal=p.invoices_of, count=p.count))


def _no_invoice(stage: Stage, p: NoInvoiceClaim) -> None:
    stage.expect(InvoiceCount(**stage.claim, deal=p.no_invoice_of, count=0))


def _owes(stage: Stage, p: OwesClaim) -> None:
    stage.expect(CustomerOwes(**stage.claim, customer=p.customer, amount=p.owes))


VERBS = (
    Verb(
        name="invoicing.invoice_is",
        phases=("then",),
        heads=("invoice_of", "credit_memo_of", "invoice"),
        params=InvoiceClaim,
        sentences=(
            Sentence(pattern="{invoice} nets {money}", binds=("invoice", "net")),
            Sentence(pattern="{invoice} totals {money}", binds=("invoice", "total")),
            Sentence(pattern="{invoice} has {money} open", binds=("invoice", "open")),
            Sentence(pattern="{invoice} is due on {date}", binds=("invoice", "due")),
            Sentence(pattern="{invoice} is dated {date}", binds=("invoice", "dated")),
            Sentence(pattern="{invoice} is {invoice_status}", binds=("invoice", "status")),
            Sentence(pattern="{invoice} has these lines:", binds=("invoice",), table="lines"),
            Sentence(pattern="{invoice} carries {money} of tax", binds=("invoice", "tax")),
            Sentence(
                pattern="{invoice} carries {money} of tax under {string}", binds=("invoice", "tax_under", "tax_under")
            ),
        ),
        fact="InvoiceIs",
        does=_invoice_is,
        wrong=_wrong_invoice,
    ),
    Verb(
        name="invoicing.count",
        phases=("then",),
        heads=("invoices_of",),
        params=CountClaim,
        sentences=(Sentence(pattern="deal {string} has exactly {int} invoice(s)", binds=("invoices_of", "count")),),
        fact="InvoiceCount",
        does=_count,
    ),
    Verb(
        name="invoicing.none",
        phases=("then",),
        heads=("no_invoice_of",),
        params=NoInvoiceClaim,
        sentences=(Sentence(pattern="deal {string} has no invoice", binds=("no_invoice_of",)),),
        fact="InvoiceCount",
        does=_no_invoice,
    ),
    Verb(
        name="invoicing.customer_owes",
        phases=("then",),
        heads=("customer",),
        params=OwesClaim,
        sentences=(Sentence(pattern="customer {string} owes {money}", binds=("customer", "owes")),),
        fact="CustomerOwes",
        does=_owes,
    ),
)
