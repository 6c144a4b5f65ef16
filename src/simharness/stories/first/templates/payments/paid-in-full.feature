@money @payments$owner
Feature: Payments settle their invoices

  Background:
    Given the dictionary "$dictionary" is loaded
    And today is 2026-01-05

  Rule: A payment settles the invoice that it names

    Scenario: A customer pays the whole invoice
      Given an unpaid invoice "INV-7" of $amount for "$customer"
      When customer "$customer" pays $amount against invoice "INV-7" on 2026-01-20 as "P-1"
      And the connector finishes its work
      Then invoice "INV-7" is paid
      And payment "P-1" settles invoice "INV-7"
      And customer "$customer" owes $nothing
