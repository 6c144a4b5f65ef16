@taxes @money
Feature: Rates of tax change, and each invoice bears that of its day

  Rule: The day of the invoice decides

    # 1,000.00 x 6.5 % = 65.00; x 3.85 % = 38.50 in March, x 4.05 % = 40.50 from April: 103.50 and 105.50.
    Scenario Outline: The deal is won <when>
      Given the dictionary "us-saas" is loaded
      And today is 2026-03-30
      And the customer "Rainier Coffee" in region "US-WA-SEA" on terms "Net 30"
      And a deal "Rainier roastery" with "Rainier Coffee" worth USD 1,000.00
      When the deal "Rainier roastery" is won on <day> at <time>
      And the connector finishes its work
      Then tax payable under "WA Seattle" for <month> is <tax>

      Examples:
        | when                       | day        | time  | month   | tax        |
        | a minute before the change | 2026-03-31 | 23:59 | 2026-03 | USD 103.50 |
        | a minute after the change  | 2026-04-01 | 00:01 | 2026-04 | USD 105.50 |
