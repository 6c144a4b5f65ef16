@refunds @money @taxes
Feature: Refunds of a sale with value added tax
  A refund in another month gives the tax back in that month, at the rate of the sale.

  Rule: The tax goes back in the month of the refund

    Background:
      Given the dictionary "eu-saas" is loaded
      And today is 2026-01-05
      And the customer "Wernigerode AG" in region "DE" on terms "Net 30"
      And a deal "Wernigerode gates" with "Wernigerode AG" worth EUR 1,000.00, product "Badge printer"

    # 1,000.00 x 19 % = 190.00; a quarter of the sale: 250.00 + 47.50 = 297.50.
    # In euros the gateway keeps 2.9 % and 0.25: 34.51 + 0.25 = 34.76; clearing 1,190.00 - 34.76 - 297.50 = 857.74.
    Scenario: A quarter of the sale is refunded a month later
      When the deal "Wernigerode gates" is won on 2026-01-12
      And the connector finishes its work
      And customer "Wernigerode AG" pays EUR 1,190.00 against the invoice of "Wernigerode gates" by card on 2026-01-20
      And the gateway refunds EUR 297.50 of the payment of "Wernigerode gates" because "sale" on 2026-02-03
      And the connector finishes its work
      Then tax payable under "DE 19" for 2026-02 is EUR -47.50
      And the balances are:
        | account               | balance     |
        | 1150 Gateway clearing | EUR 857.74  |
        | 2200 VAT payable      | EUR -142.50 |
        | 4010 Hardware sales   | EUR -750.00 |
        | 6100 Gateway fees     | EUR 34.76   |
