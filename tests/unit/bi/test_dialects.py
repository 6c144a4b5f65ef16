"""A team's metric gives the same figure whatever database it was written for, and what does not parse is one line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from simharness.bi.metrics import evaluate, metrics_in
from simharness.core.errors import ContentError, UsageError
from tests.postgres import Server
from tests.unit.bi.books import company

HEADER = "-- title: Receipts\n-- unit: money\n-- formula: what came in\n"
WRITTEN = {
    "duckdb": "SELECT '' AS by, '' AS key, SUM(amount) FILTER (payment_date >= $start) AS value\n"
    "FROM fct_payment WHERE payment_date <= $end",
    "snowflake": "SELECT '' AS \"by\", '' AS key, SUM(IFF(PAYMENT_DATE >= :start, AMOUNT, 0)) AS value\n"
    "FROM FCT_PAYMENT WHERE PAYMENT_DATE <= $end",
    "bigquery": "SELECT SUM(IF(payment_date >= @start, amount, 0)) AS value\n"
    "FROM `fct_payment` WHERE payment_date <= DATE_ADD(@end, INTERVAL 0 DAY)",
    "postgres": "SELECT SUM(CASE WHEN payment_date >= $start THEN amount ELSE 0 END)\n"
    "FROM fct_payment WHERE payment_date <= $end",
}


def write(folder: Path, name: str, dialect: str, sql: str) -> Path:
    file = folder / f"{name}.sql"
    file.write_text(f"-- dialect: {dialect}\n{HEADER}{sql}\n")
    return file


@pytest.mark.parametrize("target", ["duckdb", "postgres"])
def test_a_metric_of_any_dialect_gives_the_same(target: str, tmp_path: Path, postgres: Server) -> None:
    for dialect, sql in WRITTEN.items():
        write(tmp_path, f"receipts_{dialect}", dialect, sql)
    own = metrics_in(tmp_path)
    assert set(own) == {f"receipts_{dialect}" for dialect in WRITTEN}
    with company(postgres if target == "postgres" else None) as session:
        for metric in own.values():
            (value,) = evaluate(session, metric, "2026-02", "USD")
            # 400.00 and 60.00 on 3 February
            assert (value.value, value.unit, value.by) == (Decimal(460), "USD", ""), metric.name


@pytest.mark.parametrize(
    ("sql", "line", "says"),
    [
        ("SELECT SUM(amount\nFROM fct_payment\nWHERE (amount > 0", 6, r"this is not snowflake: Expecting \)"),
        ("SELECT 'open\nFROM fct_payment", 1, "this is not snowflake"),
        ("DELETE FROM fct_payment", 1, "a metric is one query"),
        ("SELECT 1; SELECT 2", 1, "a metric is one query"),
        ("SELECT SUM(amount) FROM fct_payment WHERE payment_date = :today", 1, "names the parameter 'today'"),
    ],
)
def test_what_is_no_metric_is_refused_where_it_stands(sql: str, line: int, says: str, tmp_path: Path) -> None:
    file = write(tmp_path, "receipts", "snowflake", sql)
    with pytest.raises(ContentError, match=says) as told:
        metrics_in(tmp_path)
    assert str(told.value).startswith(f"{file}:{line}: ")


@pytest.mark.parametrize(
    ("name", "dialect", "says"),
    [
        ("net_revenue", "duckdb", "cannot be the name of a metric of yours"),
        ("Net Revenue 2", "duckdb", "cannot be the name of a metric of yours"),
        ("receipts", "cobol", "'cobol' is no dialect"),
    ],
)
def test_a_name_or_dialect_that_cannot_be_is_refused(name: str, dialect: str, says: str, tmp_path: Path) -> None:
    write(tmp_path, name, dialect, "SELECT 1")
    with pytest.raises(ContentError, match=says):
        metrics_in(tmp_path)


def test_a_folder_without_metrics_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no metric in"):
        metrics_in(tmp_path)


def test_signs_in_texts_and_comments_are_no_parameters(tmp_path: Path, postgres: Server) -> None:
    sql = "SELECT SUM(amount) -- $end is told\nFROM fct_payment WHERE payment_id <> '$start' AND payment_date <= $end"
    write(tmp_path, "receipts", "duckdb", sql)
    metric = metrics_in(tmp_path)["receipts"]
    for server in (None, postgres):
        with company(server) as session:
            assert [value.value for value in evaluate(session, metric, "2026-02", "USD")] == [Decimal(460)]
