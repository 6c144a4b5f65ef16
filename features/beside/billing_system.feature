@topologies @billing @money
Feature: A billing system writes the invoices

  Background:
    Given the dictionary "us-saas-billing" is loaded
    And today is 2026-01-05
    And the customer "Bay Robotics" in region "US-CA-SF" on terms "Net 30"
    And a deal "Bay printers" with "Bay Robotics", location "SF" and these lines:
      | product       | quantity | unit price | cost centre |
      | Badge printer | 4        | USD 250.00 | CC-10       |

  # 1,000.00 x 7.25 % = 72.50, x 1.375 % = 13.75; total 1,086.25.
  Rule: The connector writes no invoice of its own, and tells sales of the one there is

    @control:OWN-02
    Scenario: The billing system invoices what was sold
      When the deal "Bay printers" is won on 2026-01-12
      And the billing system invoices the deal "Bay printers" on 2026-01-13
      And the connector finishes its work
      Then deal "Bay printers" has exactly 1 invoice
      And the invoice of "Bay printers" totals USD 1,086.25
      And the deal "Bay printers" shows USD 1,086.25 outstanding

    @middleware
    Scenario: The billing system is late
      When the deal "Bay printers" is won on 2026-01-12
      And the connector finishes its work on 2026-01-15
      Then deal "Bay printers" has no invoice
      And "finance-operations" is alerted about "Bay printers" and USD 1,000.00

  Rule: An invoice that differs from the deal is told, and nothing is written to mend it

    @middleware @control:REC-01
    Scenario: The billing system bills too little
      When the deal "Bay printers" is won on 2026-01-12
      And the billing system invoices the deal "Bay printers" with these lines:
        | product       | quantity | unit price | cost centre |
        | Badge printer | 3        | USD 250.00 | CC-10       |
      And the connector finishes its work
      Then "Bay printers" is in the error queue because "its lines come to 750.00 before tax, the deal's to 1000.00"
      And the deal "Bay printers" shows billing status "rejected"

    @middleware
    Scenario: It is voided and billed anew
      When the deal "Bay printers" is won on 2026-01-12
      And the billing system invoices the deal "Bay printers" with these lines:
        | product       | quantity | unit price | cost centre |
        | Badge printer | 3        | USD 250.00 | CC-10       |
      And the connector finishes its work
      And a bookkeeper voids the invoice of "Bay printers" that "billing" wrote on 2026-01-13
      And the billing system invoices the deal "Bay printers" on 2026-01-13
      And the connector finishes its work
      Then the invoice of "Bay printers" totals USD 1,086.25
