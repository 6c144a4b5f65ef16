# San Francisco: 7.25 % + 1.375 % of USD 1,000.00 = 72.50 + 13.75 = 86.25. Oregon has no sales tax.
@money @entities @control:ENT-01
Feature: Two entities, each with its own books

  Background:
    Given the dictionary "us-group" is loaded
    And the books of another entity are kept by the dictionary "us-group-east"
    And today is 2026-01-05

  Rule: A deal is billed by the entity that sells it

    Background:
      Given the customer "Acme Bay" in region "US-CA-SF" on terms "Net 30"
      And the customer "Umbrella" in region "US-OR" on terms "Net 30"
      And a deal "Bay desks" with "Acme Bay" worth USD 1,000.00 in the books of "west"
      And a deal "Umbrella hours" with "Umbrella" worth USD 1,000.00 in the books of "east", product "Consulting hour"

    Scenario: Each entity has its own revenue, and the group has both
      When the deal "Bay desks" is won on 2026-01-12
      And the deal "Umbrella hours" is won on 2026-01-12
      And the connector finishes its work
      Then account 1100 Accounts receivable holds USD 1,086.25 in the books of "west"
      And account 1100 Accounts receivable holds USD 1,000.00 in the books of "east"
      And metric "net revenue" for 2026-01 is USD 1,000.00 in the books of "east"
      And metric "net revenue" for 2026-01 is USD 2,000.00, consolidated true

    # What the parent's gateway takes for the subsidiary it owes the subsidiary, and pays from bank to bank.
    @bank @gateway
    Scenario: The parent hands over what its gateway took for the subsidiary
      When the deal "Umbrella hours" is won on 2026-01-12
      And the connector finishes its work
      And customer "Umbrella" pays USD 1,000.00 against the invoice of "Umbrella hours" on 2026-01-15
      And "west" pays USD 1,000.00 to "east" on 2026-01-27
      And the connector finishes its work
      Then account 2410 Due to Acme East holds USD 0.00 in the books of "west"
      And account 1000 East operating account holds USD 1,000.00 in the books of "east"

  Rule: Which entity sells is never guessed

    Scenario: A deal that names no entity waits, and a person is told
      Given a deal "Globex training" with "Globex" worth USD 1,000.00, product "Onboarding service"
      When the deal "Globex training" is won on 2026-01-12
      And the connector finishes its work
      Then the deal "Globex training" is rejected because "names no entity"
      And "finance-operations" is alerted about "Globex training" and USD 1,000.00
      And deal "Globex training" has no invoice

  @close
  Rule: One entity closes its books while the other goes on

    Scenario: January is closed in the east only
      Given a deal "West hours" with "Acme Bay" worth USD 500.00 in the books of "west", product "Consulting hour"
      When the books are closed until 2026-01-31 on 2026-02-03 in the books of "east"
      And the deal "West hours" is won on 2026-02-03
      And the connector finishes its work
      Then account 4020 Service revenue holds USD -500.00 in the books of "west"
      And the ledger posts nothing in the books of "east"
