"""What people tell the connector to take off an invoice: credit notes and write-offs, approved by somebody or not."""

from __future__ import annotations

from simharness.core.money import Money
from simharness.domain.fact import CreditApproved, WriteOffApproved
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.verb import Action, Sentence, Verb


class Credit(Action, frozen=True, kw_only=True):
    """A credit note, tax included. `lines` are the net amounts by line of the invoice, from 1, whose tax comes on top;
    without them all lines share in proportion. `customer`: for whom whoever approves it takes the invoice to be.
    """

    credit: Money
    invoice_of: t.DealName
    nth: int = 1
    because: str
    approved_by: str = ""
    lines: tuple[tuple[int, Money], ...] = ()
    customer: t.CustomerName | None = None


class WriteOff(Action, frozen=True, kw_only=True):
    """What is open of an invoice, or part of it, is given up; tax included."""

    write_off: Money
    invoice_of: t.DealName
    nth: int = 1
    because: str
    approved_by: str = ""


def _credit(stage: Stage, p: Credit) -> None:
    number = _number(stage, p, "credit", p.credit)
    if not number:
        return
    args = {"invoice": number, "amount": str(p.credit.amount), "reason": p.because, "approver": p.approved_by}
    args |= _of_entity(stage, p)
    if p.lines:
        args["lines"] = ",".join(f"{position}={net.amount}" for position, net in p.lines)
    billed = stage.cast.customers[stage.cast.deals[p.invoice_of].customer]
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
            deal=p.invoice_of,
            invoice_number=number,
            amount=p.credit,
            reason=p.because,
            approver=p.approved_by,
            lines=p.lines,
            invoice_ordinal=p.nth,
            billed="" if is_theirs else billed.name,
        )
    )


def _write_off(stage: Stage, p: WriteOff) -> None:
    number = _number(stage, p, "write off", p.write_off)
    if not number:
        return
    args = {"invoice": number, "amount": str(p.write_off.amount), "reason": p.because, "approver": p.approved_by}
    args |= _of_entity(stage, p)
    if not stage.instruct("write_off", args):
        stage.impossible("the connector offers no act by which an invoice is written off", p.write_off)
        return
    customer = stage.cast.customers[stage.cast.deals[p.invoice_of].customer]
    stage.record(
        WriteOffApproved(
            **stage.mark,
            customer=customer.name,
            company_id=customer.company_id,
            deal=p.invoice_of,
            invoice_number=number,
            amount=p.write_off,
            reason=p.because,
            approver=p.approved_by,
        )
    )


def _of_entity(stage: Stage, p: Credit | WriteOff) -> dict[str, str]:
    """In whose books: a number of an invoice says that only where one entity keeps books."""
    return {"entity": stage.entity_of(p.invoice_of)} if stage.is_group else {}


def _number(stage: Stage, p: Credit | WriteOff, what: str, amount: Money) -> str:
    """The invoice's number; "" when the ledger has none, which is then recorded."""
    number = stage.invoice_number(p.invoice_of, p.nth)
    if not number:
        stage.impossible(f"nobody can {what} the invoice of {p.invoice_of!r}: the ledger has none", amount)
    return number


def _wrong(nth: int, amount: Money) -> str | None:
    if amount.amount <= 0:
        return f"{amount} takes nothing off: it must be more than zero"
    return "nth counts from 1" if nth < 1 else None


VERBS = (
    Verb(
        name="crediting.credit",
        phases=("when",),
        heads=("credit",),
        params=Credit,
        sentences=(
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
        wrong=lambda p: _wrong(p.nth, p.credit),
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
        wrong=lambda p: _wrong(p.nth, p.write_off),
    ),
)
