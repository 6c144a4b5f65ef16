# Oregon has no sales tax. The mill owes USD 1,000.00, due on 21 January, and pays 400.00 of it; the harbour USD 500.00, due on
# 19 February. The gateway keeps 2.9 % of 400.00 = 11.60, and 0.30: 11.90.
@money @bi @payments
Feature: What BI tells

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05
    And the customer "Cascade Mills" in region "US-OR" on terms "Net 15"
    And the customer "Harbour Lights" in region "US-OR" on terms "Net 30"

  Rule: Every figure can be recomputed from the ledger

    Background:
      Given a deal "Mill hours" with "Cascade Mills" worth USD 1,000.00, product "Consulting hour", cost centre "CC-10"
      And a deal "Harbour hours" with "Harbour Lights" worth USD 500.00, product "Consulting hour", cost centre "CC-30"

    # 31 January: 600.00 of the mill is 10 days late, the 500.00 of the harbour is not due.
    Scenario: What is owed at the end of January, by age
      When the deal "Mill hours" is won on 2026-01-06
      And the deal "Harbour hours" is won on 2026-01-20
      And the connector finishes its work
      And customer "Cascade Mills" pays USD 400.00 against the invoice of "Mill hours" on 2026-01-25
      And the connector finishes its work
      Then metric "ar ageing" for 2026-01-31 by "bucket" is:
        | bucket  | value      |
        | current | USD 500.00 |
        | 1-30    | USD 600.00 |
      And metric "ar ageing" for 2026-01-31 is USD 1,100.00

    Scenario: Revenue of January by cost centre
      When the deal "Mill hours" is won on 2026-01-06
      And the deal "Harbour hours" is won on 2026-01-20
      And the connector finishes its work
      Then metric "net revenue" for 2026-01 by "cost centre" is:
        | cost centre | value        |
        | CC-10       | USD 1,000.00 |
        | CC-30       | USD 500.00   |
      And metric "net revenue" for 2026-01 is USD 1,500.00
      And metric "net revenue" for 2026-01 equals the ledger

    # 11.90 of 400.00 = 2.975 % -> 2.98 %; 1,000.00 - 400.00 = 600.00 of 1,000.00 over 31 days = 18.6 days.
    Scenario: What the gateway takes, and how long customers take
      When the deal "Mill hours" is won on 2026-01-06
      And the connector finishes its work
      And customer "Cascade Mills" pays USD 400.00 against the invoice of "Mill hours" on 2026-01-25
      And the connector finishes its work
      Then metric "gateway fee rate" for 2026-01 is 2.98%
      And metric "dso" for 2026-01 is 18.6 days
