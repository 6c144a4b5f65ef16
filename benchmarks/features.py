"""A feature costs at most a twentieth more than the same story in YAML, from its file to its judgement."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import setting
from benchmarks.figures import Figure, timed_s
from simharness.domain.played import Played
from simharness.stories import discovery
from simharness.stories.playing import attempt

_ROUNDS = 15
_FEATURE = """\
Feature: Instalments
  Scenario: A deal is paid in instalments
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05
    And the customer "Globex" in region "US-CA-SF" on terms "Net 30"
    And a deal "Rollout" with "Globex" and these lines:
      | product       | quantity | unit price   | discount |
      | Badge printer | 1        | USD 4,000.00 | 10%      |
    When the deal "Rollout" is won on 2026-01-12
    And the connector finishes its work
    And customer "Globex" pays USD 1,500.00 against the invoice of "Rollout" by card on 2026-01-20
    And the connector finishes its work
    And customer "Globex" pays USD 2,410.50 against the invoice of "Rollout" by card on 2026-02-03
    And the connector finishes its work
    Then the invoice of "Rollout" totals USD 3,910.50
    And the invoice of "Rollout" has USD 0.00 open
"""
_YAML = """\
story: A deal is paid in instalments
dictionary: us-saas
today: 2026-01-05
given:
  - {customer: Globex, region: US-CA-SF, terms: Net 30}
  - deal: Rollout
    customer: Globex
    lines:
      - {product: Badge printer, quantity: 1, unit_price: USD 4000.00, discount: 10%}
when:
  - {deal_won: Rollout, on: 2026-01-12}
  - connector_finishes
  - {customer_pays: USD 1500.00, invoice_of: Rollout, by: card, on: 2026-01-20}
  - connector_finishes
  - {customer_pays: USD 2410.50, invoice_of: Rollout, by: card, on: 2026-02-03}
  - connector_finishes
then:
  - {invoice_of: Rollout, total: USD 3910.50}
  - {invoice_of: Rollout, open: USD 0.00}
"""


def measure() -> list[Figure]:
    """Both warm and in turns, so that what else the machine does meets both alike."""
    with TemporaryDirectory() as name:
        feature, yaml = Path(name) / "a.feature", Path(name) / "a.yaml"
        feature.write_text(_FEATURE, encoding="utf-8")
        yaml.write_text(_YAML, encoding="utf-8")
        for file in (feature, yaml):
            _run(file)
        rounds = [(timed_s(lambda: _run(feature)), timed_s(lambda: _run(yaml))) for _ in range(_ROUNDS)]
    feature_s, yaml_s = (min(column) for column in zip(*rounds, strict=True))
    note = f"{feature_s * 1000:.1f} ms / {yaml_s * 1000:.1f} ms, best of {_ROUNDS}"
    return [
        Figure(name="features ÷ yaml, the same story read and played", value=feature_s / yaml_s, goal=1.05, note=note)
    ]


def _run(file: Path) -> None:
    (story,) = discovery.load([file])
    played = attempt(story, setting.reference())
    if not isinstance(played, Played) or played.findings:
        raise SystemExit(f"the story to be measured has findings: {played}")
