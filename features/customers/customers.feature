@customers @money
Feature: Customers change, and their documents stay right

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05
    And the customer "Nomad Tools" in region "US-TX-AUS" on terms "Net 30"
    And a deal "Nomad printers" with "Nomad Tools" worth USD 1,000.00

  Rule: A document keeps the place and the terms it was made for

    # Austin: 1,000.00 x 6.25 % = 62.50, x 2 % = 20.00. San Francisco: 500.00 x 7.25 % = 36.25, x 1.375 % = 6.875,
    # half a cent up: 6.88; total 543.13.
    @taxes
    Scenario: The customer moves between two deals
      Given a deal "Nomad in San Francisco" with "Nomad Tools" worth USD 500.00
      When the deal "Nomad printers" is won on 2026-01-12
      And the connector finishes its work
      And the customer "Nomad Tools" moves to region "US-CA-SF" on 2026-01-19
      And the deal "Nomad in San Francisco" is won on 2026-01-20
      And the connector finishes its work
      Then customer "Nomad Tools" owes USD 1,625.63

    # 12 January + 30 days, as agreed when it was billed.
    Scenario: The customer gets shorter terms
      When the deal "Nomad printers" is won on 2026-01-12
      And the connector finishes its work
      And the customer "Nomad Tools" changes to terms "Net 15" on 2026-01-19
      And the connector finishes its work
      Then the invoice of "Nomad printers" is due on 2026-02-11
      And deal "Nomad printers" has exactly 1 invoice

  Rule: A customer stays one customer, whatever it is called

    # 1,000.00 + 82.50, and 40.00 x 6.25 % = 2.50, x 2 % = 0.80: 43.30; together 1,125.80.
    @control:REC-01
    Scenario: The customer is renamed
      Given a deal "Nomad rolls" with "Nomad Tools" worth USD 40.00, product "Badge roll"
      When the deal "Nomad printers" is won on 2026-01-12
      And the connector finishes its work
      And the customer "Nomad Tools" is renamed to "Nomad & Søn Ltd" on 2026-01-14
      And the deal "Nomad rolls" is won on 2026-01-15
      And the connector finishes its work
      Then customer "Nomad Tools" owes USD 1,125.80

    # The deal is won later, and belongs to the one that is left: 1,000.00 + 62.50 + 20.00; 15 January + 15 days.
    @control:REC-02
    Scenario: Two customers turn out to be one
      Given the customer "Nomad" in region "US-TX-AUS" on terms "Net 15"
      When the customer "Nomad Tools" is merged into "Nomad" on 2026-01-14
      And the connector finishes its work
      And the deal "Nomad printers" is won on 2026-01-15
      And the connector finishes its work
      Then the invoice of "Nomad printers" is due on 2026-01-30
      And customer "Nomad" owes USD 1,082.50

    @ledger
    Scenario: The bookkeeper has the customer already
      Given the customer "Stark" exists in the ledger
      And the customer "Stark" exists in the CRM
      And a deal "Stark gates" with "Stark" worth USD 100.00
      When the deal "Stark gates" is won on 2026-01-12
      And the connector finishes its work
      Then deal "Stark gates" has exactly 1 invoice
      And customer "Stark" owes USD 108.63

  Rule: A deal of which something is missing is refused, and holds up no other

    @middleware @control:VAL-02
    Scenario: Nobody knows where the customer is taxed
      Given the customer "Nowhere Inc" exists in the CRM
      And the customer "Nowhere Inc" has no "region"
      And a deal "Nowhere order" with "Nowhere Inc" worth USD 500.00
      When the deal "Nowhere order" is won on 2026-01-12
      And the connector finishes its work
      Then deal "Nowhere order" has no invoice
      And the deal "Nowhere order" shows billing status "rejected"
