@deals @money
Feature: A won deal changes

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05
    And the customer "Monarch" in region "US-TX-AUS" on terms "Net 30"
    And a deal "Monarch printers" with "Monarch", cost centre CC-10, location "SF" and these lines:
      | product       | quantity | unit price |
      | Badge printer | 5        | USD 300.00 |

  Rule: Only the difference is billed or credited

    # First 1,500.00 + 93.75 + 30.00 = 1,623.75; three more 900.00 + 56.25 + 18.00 = 974.25; together 2,598.00.
    @control:REC-02
    Scenario: The deal grows
      When the deal "Monarch printers" is won on 2026-01-12
      And the connector finishes its work
      And the deal "Monarch printers" is changed after winning on 2026-01-20:
        | product       | quantity | unit price | cost centre |
        | Badge printer | 8        | USD 300.00 | CC-10       |
      And the connector finishes its work
      Then deal "Monarch printers" has exactly 2 invoices
      And the second invoice of "Monarch printers" totals USD 974.25
      And the deal "Monarch printers" shows USD 2,598.00 outstanding

    # Two less: 600.00 + 37.50 + 12.00 = 649.50; 1,623.75 - 649.50 = 974.25.
    @credits
    Scenario: The deal shrinks by one field
      When the deal "Monarch printers" is won on 2026-01-12
      And the connector finishes its work
      And the deal "Monarch printers" is changed after winning on 2026-01-20:
        | field    | old | new |
        | quantity | 5   | 3   |
      And the connector finishes its work
      Then the credit note of "Monarch printers" totals USD 649.50
      And the invoice of "Monarch printers" has USD 974.25 open
      And account 4010 Hardware sales has a balance of USD -900.00

    # 10 % of 1,500.00 = 150.00; tax on it 9.375, up 9.38, and 3.00; total 162.38; 1,623.75 - 162.38 = 1,461.37.
    @discounts
    Scenario: A discount is granted after winning
      When the deal "Monarch printers" is won on 2026-01-12
      And the connector finishes its work
      And the deal "Monarch printers" has a discount of 10% on 2026-01-20
      And the connector finishes its work
      Then the credit note of "Monarch printers" nets USD 150.00
      And the credit note of "Monarch printers" totals USD 162.38
      And the deal "Monarch printers" shows USD 1,461.37 outstanding

    # A line is added before the deal is won: 1,500.00 + 60.00; taxable 1,560.00: x 6.25 % = 97.50, x 2 % = 31.20.
    Scenario: What changes before winning is simply billed
      Given the deal "Monarch printers" has these lines:
        | product       | quantity | unit price | cost centre |
        | Badge printer | 5        | USD 300.00 | CC-10       |
        | Badge roll    | 10       | USD 6.00   | CC-10       |
      When the deal "Monarch printers" is won on 2026-01-12
      And the connector finishes its work
      Then deal "Monarch printers" has exactly 1 invoice
      And the invoice of "Monarch printers" totals USD 1,688.70

  Rule: A deal that is opened again and won unchanged is not billed anew

    Scenario: Sales opened the deal by mistake
      When the deal "Monarch printers" is won on 2026-01-12
      And the connector finishes its work
      And the deal "Monarch printers" is reopened on 2026-01-13
      And the connector finishes its work
      And the deal "Monarch printers" is won on 2026-01-19
      And the connector finishes its work
      Then deal "Monarch printers" has exactly 1 invoice
