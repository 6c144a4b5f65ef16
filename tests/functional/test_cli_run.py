"""`simharness run` leaves three complete files, says what came of each story, and leaves with the right code."""

from __future__ import annotations

import os
import pty
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree as Xml

import duckdb
import pytest

from simharness.connectors.manifest import builtin_manifest
from simharness.domain.finding import Judgement
from simharness.report.ndjson import read_records
from tests.functional.command import COMMAND, simharness, story


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A run of two stories, one file, without a finding."""
    folder = tmp_path_factory.mktemp("clean")
    (folder / "sale.yaml").write_text(story("First") + "---\n" + story("Second"))
    return folder, simharness("run", "sale.yaml", "--rng-seed", 3, cwd=folder)


def test_stories_without_findings_leave_with_zero(clean: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    _, done = clean
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert "2 stories: 2 ok\n" in done.stdout
    assert "0 findings\n" in done.stdout


def test_piped_output_is_plain_text_without_escapes_boxes_or_trailing_blanks(
    clean: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    text = clean[1].stdout
    assert all(character.isprintable() or character == "\n" for character in text)
    assert not any("─" <= character <= "╿" for character in text)
    assert not any(line.endswith(" ") for line in text.splitlines())


def test_the_files_of_a_run_are_complete_and_agree(clean: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    out = clean[0] / "simharness-out"
    assert sorted(path.name for path in out.iterdir()) == ["junit.xml", "run.duckdb", "run.ndjson"]
    names = [record.header.story for record in read_records(out / "run.ndjson")]
    assert names == ["First", "Second"]
    suite = Xml.fromstring((out / "junit.xml").read_bytes())  # noqa: S314 - our own file
    assert [case.get("name") for case in suite.iter("testcase")] == names
    with duckdb.connect(str(out / "run.duckdb"), read_only=True) as tables:
        assert tables.execute("SELECT story, outcome, rng_seed FROM stories ORDER BY story_no").fetchall() == [
            ("First", "ok", 3), ("Second", "ok", 3),
        ]  # fmt: skip
        assert tables.execute("SELECT story_no, sum(amount) FROM journal_lines GROUP BY 1").fetchall() == [
            (1, 0), (2, 0),
        ]  # fmt: skip
        judged = {row[0] for row in tables.execute("SELECT DISTINCT judgement FROM checks").fetchall()}
        assert judged <= {one.value for one in Judgement} - {"found"}


def test_the_same_run_under_another_hash_seed_gives_the_same_bytes(
    clean: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, _ = clean
    done = simharness("run", "sale.yaml", "--rng-seed", 3, "--out", "again", cwd=folder, PYTHONHASHSEED="77")
    assert done.returncode == 0
    for name in ("run.ndjson", "junit.xml"):
        assert (folder / "again" / name).read_bytes() == (folder / "simharness-out" / name).read_bytes()


def test_a_claim_that_does_not_hold_is_a_finding_with_both_figures(tmp_path: Path) -> None:
    (tmp_path / "sale.yaml").write_text(story(tax="310.51"))
    done = simharness("run", "sale.yaml", "--junit", "ci/report.xml", cwd=tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    for part in ("USD 310.51", "USD 310.50", "sale.yaml:17", "again: simharness run sale.yaml -k 'A deal is billed'"):
        assert part in done.stdout
    failures = Xml.fromstring((tmp_path / "ci" / "report.xml").read_bytes()).iter("failure")  # noqa: S314 - our own file
    assert len(list(failures)) == 1
    assert not (tmp_path / "simharness-out" / "junit.xml").exists()


def test_a_feature_that_fails_is_explained_alike_on_the_terminal_and_in_junit(tmp_path: Path) -> None:
    """Net 3,600.00 and tax 310.50 are invoiced; the feature says 3,911.50."""
    (tmp_path / "sale.feature").write_text(
        """\
Feature: Sales
  Scenario: A deal is billed
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05
    And the customer "Globex" in region "US-CA-SF" on terms "Net 30"
    And a deal "Globex rollout" with "Globex" and these lines:
      | product       | quantity | unit price   | discount |
      | Badge printer | 1        | USD 4,000.00 | 10%      |
    When the deal "Globex rollout" is won on 2026-01-12
    And the connector finishes its work
    Then the invoice of "Globex rollout" totals USD 3,911.50
"""
    )
    done = simharness("run", "sale.feature", "--http", cwd=tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    (failure,) = Xml.fromstring((tmp_path / "simharness-out" / "junit.xml").read_bytes()).iter("failure")  # noqa: S314 - our own file
    told = (failure.text or "").splitlines()
    for line in (
        "  step        sale.feature:11",
        '              Then the invoice of "Globex rollout" totals USD 3,911.50',
        "    total  USD 3,911.50  USD 3,910.50   USD -1.00",
        "    2026-01-12 09:00  created invoice 1001 in the ledger for deal 'Globex rollout' (USD 3,910.50)",
        "  the requests beneath it",
    ):
        assert line in told
    printed = done.stdout.splitlines()
    assert [line for line in told if line and f"  {line}" not in printed] == []


PAYMENT = """\
  - {customer_pays: USD 1500.00, invoice_of: Globex rollout, by: card, on: 2026-01-20}
  - connector_finishes
"""
#: What is broken in the mapping: file, words, other words, the check that must see it, and the two figures.
BREAKAGES = {
    "tax code swapped": ("taxes.yaml", "{goods: CA San Francisco}", "{goods: TX Austin}", "V6", "310.50", "297.00"),
    "discount dropped": ("discounts.yaml", "line: true", "line: false", "V5", "3,600.00", "4,000.00"),
    "accounts exchanged": (
        "accounts.yaml", '{number: "1150", name: Gateway clearing}', '{number: "1000", name: Bank}',
        "R3", "1150 Gateway clearing USD 1,500.00", "1000 Bank USD 1,500.00",
    ),
}  # fmt: skip


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_a_wrong_mapping_is_found_with_its_figures_and_the_way_back_to_it(breakage: str, tmp_path: Path) -> None:
    file, words, others, check, expected, actual = BREAKAGES[breakage]
    (tmp_path / "sale.yaml").write_text(story().replace("then:", PAYMENT + "then:"))
    mapping = tmp_path / "wrong"
    shutil.copytree(builtin_manifest().parent / "mappings" / "us-saas", mapping)
    text = (mapping / file).read_text()
    assert words in text
    (mapping / file).write_text(text.replace(words, others))
    done = simharness("run", "sale.yaml", "--mapping", "wrong", cwd=tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    with duckdb.connect(str(tmp_path / "simharness-out" / "run.duckdb"), read_only=True) as tables:
        found = tables.execute("SELECT expected, actual FROM findings WHERE check_id = ?", [check]).fetchall()
    assert any(expected in wanted and actual in got for wanted, got in found), done.stdout
    assert "--mapping wrong" in done.stdout


def test_name_and_tag_choose_stories(tmp_path: Path) -> None:
    (tmp_path / "sale.yaml").write_text(story("First") + "---\n" + story("Second").replace("billing", "taxes"))
    for selection in (("-k", "seco"), ("--tag", "taxes", "--tag", "close")):
        done = simharness("run", "sale.yaml", *selection, cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "1 story: 1 ok\n" in done.stdout
        assert "Second" in done.stdout


def test_a_reader_that_leaves_early_ends_the_run_without_a_traceback_and_without_half_files(tmp_path: Path) -> None:
    (tmp_path / "sale.yaml").write_text(story())
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "w") as nobody_reads:
        done = subprocess.run(
            [str(COMMAND), "run", "sale.yaml"], cwd=tmp_path, stdout=nobody_reads, stderr=subprocess.PIPE, timeout=60
        )
    assert (done.returncode, done.stderr) == (141, b"")
    assert list((tmp_path / "simharness-out").iterdir()) == []


def test_two_runs_into_one_folder_are_kept_apart(tmp_path: Path) -> None:
    (tmp_path / "sale.yaml").write_text("---\n".join(story(f"Story {number}") for number in range(20)))
    first = subprocess.Popen([str(COMMAND), "run", "sale.yaml"], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    assert first.stdout is not None
    while "Story 0" not in first.stdout.readline():
        assert first.poll() is None
    first.send_signal(signal.SIGSTOP)
    second = simharness("run", "sale.yaml", "-k", "Story 19", cwd=tmp_path)
    assert (second.returncode, second.stdout) == (2, "")
    assert "another run is writing into simharness-out" in second.stderr
    elsewhere = simharness("run", "sale.yaml", "-k", "Story 19", "--out", "other", cwd=tmp_path)
    assert elsewhere.returncode == 0, elsewhere.stderr
    first.send_signal(signal.SIGINT)
    first.send_signal(signal.SIGCONT)
    first.communicate(timeout=30)
    assert first.returncode == 130
    after = simharness("run", "sale.yaml", "-k", "Story 19", cwd=tmp_path)
    assert after.returncode == 0, after.stderr


def test_on_a_terminal_the_progress_line_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "sale.yaml").write_text("---\n".join(story(f"Story {number}") for number in range(3)))
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [str(COMMAND), "run", "sale.yaml"],
        cwd=tmp_path,
        stdout=theirs,
        stderr=theirs,
        env=os.environ | {"TERM": "xterm"},
    ):
        os.close(theirs)
        told = b"".join(_read(ours)).decode()
    os.close(ours)
    assert "━" in told
    # A line is wiped by a carriage return and an erasure; the last one after the cursor went up to it.
    lines = told.replace("\r\n\x1b[?25h\r\x1b[1A\x1b[2K", "\r\x1b[2K").split("\r\n")
    assert [line for line in lines if "━" in line.rpartition("\r\x1b[2K")[2]] == []


def _read(handle: int) -> Iterator[bytes]:
    """What comes out of a terminal until nobody writes into it any more, which Linux tells as an error."""
    with suppress(OSError):
        while chunk := os.read(handle, 65536):
            yield chunk


def test_ctrl_c_ends_a_run_with_130_and_leaves_no_half_files(tmp_path: Path) -> None:
    (tmp_path / "sale.yaml").write_text("---\n".join(story(f"Story {number}") for number in range(40)))
    process = subprocess.Popen(
        [str(COMMAND), "run", "sale.yaml"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    while "Story 0" not in process.stdout.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert (process.returncode, told) == (130, "simharness: interrupted\n")
    assert list((tmp_path / "simharness-out").iterdir()) == []


def test_a_fault_of_the_command_line_strikes_is_told_and_comes_back_with_a_finding(tmp_path: Path) -> None:
    (tmp_path / "sale.yaml").write_text(story("Right") + "---\n" + story("Wrong", tax="310.51"))
    plan = "reply_lost@quickbooks.saveInvoice + crash_after@#9"
    done = simharness("run", "sale.yaml", "--fault", plan, "--fault", "forbidden@gusto", cwd=tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Fault reply_lost@quickbooks.saveInvoice#1: struck in 2 stories\n" in done.stdout
    assert "Fault forbidden@gusto#1: never struck, not exercised\n" in done.stdout
    assert f"--rng-seed 0 --fault '{plan}' --fault forbidden@gusto\n" in done.stdout
    (right, wrong) = read_records(tmp_path / "simharness-out" / "run.ndjson")
    assert [each.fault.kind for each in right.fault_log] == ["crash_after", "reply_lost"]
    assert wrong.header.plan == right.header.plan


def test_a_fault_that_never_strikes_leaves_as_nothing_tested_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sale.yaml").write_text(story())
    idle = simharness("run", "sale.yaml", "--fault", "reply_lost@stripe.PayoutCancel", cwd=tmp_path)
    assert idle.returncode == 4, idle.stdout
    assert "F2    in 1 story      never struck: reply_lost@stripe.PayoutCancel#1\n" in idle.stdout
    unknown = simharness("run", "sale.yaml", "--fault", "reply_lots@stripe", "--out", "other", cwd=tmp_path)
    assert unknown.returncode == 2
    assert "did you mean 'reply_lost'?" in unknown.stderr
    assert not (tmp_path / "other").exists()
