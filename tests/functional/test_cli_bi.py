"""`simharness run` with metrics and a transform of a team's own, and with BI in PostgreSQL."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from simharness.core.content import content_folder
from tests.functional.command import simharness
from tests.postgres import Server
from tests.unit.bi.test_transform import SCRIPT

OWN = """-- dialect: bigquery
-- title: Receipts
-- unit: money
-- formula: what came in
SELECT SUM(amount) FROM `fct_payment` WHERE payment_date BETWEEN @start AND @end
"""
MODELLED = """-- title: Receipts twice
-- unit: money
-- formula: what the model says came in
SELECT SUM(doubled) FROM team_receipts WHERE day BETWEEN $start AND $end
"""
CLAIM = "  - {metric: cash_collected, period: 2026-01, is: USD 400.00}\n"
STORY = "What was owed at the end of January"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A team's folder: a story that claims its own metric and one on its model, and the script that makes the model."""
    told = (content_folder("scenarios") / "bi" / "as_at.yaml").read_text(encoding="utf-8")
    own = CLAIM.replace("cash_collected", "receipts") + CLAIM.replace("cash_collected", "modelled").replace(
        "400", "800"
    )
    assert CLAIM in told
    (tmp_path / "story.yaml").write_text(told.replace(CLAIM, CLAIM + own), encoding="utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "receipts.sql").write_text(OWN)
    (tmp_path / "own" / "modelled.sql").write_text(MODELLED)
    (tmp_path / "models.py").write_text(SCRIPT)
    return tmp_path


def run(folder: Path, *options: str) -> tuple[int, str]:
    done = simharness("run", "story.yaml", "-k", STORY, "--out", "out", *options, cwd=folder)
    return done.returncode, done.stdout + done.stderr


TRANSFORM = ("--transform", f"'{sys.executable}' models.py")


@pytest.mark.parametrize("database", ["duckdb", "postgresql"])
def test_own_metrics_on_own_models_are_claimed_like_ours(database: str, folder: Path, postgres: Server) -> None:
    where = ("--bi", postgres.database()) if database == "postgresql" else ()
    code, said = run(folder, "--metrics", "own", *TRANSFORM, *where)
    assert code == 0, said
    assert "transform.log" in said
    assert "one model made\nexit code 0\n" in (folder / "out" / "transform.log").read_text()
    story = folder / "story.yaml"
    story.write_text(story.read_text().replace("{metric: modelled, period: 2026-01, is: USD 800.00}",
                                               "{metric: modelled, period: 2026-01, is: USD 801.00}"))  # fmt: skip
    code, said = run(folder, "--metrics", "own", *TRANSFORM, *where)
    assert code == 1
    assert "metric modelled of 2026-01 has another value" in said
    assert "--metrics own" in said, "the line that brings the finding back names what it needs"


def test_a_story_may_name_its_own_metrics(folder: Path) -> None:
    story = folder / "story.yaml"
    story.write_text(story.read_text().replace("dictionary: us-saas\n", "dictionary: us-saas\nmetrics: own\n", 1))
    assert run(folder, *TRANSFORM)[0] == 0
    assert simharness("check", "story.yaml", cwd=folder).returncode == 0


def test_a_metric_nobody_knows_is_a_mistake_of_the_story(folder: Path) -> None:
    code, said = run(folder)
    assert code == 2
    assert "'receipts' is no metric" in said
    assert simharness("check", "story.yaml", cwd=folder).returncode == 2
    assert simharness("check", "story.yaml", "--metrics", "own", cwd=folder).returncode == 0


def test_a_metric_that_does_not_parse_is_one_message_before_the_first_story(folder: Path) -> None:
    (folder / "own" / "receipts.sql").write_text(OWN.replace("SUM(amount)", "SUM((amount)"))
    code, said = run(folder, "--metrics", "own")
    assert code == 2
    assert said.startswith("simharness: own/receipts.sql:5: this is not bigquery: ")
    assert "Traceback" not in said


def test_a_transform_that_fails_ends_the_story_with_its_exit_code_and_output(folder: Path) -> None:
    (folder / "models.py").write_text("print('model seven is wrong'); raise SystemExit(4)")
    code, said = run(folder, "--metrics", "own", *TRANSFORM)
    assert code not in (0, 1)
    assert "ended with exit code 4:" in said
    assert "model seven is wrong" in said


def test_a_database_that_is_none_is_refused_before_the_first_story(folder: Path) -> None:
    for url, says in (
        ("duckdb:///x", "--bi takes a PostgreSQL database"),
        ("postgresql://user:secret@127.0.0.1:1/x", "onnection refused"),
    ):
        code, said = run(folder, "--metrics", "own", "--bi", url)
        assert code == 2
        assert says in said
        assert "secret" not in said
