@payments @money
Feature: Payments in euros
  Of a card payment in euros the gateway keeps 2.9 % and 0.25.

  Rule: A part of the price leaves the rest open, and the tax as it was invoiced

    Background:
      Given the dictionary "eu-saas" is loaded
      And today is 2026-01-05
      And the customer "Wernigerode AG" in region "DE" on terms "Net 30"
      And a deal "Wernigerode gates" with "Wernigerode AG" worth EUR 1,000.00, product "Badge printer"

    # 1,000.00 + 19 % = 1,190.00; 1,190.00 - 500.00 = 690.00. Fee 500.00 x 2.9 % + 0.25 = 14.75; 500.00 - 14.75 = 485.25.
    @taxes
    Scenario: A part is paid by card
      When the deal "Wernigerode gates" is won on 2026-01-12
      And the connector finishes its work
      And customer "Wernigerode AG" pays EUR 500.00 against the invoice of "Wernigerode gates" by card on 2026-01-20
      And the connector finishes its work
      Then the invoice of "Wernigerode gates" has EUR 690.00 open
      And tax payable under "DE 19" for 2026-01 is EUR 190.00
      And account 1150 Gateway clearing holds EUR 485.25
