# 365 days of service for USD 3,650.00, paid in advance: USD 10.00 a day. January has 20 of them (12th to 31st), February 28.
@money @recognition
Feature: An annual plan becomes revenue by the day

  Background:
    Given the dictionary "us-service" is loaded
    And today is 2026-01-05
    And the customer "Birch Library" in region "US-TX-AUS" on terms "Net 30"
    And a deal "Birch plan" with "Birch Library", cost centre "CC-20" and these lines:
      | product     | quantity | unit price   | recurring | billing | service from | service to |
      | Access plan | 1        | USD 3,650.00 | yearly    | upfront | 2026-01-12   | 2027-01-11 |

  Rule: What is billed and not served yet is deferred

    Scenario: Twenty days of January are revenue
      When the deal "Birch plan" is won on 2026-01-10
      And the connector finishes its work
      And the entries of the end of 2026-01 are asked for on 2026-02-02
      And the connector finishes its work
      Then the balances are:
        | account                   | balance       |
        | 1100 Accounts receivable  | USD 3,650.00  |
        | 2400 Deferred revenue     | USD -3,450.00 |
        | 4030 Subscription revenue | USD -200.00   |
      And metric "deferred revenue" for 2026-01 is USD 3,450.00
      And metric "net revenue" for 2026-01 by "cost centre" is:
        | cost centre | value      |
        | CC-20       | USD 200.00 |

  Rule: A month's end that is asked for twice is posted once

    Scenario: The end of January is asked for again
      When the deal "Birch plan" is won on 2026-01-10
      And the connector finishes its work
      And the entries of the end of 2026-01 are asked for on 2026-02-02
      And the connector finishes its work
      And the entries of the end of 2026-01 are asked for on 2026-02-03
      And the connector finishes its work
      Then account 4030 Subscription revenue holds USD -200.00
