"""What comes of a random story is said of that story, also where it cannot be played."""

from __future__ import annotations

from pathlib import Path

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.domain.fault import parse_plan
from simharness.explore.cases import Outcome
from simharness.explore.random.judging import Judge
from simharness.stories import discovery
from simharness.stories.playing import Setting

#: The connector needs more than no time.
BACK_IN_TIME = """
story: A deal is won at the minute at which the connector began
dictionary: us-saas
today: 2026-01-05
given:
  - {customer: Hooli, region: US-OR}
  - deal: Hooli onboarding
    customer: Hooli
    lines: [{product: Onboarding service, quantity: 1, unit_price: USD 10.00}]
when:
  - {connector_finishes: {on: 2026-01-09, at: "09:00"}}
  - {deal_won: Hooli onboarding, on: 2026-01-09, at: "09:00"}
then:
  - {customer: Hooli, owes: USD 0.00}
"""


def test_a_story_that_cannot_be_played_is_broken_and_stops_no_search(tmp_path: Path) -> None:
    file = tmp_path / "story.yaml"
    file.write_text(BACK_IN_TIME, encoding="utf-8")
    (story,) = discovery.load([file])
    judge = Judge(Setting(attachment=load_manifest(builtin_manifest())))
    for plan in ("", "reply_lost@hubspot#2"):
        result = judge.result(story, parse_plan(plan))
        assert result.outcome is Outcome.BROKEN
        assert "time would go back" in result.reason
