@billing @money
Feature: What the lines of an invoice say

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05

  Rule: Each line goes to the account of its product and to its own cost centre

    # 40 x 25.00 = 1,000.00. Seats and printer are taxable in New York, 1,400.00: x 4 % = 56.00, x 4.5 % = 63.00,
    # x 0.375 % = 5.25; together 124.25. The line without a cost centre takes that of the deal.
    @ledger @control:MAP-01
    Scenario: Three products of one deal
      Given the customer "Tyrell" in region "US-NY-NYC" on terms "Net 30"
      And a deal "Tyrell reception" with "Tyrell", cost centre CC-20, location "NYC" and these lines:
        | product            | quantity | unit price | cost centre |
        | Subscription seat  | 40       | USD 25.00  |             |
        | Onboarding service | 1        | USD 600.00 | CC-30       |
        | Badge printer      | 1        | USD 400.00 | CC-10       |
      When the deal "Tyrell reception" is won on 2026-01-19
      And the connector finishes its work
      Then the invoice of "Tyrell reception" has these lines:
        | product            | net          | account                   | tax code         | cost centre |
        | Subscription seat  | USD 1,000.00 | 4030 Subscription revenue | NY New York City | CC-20       |
        | Onboarding service | USD 600.00   | 4020 Service revenue      |                  | CC-30       |
        | Badge printer      | USD 400.00   | 4010 Hardware sales       | NY New York City | CC-10       |
      And the invoice of "Tyrell reception" carries USD 124.25 of tax
      And the invoice of "Tyrell reception" totals USD 2,124.25

  Rule: Fractions are rounded line by line, and tax over their sum

    # 1.5 x 99.99 = 149.985, half a cent up: 149.99; 2.5 x 0.75 = 1.875, up: 1.88. Services are not taxable;
    # 1.88 x 7.25 % = 0.1363, 0.14; x 1.375 % = 0.02585, 0.03; together 0.17.
    Scenario: Hours and rolls in fractions
      Given the customer "Cyberdyne" in region "US-CA-SF" on terms "Net 30"
      And a deal "Cyberdyne odd hours" with "Cyberdyne" and these lines:
        | product         | quantity | unit price |
        | Consulting hour | 1.5      | USD 99.99  |
        | Badge roll      | 2.5      | USD 0.75   |
      When the deal "Cyberdyne odd hours" is won on 2026-01-12
      And the connector finishes its work
      Then the invoice of "Cyberdyne odd hours" nets USD 151.87
      And the invoice of "Cyberdyne odd hours" carries USD 0.17 of tax
      And customer "Cyberdyne" owes USD 152.04

  Rule: What nobody knows is refused, not guessed

    @middleware @control:VAL-01
    Scenario: Sales typed a product by hand
      Given the customer "Delorean Motors" in region "US-OR" on terms "Net 30"
      And a deal "Delorean wishes" with "Delorean Motors" and these lines:
        | custom product | quantity | unit price |
        | Flux capacitor | 1        | USD 121.00 |
      When the deal "Delorean wishes" is won on 2026-01-12
      And the connector finishes its work
      Then deal "Delorean wishes" has no invoice
      And the deal "Delorean wishes" shows billing status "rejected"
      And the ledger posts nothing
