@payments @money
Feature: Money that settles no invoice
  What a customer pays too much, twice, or for nothing named stays to the customer's credit until a person decides.

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05
    And an unpaid invoice "INV-7" of USD 250.00 for "Duff"

  Rule: What is paid too much stays to the customer's credit

    # 300.00 - 250.00 = 50.00; fee 300.00 x 2.9 % + 0.30 = 9.00, on the whole payment; 300.00 - 9.00 = 291.00
    Scenario: A customer pays more than the invoice
      When customer "Duff" pays USD 300.00 against invoice "INV-7" by card on 2026-02-02 as "P-1"
      And the connector finishes its work
      Then payment "P-1" settles invoice "INV-7", applied USD 250.00
      And USD 50.00 of payment "P-1" is unapplied
      And customer "Duff" owes USD -50.00
      And the ledger posts:
        | account                  | debit      | credit     |
        | 1150 Gateway clearing    | USD 300.00 |            |
        | 1100 Accounts receivable |            | USD 300.00 |
        | 6100 Gateway fees        | USD 9.00   |            |
        | 1150 Gateway clearing    |            | USD 9.00   |

    # Both payments are 250.00; the invoice needs one of them.
    Scenario: A customer pays twice
      When customer "Duff" pays USD 250.00 against invoice "INV-7" on 2026-01-20 at 10:00 as "the payment"
      And customer "Duff" pays USD 250.00 against invoice "INV-7" on 2026-01-20 at 10:01 as "the same again"
      And the connector finishes its work
      Then payment "the payment" settles invoice "INV-7"
      And USD 250.00 of payment "the same again" is unapplied
      And customer "Duff" owes USD -250.00

  Rule: A payment that names no invoice settles none, even where the amount fits

    # 250.00 open less 250.00 unapplied: the customer owes nothing, and the invoice is open all the same.
    Scenario: An equal amount without a reference
      When customer "Duff" pays USD 250.00 without a reference on 2026-01-20 as "P-1"
      And the connector finishes its work
      Then USD 250.00 of payment "P-1" is unapplied
      And invoice "INV-7" is open
      And invoice "INV-7" has USD 250.00 open
      And customer "Duff" owes USD 0.00
