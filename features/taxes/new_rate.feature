@taxes @money
Feature: A new rate of tax is told before it holds

  Background:
    Given the dictionary "eu-saas" is loaded
    And today is 2026-03-02
    And the customer "Sauna Oy" in region "FI" on terms "Net 14"

  Rule: An invoice bears the rate of its own day, not that of the day it is written

    # 200.00 x 14 % = 28.00, x 13.5 % = 27.00
    @control:TAX-02
    Scenario: The controller tells a new rate before it holds
      Given the tax codes:
        | code       | rate |
        | FI reduced | 14%  |
      And tax in "FI" is 14%
      And a deal "Sauna April" with "Sauna Oy" worth EUR 200.00
      When tax code "FI reduced" changes to 13.5% from 2026-04-01
      And the deal "Sauna April" is won on 2026-04-01
      And the connector finishes its work
      Then the invoice of "Sauna April" totals EUR 227.00
