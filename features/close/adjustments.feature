# Oregon has no sales tax: USD 400.00 of consulting. Bank charges of January, USD 12.00, came late.
@money @close @ledger @control:CLO-03
Feature: Adjustments

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05
    And a deal "Tyrell hours" with "Tyrell" worth USD 400.00, product "Consulting hour", cost centre "CC-30"

  Rule: Into a closed month goes only what a second person approved

    Scenario: An approved adjustment is booked in the closed month
      When the deal "Tyrell hours" is won on 2026-01-12
      And the connector finishes its work
      And "Clara" closes the period 2026-01 on 2026-02-02
      And "Pam" posts the adjustment "A-1" dated 2026-01-31 because "bank charges of January", approved by "Clara":
        | account                 | debit     | credit    | cost centre |
        | 6110 Bank charges       | USD 12.00 |           | CC-30       |
        | 2300 Unmatched receipts |           | USD 12.00 |             |
      And the connector finishes its work
      Then a posting dated 2026-01-31 lands in 2026-01
      And account 6110 Bank charges holds USD 12.00 as of 2026-01-31

    Scenario: Nobody adjusts a closed month alone
      When the period 2026-01 is closed on 2026-02-02
      And "Pam" posts the adjustment "A-2" dated 2026-01-31 because "bank charges of January":
        | account                 | debit     | credit    | cost centre |
        | 6110 Bank charges       | USD 12.00 |           | CC-30       |
        | 2300 Unmatched receipts |           | USD 12.00 |             |
      And the connector finishes its work
      Then "A-2" is in the error queue because "nobody approved it"
      And "finance-operations" is alerted about "A-2" and USD 12.00
      And a posting dated 2026-01-31 is refused

  Rule: An adjustment of today needs its reason and its approver too

    Scenario: A missed fee is booked today
      When the deal "Tyrell hours" is won on 2026-01-12
      And "Pam" posts an adjustment because "a fee was missed", approved by "Clara":
        | account                 | debit     | credit    | cost centre |
        | 6100 Gateway fees       | USD 70.00 |           | CC-30       |
        | 2300 Unmatched receipts |           | USD 70.00 |             |
      And the connector finishes its work
      Then account 6100 Gateway fees moves by USD 70.00
      And every journal balances
