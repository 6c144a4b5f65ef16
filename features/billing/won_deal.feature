@billing @money
Feature: A won deal becomes one invoice

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05
    And the customer "Initech" in region "US-TX-AUS" on terms "Net 30"
    And a deal "Initech printers" with "Initech", cost centre CC-10, location "SF" and these lines:
      | product       | quantity | unit price   |
      | Badge printer | 2        | USD 1,250.00 |

  Rule: The invoice takes day, terms and tax from the deal

    # 2 x 1,250.00 = 2,500.00; Texas 6.25 % = 156.25, Austin 2 % = 50.00; due 15 January + 30 days.
    Scenario: The invoice says what was sold, and when it is due
      When the deal "Initech printers" is won on 2026-01-15
      And the connector finishes its work
      Then the invoice of "Initech printers" nets USD 2,500.00
      And the invoice of "Initech printers" carries USD 206.25 of tax
      And the invoice of "Initech printers" totals USD 2,706.25
      And the invoice of "Initech printers" is dated 2026-01-15
      And the invoice of "Initech printers" is due on 2026-02-14

    @ledger @control:REC-01
    Scenario: The ledger shows the sale, the tax and what is owed
      When the deal "Initech printers" is won on 2026-01-15
      And the connector finishes its work
      Then the ledger posts:
        | account                  | debit        | credit       | cost centre |
        | 1100 Accounts receivable | USD 2,706.25 |              |             |
        | 4010 Hardware sales      |              | USD 2,500.00 | CC-10       |
        | 2200 Sales tax payable   |              | USD 156.25   |             |
        | 2200 Sales tax payable   |              | USD 50.00    |             |
      And CRM to invoices reconciles
      And invoices to ledger reconciles

    @customers
    Scenario: Sales see what the customer owes
      When the deal "Initech printers" is won on 2026-01-15
      And the connector finishes its work
      Then the invoice of "Initech printers" has USD 2,706.25 open
      And the invoice of "Initech printers" is open
      And customer "Initech" owes USD 2,706.25
      And the deal "Initech printers" shows billing status "invoiced"
      And the deal "Initech printers" shows USD 2,706.25 outstanding

  Rule: A deal that is won twice is billed once

    @control:REC-02
    Scenario Outline: The deal is won again <when>
      When the deal "Initech printers" is won on 2026-01-15 at 10:00
      And the connector finishes its work at <first look>
      And the deal "Initech printers" is won at 14:00
      And the connector finishes its work
      Then deal "Initech printers" has exactly 1 invoice
      And account 4010 Hardware sales moves by USD -2,500.00
      And customer "Initech" owes USD 2,706.25

      Examples:
        | when                               | first look |
        | in the afternoon, billed at eleven | 11:00      |
        | just after it was billed           | 13:59      |
