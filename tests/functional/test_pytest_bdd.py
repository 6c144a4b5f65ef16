"""pytest-bdd: sentences of the vocabulary beside a team's own steps, in one scenario and one world."""

from __future__ import annotations

import pytest

from simharness.bdd.parser import SentenceParser
from simharness.stories.guide.entries import entries
from tests.functional import inner

pytest_plugins = ["pytester"]

FEATURE = """\
@money @control:REC-01
Feature: Billing

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05

  Scenario: A deal is billed
    Given the customer "Globex" in region "US-CA-SF" on terms "Net 30"
    And somebody looked at the CRM
    And a deal "Globex rollout" with "Globex" and these lines:
      | product       | quantity | unit price   |
      | Badge printer | 1        | USD 4,000.00 |
    When the deal "Globex rollout" is won on 2026-01-12
    And the connector finishes its work
    Then the invoice of "Globex rollout" totals TOTAL
    And our dashboard shows 1 invoice
"""

STEPS = """
from pytest_bdd import given, parsers, scenarios, then

scenarios("billing.feature")

@given("somebody looked at the CRM")
def looked(simharness_telling):
    assert [each.name for each in simharness_telling.world.snapshot().crm.companies] == ["Globex"]
    print("LOOKED")

@then(parsers.parse("our dashboard shows {count:d} invoice"))
def dashboard(simharness_telling, count):
    ledger = simharness_telling.world.snapshot().ledger()
    assert len([each for each in ledger.documents if each.kind == "invoice"]) == count
"""


def scenario(pytester: pytest.Pytester, feature: str, steps: str = STEPS, *, star: bool = False) -> pytest.RunResult:
    (pytester.path / "billing.feature").write_text(feature, encoding="utf-8")
    pytester.makeconftest("" if star else 'pytest_plugins = ["simharness.bdd"]')
    pytester.makepyfile(f"from simharness.bdd import *\n{steps}" if star else steps)
    return inner.run(pytester, *(() if star else ("--strict-markers",)), "-rP")


def test_every_sentence_of_the_vocabulary_is_a_step() -> None:
    parser = SentenceParser("simharness")
    told = [each.example for each in entries()]
    assert len(told) > 100
    assert [each for each in told if not parser.is_matching(each.splitlines()[0])] == []
    assert not parser.is_matching("our dashboard shows 1 invoice")


# 8.625 % of 4,000.00 is 345.00.
@pytest.mark.parametrize("star", [False, True])
def test_a_scenario_mixes_our_sentences_with_steps_of_a_team(pytester: pytest.Pytester, star: bool) -> None:
    done = scenario(pytester, FEATURE.replace("TOTAL", "USD 4,345.00"), star=star)
    done.assert_outcomes(passed=1)
    assert "LOOKED" in inner.shown(done)


def test_what_does_not_hold_fails_the_scenario_in_words_at_its_line(pytester: pytest.Pytester) -> None:
    done = scenario(pytester, FEATURE.replace("TOTAL", "USD 4,354.00"))
    done.assert_outcomes(failed=1)
    shown = inner.shown(done)
    assert "USD 4,354.00" in shown
    assert "USD 4,345.00" in shown
    assert "billing.feature:16" in shown
    assert "pytest test_what_does_not_hold" in shown


def test_a_failed_step_of_a_team_is_told_alone(pytester: pytest.Pytester) -> None:
    wrong = FEATURE.replace("TOTAL", "USD 4,354.00").replace("shows 1 invoice", "shows 2 invoice")
    done = scenario(pytester, wrong)
    done.assert_outcomes(failed=1)
    assert "USD 4,354.00 expected" not in inner.shown(done)
    assert "assert 1 == 2" in inner.shown(done)


def test_mistakes_are_told_before_anything_is_played(pytester: pytest.Pytester) -> None:
    done = scenario(pytester, FEATURE.replace("TOTAL", "4,345.00").replace("unit price", "unit prise"))
    done.assert_outcomes(failed=1)
    shown = inner.shown(done)
    assert "LOOKED" not in shown
    assert "did you mean 'unit price'?" in shown
    assert "Traceback" not in shown


def test_beside_a_step_that_nobody_knows_stand_the_sentences_most_like_it(pytester: pytest.Pytester) -> None:
    done = scenario(pytester, FEATURE.replace(" totals TOTAL", " totalls USD 4,345.00"))
    done.assert_outcomes(failed=1)
    assert "{invoice} totals {money}" in inner.shown(done)


def test_a_step_of_a_team_with_our_wording_goes_first(pytester: pytest.Pytester) -> None:
    own = """
from pytest_bdd import when

@when("the connector finishes its work")
def ours_and_more(simharness_telling):
    print("FIRST")
    simharness_telling.do()
"""
    done = scenario(pytester, FEATURE.replace("TOTAL", "USD 4,345.00"), STEPS + own)
    done.assert_outcomes(passed=1)
    assert "FIRST" in inner.shown(done)
