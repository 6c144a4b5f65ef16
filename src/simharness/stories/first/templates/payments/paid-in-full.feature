@money @payments$owner
Feature: Payments settle their invoices

  Background:
    Given the dictionary "$dictionary" is loaded
    And today is 2026-01-05

  Rule: A payment settles the invoice that it names

    Scenario: A customer pays the whole invoice
      Given a deal "$deal" with "$customer" worth $amount
      And the customer "$customer" is tax exempt
      When the deal "$deal" is won on 2026-01-12
      And the connector finishes its work
      And customer "$customer" pays $amount against the invoice of "$deal" on 2026-01-20
      And the connector finishes its work
      Then the first payment of "$deal" settles the invoice of "$deal"
