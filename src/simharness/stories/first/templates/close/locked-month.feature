@money @close$owner
Feature: The end of a month

  Background:
    Given the dictionary "$dictionary" is loaded
    And today is 2026-01-05

  Rule: A locked month takes nothing any more

    Scenario: A deal of January comes after its lock
      Given a deal "$deal" with "$customer" worth $amount
      When the deal "$deal" is won on 2026-01-30
      And the period 2026-01 is locked on 2026-02-02
      And the connector finishes its work
      Then a posting dated 2026-01-30 lands in 2026-02
      And deal "$deal" has exactly 1 invoice
      And the invoice of "$deal" nets $amount
