"""A feature says the same as a story in YAML."""

from __future__ import annotations

from pathlib import Path

from simharness.core.content import content_folder
from simharness.stories.dictionaries import Shelf
from simharness.stories.feature_story import read_feature
from simharness.stories.story import Story
from simharness.stories.telling import Reading
from simharness.stories.yaml_story import read_file

FEATURE = """\
@money @payments @control:REC-01
Feature: Instalments

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05

  Scenario: A deal is paid in three instalments
    Given the customer "Globex" in region "US-CA-SF" on terms "Net 30"
    And a deal "Globex rollout" with "Globex" and these lines:
      | product       | quantity | unit price   | discount |
      | Badge printer | 1        | USD 4,000.00 | 10%      |
    When the deal "Globex rollout" is won on 2026-01-12
    And the connector finishes its work
    And customer "Globex" pays USD 1,500.00 against the invoice of "Globex rollout" by card on 2026-01-20
    And the connector finishes its work
    Then the invoice of "Globex rollout" totals USD 3,910.50
    And the invoice of "Globex rollout" has USD 2,410.50 open
    And metric "net revenue" for 2026-01 is USD 3,600.00
"""

YAML = """\
story: A deal is paid in three instalments
tags: [money, payments, "control:REC-01"]
dictionary: us-saas
today: 2026-01-05
given:
  - {customer: Globex, region: US-CA-SF, terms: Net 30}
  - deal: Globex rollout
    customer: Globex
    lines:
      - {product: Badge printer, quantity: 1, unit_price: USD 4000.00, discount: 10%}
when:
  - {deal_won: Globex rollout, on: 2026-01-12}
  - connector_finishes
  - {customer_pays: USD 1500.00, invoice_of: Globex rollout, by: card, on: 2026-01-20}
  - connector_finishes
then:
  - {invoice_of: Globex rollout, total: USD 3910.50}
  - {invoice_of: Globex rollout, open: USD 2410.50}
  - {metric: net_revenue, period: 2026-01, is: USD 3600.00}
"""


def _shelf() -> Shelf:
    return Shelf(content_folder("scenarios") / "dictionaries")


def _read(folder: Path, text: str) -> Reading:
    file = folder / "a.feature"
    file.write_text(text, encoding="utf-8")
    return read_feature(file, _shelf())


def _only(reading: Reading) -> Story:
    assert [str(problem) for problem in reading.problems] == []
    (story,) = reading.stories
    return story


def test_both_forms_of_a_story_are_the_same_story(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(YAML, encoding="utf-8")
    told, written = _only(_read(tmp_path, FEATURE)), _only(read_file(tmp_path / "a.yaml", _shelf()))
    assert [(s.phase, s.verb.name, s.params) for s in told.steps] == [
        (s.phase, s.verb.name, s.params) for s in written.steps
    ]
    assert (told.name, told.tags, told.fingerprint) == (written.name, written.tags, written.fingerprint)


def test_a_row_of_an_outline_is_a_story_at_its_line(tmp_path: Path) -> None:
    text = FEATURE.replace("Scenario: A deal is paid", "Scenario Outline: A deal is paid").replace(
        "by card on", "by <way> on"
    )
    reading = _read(tmp_path, text + "\n    Examples:\n      | way  |\n      | card |\n      | ach  |\n")
    assert [(story.name, story.where.line) for story in reading.stories] == [
        ("A deal is paid in three instalments (card)", 23),
        ("A deal is paid in three instalments (ach)", 24),
    ]


def test_a_customer_pays_for_deals_of_its_own_only(tmp_path: Path) -> None:
    other = FEATURE.replace('customer "Globex" pays', 'customer "Initech" pays')
    (problem,) = _read(tmp_path, other).problems
    assert problem.what.startswith("the deal 'Globex rollout' was sold to 'Globex', not to 'Initech'")
    assert problem.where is not None
    assert problem.where.line == 15


def test_a_step_that_cannot_be_read_hides_no_other_mistake(tmp_path: Path) -> None:
    spoilt = (
        FEATURE.replace("| Badge printer | 1        |", "| Badge printer | 1 more   |")
        .replace('deal "Globex rollout" is won', 'deal "Globex rollout" gets won')
        .replace("totals USD 3,910.50", "totals 3910.50")
    )
    told = [problem.where.line for problem in _read(tmp_path, spoilt).problems if problem.where]
    assert told == [13, 12, 17]


def test_what_an_unreadable_step_would_have_named_is_not_missed(tmp_path: Path) -> None:
    (problem,) = _read(
        tmp_path, FEATURE.replace('a deal "Globex rollout" with', 'a big deal "Globex rollout" with')
    ).problems
    assert problem.where is not None
    assert problem.where.line == 10


def test_whoever_has_a_mistake_is_known_by_name_and_the_mistake_is_told_once(tmp_path: Path) -> None:
    outline = FEATURE.replace("Scenario: A deal is paid", "Scenario Outline: A deal is paid").replace("card", "<way>")
    rows = "\n    Examples:\n      | way  |\n      | card |\n      | gold |\n"
    by_card, by_gold = (f"A deal is paid in three instalments ({way})" for way in ("card", "gold"))
    one = _read(tmp_path, outline + rows)
    assert [story.name for story in one.stories] == [by_card]
    assert [(each.title, each.where.line) for each in one.unusable] == [(by_gold, 24)]
    all_of_them = _read(tmp_path, outline.replace("2,410.50", "2.410,50") + rows)
    assert [each.title for each in all_of_them.unusable] == [by_card, by_gold]
    assert len(all_of_them.problems) == 2
    assert all_of_them.unusable[0].problems == tuple(all_of_them.problems[:1])


def test_a_mistake_that_a_row_puts_in_is_shown_with_the_row(tmp_path: Path) -> None:
    text = FEATURE.replace("Scenario: A deal", "Scenario Outline: A deal").replace("USD 2,410.50", "<rest>")
    rows = "\n    Examples:\n      | rest         |\n      | USD 2,410.50 |\n      | USD 2.410,50 |\n"
    (problem,) = _read(tmp_path, text + rows).problems
    assert problem.where is not None
    assert problem.where.line == 18
    _, step, row = problem.what.splitlines()
    assert (step.split()[0], row) == ("18", "    24 | | USD 2.410,50 |")


def test_a_step_that_was_lost_may_be_that_of_any_scenario_of_the_file(tmp_path: Path) -> None:
    reading = _read(tmp_path, FEATURE.replace("    Given the cust", '    Givn tax in "US" is 5%\n    Given the cust'))
    assert (reading.stories, [each.name for each in reading.unusable]) == ([], [""])
    assert "would be read as a remark" in reading.unusable[0].message


def test_the_daily_reconciliations_let_the_connector_work(tmp_path: Path) -> None:
    text = FEATURE.replace("the connector finishes its work", "the reconciliations run for 2026-01-12")
    assert [str(problem) for problem in _read(tmp_path, text).problems] == []


def test_a_metric_of_the_team_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "a.feature").write_text(FEATURE.replace("net revenue", "Gross receipts"), encoding="utf-8")
    story = _only(read_feature(tmp_path / "a.feature", _shelf(), ("gross_receipts",)))
    assert getattr(story.steps[-1].params, "metric", "") == "gross_receipts"
    (problem,) = read_feature(tmp_path / "a.feature", _shelf(), ("gross_receipt",)).problems
    assert problem.mend == "did you mean 'gross receipt'?"


def test_a_day_that_cannot_be_read_hides_no_other_mistake(tmp_path: Path) -> None:
    spoilt = FEATURE.replace("today is 2026-01-05", "today is 5.1.2026").replace("@payments", "@paymnts")
    told = _read(tmp_path, spoilt.replace("USD 2,410.50", "2410.50")).problems
    assert [(each.rule, each.where.line) for each in told if each.where] == [
        ("date", 6),
        ("unknown-tag", 1),
        ("money", 18),
    ]
    missing = _read(tmp_path, FEATURE.replace("    And today is 2026-01-05\n", "")).problems
    assert [each.rule for each in missing] == ["missing"]
