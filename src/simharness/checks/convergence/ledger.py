"""What a ledger holds, in words: customers, documents, payments, deposits, transfers, open items and entries."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from simharness.checks.convergence.said import Said, listed
from simharness.checks.convergence.words import Words
from simharness.core.money import Money
from simharness.domain.books import Document, DocumentLine, Entry, LedgerSnapshot, Party, Payment


def ledger_items(ledger: LedgerSnapshot, words: Words, system: str) -> Iterator[Said]:
    """Everything in a ledger, without ids, versions, authors and instants; numbers of documents are in words."""
    for noun, parties in (("customer", ledger.parties), ("vendor", ledger.vendors)):
        for party in parties:
            yield _party(noun, party, words, system)
    for document in ledger.documents:
        yield _document(document, words, system)
    for payment in ledger.payments:
        yield _payment(payment, words, system)
    yield from _movements(ledger, words, system)
    for item in ledger.open_items:
        party_name = words.party(item.party)
        group, sources = words.source(item.note)
        yield Said(
            system=system,
            noun="open item",
            name=f"{words.of(item.note) or item.date} of {party_name}",
            content=listed(item.date, item.amount, item.rate),
            settled=f"open {item.open}",
            group=group,
            sources=sources,
            party=party_name,
            worth=item.amount,
        )
    for entry in ledger.entries:
        yield _entry(entry, ledger.currency, words, system)
    if ledger.closed_until is not None:
        yield Said(system=system, noun="closed", name="until", content=str(ledger.closed_until))


def records(ledger: LedgerSnapshot, words: Words) -> Iterator[tuple[str, str]]:
    """Documents and payments by the names that findings give them, each with kind and name as told here."""
    kinds = {each.id: each.kind for each in ledger.documents} | {each.id: "payment" for each in ledger.payments}
    for id, kind in kinds.items():
        yield from ((f"{ledger.vendor}:{kind}:{id}", what) for what in words.what((id,)))


def _party(noun: str, party: Party, words: Words, system: str) -> Said:
    _, sources = words.source(party.reference, party.note)
    return Said(
        system=system,
        noun=noun,
        name=f"{party.name} {party.currency}".rstrip(),
        content=listed(
            words.of(party.note), party.reference, party.terms, party.email, party.phone, party.exemption_reason,
            party.exemption_number, "taxable" if party.taxable else "not taxable",
            "" if party.active else "not active",
        ),
        settled=listed(party.balance if party.balance is None else f"balance {party.balance}"),
        sources=sources,
        party=party.name,
        worth=party.balance,
    )  # fmt: skip


def _document(document: Document, words: Words, system: str) -> Said:
    taxes = sorted(f"{tax.code} {tax.rate} {tax.base} {tax.tax}" for tax in document.taxes)
    kind, _, name = words.documents[document.id].partition(" ")
    group, sources = words.source(document.note, document.reference, document.number, document.memo)
    return Said(
        system=system,
        noun=kind,
        name=words.of(name),
        content=listed(
            words.party(document.party), document.date, document.due, document.currency, document.terms,
            document.tax_code, document.cost_centre, document.location, words.of(document.memo), document.reference,
            document.net, document.tax, document.total, words.account(document.account), document.rate,
            "tax included" if document.tax_included else "",
            *(_line(line, words) for line in document.lines), *taxes,
        ),
        settled=listed(f"open {document.open}", document.status),
        group=group,
        sources=sources,
        party=words.party(document.party),
        worth=document.total,
    )  # fmt: skip


def _line(line: DocumentLine, words: Words) -> str:
    return listed(
        line.kind, words.of(line.description), line.quantity, line.unit_price, line.amount,
        words.account(line.account), line.tax_code, line.cost_centre, "" if line.taxable else "not taxable",
    )  # fmt: skip


def _payment(payment: Payment, words: Words, system: str) -> Said:
    group, sources = words.source(payment.note, payment.reference)
    settles = words.named((each.document, each.amount) for each in payment.applications)
    # A payment of nothing only links a credit to what it settles: its applications are what was written.
    is_link = not payment.amount.amount
    return Said(
        system=system,
        noun="payment",
        name=words.of(words.documents[payment.id].partition(" ")[2]),
        content=listed(
            words.party(payment.party), payment.date, payment.amount, payment.kind, words.account(payment.account),
            payment.reference, payment.rate, "void" if payment.status == "void" else "", *(settles if is_link else ()),
        ),
        settled=listed(
            f"unapplied {payment.unapplied}", *(() if is_link else settles), "deposited" if payment.deposited else "",
        ),
        group=group,
        sources=sources,
        touches=words.what(each.document for each in payment.applications),
        party=words.party(payment.party),
        worth=payment.amount,
    )  # fmt: skip


def _movements(ledger: LedgerSnapshot, words: Words, system: str) -> Iterator[Said]:
    for deposit in ledger.deposits:
        lines = sorted(
            listed(words.documents.get(li.payment, ""), words.account(li.account), words.party(li.party), li.amount)
            for li in deposit.lines
        )
        group, sources = words.source(deposit.note)
        yield Said(
            system=system,
            noun="deposit",
            name=words.of(deposit.note) or str(deposit.date),
            content=listed(
                deposit.date, deposit.total, words.account(deposit.account), deposit.status, *map(words.of, lines)
            ),
            group=group,
            sources=sources,
            touches=words.what(li.payment for li in deposit.lines),
            worth=deposit.total,
        )
    for transfer in ledger.transfers:
        group, sources = words.source(transfer.note)
        yield Said(
            system=system,
            noun="transfer",
            name=words.of(transfer.note) or str(transfer.date),
            content=listed(
                transfer.date, transfer.amount, f"from {words.account(transfer.source)}",
                f"to {words.account(transfer.target)}", transfer.status,
            ),
            group=group,
            sources=sources,
            worth=transfer.amount,
        )  # fmt: skip


def _entry(entry: Entry, currency: str, words: Words, system: str) -> Said:
    lines = sorted(
        listed(
            words.account(li.account), li.amount, li.foreign, words.party(li.party), li.cost_centre, li.location,
        )
        for li in entry.lines
    )  # fmt: skip
    # What a document posts need not name its source: the document does.
    note = entry.note or words.documents.get(entry.source_id, "").partition(" ")[2]
    group, sources = words.source(note)
    debits = sum((li.amount.amount for li in entry.lines if li.amount.amount > 0), Decimal(0))
    party = next((words.party(li.party) for li in entry.lines if li.party), "")
    posts = tuple(sorted((words.account(li.account), li.amount.amount) for li in entry.lines))
    return Said(
        system=system,
        noun="journal" if entry.source == "journal" else "entry",
        name=words.of(note) if entry.source == "journal" else f"of {entry.source} {words.of(note)}".rstrip(),
        content=listed(entry.date, *lines),
        group=group,
        sources=sources,
        party=party,
        worth=Money(debits, currency),
        posts=posts,
    )
