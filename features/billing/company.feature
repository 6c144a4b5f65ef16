@billing @money
Feature: The books in which a sale is told
  What a scenario says of its books is held against the dictionary, so that nobody reads a story of other books.

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05
    And a deal "Stark gates" with "Stark" worth USD 1,000.00

  # In few words the customer is in the first region of the dictionary, San Francisco: 1,000.00 x 7.25 % = 72.50,
  # x 1.375 % = 13.75; total 1,086.25.
  Rule: A scenario may say whose books it reads, and which mapping is installed

    @control:GOV-01
    Scenario: Books, release and period are as the controller says
      Given the books of "Acme Access Inc." are kept in USD
      And mapping release "2026.1" is installed
      And the period 2026-01 is open
      When the deal "Stark gates" is won on 2026-01-12
      And the connector finishes its work
      Then the invoice of "Stark gates" totals USD 1,086.25
      And account 4010 Hardware sales holds USD -1,000.00

    @ledger
    Scenario: The chart of accounts has one account more
      Given the chart of accounts:
        | code | name                | type       |
        | 1100 | Accounts receivable | receivable |
        | 4015 | Accessory sales     | income     |
      When the deal "Stark gates" is won on 2026-01-12
      And the connector finishes its work
      Then account 1100 Accounts receivable holds USD 1,086.25
      And account 4015 Accessory sales holds USD 0.00

  Rule: The CRM decides the terms of a customer

    @customers @control:OWN-01
    Scenario: Terms change before the deal is won
      Given the CRM owns customer terms
      When the customer "Stark" changes to terms "Net 15"
      And the deal "Stark gates" is won on 2026-01-12
      And the connector finishes its work
      Then the invoice of "Stark gates" is due on 2026-01-27
