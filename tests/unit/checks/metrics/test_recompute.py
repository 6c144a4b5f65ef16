"""The recomputation by hand, and against BI's SQL over random books: two implementations that share nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simharness.bi.loader import load
from simharness.bi.metrics import catalogue, evaluate
from simharness.bi.tables import ddl
from simharness.checks.metrics.recompute import Books, Span, recompute
from simharness.checks.scope import Judged
from simharness.domain.books import LedgerSnapshot
from simharness.domain.snapshot import WorldSnapshot
from tests.unit.checks import builders as b

FIRST = date(2026, 1, 1)
PERIODS = ("2026-01", "2026-02", "2026-01-15", "2026-03-31")


def books_of(ledger: LedgerSnapshot) -> Books:
    return Books(Judged(b.record(books=ledger, told=(b.rest(1, "2026-01-05"),))).settled, ledger)


def figure(ledger: LedgerSnapshot, metric: str, period: str, by: str = "", key: str = "") -> Decimal | None:
    figures = recompute(metric, books_of(ledger), Span.parse(period))
    assert figures is not None
    return figures[(by, key)]


def test_a_span_is_a_month_or_a_day() -> None:
    assert (Span.parse("2028-02").end, Span.parse("2028-02").days) == (date(2028, 2, 29), 29)
    assert Span.parse("2026-01-15") == Span(start=date(2026, 1, 15), end=date(2026, 1, 15))


@pytest.mark.parametrize(
    ("as_at", "bucket"),
    [
        ("2026-02-11", "current"),
        ("2026-02-12", "1-30"),
        ("2026-03-13", "1-30"),
        ("2026-03-14", "31-60"),
        ("2026-04-12", "31-60"),
        ("2026-04-13", "61-90"),
        ("2026-05-12", "61-90"),
        ("2026-05-13", "over 90"),
    ],
)
def test_an_invoice_ages_from_the_day_after_it_is_due(as_at: str, bucket: str) -> None:
    assert figure(b.ledger(), "ar_ageing", as_at, "bucket", bucket) == Decimal("3410.50")


def test_money_counts_as_unapplied_until_what_it_settles_exists() -> None:
    early = b.payment(date=date(2026, 1, 10))
    ledger = b.ledger(payments=(early,))
    assert figure(ledger, "ar_ageing", "2026-01-11", "bucket", "unapplied") == Decimal("-1000.00")
    assert figure(ledger, "ar_ageing", "2026-01-12", "bucket", "unapplied") == 0
    assert figure(ledger, "ar_ageing", "2026-01-12") == Decimal("3410.50")


def test_a_credit_settles_through_a_payment_without_money() -> None:
    link = b.payment(
        id="4",
        amount=b.usd("0.00"),
        date=date(2026, 1, 25),
        note="",
        applications=(
            b.Application(document="1", amount=b.usd("100.00")),
            b.Application(document="3", amount=b.usd("-100.00")),
        ),
    )
    ledger = b.ledger(documents=(b.invoice(), b.credit_memo()), payments=(b.payment(), link))
    assert figure(ledger, "ar_ageing", "2026-01-24", "bucket", "unapplied") == Decimal("-100.00")
    assert figure(ledger, "ar_ageing", "2026-01-25", "bucket", "unapplied") == 0
    assert figure(ledger, "ar_ageing", "2026-01-25", "bucket", "current") == Decimal("3310.50")


def test_a_quotient_without_divisor_is_nothing() -> None:
    assert figure(b.ledger(documents=()), "dso", "2026-01") is None
    assert figure(b.ledger(documents=()), "discount_rate", "2026-01") is None


def test_an_unknown_metric_cannot_be_recomputed() -> None:
    assert recompute("magic", books_of(b.ledger()), Span.parse("2026-01")) is None


# --- random books -----------------------------------------------------------------------------------------------------

days = st.integers(0, 100).map(lambda offset: FIRST + timedelta(days=offset))
centres = st.sampled_from(["", "CC-10"])
cents = st.integers(1, 500_000).map(lambda value: Decimal(value).scaleb(-2))


def money(amount: Decimal) -> b.Money:
    return b.Money(amount, "USD")


@st.composite
def ledgers(draw: st.DrawFn) -> LedgerSnapshot:
    """Invoices, credit memos and payments that settle a part of them, with their entries."""
    documents = [draw(_documents(at)) for at in range(draw(st.integers(0, 8)))]
    rest = {document.id: document.total.amount for document in documents}
    payments = [draw(_payments(at, documents, rest)) for at in range(draw(st.integers(0, 6)))]
    entries = [
        *(_document_entry(document) for document in documents),
        *(_payment_entry(payment) for payment in payments),
    ]
    return b.ledger(
        documents=tuple(documents), payments=tuple(payments), entries=tuple(entry for entry in entries if entry.lines)
    )


@st.composite
def _documents(draw: st.DrawFn, at: int) -> b.Document:
    net, tax, day = draw(cents), draw(cents), draw(days)
    kind = draw(st.sampled_from(["invoice", "invoice", "credit_memo"]))
    group = b.TaxGroup(
        code="CA San Francisco", rate="r", percent=Decimal(8), base=money(net), tax=money(tax), account="a2200"
    )
    return b.invoice(
        id=f"d{at}", number=str(1000 + at), kind=kind, date=day, note="", net=money(net), tax=money(tax),
        total=money(net + tax), open=money(net + tax), taxes=(group,),
        due=day + timedelta(days=draw(st.integers(0, 40))) if kind == "invoice" else None,
        lines=(b.document_line("1", "Badge printer", str(net), "a4010", cost_centre=draw(centres)),),
    )  # fmt: skip


@st.composite
def _payments(draw: st.DrawFn, at: int, documents: list[b.Document], rest: dict[str, Decimal]) -> b.Payment:
    """Money, credits, or both; what is applied never exceeds what is there."""
    applications = []
    credit = Decimal(0)
    for document in documents:
        part = min(rest[document.id], draw(cents)) if draw(st.booleans()) else Decimal(0)
        if part and document.kind == "credit_memo":
            credit += part
            applications.append((document.id, -part))
        elif part:
            applications.append((document.id, part))
        rest[document.id] -= part
    used = sum((part for _, part in applications), Decimal(0))
    amount = max(used, Decimal(0)) + (draw(cents) if draw(st.booleans()) else Decimal(0))
    if amount == 0 and used < 0:
        for document_id, part in applications:
            rest[document_id] += abs(part)
        applications = []
    return b.payment(
        id=f"p{at}", date=draw(days), amount=money(amount), note="",
        unapplied=money(amount - used if applications else amount),
        applications=tuple(b.Application(document=key, amount=money(part)) for key, part in applications),
    )  # fmt: skip


def _document_entry(document: b.Document) -> b.Entry:
    sign = 1 if document.kind == "invoice" else -1
    return b.entry(
        document.kind, document.id, str(document.date),
        b.EntryLine(account="a1100", amount=document.total * sign),
        b.EntryLine(account="a4010", amount=-document.net * sign, cost_centre=document.lines[0].cost_centre),
        b.EntryLine(account="a2200", amount=-document.tax * sign),
    )  # fmt: skip


def _payment_entry(payment: b.Payment) -> b.Entry:
    lines = (b.EntryLine(account="a1150", amount=payment.amount), b.EntryLine(account="a1100", amount=-payment.amount))
    return b.entry("payment", payment.id, str(payment.date), *(lines if payment.amount else ()))


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(":memory:", config={"threads": 1})
    connection.execute(ddl())
    yield connection
    connection.close()


@settings(max_examples=25, deadline=None)
@given(ledger=ledgers())
def test_sql_and_recomputation_agree_on_random_books(
    ledger: LedgerSnapshot, database: duckdb.DuckDBPyConnection
) -> None:
    for (table,) in database.execute("SELECT table_name FROM information_schema.tables").fetchall():
        database.execute(f"TRUNCATE {table}")
    load(database, WorldSnapshot(at=b.at("2026-05-01"), ledgers=(ledger,)), frozenset({"2200"}))
    books = books_of(ledger)
    for name, metric in catalogue().items():
        for period in PERIODS:
            figures = recompute(name, books, Span.parse(period))
            assert figures is not None
            shown = {(value.by, value.key): value.value for value in evaluate(database, metric, period, "USD")}
            assert shown == {key: value for key, value in figures.items() if key in shown}, (name, period)
            assert {key for key, value in figures.items() if value} <= shown.keys(), (name, period)


@settings(max_examples=50, deadline=None)
@given(ledger=ledgers())
def test_the_ageing_sums_to_the_receivable_account_on_every_day(ledger: LedgerSnapshot) -> None:
    books = books_of(ledger)
    for period in PERIODS:
        end = Span.parse(period).end
        posted = [
            line.amount.amount
            for entry in ledger.entries
            if entry.date <= end
            for line in entry.lines
            if line.account == "a1100"
        ]
        figures = recompute("ar_ageing", books, Span.parse(period))
        assert figures is not None
        assert figures[("", "")] == sum(posted, Decimal(0))
