@gateway @money
Feature: Disputed, returned and failed payments
  A payment may be taken back after it settled an invoice. Then the invoice is open again, due when it was.

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05
    And an unpaid invoice "INV-7" of USD 866.00 for "Hudsucker Industries"

  Rule: A dispute takes the money and its fee of 15.00 out of the balance

    # Fee of the charge 866.00 x 2.9 % + 0.30 = 25.414, so 25.41. Clearing 866.00 - 25.41 - 866.00 - 15.00 = -40.41.
    Scenario: The whole payment is disputed
      When customer "Hudsucker Industries" pays USD 866.00 against invoice "INV-7" by card on 2026-01-15 as "P-1"
      And the connector finishes its work
      And payment "P-1" is disputed on 2026-01-26
      And the connector finishes its work
      Then invoice "INV-7" has USD 866.00 open
      And account 1150 Gateway clearing holds USD -40.41
      And gateway clearing equals the gateway's balance

    # -40.41 + 866.00 = 825.59: the fee of the dispute is not given back.
    Scenario: The dispute is won
      When customer "Hudsucker Industries" pays USD 866.00 against invoice "INV-7" by card on 2026-01-15 as "P-1"
      And payment "P-1" is disputed on 2026-01-26
      And the dispute over payment "P-1" is won on 2026-02-09
      And the connector finishes its work
      Then invoice "INV-7" is paid
      And account 1150 Gateway clearing holds USD 825.59
      And account 6100 Gateway fees holds USD 40.41

    # 866.00 - 25.41 - 300.00 - 15.00 = 525.59
    Scenario: A part is disputed and lost
      When customer "Hudsucker Industries" pays USD 866.00 against invoice "INV-7" by card on 2026-01-15 as "P-1"
      And USD 300.00 of payment "P-1" is disputed on 2026-01-26
      And the dispute over payment "P-1" is lost on 2026-02-09
      And the connector finishes its work
      Then invoice "INV-7" has USD 300.00 open
      And customer "Hudsucker Industries" owes USD 300.00
      And account 1150 Gateway clearing holds USD 525.59

  Rule: A debit of the customer's bank account may fail, or come back after it succeeded

    # A debit costs 0.8 %, at most 5.00; a return costs 4.00 more. 866.00 - 5.00 - 866.00 - 4.00 = -9.00. It takes four business days.
    Scenario Outline: A debit that succeeded comes back <how>
      When customer "Hudsucker Industries" pays USD 866.00 against invoice "INV-7" by ach on 2026-01-13 as "P-1"
      And the connector finishes its work on 2026-01-20
      And <what the bank says>
      And the connector finishes its work
      Then invoice "INV-7" has USD 866.00 open
      And account 1150 Gateway clearing holds USD -9.00
      And gateway clearing equals the gateway's balance

      Examples:
        | how                | what the bank says                                                   |
        | on the day it came | payment "P-1" is returned                                            |
        | a week later       | payment "P-1" is returned on 2026-01-27                              |
        | for want of money  | payment "P-1" is returned because "insufficient_funds" on 2026-01-27 |

    # No money came, and the gateway keeps no fee.
    Scenario: A debit fails on its way
      When customer "Hudsucker Industries" pays USD 866.00 against invoice "INV-7" by ach on 2026-01-13 as "P-1"
      And payment "P-1" fails with "no_account" on 2026-01-15
      And the connector finishes its work on 2026-01-20
      Then invoice "INV-7" is open
      And customer "Hudsucker Industries" owes USD 866.00
      And account 6100 Gateway fees holds USD 0.00
