# Oregon has no sales tax: USD 400.00 of consulting is an invoice of USD 400.00.
@money @middleware
Feature: How the connector hears of news

  Background:
    Given the dictionary "us-saas" is loaded
    And the connector hears of news by webhooks
    And today is 2026-01-05
    And a deal "Cyberdyne desk" with "Cyberdyne" worth USD 400.00, product "Consulting hour", cost centre "CC-30"

  Rule: What is told twice is billed once

    Scenario: The CRM repeats all its news
      When the deal "Cyberdyne desk" is won on 2026-01-12
      And the CRM repeats its webhooks
      And the connector finishes its work
      And the CRM repeats its webhooks
      And the connector finishes its work
      Then deal "Cyberdyne desk" has exactly 1 invoice
      And account 1100 Accounts receivable moves by USD 400.00

    Scenario: The connector is stopped and started in between
      When the deal "Cyberdyne desk" is won on 2026-01-12
      And the connector restarts
      And the connector finishes its work
      And the connector restarts
      And the connector finishes its work
      Then deal "Cyberdyne desk" has exactly 1 invoice
      And 0 alerts are open

  Rule: What nobody told is found at night

    Scenario: A deal won while the CRM was silent is found by the nightly poll
      Given the webhooks of the CRM stop
      When the deal "Cyberdyne desk" is won on 2026-01-14
      And the webhooks of the CRM come again on 2026-01-15
      And the nightly poll runs on 2026-01-16 at 02:00
      And the connector finishes its work
      Then deal "Cyberdyne desk" has exactly 1 invoice
      And the invoice of "Cyberdyne desk" is dated 2026-01-14
