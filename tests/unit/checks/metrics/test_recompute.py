"""The recomputation by hand, and against BI's SQL over random books: two implementations that share nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simharness.bi.loader import load
from simharness.bi.metrics import Metric, catalogue, evaluate
from simharness.bi.session import PostgresSession, Session
from simharness.bi.sink import in_duckdb
from simharness.bi.tables import KEYS, ddl
from simharness.checks.metrics.recompute import Books, Span, recompute
from simharness.checks.metrics.recurring import MONTHS, monthly
from simharness.checks.scope import Judged
from simharness.domain.books import LedgerSnapshot, OpenItem
from simharness.domain.crm import CrmSnapshot, DealLine
from simharness.domain.policy import Rounding
from simharness.domain.snapshot import WorldSnapshot
from tests.postgres import Server
from tests.unit.checks import builders as b
from tests.unit.checks import money as m

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


def test_cash_collected_is_less_what_went_back_to_customers() -> None:
    """1,000.00 paid, 100.00 refunded; a dispute of 250.00 in February takes money from no month but February."""
    dispute = m.moving("journal", "30", "2026-02-03", "a1100", "a1150", "250.00", "pay:dispute:dp1")
    ledger = m.ledger(entries=(*m.entries(), dispute))
    assert figure(ledger, "cash_collected", "2026-01") == Decimal("900.00")
    assert figure(ledger, "cash_collected", "2026-01", "kind", "refunds") == Decimal("-100.00")
    assert figure(ledger, "cash_collected", "2026-02") == Decimal("-250.00")


def test_neither_fees_nor_payouts_nor_unmatched_money_are_cash_of_customers() -> None:
    assert figure(m.ledger(), "cash_collected", "2026-01", "kind", "payments") == Decimal("1000.00")


def test_the_fee_rate_is_fees_over_what_went_through_the_gateway() -> None:
    # 29.30 / 1,000.00
    assert figure(m.ledger(), "gateway_fee_rate", "2026-01") == Decimal("0.0293")
    assert figure(m.ledger(), "gateway_fee_rate", "2026-02") is None


def test_collection_effectiveness_counts_only_what_was_due() -> None:
    """4,410.50 billed in January, 1,000.00 paid, the rest due on 11 February: all that was due was collected."""
    assert figure(b.ledger(), "collection_effectiveness", "2026-01") == Decimal("1.0000")
    # February opens with 3,410.50, all of it due and none collected
    assert figure(b.ledger(), "collection_effectiveness", "2026-02") == Decimal("0.0000")


def test_recurring_lines_count_by_the_month_while_they_run() -> None:
    """2 seats a month at 250.00 less nothing = 500.00; the printer is sold once."""
    monthly = b.structs.replace(b.LINES[1], recurring="monthly", service_from=b.day("2026-02-01"))
    source = b.crm(lines=(b.LINES[0], monthly))
    books = Books(Judged(b.record(source=source)).settled, b.ledger())
    for period, worth in (("2026-01", "0"), ("2026-02", "500.00")):
        figures = recompute("mrr", books, Span.parse(period))
        assert figures is not None
        assert figures[("", "")] == Decimal(worth)
    assert figures is not None
    assert figures[("product", "Onboarding")] == Decimal("500.00")


def test_money_that_goes_back_is_not_collected() -> None:
    """1,000.00 paid in January; 300.00 of it disputed in February, with a fee of 15.00 that is not the customer's."""
    dispute = b.entry(
        "journal", "8", "2026-02-03", b.posting("a1100", "300.00", party="p1"), b.posting("a1150", "-300.00")
    )
    fee = b.entry("journal", "9", "2026-02-03", b.posting("a6100", "15.00"), b.posting("a1150", "-15.00"))
    ledger = b.ledger(entries=(b.invoice_entry(), b.payment_entry(), dispute, fee))
    assert figure(ledger, "cash_collected", "2026-01") == Decimal("1000.00")
    assert figure(ledger, "cash_collected", "2026-02") == Decimal("-300.00")
    # 15.00 of nothing charged in February
    assert figure(ledger, "gateway_fee_rate", "2026-02") is None


def test_a_debit_of_a_journal_ages_from_its_own_day_and_what_it_takes_is_no_longer_unapplied() -> None:
    item = OpenItem(entry="8", party="p1", date=b.day("2026-02-03"), amount=b.usd("300.00"), open=b.usd("0.00"))
    moved = b.payment(
        applications=(
            b.Application(document="1", amount=b.usd("700.00")),
            b.Application(document="8", amount=b.usd("300.00")),
        )
    )
    ledger = b.ledger(open_items=(item,), payments=(moved,))
    assert figure(ledger, "ar_ageing", "2026-02-02", "bucket", "unapplied") == Decimal("-300.00")
    assert figure(ledger, "ar_ageing", "2026-02-03", "bucket", "unapplied") == 0
    assert figure(ledger, "ar_ageing", "2026-02-03") == Decimal("3710.50")


def test_collection_effectiveness_leaves_out_what_is_not_due() -> None:
    """4,410.50 billed on 12 January, due 11 February; 1,000.00 paid: all that could be expected, and more."""
    assert figure(b.ledger(), "collection_effectiveness", "2026-01") == 1
    # 3,410.50 open at both ends of March, all of it late
    assert figure(b.ledger(), "collection_effectiveness", "2026-03") == 0


def test_a_third_is_rounded_once() -> None:
    line = DealLine(
        id="L", product="Seat", quantity=Decimal(3), unit_price=b.usd("33.35"), discount_percent=Decimal(10),
        recurring="quarterly",
    )  # fmt: skip
    # 100.05 − 10.005 → 10.01 = 90.04; a third of it is 30.01333…
    assert monthly(line, MONTHS["quarterly"], Rounding.HALF_UP) == Decimal("30.01")
    # to even, the discount is 10.00 and the rest 90.05: 30.01666…
    assert monthly(line, MONTHS["quarterly"], Rounding.HALF_EVEN) == Decimal("30.02")


# --- random books -----------------------------------------------------------------------------------------------------

days = st.integers(0, 100).map(lambda offset: FIRST + timedelta(days=offset))
centres = st.sampled_from(["", "CC-10"])
cents = st.integers(1, 500_000).map(lambda value: Decimal(value).scaleb(-2))
rates = st.sampled_from([None, None, None, Decimal(1), Decimal("1.0837465"), Decimal("0.0091837")])
#: What a journal on a receivable moves: a refund or dispute through clearing, a returned cheque, a write-off.
others = st.sampled_from(["a1150", "a1000", "a6200"])


def money(amount: Decimal) -> b.Money:
    return b.Money(amount, "USD")


@st.composite
def ledgers(draw: st.DrawFn, foreign: bool = True) -> LedgerSnapshot:
    """Documents, journals on receivables, and payments that settle a part of them, with their entries and fees."""
    documents = [draw(_documents(at, foreign)) for at in range(draw(st.integers(0, 8)))]
    items = [draw(_items(at)) for at in range(draw(st.integers(0, 4)))]
    rest = {document.id: document.total.amount for document in documents if document.kind in ("invoice", "credit_memo")}
    rest |= {item.entry: abs(item.amount.amount) for item in items}
    credits = {document.id for document in documents if document.kind == "credit_memo"}
    credits |= {item.entry for item in items if item.amount.amount < 0}
    payments = [draw(_payments(at, rest, credits, foreign)) for at in range(draw(st.integers(0, 6)))]
    entries = [
        *(_document_entry(document) for document in documents),
        *(_payment_entry(payment) for payment in payments),
        *(_item_entry(item, draw(others)) for item in items),
        *(_fee_entry(at, draw(days), draw(cents)) for at in range(draw(st.integers(0, 2)))),
    ]
    return b.ledger(
        documents=tuple(documents), payments=tuple(payments), open_items=tuple(items),
        entries=tuple(entry for entry in entries if entry.lines),
    )  # fmt: skip


@st.composite
def _documents(draw: st.DrawFn, at: int, foreign: bool) -> b.Document:
    net, tax, day = draw(cents), draw(cents), draw(days)
    kind = draw(st.sampled_from(["invoice", "invoice", "credit_memo", "sales_receipt", "refund_receipt"]))
    group = b.TaxGroup(
        code="CA San Francisco", rate="r", percent=Decimal(8), base=money(net), tax=money(tax), account="a2200"
    )
    return b.invoice(
        id=f"d{at}", number=str(1000 + at), kind=kind, date=day, note="", net=money(net), tax=money(tax),
        total=money(net + tax), open=money(net + tax), taxes=(group,), rate=draw(rates) if foreign else None,
        due=day + timedelta(days=draw(st.integers(0, 40))) if kind == "invoice" else None,
        lines=(b.document_line("1", "Badge printer", str(net), "a4010", cost_centre=draw(centres)),),
    )  # fmt: skip


@st.composite
def _items(draw: st.DrawFn, at: int) -> OpenItem:
    amount = money(draw(cents) * draw(st.sampled_from([1, -1])))
    return OpenItem(entry=f"j{at}", party="p1", date=draw(days), amount=amount, open=amount)


@st.composite
def _payments(draw: st.DrawFn, at: int, rest: dict[str, Decimal], credits: set[str], foreign: bool) -> b.Payment:
    """Money, credits, or both; what is applied never exceeds what is there."""
    applications = []
    for key, left in tuple(rest.items()):
        part = min(left, draw(cents)) if draw(st.booleans()) else Decimal(0)
        if part:
            applications.append((key, -part if key in credits else part))
        rest[key] = left - part
    used = sum((part for _, part in applications), Decimal(0))
    amount = max(used, Decimal(0)) + (draw(cents) if draw(st.booleans()) else Decimal(0))
    if amount == 0 and used < 0:
        for key, part in applications:
            rest[key] += abs(part)
        applications = []
    return b.payment(
        id=f"p{at}", date=draw(days), amount=money(amount), note="", rate=draw(rates) if foreign else None,
        unapplied=money(amount - used if applications else amount), account=draw(st.sampled_from(["a1150", "a1200"])),
        applications=tuple(b.Application(document=key, amount=money(part)) for key, part in applications),
    )  # fmt: skip


def _document_entry(document: b.Document) -> b.Entry:
    sign = 1 if document.kind in ("invoice", "sales_receipt") else -1
    other = "a1100" if document.kind in ("invoice", "credit_memo") else "a1150"
    return b.entry(
        document.kind, document.id, str(document.date),
        b.EntryLine(account=other, amount=document.total * sign),
        b.EntryLine(account="a4010", amount=-document.net * sign, cost_centre=document.lines[0].cost_centre),
        b.EntryLine(account="a2200", amount=-document.tax * sign),
    )  # fmt: skip


def _item_entry(item: OpenItem, other: str) -> b.Entry:
    lines = (b.EntryLine(account="a1100", amount=item.amount), b.EntryLine(account=other, amount=-item.amount))
    return b.entry("journal", item.entry, str(item.date), *lines)


def _fee_entry(at: int, day: date, amount: Decimal) -> b.Entry:
    lines = (b.EntryLine(account="a6100", amount=money(amount)), b.EntryLine(account="a1150", amount=-money(amount)))
    return b.entry("journal", f"f{at}", str(day), *lines)


def _payment_entry(payment: b.Payment) -> b.Entry:
    lines = (
        b.EntryLine(account=payment.account, amount=payment.amount),
        b.EntryLine(account="a1100", amount=-payment.amount),
    )
    return b.entry("payment", payment.id, str(payment.date), *(lines if payment.amount else ()))


@st.composite
def deals(draw: st.DrawFn) -> CrmSnapshot:
    """A won deal with recurring lines and a discount of its own, which does not count for them."""
    lines = [
        DealLine(
            id=f"L{at}", product=draw(st.sampled_from(["Seat", "Support"])), quantity=Decimal(draw(st.integers(1, 9))),
            unit_price=money(draw(cents)), recurring=draw(st.sampled_from(["", *MONTHS])),
            discount_percent=draw(st.sampled_from([None, Decimal("12.5"), Decimal(100) / 8 + 1])),
            service_from=draw(st.none() | days), service_to=draw(st.none() | days),
        )
        for at in range(draw(st.integers(0, 5)))
    ]  # fmt: skip
    return b.crm(lines=tuple(lines), discount_percent=Decimal(10), stage=draw(st.sampled_from(["won", "won", "open"])))


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def database(request: pytest.FixtureRequest) -> Iterator[Session]:
    if request.param == "duckdb":
        with in_duckdb() as session:
            session.run(ddl())
            yield session
        return
    server: Server = request.getfixturevalue("postgres")
    url = server.database()
    with server.connect(url.partition("@/")[2].partition("?")[0]) as connection:
        on_postgres = PostgresSession(connection)
        on_postgres.run(ddl())
        yield on_postgres


@pytest.fixture(scope="module")
def spoken() -> dict[str, dict[str, Metric]]:
    """The metrics in both dialects, translated once."""
    return {
        dialect: {name: replace(each, sql=each.sql_for(dialect), dialect=dialect) for name, each in catalogue().items()}
        for dialect in ("duckdb", "postgres")
    }


@settings(max_examples=25, deadline=None)
@given(ledger=ledgers(), crm=deals())
def test_sql_and_recomputation_agree_on_random_books(
    ledger: LedgerSnapshot, crm: CrmSnapshot, database: Session, spoken: dict[str, dict[str, Metric]]
) -> None:
    database.run("; ".join(f"DELETE FROM {table}" for table in KEYS))  # noqa: S608 - names of the contract
    told = b.record(books=ledger, source=crm, told=(b.rest(1, "2026-01-05"),))
    world = WorldSnapshot(at=b.at("2026-05-01"), crm=crm, ledgers=(ledger,))
    load(database, world, told.header.dictionary)
    books = Books(Judged(told).settled, ledger)
    for name, metric in spoken[database.dialect].items():
        for period in PERIODS:
            figures = recompute(name, books, Span.parse(period))
            assert figures is not None
            shown = {(value.by, value.key): value.value for value in evaluate(database, metric, period, "USD")}
            assert shown == {key: value for key, value in figures.items() if key in shown}, (name, period)
            assert {key for key, value in figures.items() if value} <= shown.keys(), (name, period)


@settings(max_examples=50, deadline=None)
@given(ledger=ledgers(foreign=False))
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
