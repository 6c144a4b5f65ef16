# Oregon has no sales tax: USD 1,000.00 of consulting is an invoice of USD 1,000.00.
@access @credits @control:ACC-02
Feature: Who may give money up

  Background:
    Given the dictionary "us-saas-second-factor" is loaded
    And the identity is played by "signon"
    And today is 2026-01-05
    And a deal "Enron hours" with "Enron" worth USD 1,000.00, product "Consulting hour", cost centre "CC-30"

  Rule: Only a controller with a fresh second factor writes an invoice off

    Scenario: A password alone is not enough
      When the deal "Enron hours" is won on 2026-01-12 at 09:00
      And the connector finishes its work
      And "Dana Scully" signs in as "controller" at 09:20
      And "Dana Scully" approves writing off USD 1,000.00 of the invoice of "Enron hours" because "bankrupt", which is refused because "without a second factor"
      Then the invoice of "Enron hours" has USD 1,000.00 open

    Scenario: A second factor of this quarter of an hour is
      When the deal "Enron hours" is won on 2026-01-12 at 09:00
      And the connector finishes its work
      And "Dana Scully" signs in as "controller" by second_factor at 10:00
      And "Dana Scully" approves writing off USD 1,000.00 of the invoice of "Enron hours" because "bankrupt" at 10:15
      And the connector finishes its work
      Then account 6200 Bad debt expense holds USD 1,000.00
      And the invoice of "Enron hours" is written off
