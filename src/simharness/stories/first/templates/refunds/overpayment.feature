@money @refunds$owner
Feature: Refunds

  Background:
    Given the dictionary "$dictionary" is loaded
    And today is 2026-01-05

  Rule: Money that is given back leaves nothing behind

    Scenario: A customer gets back what was paid for nothing
      Given the customer "$customer" exists in the CRM
      When customer "$customer" pays $amount without a reference on 2026-01-20 as "P-1"
      And the connector finishes its work
      And the gateway refunds $amount of payment "P-1" because "overpayment" on 2026-01-26
      And the connector finishes its work
      Then customer "$customer" owes $nothing
      And gateway clearing equals the gateway's balance
