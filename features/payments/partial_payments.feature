@payments @money
Feature: Partial payments
  A customer pays an invoice in parts. The gateway keeps 2.9 % and 0.30 of every card payment.

  Rule: Every part lowers what the invoice still has open, and the last one pays it

    Background:
      Given the dictionary "us-saas" is loaded
      And today is 2026-01-05
      And the customer "Hooli" in region "US-OR" on terms "Net 30"
      And a deal "Hooli onboarding" with "Hooli" worth USD 1,000.00, product "Onboarding service"

    # 1,000.00 - 600.00 = 400.00
    Scenario: The first part leaves the rest open
      When the deal "Hooli onboarding" is won on 2026-01-12
      And the connector finishes its work
      And customer "Hooli" pays USD 600.00 against the invoice of "Hooli onboarding" by card on 2026-01-20
      And the connector finishes its work
      Then the invoice of "Hooli onboarding" is partly paid
      And the invoice of "Hooli onboarding" has USD 400.00 open
      And the deal "Hooli onboarding" shows USD 400.00 outstanding

    # 600.00 x 2.9 % + 0.30 = 17.70; 400.00 x 2.9 % + 0.30 = 11.90; 1,000.00 - 29.60 = 970.40
    @control:REC-01
    Scenario: The second part pays the invoice
      When the deal "Hooli onboarding" is won on 2026-01-12
      And the connector finishes its work
      And customer "Hooli" pays USD 600.00 against the invoice of "Hooli onboarding" by card on 2026-01-20
      And customer "Hooli" pays USD 400.00 against the invoice of "Hooli onboarding" by card on 2026-02-10
      And the connector finishes its work
      Then the second payment of "Hooli onboarding" settles the invoice of "Hooli onboarding", applied USD 400.00
      And the balances are:
        | account               | balance       |
        | 1150 Gateway clearing | USD 970.40    |
        | 4020 Service revenue  | USD -1,000.00 |
        | 6100 Gateway fees     | USD 29.60     |

  Rule: A cent that is left over stays owed

    Background:
      Given the dictionary "us-saas" is loaded
      And today is 2026-01-05
      And an unpaid invoice "INV-7" of USD 100.00 for "Vandelay"

    # 100.00 - 3 x 33.33 = 0.01; fee 33.33 x 2.9 % + 0.30 = 1.26657, so 1.27, three times: 3.81; 99.99 - 3.81 = 96.18
    Scenario: Three equal parts of a sum that does not divide by three
      When customer "Vandelay" pays USD 33.33 against invoice "INV-7" on 2026-01-13
      And customer "Vandelay" pays USD 33.33 against invoice "INV-7" on 2026-01-14
      And customer "Vandelay" pays USD 33.33 against invoice "INV-7" on 2026-01-15
      And the connector finishes its work
      Then invoice "INV-7" has USD 0.01 open
      And customer "Vandelay" owes USD 0.01
      And account 1150 Gateway clearing holds USD 96.18

    # What is open is 100.00 less what was paid, whatever fee the gateway keeps. It takes no card payment below 0.50.
    Scenario Outline: <how much is paid> of an invoice of USD 100.00
      When customer "Vandelay" pays <amount> against invoice "INV-7" on 2026-01-13
      And the connector finishes its work
      Then invoice "INV-7" is <status>
      And customer "Vandelay" owes <owed>

      Examples:
        | how much is paid    | amount     | status      | owed      |
        | the least of a card | USD 0.50   | partly paid | USD 99.50 |
        | all but a cent      | USD 99.99  | partly paid | USD 0.01  |
        | the whole amount    | USD 100.00 | paid        | USD 0.00  |
        | a cent too much     | USD 100.01 | paid        | USD -0.01 |

  Rule: Parts may come by different ways

    Background:
      Given the dictionary "us-saas" is loaded
      And today is 2026-01-05
      And an unpaid invoice "INV-7" of USD 500.00 for "Globex"

    # Card 200.00 x 2.9 % + 0.30 = 6.10; the bank transfer and the cheque cost nothing. 500.00 - 200.00 - 150.00 - 100.00 = 50.00.
    # The cheque waits in undeposited funds; 200.00 - 6.10 = 193.90 wait at the gateway.
    Scenario: A card, a bank transfer and a cheque
      When customer "Globex" pays USD 200.00 against invoice "INV-7" by card on 2026-01-07 as "P-1"
      And customer "Globex" pays USD 150.00 against invoice "INV-7" by bank transfer on 2026-01-08
      And customer "Globex" pays USD 100.00 against invoice "INV-7" by cheque "1881" on 2026-01-09
      And the connector finishes its work
      Then invoice "INV-7" has USD 50.00 open
      And payment "P-1" settles invoice "INV-7"
      And the balances are:
        | account                  | balance     |
        | 1000 Bank                | USD 150.00  |
        | 1100 Accounts receivable | USD 50.00   |
        | 1150 Gateway clearing    | USD 193.90  |
        | 1200 Undeposited funds   | USD 100.00  |
        | 4010 Hardware sales      | USD -500.00 |
        | 6100 Gateway fees        | USD 6.10    |
