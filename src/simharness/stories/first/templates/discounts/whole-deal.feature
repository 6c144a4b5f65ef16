@money @discounts$owner
Feature: Discounts

  Background:
    Given the dictionary "$dictionary" is loaded
    And today is 2026-01-05

  Rule: An invoice is made of what is left after the discount

    Scenario: A whole deal has a discount of half its price
      Given a deal "$deal" with "$customer" worth $amount
      And the deal "$deal" has a discount of $part
      When the deal "$deal" is won on 2026-01-12
      And the connector finishes its work
      Then the invoice of "$deal" nets $rest
      And deal "$deal" has exactly 1 invoice
