"""Each metric gives the figures that follow by hand from a small company's tables."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from simharness.bi.metrics import catalogue, days_of, evaluate, find, read_metric
from simharness.core.errors import ContentError, HarnessFault, UsageError
from tests.unit.bi.books import company

D = Decimal


def figures(metric: str, period: str) -> dict[tuple[str, str], Decimal | None]:
    with company() as connection:
        values = evaluate(connection, catalogue()[metric], period, "USD")
    return {(value.by, value.key): value.value for value in values}


@pytest.mark.parametrize(
    ("metric", "period", "expected"),
    [
        ("net_revenue", "2026-01", {("", ""): 1000, ("cost_centre", "CC1"): 1000}),
        # 200.00 invoiced less 50.00 credited
        ("net_revenue", "2026-02", {("", ""): 150, ("cost_centre", "CC2"): 150}),
        ("net_revenue", "2026-03", {("", ""): 0}),
        ("billings", "2026-01", {("", ""): 1000}),
        ("billings", "2026-02", {("", ""): 150}),
        ("cash_collected", "2026-01", {("", ""): 0}),
        ("cash_collected", "2026-02", {("", ""): 460}),
        # At the end of January only invoice 1 exists, 11 days before it is due.
        ("ar_ageing", "2026-01", {("", ""): 1100, ("bucket", "current"): 1100}),
        # 28 February: invoice 1 is 17 days late with 700 open; invoice 2 has 200 − 30 − 50 open; 30 are unapplied.
        (
            "ar_ageing",
            "2026-02",
            {("", ""): 790, ("bucket", "1-30"): 700, ("bucket", "current"): 120, ("bucket", "unapplied"): -30},
        ),
        ("ar_ageing", "2026-02-11", {("", ""): 790, ("bucket", "current"): 820, ("bucket", "unapplied"): -30}),
        ("ar_ageing", "2026-02-02", {("", ""): 1100, ("bucket", "current"): 1100}),
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
    ],
)
def test_a_metric_is_what_the_books_say(
    metric: str, period: str, expected: dict[tuple[str, str], Decimal | None]
) -> None:
    empty = {key: 0 for key in figures(metric, period) if metric == "ar_ageing"}  # every bucket is told, empty ones too
    assert figures(metric, period) == {**empty, **expected}


def test_a_breakdown_sums_to_its_number() -> None:
    for name in ("net_revenue", "ar_ageing"):
        found = figures(name, "2026-02")
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
    [("SELECT '' AS by, '' AS key, 0.1::DOUBLE AS value", "not exact"), ("SELECT nothing", "cannot be evaluated")],
)
def test_a_metric_that_is_not_exact_or_does_not_run_is_a_fault(tmp_path: Path, sql: str, says: str) -> None:
    file = tmp_path / "a.sql"
    file.write_text(f"-- title: A\n-- unit: money\n-- formula: x\n{sql}")
    with company() as connection, pytest.raises(HarnessFault, match=says):
        evaluate(connection, read_metric(file), "2026-01", "USD")
