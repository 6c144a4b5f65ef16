"""A connector that is wrong about the invoices of other programs is found by the check whose statement it breaks.

So is one whose mapping says something else about them than finance's dictionary.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from simharness.domain.played import Played
from tests.functional.broken import attached

HERE = Path(__file__).parent
BESIDE, SECOND, ELSEWHERE = HERE / "beside.yaml", HERE / "second.yaml", HERE / "elsewhere.yaml"


def played(folder: Path, path: Path, fault: str = "none", mapping: str = "") -> Played:
    """A story against the reference connector with a fault, or with the mapping of other books."""
    return attached.told(path, attached.setting(folder, "topologies:build", fault, mapping))


def found(run: Played) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for result in run.results:
        for finding in result.findings:
            told.setdefault(finding.check, []).append(finding.message)
    return told


@pytest.mark.parametrize("path", [BESIDE, ELSEWHERE], ids=["beside a sync", "behind a billing system"])
def test_the_sound_connector_has_no_finding(tmp_path: Path, path: Path) -> None:
    assert found(played(tmp_path, path)) == {}


@pytest.mark.parametrize(
    ("fault", "path", "checks"),
    [
        ("does not look before it posts", BESIDE, {"V2", "V5", "V20", "R1"}),
        ("takes invoices by their amount", BESIDE, {"V5", "V20", "R1"}),
        ("refuses a right invoice", BESIDE, {"R1"}),
        ("leaves out what the CRM owns", BESIDE, {"V21"}),
        ("hides that it took an invoice", BESIDE, {"C5"}),
        ("reminds nobody", ELSEWHERE, {"V20"}),
    ],
)
def test_a_broken_connector_is_found_by_the_check_it_breaks(
    tmp_path: Path, fault: str, path: Path, checks: set[str]
) -> None:
    told = found(played(tmp_path, path, fault))
    assert checks <= told.keys(), told


@pytest.mark.parametrize(
    ("path", "mapping", "checks", "words"),
    [
        (ELSEWHERE, "us-saas", {"C6", "V2", "R1"}, "the connector wrote invoice"),
        (BESIDE, "us-saas", {"V2", "R1"}, "has a second invoice"),
        (BESIDE, "us-saas-billing", {"V20", "R1"}, "there is no invoice of deal 'North wing'"),
        (SECOND, "us-saas-beside-void", {"C6"}, "the connector ended (void) invoice"),
    ],
    ids=["bills beside the billing system", "knows of no sync", "leaves all to a billing system", "has not the right"],
)
def test_a_mapping_that_contradicts_the_dictionary_is_found(
    tmp_path: Path, path: Path, mapping: str, checks: set[str], words: str
) -> None:
    told = found(played(tmp_path, path, mapping=mapping))
    assert checks <= told.keys(), told
    assert any(words in message for messages in told.values() for message in messages), told


def test_two_invoices_of_a_deal_are_found_whoever_wrote_the_second(tmp_path: Path) -> None:
    told = found(played(tmp_path, SECOND))
    assert told["V2"] == ["version 1 of deal 33000001 has a second invoice"]
    assert not told.keys() & {"C4", "C6"}
