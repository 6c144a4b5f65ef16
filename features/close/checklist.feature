# Oregon has no sales tax: USD 800.00 of consulting. The gateway keeps 2.9 % of 800.00 = 23.20, and 0.30: 23.50.
@money @close @control:CLO-01
Feature: A month is closed

  Background:
    Given the dictionary "us-saas-month-end" is loaded
    And today is 2026-01-05
    And the period 2026-01 is open
    And a deal "Ollivander hours" with "Ollivander" worth USD 800.00, product "Consulting hour", cost centre "CC-30"

  Rule: A close is complete when everything of the month is in, checked, locked and published

    Scenario: A month with one sale is closed, locked and published
      When the deal "Ollivander hours" is won on 2026-01-12
      And the connector finishes its work
      And the entries of the end of 2026-01 are asked for on 2026-02-02
      And the connector finishes its work
      And "Clara" locks the period 2026-01 on 2026-02-04
      And the connector finishes its work
      Then the close of 2026-01 is complete

    Scenario: The trial balance of a locked month
      When the deal "Ollivander hours" is won on 2026-01-12
      And the connector finishes its work
      And the period 2026-01 is closed on 2026-02-03
      And the period 2026-01 is locked on 2026-02-04
      And the connector finishes its work
      Then the trial balance for 2026-01 is:
        | account                  | balance     |
        | 1100 Accounts receivable | USD 800.00  |
        | 4020 Service revenue     | USD -800.00 |
      And BI shows a new version

  Rule: What comes after the close leaves the month as it was

    Scenario: A payment of February stays out of January
      When the deal "Ollivander hours" is won on 2026-01-12
      And the connector finishes its work
      And the books are closed until 2026-01-31 on 2026-02-03
      And customer "Ollivander" pays USD 800.00 against the invoice of "Ollivander hours" on 2026-02-06
      And the connector finishes its work
      Then account 1100 Accounts receivable holds USD 800.00 as of 2026-01-31
      And account 1150 Gateway clearing holds USD 776.50
