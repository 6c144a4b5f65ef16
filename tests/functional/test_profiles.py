"""A connector is tried against other ways with repeated requests: what its own vendor forgives shows there."""

from __future__ import annotations

from pathlib import Path

import pytest

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.domain.fault import parse_plan
from simharness.fakekit.idempotency.choosing import profiles_of
from simharness.stories import discovery
from simharness.stories.playing import Setting, play
from simharness.world.registry import installed_packs
from tests.functional.command import story


@pytest.mark.parametrize(
    ("profile", "found"), [("quickbooks=quickbooks", set()), ("quickbooks=ietf", set()), ("quickbooks=none", {"V2"})]
)
def test_a_lost_answer_is_repeated_and_comes_to_what_the_profile_says(
    tmp_path: Path, profile: str, found: set[str]
) -> None:
    (tmp_path / "sale.yaml").write_text(story())
    (sale,) = discovery.load([tmp_path / "sale.yaml"])
    played = play(
        sale,
        Setting(
            attachment=load_manifest(builtin_manifest()),
            plan=parse_plan("reply_lost@quickbooks.saveInvoice#1"),
            profiles=profiles_of([profile], installed_packs()),
        ),
    )
    assert len(played.record.fault_log) == 1
    checks = {finding.check for result in played.results for finding in result.findings}
    assert checks & {"V2"} == found
    assert bool(checks) == bool(found)
