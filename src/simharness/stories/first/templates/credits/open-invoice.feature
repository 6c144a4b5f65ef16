@money @credits$owner
Feature: Credit notes

  Background:
    Given the dictionary "$dictionary" is loaded
    And today is 2026-01-05

  Rule: A credit note lowers what the customer owes

    Scenario: A part of an open invoice is credited
      Given a deal "$deal" with "$customer" worth $amount
      And the customer "$customer" is tax exempt
      When the deal "$deal" is won on 2026-01-12
      And the connector finishes its work
      And a credit note of $part is issued against the invoice of "$deal" because "agreed with the customer" on 2026-01-26
      And the connector finishes its work
      Then customer "$customer" owes $rest
