"""The reference connector publishes the ledger by write, audit, publish; run as a process it needs nothing but its
environment.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.domain.evidence import Alert
from simharness.domain.exchange import Outcome, Request
from simharness.fakekit.fake import Fake
from simharness.world.doors.host import WorldHost
from simharness.world.doors.server import Served
from tests.functional.test_reference_faults import PRINTER, Company, play


def published(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "bi").iterdir())


def question(folder: Path, version: str, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(folder / "bi" / version), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_what_is_published_is_the_ledger(tmp_path: Path) -> None:
    company = Company(tmp_path)
    play(company)
    company.connector.trigger("publish")
    (version,) = published(tmp_path)
    # list 1,000.00 and 300.00 billed, 250.00 credited; no discount
    lines = (
        "SELECT kind, SUM(list_amount), SUM(discount_amount), SUM(net_amount) "
        "FROM fct_document_line JOIN fct_document USING (document_id) GROUP BY kind ORDER BY kind"
    )
    assert [tuple(map(str, row)) for row in question(tmp_path, version, lines)] == [
        ("credit_memo", "250.0000", "0.0000", "250.0000"),
        ("invoice", "1300.0000", "0.0000", "1300.0000"),
    ]
    settled = question(tmp_path, version, "SELECT source_kind, amount FROM fct_application ORDER BY source_kind")
    assert [tuple(map(str, row)) for row in settled] == [("credit_memo", "271.5700"), ("payment", "500.0000")]
    balance = "SELECT SUM(amount) FROM fct_journal_line JOIN dim_account USING (account_id) WHERE kind = 'receivable'"
    assert [str(value) for (value,) in question(tmp_path, version, balance)] == ["614.6800"]


def test_a_failed_audit_leaves_the_last_version_visible_and_tells_a_person(tmp_path: Path) -> None:
    company = Company(tmp_path)
    play(company)
    company.connector.trigger("publish")

    def one_cent_off(fake: Fake, request: Request) -> Outcome:
        answer = fake.handle(request)
        return Outcome(response=type(answer)(
            status=answer.status, headers=answer.headers, body=answer.body.replace(b'"1086.25"', b'"1086.26"', 1)
        ))  # fmt: skip

    company.port.counts = lambda request: "GeneralLedger" in request.path
    company.port.seen, company.port.at, company.port.fault = 0, 1, one_cent_off
    company.connector.trigger("publish")
    assert company.port.seen == 1
    assert len(published(tmp_path)) == 1, "nothing new, and nothing half-built"
    told = [row for row in company.connector.evidence() if isinstance(row, Alert)]
    assert [(row.incident, "0.01" in row.reason) for row in told] == [("bi:publish", True)]
    company.connector.trigger("publish")
    assert len(published(tmp_path)) == 2


@pytest.mark.socket
def test_as_a_process_it_bills_over_the_socket(tmp_path: Path) -> None:
    company = Company(tmp_path)
    deal = company.deal(company.customer(), PRINTER)
    company.win(deal)
    attachment = load_manifest(builtin_manifest())
    with Served(WorldHost(lambda: company.world)) as served:
        values = {**company.world.connections(served.urls), "state_dir": str(tmp_path), "bi.url": ""}
        values["mapping"] = str(attachment.mapping_for("us-saas", None))
        env = {name: attachment.render(template, values) for name, template in attachment.manifest.env.items()}
        command = [sys.executable, "-m", "simharness.reference", "sync"]
        done = subprocess.run(command, env={**os.environ, **env}, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert company.statuses() == [("invoiced", "USD 1,086.25")]


def test_as_a_process_it_says_what_is_missing() -> None:
    command = [sys.executable, "-m", "simharness.reference", "sync"]
    done = subprocess.run(command, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (2, "HUBSPOT_BASE_URL: is not set (set it in the environment)\n")
