# Oregon has no sales tax: 3 hours at USD 110.00 are USD 330.00.
@money @middleware @billing
Feature: The error queue

  Rule: A deal that cannot be posted waits with its reason, and a person is told

    Background:
      Given the dictionary "us-saas" is loaded
      And today is 2026-01-05
      And the customer "Black Mesa" exists in the CRM
      And a deal "Mesa hours" with "Black Mesa" worth USD 330.00, product "Consulting hour", cost centre "CC-30"

    Scenario: A customer without a region is nobody's guess
      Given the customer "Black Mesa" has no "region"
      When the deal "Mesa hours" is won on 2026-01-12
      And the connector finishes its work
      Then the deal "Mesa hours" is rejected because "region"
      And "Mesa hours" is in the error queue because "region"
      And "finance-operations" is alerted about "Mesa hours" and USD 330.00
      And 1 alert is open

    Scenario: Mended master data and a replay bill what waited
      Given the customer "Black Mesa" has no "region"
      When the deal "Mesa hours" is won on 2026-01-12
      And the connector finishes its work
      And the customer "Black Mesa" moves to region "US-OR" on 2026-01-13
      And "Dana Scully" replays the error queue
      And the connector finishes its work
      Then the error queue is empty
