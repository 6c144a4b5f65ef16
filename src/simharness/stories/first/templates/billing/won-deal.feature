@money @billing$owner
Feature: Won deals are billed

  Background:
    Given the dictionary "$dictionary" is loaded
    And today is 2026-01-05

  Rule: A won deal becomes exactly one invoice

    Scenario: A deal of one line is won and billed once
      Given a deal "$deal" with "$customer" worth $amount
      When the deal "$deal" is won on 2026-01-12
      And the connector finishes its work
      Then deal "$deal" has exactly 1 invoice
      And the invoice of "$deal" nets $amount
      And the invoice of "$deal" is due on $due
