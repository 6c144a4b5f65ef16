# Oregon has no sales tax: a deal of USD 330.00 is an invoice of USD 330.00, and with that of USD 440.00 USD 770.00.
@money @fault @middleware
Feature: What cannot be read waits alone

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05

  Rule: One bad record keeps no good one waiting

    Background:
      Given the customer "Aperture Science" in region "US-OR" on terms "Net 30"
      And a deal "Aperture audit" with "Aperture Science" worth USD 330.00, product "Consulting hour", cost centre "CC-30"
      And a deal "Aperture review" with "Aperture Science" worth USD 440.00, product "Consulting hour", cost centre "CC-30"
      And the CRM sends a malformed record for "Aperture audit"

    Scenario: A deal that can be read again is billed on its own day, and its neighbour was not held up
      When the deal "Aperture audit" is won on 2026-01-12
      And the deal "Aperture review" is won on 2026-01-12
      And the connector finishes its work
      And the CRM is well again on 2026-01-13
      And "Dana Scully" replays the error queue
      And the connector finishes its work
      Then customer "Aperture Science" owes USD 770.00

    Scenario: A person is told of the deal that waits
      When the deal "Aperture audit" is won on 2026-01-12
      And the connector finishes its work
      And the CRM is well again on 2026-01-13
      And "Dana Scully" replays the error queue
      And the connector finishes its work
      Then "finance-operations" is alerted about "Aperture audit", cleared true
      And the error queue is empty

  @access
  Rule: Refused keys are told to a person, and nothing is guessed

    Background:
      Given a deal "Hooli hours" with "Hooli" worth USD 330.00, product "Consulting hour", cost centre "CC-30"
      And the connector finishes its work
      And the ledger refuses the credentials

    Scenario: What waited is billed once with new keys
      When the deal "Hooli hours" is won on 2026-01-12
      And the connector finishes its work
      And the connector is deployed with its new keys on 2026-01-14
      And "Dana Scully" replays the error queue
      And the connector finishes its work
      Then deal "Hooli hours" has exactly 1 invoice
      And "finance-operations" is alerted about "Hooli hours" and USD 330.00
