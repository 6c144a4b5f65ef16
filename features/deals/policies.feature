@deals @money
Feature: Books decide how a changed deal is billed

  Background:
    Given today is 2026-01-05
    And the customer "Monarch" in region "US-TX-AUS" on terms "Net 30"
    And a deal "Monarch printers" with "Monarch" worth USD 1,500.00

  Rule: The policy of the books says what happens to the first invoice

    # First 1,500.00 + 93.75 + 30.00 = 1,623.75; anew 2,400.00 + 150.00 + 48.00 = 2,598.00; the difference 974.25.
    Scenario Outline: The books <policy>
      Given the dictionary "<dictionary>" is loaded
      When the deal "Monarch printers" is won on 2026-01-12
      And the connector finishes its work
      And the deal "Monarch printers" is changed after winning on 2026-01-20:
        | field      | old          | new          |
        | unit price | USD 1,500.00 | USD 2,400.00 |
      And the connector finishes its work
      Then the invoice of "Monarch printers" has <first open> open
      And customer "Monarch" owes <owed>

      Examples:
        | policy                  | dictionary     | first open   | owed         |
        | bill the difference     | us-saas        | USD 1,623.75 | USD 2,598.00 |
        | credit and bill anew    | us-saas-rebill | USD 0.00     | USD 2,598.00 |
        | leave the invoice alone | us-saas-refuse | USD 1,623.75 | USD 1,623.75 |
