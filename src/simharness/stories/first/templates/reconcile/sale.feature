@money @reconcile$owner
Feature: Systems agree

  Background:
    Given the dictionary "$dictionary" is loaded
    And today is 2026-01-05

  Rule: What was sold is the same in every system

    Scenario: A sale reconciles from the CRM to BI
      Given a deal "$deal" with "$customer" worth $amount
      When the deal "$deal" is won on 2026-01-12
      And the connector finishes its work
      Then CRM to invoices reconciles
      And invoices to ledger reconciles
      And ledger to BI reconciles
