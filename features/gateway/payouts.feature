@gateway @bank @money
Feature: Payouts of the gateway
  What customers paid, less fees, waits at the gateway, travels two business days, and arrives at the bank.

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05
    And an unpaid invoice "INV-7" of USD 1,000.00 for "Sterling Cooper"

  Rule: A payout is in transit until the bank has it

    # 1,000.00 x 2.9 % + 0.30 = 29.30; 1,000.00 - 29.30 = 970.70
    @control:REC-03
    Scenario: The balance is paid out by hand
      When customer "Sterling Cooper" pays USD 1,000.00 against invoice "INV-7" by card on 2026-01-13
      And the gateway pays out USD 970.70 on 2026-01-20
      And the bank receives USD 970.70 with reference "payout" on 2026-01-22
      And the connector finishes its work
      Then account 1160 Payouts in transit holds USD 970.70 as of 2026-01-21
      And nothing is left in the clearing account on 2026-01-22
      And payouts to bank reconciles

    # 970.70 - 500.00 = 470.70 stay at the gateway.
    Scenario: A part of the balance is paid out
      When customer "Sterling Cooper" pays USD 1,000.00 against invoice "INV-7" by card on 2026-01-13
      And the gateway pays out USD 500.00 on 2026-01-20
      And the connector finishes its work
      Then account 1150 Gateway clearing holds USD 470.70
      And account 1160 Payouts in transit holds USD 500.00
      And gateway clearing equals the gateway's balance

    # Tuesday's charge is available on Thursday the 15th, and is paid out and arrives by itself.
    @reconcile
    Scenario Outline: The gateway pays out <how often>
      Given the gateway pays out <schedule> by itself
      When customer "Sterling Cooper" pays USD 1,000.00 against invoice "INV-7" by card on 2026-01-13 at 10:00
      And the connector finishes its work on <later>
      Then account 1000 Bank holds USD 970.70
      And account 1150 Gateway clearing holds USD 0.00
      And payouts to bank reconciles

      Examples:
        | how often   | schedule | later      |
        | every day   | daily    | 2026-01-20 |
        | every week  | weekly   | 2026-01-26 |
        | every month | monthly  | 2026-02-06 |

  Rule: A payout that fails is money of the gateway again

    @fault
    Scenario: The bank does not know the account
      When customer "Sterling Cooper" pays USD 1,000.00 against invoice "INV-7" by card on 2026-01-13
      And the gateway pays out USD 970.70 on 2026-01-20 as "the first"
      And payout "the first" fails because "invalid_account_number" on 2026-01-21
      And the connector finishes its work
      Then account 1150 Gateway clearing holds USD 970.70
      And account 1160 Payouts in transit holds USD 970.70 as of 2026-01-20
      And gateway clearing equals the gateway's balance
