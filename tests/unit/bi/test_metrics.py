"""Each metric gives the figures that follow by hand from a small company's tables."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from simharness.bi.metrics import catalogue, days_of, evaluate, find, read_metric
from simharness.bi.session import Session
from simharness.core.errors import ContentError, HarnessFault, UsageError
from tests.unit.bi.books import company

D = Decimal


Figures = dict[tuple[str, str], Decimal | None]


def figures(metric: str, period: str, session: Session) -> Figures:
    values = evaluate(session, catalogue()[metric], period, "USD")
    return {(value.by, value.key): value.value for value in values}


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def books(request: pytest.FixtureRequest) -> Iterator[Session]:
    server = request.getfixturevalue("postgres") if request.param == "postgres" else None
    with company(server) as session:
        assert session.dialect == request.param
        yield session


def buckets(**days: int) -> Figures:
    """Every bucket is told, empty ones too; their sum is the number itself."""
    names = {"current": "current", "d30": "1-30", "d60": "31-60", "d90": "61-90", "older": "over 90", "un": "unapplied"}
    told: Figures = {("bucket", name): D(days.get(key, 0)) for key, name in names.items()}
    return {("", ""): D(sum(days.values())), **told}


@pytest.mark.parametrize(
    ("metric", "period", "expected"),
    [
        ("net_revenue", "2026-01", {("", ""): 1000, ("cost_centre", "CC1"): 1000}),
        # 200.00 invoiced less 50.00 credited
        ("net_revenue", "2026-02", {("", ""): 150, ("cost_centre", "CC2"): 150}),
        ("net_revenue", "2026-05", {("", ""): 0}),
        ("billings", "2026-01", {("", ""): 1000}),
        ("billings", "2026-02", {("", ""): 150}),
        # 80.00 sold for cash and refunded
        ("billings", "2026-04", {("", ""): 0}),
        ("cash_collected", "2026-01", {("", ""): 0, ("kind", "payments"): 0, ("kind", "refunds"): 0}),
        ("cash_collected", "2026-02", {("", ""): 460, ("kind", "payments"): 460, ("kind", "refunds"): 0}),
        # 100.00 disputed, 30.00 overpaid and given back; taxes paid and fees are not the customers' money
        ("cash_collected", "2026-03", {("", ""): -130, ("kind", "payments"): 0, ("kind", "refunds"): -130}),
        ("cash_collected", "2026-04", {("", ""): 0, ("kind", "payments"): 80, ("kind", "refunds"): -80}),
        # At the end of January only invoice 1 exists, 11 days before it is due.
        ("ar_ageing", "2026-01", buckets(current=1100)),
        # 28 February: invoice 1 is 17 days late with 800 open, of the payment 100 settle nothing yet; invoice 2 has
        # 200 − 30 − 50 open; 30 are unapplied.
        ("ar_ageing", "2026-02", buckets(d30=800, current=120, un=-130)),
        ("ar_ageing", "2026-02-11", buckets(current=920, un=-130)),
        ("ar_ageing", "2026-02-02", buckets(current=1100)),
        # 31 March: the debits of the dispute and of the overpayment take what was unapplied; 48 and 26 days late.
        ("ar_ageing", "2026-03", buckets(d60=800, d30=120)),
        # 30 April: 120 written off, of which 90 settle; 30 of the invoice stay open, 30 of the credit unused.
        ("ar_ageing", "2026-04", buckets(d90=800, d60=30, un=-30)),
        # 1,100.00 ÷ 1,100.00 × 31
        ("dso", "2026-01", {("", ""): 31}),
        # 790.00 ÷ 150.00 × 28 = 147.466… → 147.47
        ("dso", "2026-02", {("", ""): D("147.47")}),
        ("dso", "2026-03", {("", ""): None}),
        # 100.00 ÷ 1,100.00 = 0.09090… → 0.0909
        ("discount_rate", "2026-01", {("", ""): D("0.0909")}),
        ("discount_rate", "2026-02", {("", ""): 0}),
        ("discount_rate", "2026-03", {("", ""): None}),
        (
            "tax_liability",
            "2026-02",
            {
                ("", ""): 60,
                ("movement", "opening"): 100,
                ("movement", "charged"): 0,
                ("movement", "settled"): 40,
                ("movement", "closing"): 60,
            },
        ),
        (
            "deferred_revenue",
            "2026-02",
            {
                ("", ""): 150,
                ("movement", "opening"): 300,
                ("movement", "billed"): 0,
                ("movement", "recognised"): 100,
                ("movement", "credited"): 50,
                ("movement", "closing"): 150,
            },
        ),
        # Nothing was due yet: (0 + 1,100 − 1,100) ÷ (0 + 1,100 − 1,100)
        ("collection_effectiveness", "2026-01", {("", ""): None}),
        # (1,100 + 150 − 790) ÷ (1,100 + 150 − 120) = 460 ÷ 1,130 = 0.40707… → 0.4071
        ("collection_effectiveness", "2026-02", {("", ""): D("0.4071")}),
        # Receivables grew by 130: (790 − 920) ÷ 790 = −0.16455… → −0.1646
        ("collection_effectiveness", "2026-03", {("", ""): D("-0.1646")}),
        # 13.94 ÷ 460.00 = 0.030304… → 0.0303
        ("gateway_fee_rate", "2026-02", {("", ""): D("0.0303")}),
        ("gateway_fee_rate", "2026-03", {("", ""): None}),
        ("mrr", "2026-01-11", {("", ""): 0}),
        ("mrr", "2026-01", {("", ""): 40, ("product", "Seat"): 40}),
        ("mrr", "2026-02", {("", ""): D("123.33"), ("product", "Seat"): 40, ("product", "Support"): D("83.33")}),
        ("mrr", "2026-03", {("", ""): 40, ("product", "Seat"): 40}),
        (
            "payroll_cost",
            "2026-05",
            {("", ""): D("1076.5"), ("cost_centre", "CC1"): D("876.5"), ("cost_centre", "CC2"): 200},
        ),
        ("payroll_cost", "2026-04", {("", ""): 0}),
        (
            "gross_to_net",
            "2026-05",
            {
                ("", ""): 800,
                ("step", "gross"): 1050,
                ("step", "deductions"): -100,
                ("step", "employee_taxes"): D("-76.5"),
                ("step", "garnishments"): D("-43.5"),
                ("step", "non_cash"): -50,
                ("step", "reimbursements"): 20,
            },
        ),
        ("gross_to_net", "2026-05-31", {("", ""): 0}),  # the cheques bear another day
    ],
)
def test_a_metric_is_what_the_books_say(metric: str, period: str, expected: Figures, books: Session) -> None:
    assert figures(metric, period, books) == expected


def test_every_metric_is_tried() -> None:
    marks = [mark for mark in test_a_metric_is_what_the_books_say.pytestmark if mark.name == "parametrize"]
    assert {case[0] for case in marks[0].args[1]} == set(catalogue())


def test_a_breakdown_sums_to_its_number(books: Session) -> None:
    monthly = [(name, "2026-02") for name in ("net_revenue", "ar_ageing", "cash_collected", "mrr")]
    for name, period in (*monthly, ("payroll_cost", "2026-05"), ("gross_to_net", "2026-05")):
        found = figures(name, period, books)
        whole = found.pop(("", ""))
        for by in {by for by, _ in found}:
            assert sum(value or 0 for (b, _), value in found.items() if b == by) == whole


def test_every_metric_says_its_title_unit_and_formula() -> None:
    for metric in catalogue().values():
        assert metric.title
        assert metric.formula
        assert metric.unit in ("money", "days", "ratio")


def test_a_metric_is_found_by_its_words_and_a_wrong_one_gets_the_nearest() -> None:
    assert find("net revenue", catalogue()).name == "net_revenue"
    with pytest.raises(UsageError, match="did you mean 'net_revenue'"):
        find("net_revenu", catalogue())


@pytest.mark.parametrize("period", ["2026", "2026-13", "2026-02-30", "January", "2026/01", ""])
def test_what_is_no_period_is_refused(period: str) -> None:
    with pytest.raises(UsageError, match="no period"):
        days_of(period)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("-- title: A\n-- unit: money\nSELECT 1", "no formula"),
        ("-- title: A\n-- unit: gold\n-- formula: x\nSELECT 1", "'gold' is no unit"),
    ],
)
def test_a_metric_file_without_its_header_is_refused(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "a.sql"
    file.write_text(text)
    with pytest.raises(ContentError, match=says):
        read_metric(file)


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("SELECT '' AS by, '' AS key, CAST(0.1 AS DOUBLE) AS value", "not exact"),
        ("SELECT nothing", "cannot be evaluated"),
        ("SELECT 1, 2", "answers 2 columns"),
    ],
)
def test_a_metric_that_is_not_exact_or_does_not_run_is_a_fault(
    tmp_path: Path, sql: str, says: str, books: Session
) -> None:
    file = tmp_path / "a.sql"
    file.write_text(f"-- title: A\n-- unit: money\n-- formula: x\n{sql}")
    with pytest.raises(HarnessFault, match=says) as told:
        evaluate(books, read_metric(file), "2026-01", "USD")
    assert str(file) in str(told.value)
