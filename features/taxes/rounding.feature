@taxes @money
Feature: Where tax is rounded shows in the last cent

  Rule: The books say how often tax is rounded, and where half a cent goes

    # 25.06 + 25.61 + 25.63 = 76.30 at 15 %: once a rate 11.445, up 11.45, to the even cent 11.44; on each line 3.759,
    # 3.8415 and 3.8445: 3.76 + 3.84 + 3.84 = 11.44.
    Scenario Outline: Rounded <how>
      Given the dictionary "<dictionary>" is loaded
      And today is 2026-01-05
      And the customer "Lëtz SARL" in region "LU" on terms "Net 30"
      And a deal "Lëtz Rollen" with "Lëtz SARL" and these lines:
        | product    | quantity | unit price |
        | Badge roll | 1        | EUR 25.06  |
        | Badge roll | 1        | EUR 25.61  |
        | Badge roll | 1        | EUR 25.63  |
      When the deal "Lëtz Rollen" is won on 2026-01-12
      And the connector finishes its work
      Then the invoice of "Lëtz Rollen" totals <total>

      Examples:
        | how                           | dictionary        | total     |
        | once a rate, half a cent up   | eu-saas           | EUR 87.75 |
        | once a rate, to the even cent | eu-saas-half-even | EUR 87.74 |
        | on each line                  | eu-saas-per-line  | EUR 87.74 |
