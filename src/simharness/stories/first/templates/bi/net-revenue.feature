@money @bi$owner
Feature: Figures in BI

  Background:
    Given the dictionary "$dictionary" is loaded
    And today is 2026-01-05

  Rule: BI shows what the ledger says

    Scenario: Revenue of a month in BI
      Given a deal "$deal" with "$customer" worth $amount
      When the deal "$deal" is won on 2026-01-12
      And the connector finishes its work
      Then metric "net revenue" for 2026-01 is $amount
      And metric "net revenue" for 2026-01 equals the ledger
