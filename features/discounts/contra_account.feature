@discounts @ledger @money
Feature: Books that show discounts on an account of their own

  Background:
    Given the dictionary "us-saas-contra" is loaded
    And today is 2026-01-05
    And the customer "Acme Bay" in region "US-CA-SF" on terms "Net 30"

  Rule: Income stands at the list price, and the discount beside it

    # 1,759.60 and 2,000.00 at list; 87.98 + 100.00 = 187.98 off. Tax as in net books: 121.19 + 22.98 = 144.17.
    # Receivable 3,759.60 - 187.98 + 144.17 = 3,715.79.
    Scenario: The discount is on the contra account
      Given a deal "Acme Bay rollout" with "Acme Bay", discount 5% and these lines:
        | product            | quantity | unit price   |
        | Badge printer      | 8        | USD 219.95   |
        | Onboarding service | 1        | USD 2,000.00 |
      When the deal "Acme Bay rollout" is won on 2026-01-12
      And the connector finishes its work
      Then the balances are:
        | account                  | balance       |
        | 1100 Accounts receivable | USD 3,715.79  |
        | 2200 Sales tax payable   | USD -144.17   |
        | 4010 Hardware sales      | USD -1,759.60 |
        | 4020 Service revenue     | USD -2,000.00 |
        | 4900 Discounts given     | USD 187.98    |
      And metric "net revenue" for 2026-01 is USD 3,571.62
