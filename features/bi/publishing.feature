# Oregon has no sales tax: USD 400.00 of consulting is an invoice of USD 400.00.
@money @bi @control:BI-01
Feature: When BI is published

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05
    And a deal "Desk hours" with "Cyberdyne" worth USD 400.00, product "Consulting hour", cost centre "CC-30"

  Rule: What is in the ledger is in BI within the hour

    Scenario: The tables are refreshed after an invoice
      When the deal "Desk hours" is won on 2026-01-12
      And the connector finishes its work
      And the BI tables refresh
      Then BI is at most 10 minutes behind the ledger
      And metric "net revenue" for 2026-01 equals the ledger

  Rule: What is not in the ledger is not in BI

    Scenario: A deal that is won and not billed yet is not published
      Given the connector finishes its work
      Then BI is at most 1 hour behind the ledger
      When the deal "Desk hours" is won on 2026-01-12
      Then BI table "fct_document" is not published
      And BI shows a same version
