# Austin: 6.25 % + 2 % of USD 1,000.00 = USD 82.50 of tax, USD 1,082.50 in all.
@money @ledger @billing
Feature: What a sale posts

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05
    And the customer "Globex" in region "US-TX-AUS" on terms "Net 30"
    And a deal "Globex rollout" with "Globex" worth USD 1,000.00, cost centre "CC-10"

  Rule: An invoice posts receivable, income and tax, and nothing else

    Scenario: The three lines of an invoice
      When the deal "Globex rollout" is won on 2026-01-12
      And the connector finishes its work
      Then the ledger posts:
        | account                  | debit        | credit       | cost centre |
        | 1100 Accounts receivable | USD 1,082.50 |              | ~           |
        | 4010 Hardware sales      |              | USD 1,000.00 | CC-10       |
        | 2200 Sales tax payable   |              | USD 82.50    | ~           |
      And every journal balances
      And every journal line names a "cost centre"
      And every journal line names a "customer"

    Scenario: The accounts after an invoice
      When the deal "Globex rollout" is won on 2026-01-12
      And the connector finishes its work
      Then the balances are:
        | account                  | balance       |
        | 1100 Accounts receivable | USD 1,082.50  |
        | 2200 Sales tax payable   | USD -82.50    |
        | 4010 Hardware sales      | USD -1,000.00 |

    Scenario: One account at a time, today and on a day of the past
      When the deal "Globex rollout" is won on 2026-01-12
      And the connector finishes its work
      Then account 1100 Accounts receivable has a balance of USD 1,082.50
      And account 2200 Sales tax payable moves by USD -82.50
      And account 4010 Hardware sales holds USD -1,000.00
      And account 4010 Hardware sales holds USD 0.00 as of 2026-01-11

  Rule: A deal that is not won posts nothing

    Scenario: The connector looks and finds nothing to do
      Given the connector finishes its work
      When the connector finishes its work on 2026-01-12
      Then the ledger posts nothing
      And deal "Globex rollout" has no invoice
