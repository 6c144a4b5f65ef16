@bank @payments @money
Feature: Wires of customers
  One transfer may pay several invoices. Its advice says how much is meant for each; the banks on the way may keep a fee.

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-02-02
    And a deal "Wayne manor" with "Wayne Enterprises" worth USD 2,500.00, product "Onboarding service"
    And a deal "Wayne cave" with "Wayne Enterprises" worth USD 1,200.00, product "Onboarding service"

  Rule: A wire pays what its advice says

    # 2,500.00 + 700.00 = 3,200.00; 1,200.00 - 700.00 = 500.00
    Scenario: One wire for two invoices, one of them in part
      When the deal "Wayne manor" is won on 2026-02-11
      And the deal "Wayne cave" is won on 2026-02-11
      And the connector finishes its work
      And a wire of USD 3,200.00 from "Wayne Enterprises" arrives on 2026-02-20 for these invoices:
        | invoice of  | amount       |
        | Wayne manor | USD 2,500.00 |
        | Wayne cave  | USD 700.00   |
      And the connector finishes its work
      Then the invoice of "Wayne manor" is paid
      And the invoice of "Wayne cave" has USD 500.00 open

    Scenario: One wire for one invoice, today
      When the deal "Wayne cave" is won
      And the connector finishes its work
      And a wire of USD 1,200.00 from "Wayne Enterprises" arrives for these invoices:
        | invoice of | amount       |
        | Wayne cave | USD 1,200.00 |
      And the connector finishes its work
      Then the invoice of "Wayne cave" is paid
      And account 1000 Bank holds USD 1,200.00

    # Meant are 2,500.00, of which the banks keep 15.00: 2,485.00 arrive, and the invoice is paid all the same.
    Scenario: The banks keep a fee
      When the deal "Wayne manor" is won on 2026-02-11
      And the connector finishes its work
      And a wire of USD 2,485.00 from "Wayne Enterprises" arrives less a fee of USD 15.00 for these invoices on 2026-02-20:
        | invoice of  | amount       |
        | Wayne manor | USD 2,500.00 |
      And the connector finishes its work
      Then the invoice of "Wayne manor" is paid
      And the balances are:
        | account              | balance       |
        | 1000 Bank            | USD 2,485.00  |
        | 4020 Service revenue | USD -2,500.00 |
        | 6110 Bank charges    | USD 15.00     |
