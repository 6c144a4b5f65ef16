# Germany: 19 % of EUR 1,200.00 is EUR 228.00. The gateway keeps 2.9 % and EUR 0.30.
@money @middleware @control:REC-01
Feature: Evidence for the auditors

  Background:
    Given the dictionary "eu-saas" is loaded
    And today is 2026-01-15
    And a deal "D-1" with "C-100" worth EUR 1,200.00

  Rule: However often a request was sent, it was one request

    @fault
    Scenario: An invoice whose answer was lost is asked for twice with one key
      Given the ledger does "save invoice" but never answers
      When the deal "D-1" is won
      And the connector finishes its work
      # the invoice once without an answer, and once more
      Then "D-1" was attempted 2 times
      And every attempt for "D-1" used one idempotency key
      And deal "D-1" has exactly 1 invoice

  Rule: Every figure can be traced back to its deal

    Scenario: A sale is traced into the ledger and into BI
      When the deal "D-1" is won
      And the connector finishes its work
      Then the log tells who sent "D-1", what and when
      And "D-1" can be traced to "4010 Hardware sales"
      And "D-1" can be traced to "the ledger"
      And "D-1" can be traced to "BI"
