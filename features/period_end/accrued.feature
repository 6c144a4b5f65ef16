# The auditors work from 14 January to 17 February: 25 workdays (Mondays to Fridays), 13 of them in January (3 + 5 + 5).
#   8,333.33 x 13 / 25 = 4,333.3316 -> 4,333.33 is January's, and is taken back on 1 February in full.
@money @close
Feature: What is known and not billed yet

  Background:
    Given the dictionary "us-saas-month-end" is loaded
    And today is 2026-01-05

  Rule: January bears its workdays of a service, and February takes the entry back

    Scenario: Fees of the auditors are accrued and reversed
      When USD 8,333.33 on 6310 Professional fees of cost centre "CC-30" for 2026-01-14 to 2026-02-17 is known as "Audit 2025" and not billed yet on 2026-01-20
      And the entries of the end of 2026-01 are asked for on 2026-02-02
      And the connector finishes its work
      Then the ledger posts:
        | account                | debit        | credit       | cost centre |
        | 6310 Professional fees | USD 4,333.33 |              | CC-30       |
        | 2050 Accrued expenses  |              | USD 4,333.33 | ~           |
        | 2050 Accrued expenses  | USD 4,333.33 |              | ~           |
        | 6310 Professional fees |              | USD 4,333.33 | CC-30       |
      And account 2050 Accrued expenses holds USD -4,333.33 as of 2026-01-31
      And account 2050 Accrued expenses holds USD 0.00 as of 2026-02-01

    Scenario: What was served within the month is not accrued
      When USD 400.00 on 6310 Professional fees for 2026-01-05 to 2026-01-16 is known as "Tax advice" and not billed yet on 2026-01-20
      And the entries of the end of 2026-01 are asked for on 2026-02-02
      And the connector finishes its work
      Then the ledger posts nothing
