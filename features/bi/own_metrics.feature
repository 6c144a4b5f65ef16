# Oregon has no sales tax: USD 400.00 of consulting, of which the customer pays USD 150.00 and USD 100.00 in January.
@money @bi @payments
Feature: A metric of the team's own

  Rule: What the team computes itself is claimed like any other figure

    Background:
      Given the dictionary "us-saas" is loaded
      And the metrics of the team are in the folder "metrics"
      And today is 2026-01-05
      And a deal "Desk hours" with "Cyberdyne" worth USD 400.00, product "Consulting hour", cost centre "CC-30"

    Scenario: Receipts of January in gross
      When the deal "Desk hours" is won on 2026-01-12
      And the connector finishes its work
      And customer "Cyberdyne" pays USD 150.00 against the invoice of "Desk hours" on 2026-01-20
      And customer "Cyberdyne" pays USD 100.00 against the invoice of "Desk hours" on 2026-01-25
      And the connector finishes its work
      Then metric "receipts" for 2026-01 is USD 250.00
