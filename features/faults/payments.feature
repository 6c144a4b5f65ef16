# Oregon has no sales tax: 10 hours at USD 100.00 are USD 1,000.00. The gateway keeps 2.9 % and USD 0.30 of each charge.
@money @fault @payments @gateway
Feature: Money that comes while something fails

  Background:
    Given the dictionary "us-saas" is loaded
    And the connector hears of news by webhooks
    And today is 2026-01-05

  Rule: A payment settles its invoice once

    Background:
      Given the customer "Wayne" in region "US-OR" on terms "Net 30"
      And a deal "Wayne audit" with "Wayne" and these lines:
        | product         | quantity | unit price |
        | Consulting hour | 10       | USD 100.00 |

    # 2.9 % of 400.00 = 11.60, and 0.30: 11.90. Of 400.00 remain 388.10 in the gateway.
    Scenario Outline: <what goes wrong> when a customer pays
      Given <fault>
      When the deal "Wayne audit" is won on 2026-01-12
      And the connector finishes its work
      And customer "Wayne" pays USD 400.00 against the invoice of "Wayne audit" on 2026-01-20
      And the connector finishes its work
      Then the invoice of "Wayne audit" has USD 600.00 open
      And account 1150 Gateway clearing holds USD 388.10

      Examples:
        | what goes wrong             | fault                                            |
        | the gateway tells it twice  | the gateway sends every event 2 times            |
        | the answer is lost          | the ledger does "save payment" but never answers |
        | it dies after the payment   | the connector crashes after "save payment"       |

  Rule: What is told in the wrong order is booked in the right one

    Background:
      Given the customer "Wayne" in region "US-OR" on terms "Net 30"
      And a deal "Wayne audit" with "Wayne" worth USD 1,000.00, product "Consulting hour"
      And the gateway sends events out of order

    # Paid 400.00, of which 100.00 go back: 600.00 stay open, and the fee of 11.90 stays with the gateway: 400.00 - 11.90 - 100.00.
    Scenario: A refund is told of before the charge that it gives back
      When the deal "Wayne audit" is won on 2026-01-12
      And the connector finishes its work
      And customer "Wayne" pays USD 400.00 against the invoice of "Wayne audit" on 2026-01-20 at 10:00 as "P-1"
      And the gateway refunds USD 100.00 of payment "P-1" because "sale" on 2026-01-20 at 10:02
      And the connector finishes its work
      Then the invoice of "Wayne audit" has USD 600.00 open
      And account 1150 Gateway clearing holds USD 288.10

  Rule: Once a system is well again, nothing of what was said of it holds any longer

    Background:
      Given a deal "Hooli hours" with "Hooli" worth USD 220.00, product "Consulting hour", cost centre "CC-30"
      And a deal "Hooli review" with "Hooli" worth USD 330.00, product "Consulting hour", cost centre "CC-30"

    Scenario: A slow ledger is back to its pace
      Given the ledger takes 20 seconds to answer
      When the deal "Hooli hours" is won on 2026-01-12
      And the connector finishes its work
      And the ledger is well again
      And the deal "Hooli review" is won on 2026-01-13
      And the connector finishes its work
      Then customer "Hooli" owes USD 550.00
