@money @credits$owner
Feature: Credit notes

  Background:
    Given the dictionary "$dictionary" is loaded
    And today is 2026-01-05

  Rule: A credit note lowers what the customer owes

    Scenario: A part of an open invoice is credited
      Given an unpaid invoice "INV-7" of $amount for "$customer"
      When a credit note of $part is issued against invoice "INV-7" because "agreed with the customer" on 2026-01-26
      And the connector finishes its work
      Then invoice "INV-7" has $rest open
      And customer "$customer" owes $rest
