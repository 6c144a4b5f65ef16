@credits @money
Feature: Credit notes

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05
    And the customer "Vehement Capital" in region "US-NY-NYC" on terms "Net 30"
    And a deal "Vehement desk" with "Vehement Capital", location "NYC" and these lines:
      | product         | quantity | unit price | cost centre |
      | Badge printer   | 4        | USD 250.00 | CC-20       |
      | Consulting hour | 5        | USD 100.00 | CC-30       |

  # The printers bear 1,000.00 x 4 % = 40.00, x 4.5 % = 45.00, x 0.375 % = 3.75, together 88.75; hours are not taxable.
  # The invoice totals 1,588.75.
  Rule: A credit takes back the tax that the invoice bore, and no more

    @taxes @control:APP-02
    Scenario: The whole invoice is credited
      When the deal "Vehement desk" is won on 2026-01-12
      And the connector finishes its work
      And "Dana Scully" approves a credit note of USD 1,588.75 against the invoice of "Vehement desk" because "never delivered" on 2026-02-03
      And the connector finishes its work
      Then the invoice of "Vehement desk" is credited
      And tax payable under "NY New York City" for 2026-02 is USD -88.75
      And customer "Vehement Capital" owes USD 0.00

    Scenario: The hours are credited, which bore no tax
      When the deal "Vehement desk" is won on 2026-01-12
      And the connector finishes its work
      And "Dana Scully" approves a credit note of USD 500.00 against the invoice of "Vehement desk" because "the consultant was ill" for these lines:
        | line | amount     |
        | 2    | USD 500.00 |
      And the connector finishes its work
      Then the credit note of "Vehement desk" carries USD 0.00 of tax
      And the invoice of "Vehement desk" has USD 1,088.75 open

    # 400.00 x 4 % = 16.00, x 4.5 % = 18.00, x 0.375 % = 1.50; total 435.50; 1,588.75 - 435.50 = 1,153.25.
    @ledger
    Scenario: A part of the printers is credited with its tax
      When the deal "Vehement desk" is won on 2026-01-12
      And the connector finishes its work
      And a credit note of USD 435.50 is issued against the invoice of "Vehement desk" for these lines, approved by "Dana Scully":
        | line | amount     |
        | 1    | USD 400.00 |
      And the connector finishes its work
      Then the credit note of "Vehement desk" nets USD 400.00
      And the credit note of "Vehement desk" carries USD 35.50 of tax
      And the invoice of "Vehement desk" has USD 1,153.25 open
