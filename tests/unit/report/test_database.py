from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from simharness.report.database import DatabaseFile
from tests.unit.report.samples import broken, finding, played


@pytest.fixture
def run(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    file = DatabaseFile(tmp_path / "run.duckdb")
    for story in (played(finding("V6")), broken(), played(story="Another")):
        file.add(story)
    file.keep()
    assert [path.name for path in tmp_path.iterdir()] == ["run.duckdb"]
    return duckdb.connect(str(tmp_path / "run.duckdb"), read_only=True)


def test_stories_stand_with_their_outcome_in_the_order_in_which_they_were_played(
    run: duckdb.DuckDBPyConnection,
) -> None:
    rows = run.execute("SELECT story_no, story, outcome, findings, line FROM stories ORDER BY story_no").fetchall()
    assert rows == [(1, "A sale", "findings", 1, 1), (2, "A wreck", "broken", 0, 4), (3, "Another", "ok", 0, 1)]


def test_findings_join_their_story_and_keep_money_exact(run: duckdb.DuckDBPyConnection) -> None:
    rows = run.execute(
        "SELECT story, check_id, at_risk, currency, objects FROM findings JOIN stories USING (story_no)"
    ).fetchall()
    objects = "quickbooks:invoice:7 (1001)\nhubspot:deal:1 (D)"
    assert rows == [("A sale", "V6", Decimal("8.0000000000"), "USD", objects)]


def test_every_judgement_is_there_with_its_reason(run: duckdb.DuckDBPyConnection) -> None:
    rows = run.execute("SELECT check_id, judgement, reason FROM checks WHERE story_no = 3").fetchall()
    assert rows == [
        ("V1", "passed", ""),
        ("C5", "not applicable", "the connector offers no log"),
        ("V27", "not exercised", "nobody was renamed"),
    ]


def test_the_journal_of_a_story_balances_in_sql(run: duckdb.DuckDBPyConnection) -> None:
    rows = run.execute("SELECT story_no, sum(amount), count(*) FROM journal_lines GROUP BY 1 ORDER BY 1").fetchall()
    assert rows == [(1, Decimal(0), 3), (3, Decimal(0), 3)]
    revenue = run.execute(
        "SELECT DISTINCT account_name, amount, cost_centre, dated FROM journal_lines WHERE account_number = '4010'"
    ).fetchone()
    assert revenue is not None
    assert (revenue[0], revenue[1], revenue[2], str(revenue[3])) == ("Hardware sales", -100, "CC1", "2026-01-12")


def test_an_exchange_without_an_answer_has_no_status(run: duckdb.DuckDBPyConnection) -> None:
    rows = run.execute("SELECT sequence, status, outside, operation FROM exchanges WHERE story_no = 1").fetchall()
    assert rows == [(1, 200, False, "createInvoice"), (2, None, True, "")]


def test_facts_writes_evidence_and_metrics_can_be_asked(run: duckdb.DuckDBPyConnection) -> None:
    assert run.execute("SELECT kind, step, verb FROM facts WHERE story_no = 1").fetchall() == [
        ("DealWon", 3, "crm.deal_won")
    ]
    assert run.execute("SELECT dataset, action, fields FROM writes WHERE story_no = 1").fetchall() == [
        ("invoice", "create", "net tax")
    ]
    assert run.execute("SELECT kind, amount FROM evidence WHERE story_no = 1").fetchall() == [("log", 108)]
    assert run.execute("SELECT metric, value, unit FROM metrics WHERE story_no = 1").fetchall() == [
        ("net_revenue", 100, "USD")
    ]


def test_a_dropped_database_leaves_no_trace(tmp_path: Path) -> None:
    file = DatabaseFile(tmp_path / "run.duckdb")
    file.add(played())
    file.drop()
    assert list(tmp_path.iterdir()) == []
