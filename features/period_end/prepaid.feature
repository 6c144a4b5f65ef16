# Insurance of USD 5,000.00 from 15 January 2026 to 14 January 2027, 365 days.
#   January   17 days: 5,000.00 x 17 / 365 = 232.8767 -> 232.88
#   February  45 days: 5,000.00 x 45 / 365 = 616.4383 -> 616.44, less 232.88: 383.56
# Software for six months from November 2025, USD 1,000.00, by whole months: by the end of January 3 of 6, 500.00.
@money @close
Feature: What is paid in advance

  Rule: What is paid in advance becomes a cost by the day or by the month

    Background:
      Given the dictionary "us-saas-month-end" is loaded
      And today is 2026-01-05

    Scenario: Insurance becomes a cost by the day
      When USD 5,000.00 on 6300 Insurance for 2026-01-15 to 2027-01-14 is paid in advance as "Liability insurance" and spread by day on 2026-01-15, cost centre "CC-10", against "2050 Accrued expenses"
      And the connector finishes its work
      And the entries of the end of 2026-01 are asked for on 2026-02-02
      And the connector finishes its work
      Then account 6300 Insurance holds USD 232.88
      And account 1400 Prepaid expenses holds USD 4,767.12
      And account 2050 Accrued expenses holds USD -5,000.00

    Scenario: Software that was told late catches up by the month
      When USD 1,000.00 on 6310 Professional fees for 2025-11-01 to 2026-04-30 is paid in advance as "Design software" and spread by month on 2026-01-28, against "2050 Accrued expenses"
      And the entries of the end of 2026-01 are asked for on 2026-02-02
      And the connector finishes its work
      Then account 6310 Professional fees holds USD 500.00 as of 2026-01-31
      And account 1400 Prepaid expenses holds USD 500.00 as of 2026-01-31
