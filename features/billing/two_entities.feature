@billing @entities @money
Feature: Two entities bill their own deals

  Background:
    Given the dictionary "us-group" is loaded
    And the books of another entity are kept by the dictionary "us-group-east"
    And today is 2026-01-05
    And the customer "Umbrella" in region "US-NY-NYC" on terms "Net 30"

  Rule: A deal is billed in the books of the entity that sells

    # New York: 1,000.00 x 4 % = 40.00, x 4.5 % = 45.00, x 0.375 % = 3.75; total 1,088.75.
    @control:ENT-01
    Scenario: The east coast sells
      Given a deal "Umbrella desks" with "Umbrella" worth USD 1,000.00 in the books of "east"
      When the deal "Umbrella desks" is won on 2026-01-12
      And the connector finishes its work
      Then the invoice of "Umbrella desks" totals USD 1,088.75
      And account 1100 Accounts receivable holds USD 1,088.75 in the books of "east"
      And account 1100 Accounts receivable holds USD 0.00 in the books of "west"
