@discounts @money @control:PAT-04
Feature: Invoices of several lines with discounts

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05

  Rule: Tax is on what is left after every discount

    # 8 x 219.95 = 1,759.60, and 2,000.00; 5 % = 187.98, of which 87.98 on the printers and 100.00 on the service.
    # Taxable 1,671.62: x 7.25 % = 121.19245, 121.19; x 1.375 % = 22.984775, 22.98; together 144.17.
    @taxes
    Scenario: A percentage off the whole document
      Given the customer "Acme Bay" in region "US-CA-SF" on terms "Net 30"
      And a deal "Acme Bay rollout" with "Acme Bay", discount 5% and these lines:
        | product            | quantity | unit price   |
        | Badge printer      | 8        | USD 219.95   |
        | Onboarding service | 1        | USD 2,000.00 |
      When the deal "Acme Bay rollout" is won on 2026-01-12
      And the connector finishes its work
      Then the invoice of "Acme Bay rollout" has these lines:
        | product            | net          | account              |
        | Badge printer      | USD 1,671.62 | 4010 Hardware sales  |
        | Onboarding service | USD 1,900.00 | 4020 Service revenue |
      And the invoice of "Acme Bay rollout" carries USD 144.17 of tax under "CA San Francisco"
      And metric "discount rate" for 2026-01 is 5%

    # 3 x 199.99 = 599.97, off 89.9955, 90.00: 509.97. 3 x 410.00 - 10.00 = 1,220.00. 7 x 133.33 = 933.31, off
    # 116.66375, 116.66: 816.65. Goods 1,729.97: x 6.25 % = 108.123125, 108.12; x 2 % = 34.5994, 34.60; tax 142.72.
    @taxes
    Scenario: Percentages and amounts off single lines
      Given the customer "Massive Dynamic" in region "US-TX-AUS" on terms "Net 30"
      And a deal "Massive entrance" with "Massive Dynamic" and these lines:
        | product         | quantity | unit price | discount  | cost centre |
        | Badge printer   | 3        | USD 199.99 | 15%       | CC-10       |
        | Visitor kiosk   | 3        | USD 410.00 | USD 10.00 | CC-20       |
        | Consulting hour | 7        | USD 133.33 | 12.5%     | CC-30       |
      When the deal "Massive entrance" is won on 2026-01-12
      And the connector finishes its work
      Then the invoice of "Massive entrance" has these lines:
        | product         | net          | cost centre |
        | Badge printer   | USD 509.97   | CC-10       |
        | Visitor kiosk   | USD 1,220.00 | CC-20       |
        | Consulting hour | USD 816.65   | CC-30       |
      And the invoice of "Massive entrance" totals USD 2,689.34

    # 600.00 - 10 % = 540.00, and 460.00; 2.5 % of 1,000.00 = 25.00: 13.50 on the seats, 11.50 on the service.
    # Seats 526.50: x 4 % = 21.06, x 4.5 % = 23.6925, 23.69, x 0.375 % = 1.974375, 1.97; tax 46.72; total 1,021.72.
    Scenario: A discount on a line and another on the document
      Given the customer "Pied Piper" in region "US-NY-NYC" on terms "2/10 Net 30"
      And a deal "Pied Piper start" with "Pied Piper", discount 2.5% and these lines:
        | product            | quantity | unit price | discount |
        | Subscription seat  | 20       | USD 30.00  | 10%      |
        | Onboarding service | 1        | USD 460.00 |          |
      When the deal "Pied Piper start" is won on 2026-01-12
      And the connector finishes its work
      Then the invoice of "Pied Piper start" nets USD 975.00
      And the invoice of "Pied Piper start" totals USD 1,021.72
      And invoices to ledger reconciles

  Rule: The cent that is left over goes to the line with the largest remainder

    # 100.00 over 200.00, 200.00 and 200.00: 33.333 each; the odd cent goes to the first. Oregon has no sales tax.
    Scenario: An amount off three equal lines
      Given the customer "Umbrella" in region "US-OR" on terms "Net 30"
      And a deal "Umbrella lab" with "Umbrella" and these lines:
        | product         | quantity | unit price |
        | Badge printer   | 1        | USD 200.00 |
        | Visitor kiosk   | 1        | USD 200.00 |
        | Consulting hour | 1        | USD 200.00 |
      And the deal "Umbrella lab" has a discount of USD 100.00
      When the deal "Umbrella lab" is won on 2026-01-12
      And the connector finishes its work
      Then the invoice of "Umbrella lab" totals USD 500.00
      And the invoice of "Umbrella lab" has these lines:
        | product         | net        |
        | Badge printer   | USD 166.66 |
        | Visitor kiosk   | USD 166.67 |
        | Consulting hour | USD 166.67 |
