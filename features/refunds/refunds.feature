@refunds @money
Feature: Refunds
  The gateway gives a customer money back. What it was for decides what the books say: the sale with its tax, or money that never was one.

  Rule: A refunded sale takes back its own revenue and its own tax

    Background:
      Given the dictionary "us-saas" is loaded
      And today is 2026-01-05
      And the customer "Rekall" in region "US-TX-AUS" on terms "Net 30"
      And a deal "Rekall lobby" with "Rekall" and these lines:
        | product            | quantity | unit price | cost centre |
        | Badge printer      | 2        | USD 300.00 | CC-10       |
        | Onboarding service | 1        | USD 400.00 | CC-30       |

    # Austin: 600.00 x 6.25 % = 37.50 and x 2 % = 12.00; the service bears no tax: 1,049.50. Fee 1,049.50 x 2.9 % + 0.30 = 30.7355,
    # so 30.74. All of it goes back but the fee.
    Scenario: The whole sale is refunded, and the gateway keeps its fee
      When the deal "Rekall lobby" is won on 2026-01-12
      And the connector finishes its work
      And customer "Rekall" pays USD 1,049.50 against the invoice of "Rekall lobby" by card on 2026-01-13
      And the gateway refunds USD 1,049.50 of the payment of "Rekall lobby" because "sale" on 2026-02-05
      And the connector finishes its work
      Then tax payable under "TX Austin" for 2026-02 is USD -49.50
      And the balances are:
        | account               | balance    |
        | 1150 Gateway clearing | USD -30.74 |
        | 6100 Gateway fees     | USD 30.74  |

    # Half of everything: 300.00 + 18.75 + 6.00 and 200.00 = 524.75. Clearing 1,049.50 - 30.74 - 524.75 = 494.01.
    Scenario: Half the sale is refunded, every line its share
      When the deal "Rekall lobby" is won on 2026-01-12
      And the connector finishes its work
      And customer "Rekall" pays USD 1,049.50 against the invoice of "Rekall lobby" by card on 2026-01-13
      And the gateway refunds USD 524.75 of the payment of "Rekall lobby" because "sale" on 2026-01-20
      And the connector finishes its work
      Then the invoice of "Rekall lobby" is paid
      And the balances are:
        | account                | balance     |
        | 1150 Gateway clearing  | USD 494.01  |
        | 2200 Sales tax payable | USD -24.75  |
        | 4010 Hardware sales    | USD -300.00 |
        | 4020 Service revenue   | USD -200.00 |
        | 6100 Gateway fees      | USD 30.74   |

    # One printer: 300.00 + 18.75 + 6.00 = 324.75. The service bore no tax, so its 400.00 carry none back.
    @taxes
    Scenario Outline: Only <what goes back> is refunded
      When the deal "Rekall lobby" is won on 2026-01-12
      And the connector finishes its work
      And customer "Rekall" pays USD 1,049.50 against the invoice of "Rekall lobby" by card on 2026-01-13 as "P-1"
      And the gateway refunds <refund> of payment "P-1" because "sale" for these lines on 2026-01-20:
        | line   | amount |
        | <line> | <net>  |
      And the connector finishes its work
      Then tax payable under "TX Austin" for 2026-01 is <tax>
      And metric "net revenue" for 2026-01 is <revenue>

      Examples:
        | what goes back      | refund     | line | net        | tax       | revenue    |
        | one of the printers | USD 324.75 | 1    | USD 300.00 | USD 24.75 | USD 700.00 |
        | the untaxed service | USD 400.00 | 2    | USD 400.00 | USD 49.50 | USD 600.00 |

  Rule: Money that settled nothing goes back without touching revenue

    Background:
      Given the dictionary "us-saas" is loaded
      And today is 2026-01-05
      And an unpaid invoice "INV-7" of USD 649.50 for "Moe's Tavern"

    # Two digits changed places: 694.50 - 649.50 = 45.00 too much.
    Scenario: An overpayment is refunded
      When customer "Moe's Tavern" pays USD 694.50 against invoice "INV-7" on 2026-01-15 as "P-1"
      And the connector finishes its work
      And the gateway refunds USD 45.00 of payment "P-1" because "overpayment" on 2026-01-20
      And the connector finishes its work
      Then USD 0.00 of payment "P-1" is unapplied
      And customer "Moe's Tavern" owes USD 0.00
      And account 4010 Hardware sales moves by USD 0.00

    # The page did not answer, so the customer paid again; the second payment goes back whole. Fee 649.50 x 2.9 % + 0.30 = 19.1355, so
    # 19.14, twice, and neither is given back: 2 x 649.50 - 2 x 19.14 - 649.50 = 611.22.
    Scenario: A duplicate payment is refunded
      When customer "Moe's Tavern" pays USD 649.50 against invoice "INV-7" on 2026-01-20 at 10:00 as "the payment"
      And customer "Moe's Tavern" pays USD 649.50 against invoice "INV-7" on 2026-01-20 at 10:01 as "the same again"
      And the gateway refunds USD 649.50 of payment "the same again" because "duplicate" on 2026-01-22
      And the connector finishes its work
      Then payment "the payment" settles invoice "INV-7"
      And customer "Moe's Tavern" owes USD 0.00
      And account 1150 Gateway clearing holds USD 611.22

  Rule: Nobody gets back more than was paid

    Background:
      Given the dictionary "us-saas" is loaded
      And today is 2026-01-05
      And an unpaid invoice "INV-7" of USD 500.00 for "Globex"

    Scenario: A refund of more than the payment is refused
      When customer "Globex" pays USD 200.00 against invoice "INV-7" by card on 2026-01-07 as "P-1"
      And the connector finishes its work
      And the gateway refunds USD 200.01 of payment "P-1" because "sale" on 2026-01-08, which is refused because "more than"
      And the connector finishes its work
      Then payment "P-1" settles invoice "INV-7", applied USD 200.00
      And gateway clearing equals the gateway's balance
