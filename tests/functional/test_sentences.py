"""Sentences of setup, sales, invoices, taxes and payments, played once each against the reference connector."""

from __future__ import annotations

from pathlib import Path

import pytest

from simharness.connectors.manifest import builtin_manifest, load_manifest
from simharness.stories.dictionaries import Shelf, folder_for
from simharness.stories.feature_story import read_feature
from simharness.stories.playing import Setting, play
from simharness.stories.story import Story

#: Figures by hand: San Francisco taxes 8.625 % by two authorities, each rounded by itself; Germany 19 %, Finland 14 %
#: and 13.5 % from April on, Luxembourg 15 % as far as the connector knows.
FEATURES = (
    """\
Feature: Sales
  Background:
    Given the dictionary "eu-saas" is loaded
    And mapping release "2026.1" is installed
    And the books of "Nordwind Zutritt GmbH" are kept in EUR
    And the CRM owns customer terms
    And today is 2026-01-15

  Scenario: A lost answer makes no second invoice
    Given a deal "D-1" with "C-100" worth EUR 1,200.00
    And the ledger saves the next request but never answers
    When the deal "D-1" is won
    And the connector finishes its work
    Then deal "D-1" has exactly 1 invoice
    And the ledger posts:
      | account                  | debit        | credit       | cost centre |
      | 1100 Accounts receivable | EUR 1,428.00 |              |             |
      | 4010 Hardware sales      |              | EUR 1,200.00 | CC-10       |
      | 2200 VAT payable         |              | EUR 228.00   |             |
    And metric "net revenue" for 2026-01 equals the ledger

  Scenario: Fields of a deal change, and payments are counted
    Given the customer "Globex" exists in the CRM
    And the customer "Globex" exists in the ledger
    And the customer "Initech" exists in the CRM
    And the customer "Initech" has no "region"
    And a deal "D-2" with "Globex" worth EUR 100.00
    And a deal "D-3" with "Initech" worth EUR 100.00, product "Consulting hour", cost centre "CC-30"
    And the deal "D-2" has these lines:
      | product         | quantity | unit price | tax code | cost centre |
      | Badge printer   | 2        | EUR 100.00 | DE 19    | CC-20       |
      | Consulting hour | 1        | EUR 50.00  | DE 19    | CC-20       |
    And the deal "D-2" has a discount of 10%
    When the deal "D-2" is won
    And the deal "D-3" is won
    And the connector finishes its work
    And the deal "D-2" is changed after winning:
      | field                     | old | new |
      | quantity of Badge printer | 2   | 3   |
      | discount                  | 10% | 0%  |
    And the connector finishes its work
    And customer "Globex" pays EUR 10.00 against the invoice of "D-2" on 2026-01-16
    And customer "Globex" pays EUR 20.00 against the invoice of "D-2" on 2026-01-17
    And the connector finishes its work
    Then deal "D-3" has no invoice
    And the invoice of "D-2" totals EUR 267.75
    And the second payment of "D-2" settles the invoice of "D-2"
    And EUR 0.00 of the payment of "D-2" is unapplied

  Scenario: A rate changes from a day on
    Given the customer "Sauna" in region "FI" on terms "Net 30"
    And a deal "A" with "Sauna" worth EUR 100.00
    When tax code "FI reduced" changes to 13.5% from 2026-04-01
    And the deal "A" is won on 2026-04-02
    And the connector finishes its work
    Then the invoice of "A" totals EUR 113.50
""",
    """\
Feature: Money
  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05

  Scenario: Exemptions and rules
    Given tax in "US-CA-SF" is 8.625%
    And the product "Hearing loop kit" is exempt from tax in "US-NY-NYC"
    And the chart of accounts:
      | code | name           | type   |
      | 4010 | Hardware sales | income |
    And the tax codes:
      | code      | rate  | account                | valid from |
      | TX Austin | 8.25% | 2200 Sales tax payable |            |
    And the customer "Globex" in region "US-CA-SF" on terms "Net 30"
    And the customer "Library" in region "US-TX-AUS" on terms "Net 30"
    And the customer "Library" is exempt from tax in "US-TX" under certificate "TX-1" until 2026-12-31
    And the customer "Globex" is tax exempt
    And a deal "A" with "Globex" worth USD 100.00
    And a deal "B" with "Library" worth USD 100.00
    And the deal "B" has these lines:
      | product       | quantity | unit price |
      | Badge roll    | 12       | USD 10.00  |
      | Badge printer | 1        | USD 30.00  |
    And discount rule "Volume" applies to deal "B"
    And discount rule "Partner" applies to deal "A"
    When the deal "A" is won
    And the deal "B" is won
    And the connector finishes its work
    Then the invoice of "A" totals USD 85.00
    And the invoice of "B" totals USD 138.00

  Scenario: What was owed before
    Given the books are closed until 2026-01-31
    And the period 2026-01 is open
    And an unpaid invoice "INV-7" of USD 500.00 for "Globex"
    And an unpaid invoice "INV-8" of USD 300.00 for "Globex"
    When a credit note of USD 20.00 is issued against invoice "INV-7"
    And "Kim" approves writing off USD 30.00 of invoice "INV-7" because "bankrupt"
    And the connector finishes its work
    And customer "Globex" pays USD 200.00 against invoice "INV-7" as "P-1"
    And cheque "1042" of USD 70.00 from "Globex" is deposited on 2026-01-08
    And the connector finishes its work
    Then invoice "INV-7" has USD 180.00 open
    And payment "P-1" settles invoice "INV-7"
    And customer "Globex" owes USD 480.00

  Scenario: Ways to pay
    Given a deal "A" with "Globex" worth USD 100.00
    When the deal "A" is won
    And the connector finishes its work
    And a credit note of USD 10.87 is issued against the invoice of "A" for these lines:
      | line | amount    |
      | 1    | USD 10.00 |
    And a credit note of USD 10.00 before tax is issued against the invoice of "A"
    And customer "Globex" pays USD 50.00 against the invoice of "A" by bank transfer
    And customer "Globex" pays USD 10.00 against the invoice of "A" by cheque "1041"
    And cheque "1041" is deposited for USD 10.00
    And customer "Globex" pays USD 5.00 against the invoice of "A" by ach
    And the payment of "A" fails with "account_closed"
    And the connector finishes its work
    And customer "Globex" pays USD 20.00 against the invoice of "A" by ach
    And the connector finishes its work on 2026-01-15
    And the second payment of "A" is returned on 2026-01-20
    And the connector finishes its work
    Then the invoice of "A" has USD 26.89 open
    And gateway clearing equals the gateway's balance
""",
)
STALE = """\
Feature: A mapping that nobody told
  Scenario: A rate changes that the connector does not know
    Given the dictionary "eu-saas" is loaded
    And today is 2026-01-15
    And the customer "Kirchberg" in region "LU" on terms "Net 30"
    And a deal "A" with "Kirchberg" worth EUR 100.00
    When tax code "LU 15" changes to 17% from 2026-04-01
    And the deal "A" is won on 2026-04-02
    And the connector finishes its work
    Then the invoice of "A" totals EUR 117.00
"""


def told(folder: Path, text: str) -> list[Story]:
    file = folder / "a.feature"
    file.write_text(text, encoding="utf-8")
    reading = read_feature(file, Shelf(folder_for(file)))
    assert [str(problem) for problem in reading.problems] == []
    return reading.stories


def found(story: Story) -> list[str]:
    played = play(story, Setting(attachment=load_manifest(builtin_manifest())))
    return [f"{result.check}: {finding}" for result in played.results for finding in result.findings]


@pytest.mark.parametrize(("feature", "index"), [(each, index) for each in (0, 1) for index in range(3)])
def test_the_reference_connector_does_what_a_sentence_says(tmp_path: Path, feature: int, index: int) -> None:
    assert found(told(tmp_path, FEATURES[feature])[index]) == []


def test_a_mapping_that_does_not_know_what_a_story_says_is_found(tmp_path: Path) -> None:
    (story,) = told(tmp_path, STALE)
    assert {finding.partition(":")[0] for finding in found(story)} >= {"V6", "R1", "invoicing.invoice_is"}
