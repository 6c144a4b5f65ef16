@billing @schedules @money
Feature: Deals that are billed over time

  Background:
    Given the dictionary "us-service" is loaded
    And today is 2026-01-05
    And the customer "Hazel Theatre" in region "US-TX-AUS" on terms "Net 30"

  Rule: A milestone is billed on the day it is reached

    # Both kiosks at once: 2,000.00, x 6.25 % = 125.00, x 2 % = 40.00. Services are not taxable; 20 February + 30 days.
    Scenario: A project goes live
      Given a deal "Hazel entrance" with "Hazel Theatre" and these lines:
        | product            | quantity | unit price   | billing   | milestone |
        | Visitor kiosk      | 2        | USD 1,000.00 |           |           |
        | Onboarding service | 1        | USD 3,000.00 | milestone | Go-live   |
      When the deal "Hazel entrance" is won on 2026-01-12
      And the milestone "Go-live" of "Hazel entrance" is reached on 2026-02-20
      And the connector finishes its work
      Then the invoice of "Hazel entrance" totals USD 2,165.00
      And the second invoice of "Hazel entrance" totals USD 3,000.00, dated 2026-02-20
      And the second invoice of "Hazel entrance" is due on 2026-03-22

    Scenario: A milestone that is not reached is not billed
      Given a deal "Hazel entrance" with "Hazel Theatre" and these lines:
        | product            | quantity | unit price   | billing   | milestone  |
        | Onboarding service | 1        | USD 3,000.00 | milestone | Go-live    |
        | Onboarding service | 1        | USD 1,000.00 | milestone | Acceptance |
      When the deal "Hazel entrance" is won on 2026-01-12
      And the milestone "Go-live" of "Hazel entrance" is reached on 2026-02-20
      And the connector finishes its work on 2026-03-31
      Then deal "Hazel entrance" has exactly 1 invoice
      And customer "Hazel Theatre" owes USD 3,000.00

  Rule: A month is billed on its first day, though nobody does anything

    # 4 x 75.00 = 300.00 a month, not taxable in Texas; billed ahead, and so deferred until the month is over.
    Scenario: Two months of a subscription
      Given the connector hears of news by webhooks
      And a deal "Hazel seats" with "Hazel Theatre", cost centre CC-10 and these lines:
        | product           | quantity | unit price | recurring | billing | service from | service to |
        | Subscription seat | 4        | USD 75.00  | monthly   | monthly | 2026-02-01   | 2026-04-30 |
      When the deal "Hazel seats" is won on 2026-01-12
      And the connector finishes its work on 2026-02-01
      And the connector finishes its work on 2026-03-02
      Then the second invoice of "Hazel seats" totals USD 300.00, dated 2026-03-01
      And account 2400 Deferred revenue has a balance of USD -600.00
