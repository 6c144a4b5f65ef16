# Oregon has no sales tax: USD 400.00 of consulting is an invoice of USD 400.00.
@money @close @control:CLO-02
Feature: What comes too late for its month

  Rule: Where the company books late items in the next month, nothing waits

    Background:
      Given the dictionary "us-saas" is loaded
      And today is 2026-01-05
      And a deal "Stay Puft hours" with "Stay Puft" worth USD 400.00, product "Consulting hour", cost centre "CC-30"

    # The gateway keeps 2.9 % of 400.00 = 11.60, and 0.30.
    Scenario: Money of 30 January is booked in February
      When the deal "Stay Puft hours" is won on 2026-01-12
      And the connector finishes its work
      And customer "Stay Puft" pays USD 400.00 against the invoice of "Stay Puft hours" on 2026-01-30
      And the books are closed until 2026-01-31 on 2026-02-03
      And the connector finishes its work
      Then a posting dated 2026-01-30 lands in 2026-02
      And account 6100 Gateway fees holds USD 11.90

  Rule: Where the company refuses late items, they wait until the month is opened again

    Background:
      Given the dictionary "us-saas-late" is loaded
      And today is 2026-01-05
      And a deal "Cyberdyne hours" with "Cyberdyne" worth USD 400.00, product "Consulting hour", cost centre "CC-30"

    Scenario: An invoice of 30 January is refused once January is closed
      When the deal "Cyberdyne hours" is won on 2026-01-30
      And "Clara" closes the period 2026-01 on 2026-02-02
      And the connector finishes its work
      Then a posting dated 2026-01-30 is refused
      And "Cyberdyne hours" is in the error queue because "2026-01-30 is closed"

    Scenario: The controller opens January again for it, and says why
      When the deal "Cyberdyne hours" is won on 2026-01-30
      And "Clara" locks the period 2026-01 on 2026-02-02
      And the connector finishes its work
      And "Clara" reopens the period 2026-01 because "an invoice of 30 January belongs to it" on 2026-02-09
      And the connector finishes its work
      Then a posting dated 2026-01-30 lands in 2026-01
      And the invoice of "Cyberdyne hours" is dated 2026-01-30
