@money @fault$owner
Feature: Outages bill nothing twice

  Background:
    Given the dictionary "$dictionary" is loaded
    And today is 2026-01-05

  Rule: A retry never bills twice

    Scenario: The ledger saves an invoice and never answers
      Given a deal "$deal" with "$customer" worth $amount
      And the ledger saves the next request but never answers
      When the deal "$deal" is won on 2026-01-12
      And the connector finishes its work
      Then deal "$deal" has exactly 1 invoice
      And the invoice of "$deal" nets $amount
      And the error queue is empty
