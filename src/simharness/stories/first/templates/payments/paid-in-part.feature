@money @payments$owner
Feature: Partial payments leave the rest open

  Background:
    Given the dictionary "$dictionary" is loaded
    And today is 2026-01-05

  Rule: What is not paid stays open

    Scenario: A customer pays a part of the invoice
      Given a deal "$deal" with "$customer" worth $amount
      And the customer "$customer" is tax exempt
      When the deal "$deal" is won on 2026-01-12
      And the connector finishes its work
      And customer "$customer" pays $part against the invoice of "$deal" on 2026-01-20
      And the connector finishes its work
      Then the invoice of "$deal" has $rest open
