@credits @money
Feature: How much a credit note may be, and how its amount is meant

  Background:
    Given the dictionary "us-saas" is loaded
    And today is 2026-01-05
    And the customer "Tessier-Ashpool" in region "US-TX-AUS" on terms "Net 30"
    And a deal "Tessier printers" with "Tessier-Ashpool" worth USD 800.00

  Rule: An amount includes its tax unless it says that it is before tax

    # 800.00 + 50.00 + 16.00 = 866.00. Half of it with tax is 433.00; 400.00 before tax are 400.00 + 25.00 + 8.00.
    Scenario: The amount includes tax
      When the deal "Tessier printers" is won on 2026-01-12
      And the connector finishes its work
      And a credit note of USD 433.00 is issued against the invoice of "Tessier printers" on 2026-01-20
      And the connector finishes its work
      Then the credit note of "Tessier printers" nets USD 400.00
      And the invoice of "Tessier printers" has USD 433.00 open

    Scenario: The amount is before tax
      When the deal "Tessier printers" is won on 2026-01-12
      And the connector finishes its work
      And a credit note of USD 400.00 before tax is issued against the invoice of "Tessier printers" on 2026-01-20
      And the connector finishes its work
      Then the credit note of "Tessier printers" totals USD 433.00
      And the invoice of "Tessier printers" has USD 433.00 open

  Rule: Nothing can be credited that was not billed

    @middleware @control:VAL-03
    Scenario: A cent too much
      When the deal "Tessier printers" is won on 2026-01-12
      And the connector finishes its work
      And "Dana Scully" approves a credit note of USD 866.01 against the invoice of "Tessier printers" because "a cent too much" on 2026-01-20
      And the connector finishes its work
      Then the invoice of "Tessier printers" has USD 866.00 open
      And "finance-operations" is alerted about "credit" and USD 866.01

    # The invoice is paid, so that the 433.00 settle nothing: the company owes them.
    @payments
    Scenario: A credit on a paid invoice waits for the customer
      When the deal "Tessier printers" is won on 2026-01-12
      And the connector finishes its work
      And customer "Tessier-Ashpool" pays USD 866.00 against the invoice of "Tessier printers" on 2026-01-15
      And a credit note of USD 433.00 is issued against the invoice of "Tessier printers" because "goodwill" on 2026-01-20
      And the connector finishes its work
      Then the credit note of "Tessier printers" has USD 433.00 open
      And customer "Tessier-Ashpool" owes USD -433.00
