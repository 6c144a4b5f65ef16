@money @payroll @pii$owner
Feature: Payroll reaches the ledger

  Background:
    Given the dictionary "$dictionary" is loaded
    And today is 2026-01-05

  Rule: A run is posted once, as its register says, and names nobody

    Scenario: The payroll of one employee is approved
      Given the employee "$customer" in department "$department" in "TX" at a salary of $amount
      When payroll "January run" is run
      And payroll "January run" is approved
      And the connector finishes its work
      Then the journal of payroll "January run" equals the register by "cost centre"
      And every journal balances
      And no employee can be identified in the ledger
