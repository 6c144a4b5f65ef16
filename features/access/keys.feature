# Oregon has no sales tax: USD 500.00 of consulting is an invoice of USD 500.00.
@access @middleware
Feature: Keys that are issued anew

  Background:
    Given the dictionary "us-saas" is loaded
    And the connector hears of news by both
    And today is 2026-01-05
    And a deal "Globex hours" with "Globex" worth USD 500.00, product "Consulting hour", cost centre "CC-30"

  Rule: New keys in the middle of the work lose nothing and double nothing

    Scenario Outline: <what changes> before a deal is billed
      When <change> on 2026-01-12
      And the deal "Globex hours" is won on 2026-01-13
      And the connector is deployed with its new keys on 2026-01-14
      And the connector finishes its work
      Then deal "Globex hours" has exactly 1 invoice
      And the invoice of "Globex hours" totals USD 500.00
      And 0 alerts are open

      Examples:
        | what changes                              | change                                                                |
        | the ledger's keys, handed over at once    | the ledger issues the connector's keys anew                           |
        | the CRM's keys, handed over later         | the CRM issues the connector's keys anew, handed over later           |
        | the bank's keys, the old ones dead        | the bank issues the connector's keys anew, at once true               |
        | the gateway's secret, handed over at once | the gateway signs its webhooks under another secret                   |
        | the CRM's secret, handed over later       | the CRM signs its webhooks under another secret, handed over later    |
