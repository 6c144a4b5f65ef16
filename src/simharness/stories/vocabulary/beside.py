"""What other programs than the connector do: a billing system, a native sync of CRM and ledger, and who mends it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Annotated

from simharness.core.clock import day_in
from simharness.domain import events
from simharness.domain.acts import EnterInvoice, EnterParty, VoidInvoice
from simharness.domain.books import Document, LedgerSnapshot
from simharness.domain.crm import DealLine
from simharness.domain.dictionary import Dictionary
from simharness.domain.fact import InvoiceEntered, InvoiceVoided
from simharness.stories import paperwork
from simharness.stories.cast import Deal
from simharness.stories.locate import invoices_of
from simharness.stories.stage import Stage
from simharness.stories.vocabulary import terms as t
from simharness.stories.vocabulary.crm import Line, deal_lines
from simharness.stories.vocabulary.verb import Action, Sentence, Verb

#: The names under which the programs write, and the beginnings of their own numbers.
BILLING, SYNC = "billing", "native-sync"
_SERIES: Mapping[str, str] = MappingProxyType({BILLING: "BS-", SYNC: "HS-"})
_FIRST_NUMBER = 1001
#: How they name the CRM's records in the notes of theirs.
_DEAL, _COMPANY = "HubSpot deal {}", "HubSpot company {}"

Copied = Annotated[str, t.OneOf(paperwork.WORDS, "thing that a native sync copies")]
Writer = Annotated[str, t.OneOf((BILLING, SYNC, "connector"), "writer of invoices")]


class BillingInvoices(Action, frozen=True, kw_only=True):
    """The billing system writes the invoice of a deal into the ledger; `lines` if it bills something else than that."""

    billing_system_invoices: t.DealName
    dated: date | None = None
    lines: tuple[Line, ...] | None = None


class SyncRuns(Action, frozen=True, kw_only=True):
    """The native sync writes an invoice of every won deal that it has not written one of, and copies what is listed."""

    native_sync_copies: tuple[Copied, ...]


class VoidAnInvoice(Action, frozen=True, kw_only=True):
    """A bookkeeper voids the invoice of a deal that somebody wrote."""

    invoice_voided: t.DealName
    written_by: Writer


def _billing(stage: Stage, p: BillingInvoices) -> None:
    deal = stage.cast.deals[p.billing_system_invoices]
    lines = deal.lines if p.lines is None else deal_lines(stage, p.lines)
    _write(stage, deal, BILLING, paperwork.WORDS, lines=lines, day=p.dated or _today(stage, deal))


def _sync(stage: Stage, p: SyncRuns) -> None:
    crm = stage.world.snapshot().crm
    won = {each.id for each in crm.deals if each.stage == "won"} if crm is not None else set()
    for deal in stage.cast.deals.values():
        done = {each.note for each in _ledger(stage, deal).documents if each.created_by == SYNC}
        if deal.deal_id in won and _DEAL.format(deal.deal_id) not in done:
            _write(stage, deal, SYNC, p.native_sync_copies, lines=deal.lines, day=_today(stage, deal))


def _write(stage: Stage, deal: Deal, by: str, copies: Iterable[str], *, lines: tuple[DealLine, ...], day: date) -> None:
    customer = stage.cast.present(deal.customer)
    paper = paperwork.paper_of(deal, customer, _books(stage, deal), day, copies, lines)
    complete = by == BILLING
    crm = stage.world.snapshot().crm
    found = next((each for each in crm.deals if each.id == deal.deal_id), None) if crm is not None else None
    act = EnterInvoice(
        party_id=_party(stage, deal, customer.company_id, customer.current_name, by),
        lines=paper.lines,
        day=day,
        currency=lines[0].unit_price.currency if lines else "",
        number=_next_number(stage, deal, by),
        terms=customer.terms if paperwork.TERMS in copies else "",
        location=found.location if complete and found is not None else "",
        note=_DEAL.format(deal.deal_id),
        memo=paper.memo,
        entity=_books(stage, deal).entity,
    )
    entered = stage.only(stage.operate("accounting", act, by), events.InvoiceEntered)
    stage.record(
        InvoiceEntered(
            **stage.mark,
            by=by,
            deal=deal.name,
            deal_id=deal.deal_id,
            customer=customer.name,
            company_id=customer.company_id,
            invoice_id=entered.invoice_id,
            invoice_number=entered.number,
            dated=day,
            net=entered.net,
            total=entered.total,
        )
    )


def _party(stage: Stage, deal: Deal, company_id: str, name: str, by: str) -> str:
    """The customer that the program finds by its own note or by the name, or else makes."""
    note = _COMPANY.format(company_id)
    parties = _ledger(stage, deal).parties
    for found in (*(each for each in parties if each.note == note), *(each for each in parties if each.name == name)):
        return found.id
    act = EnterParty(name=name, note=note, entity=_books(stage, deal).entity)
    return stage.only(stage.operate("accounting", act, by), events.PartySaved).party_id


def _next_number(stage: Stage, deal: Deal, by: str) -> str:
    written = sum(1 for each in _ledger(stage, deal).documents if each.number.startswith(_SERIES[by]))
    return f"{_SERIES[by]}{_FIRST_NUMBER + written}"


def _void(stage: Stage, p: VoidAnInvoice) -> None:
    deal = stage.cast.deals[p.invoice_voided]
    found = next((each for each in _invoices(stage, deal) if each.created_by == p.written_by), None)
    if found is None:
        stage.impossible(f"nobody can void the invoice of {deal.name!r} by {p.written_by}: the ledger has none")
        return
    stage.operate("accounting", VoidInvoice(invoice_id=found.id, entity=_books(stage, deal).entity), "bookkeeper")
    stage.record(
        InvoiceVoided(
            **stage.mark,
            by=p.written_by,
            deal=deal.name,
            deal_id=deal.deal_id,
            invoice_id=found.id,
            invoice_number=found.number or found.id,
        )
    )


def _invoices(stage: Stage, deal: Deal) -> tuple[Document, ...]:
    return invoices_of(_ledger(stage, deal), stage.connector.info, deal.deal_id)


def _books(stage: Stage, deal: Deal) -> Dictionary:
    """Whose books a deal belongs into: the programs write where it was sold."""
    return stage.books_of(deal.entity)


def _today(stage: Stage, deal: Deal) -> date:
    return day_in(stage.world.clock.now, _books(stage, deal).time_zone)


def _ledger(stage: Stage, deal: Deal) -> LedgerSnapshot:
    found = stage.world.snapshot().ledger(_books(stage, deal).entity)
    assert found is not None, "the world was furnished with a ledger"  # noqa: S101 - says so to the type checker
    return found


VERBS = (
    Verb(
        name="beside.billing_system_invoices",
        phases=("given", "when"),
        heads=("billing_system_invoices",),
        params=BillingInvoices,
        sentences=(
            Sentence(pattern="the billing system invoices the deal {string}", binds=("billing_system_invoices",)),
            Sentence(
                pattern="the billing system invoices the deal {string} with these lines:",
                binds=("billing_system_invoices",),
                table="lines",
            ),
        ),
        fact="InvoiceEntered",
        does=_billing,
    ),
    Verb(
        name="beside.native_sync_runs",
        phases=("given", "when"),
        heads=("native_sync_copies",),
        params=SyncRuns,
        sentences=(Sentence(pattern="the native sync runs and copies {string}", binds=("native_sync_copies",)),),
        fact="InvoiceEntered",
        does=_sync,
    ),
    Verb(
        name="beside.invoice_voided",
        phases=("when",),
        heads=("invoice_voided",),
        params=VoidAnInvoice,
        sentences=(
            Sentence(
                pattern="a bookkeeper voids the invoice of {string} that {string} wrote",
                binds=("invoice_voided", "written_by"),
            ),
        ),
        fact="InvoiceVoided",
        does=_void,
    ),
)
