@taxes @money
Feature: Value added tax

  Background:
    Given the dictionary "eu-saas" is loaded
    And today is 2026-01-05

  Rule: Each rate of a document is reported under its own code

    # 4,100.00 at 25 % = 1,025.00, 2,000.00 at 15 % = 300.00, training is exempt; net 7,000.00, total 8,325.00.
    @control:TAX-01
    Scenario: Two rates and an exempt line on one invoice
      Given the customer "Fjord Adgang AS" in region "NO" on terms "Net 30"
      And a deal "Fjord adgang" with "Fjord Adgang AS" and these lines:
        | product            | quantity | unit price |
        | Badge printer      | 10       | EUR 410.00 |
        | Access handbook    | 10       | EUR 200.00 |
        | Classroom training | 1        | EUR 900.00 |
      When the deal "Fjord adgang" is won on 2026-01-12
      And the connector finishes its work
      Then the invoice of "Fjord adgang" carries EUR 1,025.00 of tax under "NO 25"
      And the invoice of "Fjord adgang" carries EUR 300.00 of tax under "NO 15"
      And tax to liability reconciles

    Scenario: A tax exempt customer
      Given the customer "Botschaft von Utopia" in region "DE" on terms "Net 14"
      And the customer "Botschaft von Utopia" is tax exempt
      And a deal "Botschaft Empfang" with "Botschaft von Utopia" worth EUR 1,000.00
      When the deal "Botschaft Empfang" is won on 2026-01-12
      And the connector finishes its work
      Then the invoice of "Botschaft Empfang" totals EUR 1,000.00
      And the invoice of "Botschaft Empfang" carries EUR 0.00 of tax
