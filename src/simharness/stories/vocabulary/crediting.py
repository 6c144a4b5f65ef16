"""What people tell the connector to take off an invoice: credit notes and write-offs, approved by somebody or not."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from simharness.core.money import Money, exponent
from simharness.domain.acts import ActRefused
from simharness.domain.books import Document
from simharness.domain.fact import CreditApproved, WriteOffApproved
from simharness.domain.policy import Rounding
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.owed import Owed, owed, wrong_reference
from simharness.stories.vocabulary.verb import Action, Sentence, Verb


class Credit(Action, frozen=True, kw_only=True):
    """A credit note, tax included. `lines` are the net amounts by line of the invoice, from 1, whose tax comes on top;
    without them all lines share in proportion. `before_tax`: tax comes on top of the amount at the rates of an invoice
    that bears them on all of it. `customer`: for whom whoever approves it takes the invoice to be.
    """

    credit: Money
    invoice_of: t.DealName | None = None
    nth: int = 1
    invoice: t.InvoiceNumber | None = None
    because: str = ""
    approved_by: str = ""
    lines: tuple[tuple[int, Money], ...] = ()
    before_tax: bool = False
    customer: t.CustomerName | None = None


class WriteOff(Action, frozen=True, kw_only=True):
    """What is open of an invoice, or part of it, is given up; tax included."""

    write_off: Money
    invoice_of: t.DealName | None = None
    nth: int = 1
    invoice: t.InvoiceNumber | None = None
    because: str
    approved_by: str = ""


def _credit(stage: Stage, p: Credit) -> None:
    invoice = _invoice(stage, p, "credit", p.credit)
    if invoice is None:
        return
    amount = _with_tax(stage, invoice.document, p.credit) if p.before_tax else p.credit
    args = {"invoice": invoice.number, "amount": str(amount.amount), "reason": p.because, "approver": p.approved_by}
    args |= _of_entity(stage, invoice)
    if p.lines:
        args["lines"] = ",".join(f"{position}={net.amount}" for position, net in p.lines)
    billed = invoice.customer
    customer = stage.cast.customers[p.customer or billed.name]
    if p.customer:
        args["customer"] = customer.company_id
    if not stage.instruct("credit", args):
        stage.impossible("the connector offers no act by which an invoice is credited", p.credit)
        return
    is_theirs = stage.cast.present(customer.name) == stage.cast.present(billed.name)
    stage.record(
        CreditApproved(
            **stage.mark,
            customer=customer.name,
            company_id=customer.company_id,
            deal=invoice.deal,
            invoice_number=invoice.number,
            amount=amount,
            reason=p.because,
            approver=p.approved_by,
            lines=p.lines,
            invoice_ordinal=p.nth,
            billed="" if is_theirs else billed.name,
        )
    )


def _with_tax(stage: Stage, invoice: Document, net: Money) -> Money:
    """So much of an invoice with the tax that its rates put on top; `ActRefused` where not all of it bears them."""
    if any(group.base != invoice.net for group in invoice.taxes):
        raise ActRefused(f"invoice {invoice.number} is not taxed alike in all its lines: credit lines of it")
    policy = stage.dictionary.policy
    how = ROUND_HALF_EVEN if policy.rounding is Rounding.HALF_EVEN else ROUND_HALF_UP
    coin = Decimal(1).scaleb(-exponent(net.currency))
    taxes = ((net.amount * group.percent / 100).quantize(coin, how) for group in invoice.taxes)
    return Money(net.amount + sum(taxes, Decimal(0)), net.currency)


def _write_off(stage: Stage, p: WriteOff) -> None:
    invoice = _invoice(stage, p, "write off", p.write_off)
    if invoice is None:
        return
    told = {"invoice": invoice.number, "amount": str(p.write_off.amount), "reason": p.because}
    args = {**told, "approver": p.approved_by, **_of_entity(stage, invoice)}
    if not stage.instruct("write_off", args):
        stage.impossible("the connector offers no act by which an invoice is written off", p.write_off)
        return
    stage.record(
        WriteOffApproved(
            **stage.mark,
            customer=invoice.customer.name,
            company_id=invoice.customer.company_id,
            deal=invoice.deal,
            invoice_number=invoice.number,
            amount=p.write_off,
            reason=p.because,
            approver=p.approved_by,
        )
    )


def _of_entity(stage: Stage, invoice: Owed) -> dict[str, str]:
    """In whose books: a number of an invoice says that only where one entity keeps books."""
    return {"entity": invoice.entity} if stage.is_group else {}


def _invoice(stage: Stage, p: Credit | WriteOff, what: str, amount: Money) -> Owed | None:
    """The invoice; None when the ledger has none, which is then recorded."""
    found = owed(stage, p.invoice_of, p.nth, p.invoice)
    if found is None:
        name = repr(p.invoice_of) if p.invoice_of is not None else f"number {p.invoice}"
        stage.impossible(f"nobody can {what} the invoice of {name}: the ledger has none", amount)
    return found


def _wrong(p: Credit | WriteOff, amount: Money) -> str | None:
    if amount.amount <= 0:
        return f"{amount} takes nothing off: it must be more than zero"
    if isinstance(p, Credit) and p.before_tax and p.lines:
        return "says before_tax, and the lines are before tax anyway: leave one of them out"
    return wrong_reference(p.invoice_of, p.invoice, p.nth)


VERBS = (
    Verb(
        name="crediting.credit",
        phases=("when",),
        heads=("credit",),
        params=Credit,
        sentences=(
            Sentence(pattern="a credit note of {money} is issued against {invoice}", binds=("credit", "invoice_of")),
            Sentence(
                pattern="a credit note of {money} before tax is issued against {invoice}",
                binds=("credit", "invoice_of"),
                fixed=(("before_tax", "true"),),
            ),
            Sentence(
                pattern="a credit note of {money} is issued against {invoice} for these lines:",
                binds=("credit", "invoice_of"),
                table="lines",
                columns=("line", "amount"),
            ),
            Sentence(
                pattern="a credit note of {money} is issued against {invoice} because {string}",
                binds=("credit", "invoice_of", "because"),
            ),
            Sentence(
                pattern="{string} approves a credit note of {money} against {invoice} because {string}",
                binds=("approved_by", "credit", "invoice_of", "because"),
            ),
            Sentence(
                pattern="{string} approves a credit note of {money} against {invoice} because {string} "
                "for these lines:",
                binds=("approved_by", "credit", "invoice_of", "because"),
                table="lines",
                columns=("line", "amount"),
            ),
        ),
        fact="CreditApproved",
        does=_credit,
        wrong=lambda p: _wrong(p, p.credit),
    ),
    Verb(
        name="crediting.write_off",
        phases=("when",),
        heads=("write_off",),
        params=WriteOff,
        sentences=(
            Sentence(
                pattern="{string} approves writing off {money} of {invoice} because {string}",
                binds=("approved_by", "write_off", "invoice_of", "because"),
            ),
            Sentence(
                pattern="{money} of {invoice} is written off because {string}",
                binds=("write_off", "invoice_of", "because"),
            ),
        ),
        fact="WriteOffApproved",
        does=_write_off,
        wrong=lambda p: _wrong(p, p.write_off),
    ),
)
