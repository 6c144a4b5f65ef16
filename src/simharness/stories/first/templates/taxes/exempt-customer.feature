@money @taxes$owner
Feature: Exempt customers

  Background:
    Given the dictionary "$dictionary" is loaded
    And today is 2026-01-05

  Rule: A customer with a certificate pays no tax

    Scenario: The invoice of an exempt customer bears no tax
      Given the customer "$customer" exists in the CRM
      And the customer "$customer" is tax exempt
      And a deal "$deal" with "$customer" worth $amount
      When the deal "$deal" is won on 2026-01-12
      And the connector finishes its work
      Then the invoice of "$deal" carries $nothing of tax
      And the invoice of "$deal" totals $amount
