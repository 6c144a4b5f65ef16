@discounts @deals @money
Feature: Discounts that sales grant by name

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05
    And the customer "Wonka" in region "US-OR" on terms "Net 30"
    And a deal "Wonka gates" with "Wonka" and these lines:
      | product       | quantity | unit price |
      | Badge printer | 1        | USD 400.00 |
      | Badge roll    | 20       | USD 6.00   |

  Rule: A rule takes off what the dictionary says, from the products that it is for

    # Oregon has no sales tax. Partner: 15 % of 520.00 = 78.00, 442.00. Volume: 10 % of the 120.00 of 20 rolls = 12.00,
    # 508.00.
    Scenario Outline: <whom it is for>
      Given discount rule "<rule>" applies to deal "Wonka gates"
      When the deal "Wonka gates" is won on 2026-01-12
      And the connector finishes its work
      Then the invoice of "Wonka gates" totals <total>

      Examples:
        | whom it is for                    | rule    | total      |
        | A partner has a share of it all   | Partner | USD 442.00 |
        | Many rolls are cheaper by each    | Volume  | USD 508.00 |

    # Partner: 442.00, so that 78.00 go back.
    @credits
    Scenario: The customer becomes a partner after winning
      When the deal "Wonka gates" is won on 2026-01-12
      And the connector finishes its work
      And discount rule "Partner" applies to deal "Wonka gates" on 2026-01-20
      And the connector finishes its work
      Then the credit note of "Wonka gates" totals USD 78.00
      And the invoice of "Wonka gates" has USD 442.00 open
