@bank @money
Feature: Lines of the bank
  What the bank posts is booked on its day. What nobody can explain is kept apart, and a person is told.

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05
    And an unpaid invoice "INV-7" of USD 1,000.00 for "Nakatomi Trading"

  Rule: Money of a stranger is unmatched, even where it equals what a customer owes

    @reconcile
    Scenario: A stranger sends what a customer owes
      When the bank receives USD 1,000.00 from "Tyrell Corporation" with reference "Order 4711" on 2026-01-20 as "the stranger"
      And the connector finishes its work
      Then "finance-operations" is alerted about "the stranger" and USD 1,000.00
      And account 2300 Unmatched receipts holds USD -1,000.00
      And invoice "INV-7" has USD 1,000.00 open

    # 1,000.00 came by mistake and went back: nothing is left.
    Scenario: The stranger's money goes back
      When the bank receives USD 1,000.00 from "Tyrell Corporation" with reference "Order 4711" on 2026-01-20
      And the bank pays USD 1,000.00 to "Tyrell Corporation" with reference "Recall of order 4711" on 2026-01-23
      And the connector finishes its work
      Then account 1000 Bank holds USD 0.00
      And the bank statement for 2026-01 shows:
        | date       | amount        | counterparty       | reference            |
        | 2026-01-20 | USD 1,000.00  | Tyrell Corporation | Order 4711           |
        | 2026-01-23 | USD -1,000.00 | Tyrell Corporation | Recall of order 4711 |

    Scenario: A payment of the company that payroll and sales know nothing of
      When the bank pays USD 2,100.00 with reference "Rent January" on 2026-01-20
      And the connector finishes its work
      Then account 2300 Unmatched receipts holds USD 2,100.00
      And 1 alert is open

  Rule: The bank's own charges are bank charges

    Scenario: The bank charges its fee
      When the bank charges USD 15.00 because "account fee" on 2026-01-30
      And the connector finishes its work
      Then the ledger posts:
        | account           | debit     | credit    |
        | 6110 Bank charges | USD 15.00 |           |
        | 1000 Bank         |           | USD 15.00 |
      And 0 alerts are open

  Rule: A line that is only announced is nothing yet

    # 1,000.00 x 2.9 % + 0.30 = 29.30; 970.70 are paid out.
    Scenario: An announced payout is posted a day later
      When customer "Nakatomi Trading" pays USD 1,000.00 against invoice "INV-7" by card on 2026-01-13
      And the gateway pays out USD 970.70 on 2026-01-20
      And the bank receives USD 970.70 with reference "payout", pending true on 2026-01-21 as "the payout"
      And the pending bank line "the payout" is posted on 2026-01-22
      And the connector finishes its work
      Then account 1000 Bank holds USD 0.00 as of 2026-01-21
      And nothing is left in the clearing account on 2026-01-22

    Scenario: An announced line is dropped
      When the bank receives USD 970.70 from "Sudden Valley" with reference "deposit", pending true on 2026-01-21 as "the other"
      And the connector finishes its work
      And the pending bank line "the other" is dropped on 2026-01-22
      And the connector finishes its work
      Then the ledger posts nothing
      And 0 alerts are open

    # Announced were 970.70, posted are 900.00.
    Scenario: An announced line is posted with another amount
      When the bank receives USD 970.70 from "Sudden Valley" with reference "deposit", pending true on 2026-01-21 as "the other"
      And the connector finishes its work
      And the pending bank line "the other" is posted as USD 900.00 on 2026-01-22
      And the connector finishes its work
      Then account 1000 Bank holds USD 900.00
      And account 2300 Unmatched receipts holds USD -900.00

  Rule: A payout that arrives with another amount is left to a person

    # 970.70 were sent; the bank books 977.00, two digits changed.
    @fault
    Scenario: The reference fits and the amount does not
      When customer "Nakatomi Trading" pays USD 1,000.00 against invoice "INV-7" by card on 2026-01-13
      And the gateway pays out USD 970.70 on 2026-01-20
      And the bank receives USD 977.00 with reference "payout" on 2026-01-22 as "the slip"
      And the connector finishes its work
      Then "finance-operations" is alerted about "the slip" and USD 977.00
      And account 1160 Payouts in transit holds USD 970.70
      And account 2300 Unmatched receipts holds USD -977.00
