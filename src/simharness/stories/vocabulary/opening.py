"""What the books hold before the story begins: invoices that nobody paid yet, of deals that no CRM remembers."""

from __future__ import annotations

from datetime import date

from simharness.core.money import Money
from simharness.domain import events
from simharness.domain.acts import EnterInvoice, EnterParty, InvoiceLine
from simharness.domain.fact import InvoiceEntered
from simharness.stories.cast import Customer, OpenInvoice
from simharness.stories.locate import note_of
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.selling import known_customer
from simharness.stories.vocabulary.verb import Action, Sentence, Verb

#: The name under which people write by hand into the ledger.
BOOKKEEPER = "bookkeeper"


class OwedBefore(Action, frozen=True, kw_only=True):
    """An invoice over an amount, its tax settled long ago, stands open in the ledger. Its customer is entered in the
    CRM as well where there is none; `dated` is today unless said, and it is due by the customer's terms.
    """

    unpaid_invoice: t.NewInvoice
    amount: Money
    customer: t.AnyCustomer
    dated: date | None = None
    product: t.Product | None = None
    cost_centre: t.CostCentre | None = None


def _owed_before(stage: Stage, p: OwedBefore) -> None:
    known_customer(stage, p.customer)
    customer = stage.cast.present(p.customer)
    product = p.product or stage.dictionary.products[0].name
    act = EnterInvoice(
        party_id=stage.party_id(customer.name) or _party(stage, customer),
        lines=(
            InvoiceLine(product=product, amount=p.amount, tax_code=_untaxed(stage), cost_centre=p.cost_centre or ""),
        ),
        day=p.dated or stage.today,
        currency=p.amount.currency if p.amount.currency != stage.dictionary.currency else "",
        number=p.unpaid_invoice,
        terms=customer.terms,
    )
    entered = stage.only(stage.operate("accounting", act, BOOKKEEPER), events.InvoiceEntered)
    number = entered.number or p.unpaid_invoice
    stage.cast.invoices[p.unpaid_invoice] = OpenInvoice(
        number=number, invoice_id=entered.invoice_id, customer=customer.name, amount=p.amount
    )
    stage.record(
        InvoiceEntered(
            **stage.mark,
            by=BOOKKEEPER,
            deal="",
            deal_id="",
            customer=customer.name,
            company_id=customer.company_id,
            invoice_id=entered.invoice_id,
            invoice_number=number,
            dated=p.dated or stage.today,
            net=entered.net,
            total=entered.total,
        )
    )


def _untaxed(stage: Stage) -> str:
    """The code of what bears no tax, which ledgers with codes on their lines want to be told; "" where lines bear none.

    The tax of such an invoice was settled long ago: what is open of it is an amount and no base of tax.
    """
    if stage.dictionary.policy.tax_model == "us":
        return ""
    codes = {code.kind: code.name for code in stage.dictionary.tax_codes}
    return codes.get("out_of_scope") or codes.get("exempt") or ""


def _party(stage: Stage, customer: Customer) -> str:
    """The customer of that name in the ledger, or a new one that the connector knows for the CRM's."""
    ledger = stage.world.snapshot().ledger(stage.entity)
    name, note = customer.current_name, note_of(stage.connector.info, "customer", customer.company_id)
    found = next((party for party in ledger.parties if party.name == name), None) if ledger is not None else None
    if found is not None:
        return found.id
    entered = stage.operate("accounting", EnterParty(name=name, terms=customer.terms, note=note), BOOKKEEPER)
    return stage.only(entered, events.PartySaved).party_id


def _wrong(p: OwedBefore) -> str | None:
    return f"{p.amount} is not owed: it must be more than zero" if p.amount.amount <= 0 else None


VERBS = (
    Verb(
        name="invoicing.unpaid_invoice",
        phases=("given",),
        heads=("unpaid_invoice",),
        params=OwedBefore,
        sentences=(
            Sentence(
                pattern="an unpaid invoice {string} of {money} for {string}",
                binds=("unpaid_invoice", "amount", "customer"),
            ),
        ),
        fact="InvoiceEntered",
        does=_owed_before,
        wrong=_wrong,
    ),
)
