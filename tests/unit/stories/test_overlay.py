"""What a story's head says of its dictionary is true for this story only, or is told at its line."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.domain.dictionary import Dictionary, TaxCode
from simharness.stories import discovery
from simharness.stories.dictionaries import Shelf
from simharness.stories.feature_story import read_feature
from simharness.stories.overlay import Overlay, rate_on
from simharness.stories.playing import Setting, WrongRelease, check_release
from simharness.stories.story import Story
from simharness.stories.writing import write_story
from tests.unit.stories.company import DICTIONARY, STORY, folder, problems

OREGON = "  - {code: US-OR, name: Oregon}"
#: A second place with one authority, whose rate can therefore be said as one figure.
WITH_NEVADA = DICTIONARY.replace(
    OREGON, OREGON + "\n  - {code: US-NV, name: Nevada, taxes: [{category: goods, code: NV}]}"
).replace("regions:", '  - {name: NV, account: "2200", components: [{authority: Nevada, percent: 6.85}]}\nregions:')
OWNED = WITH_NEVADA + (
    "ownership:\n"
    "  - {dataset: customer, field: name, owner: crm}\n"
    "  - {dataset: customer, field: terms, owner: crm}\n"
    "  - {dataset: invoice, field: due, owner: crm}\n"
)


def saying(head: str) -> str:
    return STORY.replace("today:", f"{head}\ntoday:")


def laid(root: Path, head: str, dictionary: str = OWNED) -> Dictionary:
    assert [str(each) for each in problems(root, saying(head), dictionary)] == []
    folder(root, saying(head), dictionary)
    (story,) = discovery.load([root])
    return story.dictionary


def code(dictionary: Dictionary, name: str) -> TaxCode:
    return next(each for each in dictionary.tax_codes if each.name == name)


@pytest.mark.parametrize(
    "head",
    [
        "books: {main: USD}",
        "tax_in: {US-CA-SF: 8.625%, US-OR: 0%, US-NV: 6.85%}",
        "tax_codes: [{code: CA San Francisco, rate: 8.625%}]",
        "chart_of_accounts: [{code: 4010, name: Hardware sales, type: income}]",
        "owns: {crm: [customer, customer's terms, the invoice due]}",
    ],
)
def test_what_the_dictionary_says_already_changes_nothing(tmp_path: Path, head: str) -> None:
    assert laid(tmp_path, head) == laid(tmp_path, "about: nothing")


def test_a_chart_of_accounts_renames_and_adds(tmp_path: Path) -> None:
    rows = "[{code: 4010, name: Devices, type: income}, {code: 4090, name: Royalties, type: other_income}]"
    accounts = {each.number: each for each in laid(tmp_path, f"chart_of_accounts: {rows}").accounts}
    assert (accounts["4010"].name, accounts["4090"].kind) == ("Devices", "other_income")
    assert accounts["1100"].role == "receivable"


def test_a_rate_from_a_day_on_leaves_the_days_before(tmp_path: Path) -> None:
    found = laid(tmp_path, "tax_codes: [{code: NV, rate: 7%, valid_from: 2026-07-01}, {code: New, rate: 3%}]")
    assert rate_on(code(found, "NV"), date(2026, 6, 30)) == Decimal("6.85")
    assert rate_on(code(found, "NV"), date(2026, 7, 1)) == Decimal(7)
    assert (code(found, "New").account, rate_on(code(found, "New"), date(2026, 1, 1))) == ("2200", Decimal(3))


def test_the_only_rate_of_a_region_can_be_another(tmp_path: Path) -> None:
    assert rate_on(code(laid(tmp_path, "tax_in: {US-NV: 8%}"), "NV"), date(2026, 1, 5)) == Decimal(8)


def test_a_product_is_exempt_in_every_region_of_a_place(tmp_path: Path) -> None:
    regions = {each.code: each for each in laid(tmp_path, "exempt_products: {Badge printer: [US-CA]}").regions}
    assert [product for product, _ in regions["US-CA-SF"].exempt_products] == ["Badge printer"]
    assert regions["US-OR"].exempt_products == ()


def test_ownership_passes_by_record_or_by_field(tmp_path: Path) -> None:
    def owners(head: str) -> list[str]:
        return [each.owner for each in laid(tmp_path, head).ownership]

    assert owners("owns: {ledger: [customer terms]}") == ["crm", "ledger", "crm"]
    assert owners("owns: {ledger: [customers]}") == ["ledger", "ledger", "crm"]


@pytest.mark.parametrize(
    ("head", "what"),
    [
        ("books: {mian: USD}", "keeps no books of 'mian'"),
        ("books: {main: EUR}", "are kept in USD"),
        ("tax_in: {US-CA-SF: 9%}", "is made of those of California, San Francisco"),
        ("tax_in: {US-OR: 5%}", "US-OR has no tax at all"),
        ("tax_in: {US-OX: 5%}", "unknown region 'US-OX'"),
        ("tax_codes: [{code: NV, rate: 7%, account: 9999}]", "unknown account '9999'"),
        ("exempt_products: {Badge drinker: [US-CA]}", "unknown product 'Badge drinker'"),
        ("exempt_products: {Badge printer: [US-ZZ]}", "unknown region 'US-ZZ'"),
        ("chart_of_accounts: [{code: 4090, name: Royalties, type: incom}]", "'incom' is no valid 'kind'"),
        ("chart_of_accounts: [{code: 4090, name: Hardware sales, type: income}]", "is listed twice"),
        ("owns: {crm: [custoners]}", "it is no kind of record"),
        ("owns: {crm: [customer tems]}", "has no field 'tems'"),
        ("owns: {till: [customer]}", "'till' owns no fields"),
    ],
)
def test_what_cannot_be_is_told_at_its_line(tmp_path: Path, head: str, what: str) -> None:
    first, *_ = problems(tmp_path, saying(head), OWNED)
    assert what in first.what
    assert first.where is not None
    assert first.where.line == 3


def test_a_story_is_played_on_the_release_it_pins_only() -> None:
    setting = Setting(attachment=load_manifest(builtin_manifest()))
    story: Story = next(each for each in discovery.load() if each.dictionary.name == "us-saas-late")
    check_release(
        dataclasses.replace(story, overlay=Overlay(release="2026.1")), setting
    )  # which us-saas states, that it extends
    with pytest.raises(WrongRelease, match=r"about mapping release '2026\.2', and '2026\.1' is installed"):
        check_release(dataclasses.replace(story, overlay=Overlay(release="2026.2")), setting)


SETTING = """\
Feature: x
  Background:
    Given the dictionary "tiny" is loaded
    And the books of "main" are kept in USD
    And the chart of accounts:
      | code | name           | type   |
      | 4010 | Devices        | income |
    And the tax codes:
      | code | rate | account                | valid from |
      | New  | 3%   | 2200 Sales tax payable |            |
    And tax in "US-NV" is 8%
    And the product "Badge printer" is exempt from tax in "US-NV"
    And the product "Badge printer" is exempt from tax in "US-OR"
    And the ledger owns customer terms
    And mapping release "2026.1" is installed
    And today is 2026-01-05
  Scenario: A deal
    Given the chart of accounts:
      | code | name      | type   |
      | 4090 | Royalties | income |
    And the customer "Globex" in region "US-CA-SF" on terms "Net 30"
    And a deal "Rollout" with "Globex" and these lines:
      | product       | quantity | unit price   |
      | Badge printer | 1        | USD 4,000.00 |
    When the deal "Rollout" is won on 2026-01-12
    And the connector finishes its work
    Then deal "Rollout" has exactly 1 invoice
"""
SET = """\
books: {main: USD}
chart_of_accounts: [{code: 4010, name: Devices, type: income}, {code: 4090, name: Royalties, type: income}]
tax_codes: [{code: New, rate: 3%, account: 2200 Sales tax payable}]
tax_in: {US-NV: 8%}
exempt_products: {Badge printer: [US-NV, US-OR]}
owns: {ledger: [customer terms]}
release: 2026.1"""


def test_the_scene_is_set_in_words_as_in_keys(tmp_path: Path) -> None:
    written = laid(tmp_path, SET)
    (tmp_path / "a.feature").write_text(SETTING, encoding="utf-8")
    reading = read_feature(tmp_path / "a.feature", Shelf(tmp_path / "dictionaries"))
    assert [str(problem) for problem in reading.problems] == []
    (told,) = reading.stories
    assert (told.dictionary, told.overlay.release) == (written, "2026.1")


def test_a_story_that_is_written_down_says_again_what_it_lays_over(tmp_path: Path) -> None:
    folder(tmp_path, saying(SET), OWNED)
    (story,) = discovery.load([tmp_path])
    (tmp_path / "story.yaml").write_text(write_story(story), encoding="utf-8")
    (again,) = discovery.load([tmp_path])
    assert (again.dictionary, again.overlay, again.fingerprint) == (story.dictionary, story.overlay, story.fingerprint)
