@money @payments$owner
Feature: Partial payments leave the rest open

  Background:
    Given the dictionary "$dictionary" is loaded
    And today is 2026-01-05

  Rule: What is not paid stays open

    Scenario: A customer pays a part of the invoice
      Given an unpaid invoice "INV-7" of $amount for "$customer"
      When customer "$customer" pays $part against invoice "INV-7" on 2026-01-20
      And the connector finishes its work
      Then invoice "INV-7" has $rest open
      And invoice "INV-7" is partly paid
      And customer "$customer" owes $rest
