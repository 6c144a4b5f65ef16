"""The chain of what a finding is about: deal, invoices and credit notes, payments, journal lines, metric."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from decimal import Decimal

from simharness.checks.findings import figure
from simharness.checks.listed import ids as ids_of
from simharness.core.money import Money
from simharness.domain.books import Document, Entry, Payment
from simharness.domain.expectation import MetricIs
from simharness.domain.fact import CustomerPaid, DealEntered, DealWon, PaymentDisputed, PaymentRefunded
from simharness.domain.payroll_facts import PayrollRun
from simharness.report.explaining.accounts import entry_label
from simharness.report.explaining.explanation import Chain, Link
from simharness.report.explaining.instructions import not_made, turned_away, write_offs
from simharness.report.explaining.subject import Subject, titled
from simharness.report.words import counted, money_text

#: What is said of metrics where there was no look at BI.
UNASKED = "BI was not asked for any up to this step"
#: So many deals are told of, and so many journals and metrics of each.
DEALS = 2
_JOURNALS = 8
_METRICS = 3


def chains(subject: Subject) -> Iterator[Chain]:
    """A chain for each deal, payment without deal, or payroll that is concerned."""
    for deal_id in subject.deals[:DEALS]:
        yield _of_deal(subject.within(deal_id), deal_id)
    if len(subject.deals) > DEALS:
        more = counted(len(subject.deals) - DEALS, "further deal")
        yield Chain(about=f"and {more} of the story", links=())
    if not subject.deals:
        for fact in subject.charges[:DEALS]:
            yield _of_payment(subject, fact)
        for run in subject.payrolls[:DEALS]:
            yield _of_payroll(subject, run)


def sources(subject: Subject, deal_id: str) -> frozenset[str]:
    """The ids, in the source systems, of a deal, its customer, and of its payments with their fees and refunds."""
    deal = subject.pages.deals[deal_id]
    charges = {fact.charge_id for fact in _paid(subject, deal)}
    return frozenset({deal_id, deal.company_id}) | sources_of_charges(subject, charges)


def sources_of_charges(subject: Subject, charges: Set[str]) -> frozenset[str]:
    """The ids of charges, their fees, and their refunds and disputes."""
    gateway = subject.case.scope.gateway
    if gateway is None:
        return frozenset(charges)
    back = {each.id for each in gateway.refunds if each.charge in charges}
    back |= {each.id for each in gateway.disputes if each.charge in charges}
    return frozenset(charges | back | {line.id for line in gateway.balance_lines if line.source in charges | back})


def records(subject: Subject, deal_id: str) -> frozenset[tuple[str, str]]:
    """Kind and id of everything in the ledger that the chain of a deal is made of, but for what only names a charge."""
    deal = subject.pages.deals[deal_id]
    documents = [item.document for kind in ("invoice", "credit_memo") for item in subject.case.documents(deal_id, kind)]
    found = {(item.kind, item.id) for item in documents}
    found |= {("payment", item.id) for item in _payments(subject, _paid(subject, deal), documents)}
    return frozenset(found | {(entry.source, entry.source_id or entry.id) for entry in write_offs(subject, deal)})


def _of(source: str) -> frozenset[str]:
    """The ids that a source of evidence may mean, without what tells its versions apart."""
    found = frozenset(ids_of(source))
    return found | {each.partition(":")[0] for each in found}


def _of_deal(subject: Subject, deal_id: str) -> Chain:
    deal = subject.pages.deals[deal_id]
    invoices = [item.document for item in subject.case.documents(deal_id, "invoice")]
    credits_ = [item.document for item in subject.case.documents(deal_id, "credit_memo")]
    paid = _paid(subject, deal)
    payments = _payments(subject, paid, [*invoices, *credits_])
    ids = sources(subject, deal_id) - {deal_id, deal.company_id}
    gone = frozenset(entry.id for entry in write_offs(subject, deal))
    links = [
        _deal(subject, deal),
        *_invoices(subject, deal, invoices),
        *(Link(noun="credit note", text=_document(document)) for document in credits_),
        *not_made(subject, deal, credits_),
        *_payment_links(subject, paid, payments),
        *_journals(subject, [*invoices, *credits_], payments, ids, gone),
        *_metrics(subject, invoices),
    ]
    return Chain(about=f"deal {deal.deal!r}", links=tuple(links))


def _deal(subject: Subject, fact: DealEntered) -> Link:
    checkpoint = subject.case.scope.checkpoint
    crm = checkpoint.world.crm if checkpoint is not None else None
    deal = next((each for each in (crm.deals if crm is not None else ()) if each.id == fact.deal_id), None)
    lines = deal.lines if deal is not None else fact.lines
    listed = sum((line.quantity * line.unit_price.amount for line in lines), Decimal(0))
    total = money_text(Money(listed, fact.currency))
    won = next((w.on for w in subject.facts if isinstance(w, DealWon) and w.deal_id == fact.deal_id), None)
    parts = [f"{fact.deal} of {fact.customer}, {counted(len(lines), 'line')}, {total} at list price"]
    parts.append(f"won on {won}" if won is not None else "not won")
    if deal is not None and deal.billing_status:
        open_ = f", {money_text(deal.outstanding)} outstanding" if deal.outstanding is not None else ""
        parts.append(f"the CRM shows {deal.billing_status}{open_}")
    if deal is None and crm is not None:
        return Link(noun="deal", text=f"{fact.deal} is not in the CRM", is_missing=True)
    return Link(noun="deal", text="; ".join(parts))


def _invoices(subject: Subject, deal: DealEntered, invoices: Sequence[Document]) -> Iterator[Link]:
    for document in invoices:
        yield Link(noun="invoice", text=_document(document))
    if not invoices:
        won = any(isinstance(fact, DealWon) and fact.deal_id == deal.deal_id for fact in subject.facts)
        why = turned_away(subject, lambda source: not _of(source).isdisjoint({deal.deal_id, deal.company_id}))
        text = f"no invoice in the ledger names this deal{why}" if won else "none, since the deal is not won"
        yield Link(noun="invoice", text=text, is_missing=won)


def _document(document: Document) -> str:
    figures = ", ".join(
        f"{name} {money_text(amount)}"
        for name, amount in (("net", document.net), ("tax", document.tax), ("total", document.total))
    )
    status = "" if document.status == "open" else f", {document.status.replace('_', ' ')}"
    return f"{document.number or document.id} of {document.date}: {figures}; {money_text(document.open)} open{status}"


def _paid(subject: Subject, deal: DealEntered) -> list[CustomerPaid]:
    return [fact for fact in subject.facts if isinstance(fact, CustomerPaid) and fact.deal == deal.deal]


def _payments(subject: Subject, paid: Iterable[CustomerPaid], documents: Iterable[Document]) -> list[Payment]:
    """The ledger's payments of these charges, and those that settle these documents."""
    ledger = subject.case.ledger
    ids = {item.id for item in documents}
    of_charges = {p.id for fact in paid for p in subject.case.scope.links.payments_of.get(fact.charge_id, ())}
    return [
        payment
        for payment in (ledger.payments if ledger is not None else ())
        if payment.status != "void"
        and (payment.id in of_charges or any(item.document in ids for item in payment.applications))
    ]


def _payment_links(subject: Subject, paid: Sequence[CustomerPaid], payments: Sequence[Payment]) -> Iterator[Link]:
    of = subject.case.scope.links.payments_of
    told: set[str] = set()
    for fact in paid:
        head = f"{fact.payment or fact.charge_id}, {money_text(fact.amount)} by {fact.method} on {fact.on}"
        mine = of.get(fact.charge_id, [])
        told |= {payment.id for payment in mine}
        if not mine:
            yield Link(noun="payment", text=f"{head}: not in the ledger", is_missing=True)
        for payment in mine:
            yield Link(noun="payment", text=f"{head}: {_applied(subject, payment)}")
        yield from _back(subject, fact)
    for payment in payments:
        if payment.id not in told:
            head = f"{money_text(payment.amount)} of {payment.date}" if payment.amount else f"of {payment.date}"
            yield Link(noun="payment", text=f"{head}: {_applied(subject, payment)}")
    if not paid and not payments:
        yield Link(noun="payment", text="none: nobody paid so far")


def _applied(subject: Subject, payment: Payment) -> str:
    parts = [
        f"{money_text(item.amount)} on {subject.settled.get(item.document, f'record {item.document}')}"
        for item in payment.applications
    ]
    if payment.unapplied:
        parts.append(f"{money_text(payment.unapplied)} unapplied")
    return f"payment {payment.id} in the ledger, {', '.join(parts) or 'applied to nothing'}"


def _back(subject: Subject, paid: CustomerPaid) -> Iterator[Link]:
    for fact in subject.facts:
        if isinstance(fact, PaymentRefunded) and fact.charge_id == paid.charge_id:
            yield _refund(subject, fact)
        elif isinstance(fact, PaymentDisputed) and fact.charge_id == paid.charge_id:
            what = "sent back by the bank" if fact.is_return else "disputed"
            yield Link(noun="dispute", text=f"{money_text(fact.amount)} {what} on {fact.on}")


def _refund(subject: Subject, fact: PaymentRefunded) -> Link:
    text = f"{money_text(fact.amount)} on {fact.on}, {fact.reason}"
    if _is_posted(subject, fact.refund_id):
        return Link(noun="refund", text=text)
    why = turned_away(subject, lambda source: fact.refund_id in _of(source), fact.amount)
    return Link(noun="refund", text=f"{text}: nothing in the ledger names it{why}", is_missing=not why)


def _is_posted(subject: Subject, refund_id: str) -> bool:
    """Whether an entry names a refund, by itself or by its line of the balance; true where no connector would say."""
    scope = subject.case.scope
    if not scope.references.declares("refund"):
        return True
    lines = scope.gateway.balance_lines if scope.gateway is not None else ()
    ids = {refund_id} | {line.id for line in lines if line.source == refund_id}
    return any(id in ids for _, id in scope.effects.of)


def _journals(
    subject: Subject,
    documents: Sequence[Document],
    payments: Sequence[Payment],
    ids: frozenset[str],
    further: frozenset[str] = frozenset(),
) -> Iterator[Link]:
    """What was posted for these documents and payments, under the names of these sources, and further entries."""
    ledger = subject.case.ledger
    wanted = {(item.kind, item.id) for item in documents} | {("payment", item.id) for item in payments}
    named = further | {
        effect.entry.id for (_, id), found in subject.case.scope.effects.of.items() if id in ids for effect in found
    }
    entries = [
        entry
        for entry in (ledger.entries if ledger is not None else ())
        if (entry.source, entry.source_id) in wanted or entry.id in named
    ]
    yield from _entries(subject, sorted(entries, key=lambda entry: entry.date))
    posted = {(entry.source, entry.source_id) for entry in entries}
    for item in documents:
        if item.total and (item.kind, item.id) not in posted:
            text = f"nothing is posted for {titled(item)}"
            yield Link(noun="journal", text=text, is_missing=True)
    if not entries and not documents:
        yield Link(noun="journal", text="nothing is posted", is_missing=True)


def _entries(subject: Subject, entries: Sequence[Entry]) -> Iterator[Link]:
    for entry in entries[:_JOURNALS]:
        yield Link(noun="journal", text=_entry(subject, entry))
    if len(entries) > _JOURNALS:
        yield Link(noun="journal", text=f"and {counted(len(entries) - _JOURNALS, 'further entry', 'further entries')}")


def _entry(subject: Subject, entry: Entry) -> str:
    sides = []
    for word, is_debit in (("debit", True), ("credit", False)):
        sums: dict[str, Decimal] = {}
        for line in entry.lines:
            if line.amount and (line.amount.amount > 0) == is_debit:
                sums[line.account] = sums.get(line.account, Decimal(0)) + abs(line.amount.amount)
        told = ", ".join(f"{subject.case.scope.account_label(key)} {value:,}" for key, value in sums.items())
        sides += [f"{word} {told}"] if told else []
    return f"{entry_label(subject, entry)}: {'; '.join(sides) or 'nothing'}"


def _metrics(subject: Subject, invoices: Sequence[Document]) -> Iterator[Link]:
    """The metric that the finding is about, else those of the months in which the deal was billed."""
    said, reading = subject.said, subject.case.judged.reading(subject.case.expectation.step)
    if isinstance(said, MetricIs):
        by = f" by {said.by.replace('_', ' ')} {said.key}" if said.by else ""
        shown = subject.finding.actual or "nothing"
        text = f"{said.metric} of {said.period}{by}: BI shows {shown}, the step says {figure(said.value, said.unit)}"
        yield Link(noun="metric", text=text, is_missing=shown == "nothing")
        return
    if reading is None:
        yield Link(noun="metric", text=UNASKED)
        return
    months = {f"{item.date:%Y-%m}" for item in invoices}
    metrics = [m for m in reading.metrics if not m.by and (m.period[:7] in months or not months)]
    for metric in metrics[:_METRICS]:
        text = f"{metric.metric} of {metric.period}: BI shows {figure(metric.value, metric.unit)}"
        yield Link(noun="metric", text=text)
    if not metrics:
        yield Link(noun="metric", text="BI was not asked for any of the months concerned")


def _of_payment(subject: Subject, fact: CustomerPaid) -> Chain:
    payments = _payments(subject, [fact], ())
    ids = sources_of_charges(subject, {fact.charge_id})
    links = [
        Link(noun="deal", text="none: the payment names no deal"),
        *_payment_links(subject, [fact], payments),
        *_journals(subject, (), payments, ids),
    ]
    return Chain(about=f"payment {fact.payment or fact.charge_id!r} of {fact.customer}", links=tuple(links))


def _of_payroll(subject: Subject, run: PayrollRun) -> Chain:
    effects = subject.case.scope.effects.of
    nouns = ("payroll", "payroll_retro", "payroll_remittance")
    entries = [effect.entry for noun in nouns for effect in effects.get((noun, run.payroll_id), ())]
    text = f"{run.kind.replace('_', ' ')} run for {run.service_from} to {run.service_to}, paid on {run.cheque_on}"
    links = [Link(noun="payroll", text=text), *_entries(subject, entries)]
    if not entries:
        why = turned_away(subject, lambda source: run.payroll_id in _of(source))
        text = f"no entry in the ledger names this payroll{why}"
        links.append(Link(noun="journal", text=text, is_missing=True))
    return Chain(about=f"payroll {run.payroll!r}", links=tuple(links))
