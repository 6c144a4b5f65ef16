@taxes @money @control:PAT-05
Feature: Customers and products that are exempt from tax

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05

  Rule: A certificate exempts a customer where and while it is valid

    # 3 x 400.00 = 1,200.00, which would be taxed, and 800.00 of services.
    Scenario: A library buys goods and services
      Given the customer "Travis County Library" in region "US-TX-AUS" on terms "Net 30"
      And the customer "Travis County Library" is exempt from tax in "US-TX" under certificate "TX-90210" because "Government entity" until 2027-12-31
      And a deal "Library gates" with "Travis County Library" and these lines:
        | product            | quantity | unit price |
        | Badge printer      | 3        | USD 400.00 |
        | Onboarding service | 1        | USD 800.00 |
      When the deal "Library gates" is won on 2026-01-12
      And the connector finishes its work
      Then the invoice of "Library gates" carries USD 0.00 of tax
      And the invoice of "Library gates" totals USD 2,000.00

    # 1,000.00 x 7.25 % = 72.50, x 1.375 % = 13.75; together 86.25.
    Scenario Outline: The certificate is <case>
      Given the customer "Bayview School" in region "US-CA-SF" on terms "Net 30"
      And the customer "Bayview School" is exempt from tax in "<where>" under certificate "CA-7741" until <until>
      And a deal "Bayview entrance" with "Bayview School" worth USD 1,000.00
      When the deal "Bayview entrance" is won on 2026-02-10
      And the connector finishes its work
      Then the invoice of "Bayview entrance" carries <tax> of tax
      And tax payable under "CA San Francisco" for 2026-02 is <tax>

      Examples: valid
        | case                | where    | until      | tax      |
        | for the city        | US-CA-SF | 2026-12-31 | USD 0.00 |
        | for the whole state | US-CA    | 2026-12-31 | USD 0.00 |
        | on its last day     | US-CA-SF | 2026-02-10 | USD 0.00 |

      Examples: not valid
        | case                   | where    | until      | tax       |
        | expired the day before | US-CA-SF | 2026-02-09 | USD 86.25 |
        | for another state      | US-NY    | 2026-12-31 | USD 86.25 |

    Scenario: A certificate comes just before the deal is won
      Given the customer "Bayview School" in region "US-CA-SF" on terms "Net 30"
      And a deal "Bayview entrance" with "Bayview School" worth USD 1,000.00
      When the customer "Bayview School" is exempt from tax in "US-CA" under certificate "CA-7741" because "Public school" on 2026-01-20
      And the deal "Bayview entrance" is won on 2026-01-21
      And the connector finishes its work
      Then the invoice of "Bayview entrance" totals USD 1,000.00

  Rule: A product is exempt where the law says so, whoever buys it

    # 4 x 320.00 = 1,280.00 exempt; taxable 720.00 + 480.00 = 1,200.00: x 4 % = 48.00, x 4.5 % = 54.00,
    # x 0.375 % = 4.50; together 106.50.
    Scenario: An exempt product stands beside taxed ones
      Given the product "Hearing loop kit" is exempt from tax in "US-NY-NYC"
      And the customer "Carnegie Theatre" in region "US-NY-NYC" on terms "Net 30"
      And a deal "Theatre access" with "Carnegie Theatre" and these lines:
        | product           | quantity | unit price |
        | Hearing loop kit  | 4        | USD 320.00 |
        | Badge printer     | 1        | USD 720.00 |
        | Subscription seat | 12       | USD 40.00  |
      When the deal "Theatre access" is won on 2026-01-12
      And the connector finishes its work
      Then the invoice of "Theatre access" carries USD 106.50 of tax under "NY New York City"
      And the invoice of "Theatre access" totals USD 2,586.50

    # 1,280.00 x 7.25 % = 92.80, x 1.375 % = 17.60; together 110.40.
    Scenario: What one state exempts another taxes
      Given the customer "Castro Theatre" in region "US-CA-SF" on terms "Net 30"
      And a deal "Castro access" with "Castro Theatre" and these lines:
        | product          | quantity | unit price |
        | Hearing loop kit | 4        | USD 320.00 |
      When the deal "Castro access" is won on 2026-01-12
      And the connector finishes its work
      Then the invoice of "Castro access" carries USD 110.40 of tax
      And tax payable under "CA San Francisco" for 2026-01 is USD 110.40
