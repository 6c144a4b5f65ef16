"""A connector that is wrong in one way is found by the check whose statement it breaks, over the whole way.

The story claims next to nothing, so it is the checks that see. The sound connector has no finding.
"""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from simharness.connectors.manifest import load_manifest
from simharness.domain.played import Played
from simharness.stories.discovery import load
from simharness.stories.playing import Setting, play

STORY = Path(__file__).with_name("story.yaml")
#: The same for books whose ledger calculates tax.
AUTOMATED = Path(__file__).with_name("automated.yaml")


def played(folder: Path, fault: str, path: Path = STORY) -> Played:
    """A story against the reference connector with a fault."""
    home = Path(str(files("simharness"))) / "reference"
    manifest = yaml.safe_load((home / "connector.yaml").read_text())
    manifest["factory"] = "tests.functional.broken.connectors:build"
    manifest["env"]["FAULT"] = fault
    shutil.copytree(home / "mappings", folder / "mappings")
    file = folder / "connector.yaml"
    file.write_text(yaml.safe_dump(manifest))
    (story,) = load([path])
    return play(story, Setting(attachment=load_manifest(file)))


def found(run: Played) -> set[str]:
    return {finding.check for result in run.results for finding in result.findings}


@pytest.mark.parametrize("path", [STORY, AUTOMATED], ids=["the connector calculates tax", "the ledger does"])
def test_the_sound_connector_has_no_finding(tmp_path: Path, path: Path) -> None:
    assert found(played(tmp_path, "none", path)) == set()


def test_an_estimate_is_sent_and_the_ledgers_own_tax_stands(tmp_path: Path) -> None:
    run = played(tmp_path, "none", AUTOMATED)
    sent = [each.request.body for each in run.record.exchanges if each.request.path.endswith("/invoice")]
    # 1,000.00 x 7.25 % = 72.50, x 1.25 % = 12.50: the connector's table; the city takes 1.375 % = 13.75
    assert [b'"TotalTax":85.00' in body for body in sent] == [True]
    ledger = run.record.checkpoints[-1].world.ledger()
    assert ledger is not None
    assert [(each.tax_overridden, str(each.tax)) for each in ledger.documents] == [(True, "USD 86.25")]


def test_an_estimate_told_to_sales_is_found(tmp_path: Path) -> None:
    run = played(tmp_path, "tells its own estimate of the tax", AUTOMATED)
    (finding,) = [finding for result in run.results for finding in result.findings]
    assert finding.check == "R1"
    assert "shows USD 1,085.00, its invoices have USD 1,086.25 open" in finding.message


@pytest.mark.parametrize(
    ("fault", "checks"),
    [
        ("posts an invoice twice", {"V2"}),
        ("posts a payment twice", {"V2", "R3"}),
        ("posts without a key", {"C1"}),
        ("phones home", {"C9"}),
        ("calls what no contract knows", {"C11"}),
        ("writes into a field of the CRM", {"C6"}),
        ("empties a field of the ledger", {"V26"}),
        ("bills a cent more", {"V5", "V6"}),
        ("dates an invoice a day late", {"V13"}),
        ("drops the cost centre", {"V21"}),
        ("leaves no reference", {"R1", "V20"}),
        ("leaves no reason for an exemption", {"V7"}),
        ("numbers invoices itself", {"V25"}),
        ("names another deal", {"R1"}),
        ("books a cent less than was paid", {"V20"}),
        ("applies no payment", {"V8"}),
        ("dies in the middle of its work", {"middleware.connector_finishes"}),
        ("dies when its feeds are read anew", {"V3"}),
        ("hides a row of its log", {"C5"}),
        ("publishes an invoice a cent short", {"R8"}),
        ("loses a journal line on the way to BI", {"R8", "V23"}),
        ("publishes revenue on another cost centre", {"V23"}),
    ],
)
def test_a_broken_connector_is_found_by_the_check_it_breaks(tmp_path: Path, fault: str, checks: set[str]) -> None:
    run = played(tmp_path, fault)
    assert checks <= found(run), [(f.check, f.message) for r in run.results for f in r.findings]


def test_a_connector_that_does_nothing_is_blamed_for_what_is_missing_and_for_no_act_of_others(tmp_path: Path) -> None:
    run = played(tmp_path, "does nothing")
    assert {"V5", "R1"} <= found(run)
    assert not found(run) & {"C1", "C5", "C6", "C9", "C11", "V26"}
