# Ada is paid USD 2,478.42 by cheque on 15 January. What one cheque is worth is what one person is paid: the connector keeps that
# for 180 days, through 14 July, and then no longer. It is purged once.
@access @payroll @pii
Feature: What is known of a person goes when its time has come

  Background:
    Given the dictionary "us-people" is loaded
    And today is 2026-01-05

  Rule: Personal data is kept for 180 days and purged once

    Background:
      Given the employee "Ada" in department "Sales" in "TX" at a salary of USD 72,000.00, schedule "Semimonthly", paid by "cheque", hired 2026-01-01
      And payroll "First half of January" is run on 2026-01-09, schedule "Semimonthly"
      And payroll "First half of January" is approved

    Scenario: On the last day it is still there
      When the connector finishes its work on 2026-01-16
      And "Ada" cashes the pay cheque of payroll "First half of January" on 2026-01-20
      And the connector finishes its work
      And the connector finishes its work on 2026-07-14
      Then the log tells 0 times of "purge" of "connector:vault"

    Scenario: On the day after it is gone
      When the connector finishes its work on 2026-01-16
      And "Ada" cashes the pay cheque of payroll "First half of January" on 2026-01-20
      And the connector finishes its work
      And the connector finishes its work on 2026-07-14
      And the connector finishes its work on 2026-07-15
      And the connector finishes its work on 2026-07-16
      Then the log tells of "purge" of "connector:vault"
