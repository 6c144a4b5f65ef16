# An invoice of EUR 1,000.00, in the books at 1.10: USD 1,100.00.
#   31 January at 1.12: USD 1,120.00, 20.00 more, unrealised, and taken back on 1 February.
#   A charge at the gateway's rate of 1.1237: USD 1,123.70 settle USD 1,100.00, 23.70 gained.
#   Its fee: 2.9 % of 1,123.70 = 32.5873, and 0.30: 32.89.
@money @close
Feature: Foreign currency at the end of a month

  Rule: What is open is valued at the rate of the last day, and taken back on the next

    Background:
      Given the dictionary "us-saas-month-end" is loaded
      And today is 2026-01-05
      And the rate of EUR is USD 1.10
      And the customer "Hooli GmbH" in region "US-OR" on terms "Net 30", currency "EUR"

    Scenario: An open invoice in euro is valued at the end of January
      Given a deal "Hooli rollout" with "Hooli GmbH" worth EUR 1,000.00, product "Onboarding service"
      When the deal "Hooli rollout" is won on 2026-01-12
      And the connector finishes its work
      And the rate of EUR as of 2026-01-31 is USD 1.12 on 2026-02-02
      And the entries of the end of 2026-01 are asked for on 2026-02-02
      And the connector finishes its work
      Then account 1190 Currency valuation holds USD 20.00 as of 2026-01-31

  @gateway
  Rule: What a charge brings at the gateway's rate is a gain or a loss

    Background:
      Given the dictionary "us-saas-currencies" is loaded
      And today is 2026-01-05
      And the rate of EUR is USD 1.10
      And the customer "Hooli GmbH" in region "US-OR" on terms "Net 30", currency "EUR"

    Scenario: A charge in euro settles an invoice in euro
      Given the gateway's rate of EUR is USD 1.1237
      And a deal "Hooli rollout" with "Hooli GmbH" worth EUR 1,000.00, product "Onboarding service"
      When the deal "Hooli rollout" is won on 2026-01-12
      And the connector finishes its work
      And customer "Hooli GmbH" pays EUR 1,000.00 against the invoice of "Hooli rollout" on 2026-01-20
      And the connector finishes its work
      Then account 7100 Exchange gain or loss holds USD -23.70
