"""The harness's own loader, for connectors that publish no BI: canonical records to curated tables, one to one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

import duckdb

from simharness.core.errors import HarnessFault
from simharness.domain.books import Document, LedgerSnapshot
from simharness.domain.snapshot import WorldSnapshot

_Row = tuple[object, ...]


def load(connection: duckdb.DuckDBPyConnection, world: WorldSnapshot, tax_accounts: frozenset[str]) -> str:
    """Fill the empty curated tables from the main ledger and return the version. `tax_accounts` are account numbers.

    Lines carry no list price: what a ledger keeps is net, so discounts are zero unless a connector's own BI knows
    better.
    """
    ledger = world.ledger()
    if ledger is None:
        raise HarnessFault("this world has no ledger to load BI from")
    version = world.at.strftime("%Y%m%dT%H%M%SZ")
    debits = sum((line.amount.amount for e in ledger.entries for line in e.lines if line.amount.amount > 0), Decimal(0))
    count = sum(len(entry.lines) for entry in ledger.entries)
    naive = world.at.replace(tzinfo=None)
    meta = (version, naive, ledger.entity, ledger.currency, ledger.time_zone, count, debits)
    _insert(connection, "meta", [meta])
    _insert(connection, "dim_account", _accounts(ledger, tax_accounts))
    _insert(connection, "dim_customer", ((party.id, "", party.name) for party in ledger.parties))
    _insert(connection, "fct_document", (_document(document) for document in ledger.documents))
    _insert(connection, "fct_document_line", _lines(ledger.documents))
    _insert(connection, "fct_document_tax", _taxes(ledger.documents))
    _insert(connection, "fct_payment", _payments(ledger))
    _insert(connection, "fct_application", _applications(ledger))
    _insert(connection, "fct_journal_line", _journal(ledger))
    return version


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[_Row]) -> None:
    rows = list(rows)
    if rows:
        connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)  # noqa: S608 - a name of the contract, values bound


def _accounts(ledger: LedgerSnapshot, tax_accounts: frozenset[str]) -> Iterator[_Row]:
    for account in ledger.accounts:
        yield account.id, account.number, account.name, account.kind, account.number in tax_accounts


def _document(document: Document) -> _Row:
    return (
        document.id,
        document.kind,
        document.number,
        document.party,
        "",
        document.date,
        document.due,
        document.currency,
        document.net.amount,
        document.tax.amount,
        document.total.amount,
        document.open.amount,
        document.status == "void",
    )


def _lines(documents: Iterable[Document]) -> Iterator[_Row]:
    for document in documents:
        kept = [line for line in document.lines if line.kind in ("item", "discount")]
        for number, line in enumerate(kept, start=1):
            net = -line.amount.amount if line.kind == "discount" else line.amount.amount
            yield (
                document.id, number, "", line.item, line.account, line.quantity, net, Decimal(0), net, line.tax_code,
                line.cost_centre, document.location,
            )  # fmt: skip


def _taxes(documents: Iterable[Document]) -> Iterator[_Row]:
    for document in documents:
        for tax in document.taxes:
            yield document.id, tax.code, tax.rate, tax.percent, tax.base.amount, tax.tax.amount


def _payments(ledger: LedgerSnapshot) -> Iterator[_Row]:
    for payment in ledger.payments:
        if payment.status != "void" and payment.amount:
            yield (
                payment.id, payment.party, payment.date, payment.amount.currency, payment.amount.amount,
                payment.unapplied.amount, payment.account,
            )  # fmt: skip


def _applications(ledger: LedgerSnapshot) -> Iterator[_Row]:
    """Who settled what: within a payment, the credits it uses up settle its invoices first, in order."""
    kinds = {document.id: document for document in ledger.documents}
    for payment in (p for p in ledger.payments if p.status != "void"):
        credits = [(a.document, -a.amount.amount) for a in payment.applications if a.amount.amount < 0]
        for application in (a for a in payment.applications if a.amount.amount > 0):
            on = max(payment.date, kinds[application.document].date)
            rest = application.amount.amount
            while rest and credits:
                source, left = credits.pop(0)
                part = min(rest, left)
                yield "credit_memo", source, application.document, max(on, kinds[source].date), part
                rest -= part
                if left > part:
                    credits.insert(0, (source, left - part))
            if rest:
                yield "payment", payment.id, application.document, on, rest


def _journal(ledger: LedgerSnapshot) -> Iterator[_Row]:
    for entry in ledger.entries:
        for number, line in enumerate(entry.lines, start=1):
            yield (
                entry.id, number, entry.date, line.account, line.amount.amount, line.party, line.cost_centre,
                line.location, entry.source, entry.source_id,
            )  # fmt: skip
